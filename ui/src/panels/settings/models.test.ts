// Does the screen say what there is, and is nothing fetched or deleted unasked?
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { play } from "../../../fake/scenario.ts";
import * as host from "../../host/index.ts";
import { app } from "../../shared/state.svelte.ts";
import type { ModelEntry, ModelList } from "../../wire/index.ts";
import ModelSettings from "./ModelSettings.svelte";
import { factsOf, hostOf, shortDigest, vectorWords } from "./models.ts";

/** On a busy machine. */
const PATIENCE = { timeout: 4000 };

let screen: Record<string, unknown> | null = null;

const list = (): Promise<ModelList> => host.listModels();

function one(selector: string): HTMLElement | null {
  return document.querySelector(selector);
}

async function there(selector: string): Promise<HTMLElement> {
  return vi.waitFor(() => {
    flushSync();
    const found = one(selector);
    if (!found) throw new Error(`${selector} is not there`);
    return found;
  }, PATIENCE);
}

async function click(selector: string): Promise<void> {
  (await there(`${selector}:not(:disabled)`)).click();
  flushSync();
}

const row = (key: string): string => `[data-testid=model][data-key="${key}"]`;

beforeEach(() => {
  play("models");
  screen = mount(ModelSettings, { target: document.body });
});

afterEach(async () => {
  vi.restoreAllMocks();
  if (screen) await unmount(screen);
  screen = null;
  document.body.replaceChildren();
});

describe("the list", () => {
  test("has every model, the one in use marked, and what cannot embed cannot be chosen", async () => {
    await there(row("all-MiniLM-L6-v2"));
    expect(document.querySelectorAll("[data-testid=model]")).toHaveLength((await list()).models.length);
    expect(document.querySelectorAll("li.chosen")).toHaveLength(1);
    expect(one(`${row("all-MiniLM-L6-v2")} [data-testid=model-choose]`)).toBeNull();
    expect(one(`${row("chroma-2/imported/2")} [data-testid=model-choose]`)).toBeNull();
    // Neither the vectors in use nor those of an import can be deleted here.
    for (const key of ["all-MiniLM-L6-v2", "chroma-2/imported/2"])
      expect(one(`${row(key)} [data-testid=model-forget-ask]`)).toBeNull();
    expect(one(`${row("bge-small-en-v1.5")} [data-testid=model-choose]`)).toBeNull();
    expect(one(`${row("support-tickets-distilled")} [data-testid=model-choose]`)).not.toBeNull();
  });

  test("offers to read the texts with the model that was chosen", async () => {
    await there(row("support-tickets-distilled"));
    expect(one("[data-testid=model-unread]")).toBeNull();
    await click(`${row("support-tickets-distilled")} [data-testid=model-choose]`);
    expect((await there("[data-testid=model-unread]")).textContent).toContain("not been read by support-tickets");
    await click(`${row("all-MiniLM-L6-v2")} [data-testid=model-choose]`);
    await vi.waitFor(async () => expect((await list()).chosen).toBe("all-MiniLM-L6-v2"), PATIENCE);
  });
});

describe("what needs a yes", () => {
  test("nothing is downloaded before the consent, which names host, size and licence", async () => {
    const download = vi.spyOn(app.jobs, "downloadModel").mockResolvedValue(null);
    await click(`${row("bge-base-en-v1.5")} [data-testid=model-download]`);
    const dialog = await there("[data-testid=model-consent]");
    for (const word of ["huggingface.co", "437", "MIT", "only time Hearback uses the network"])
      expect(dialog.textContent).toContain(word);
    expect(download).not.toHaveBeenCalled();
    await click("[data-testid=model-consent-give]");
    expect(download).toHaveBeenCalledOnce();
    expect(download.mock.calls[0]?.[0].key).toBe("bge-base-en-v1.5");
    expect(one("[data-testid=model-consent]")).toBeNull();
  });

  test("vectors are deleted after a question only", async () => {
    const vectors = async (): Promise<number | undefined> =>
      (await list()).models.find((model) => model.key === "support-tickets-distilled")?.vectors;
    await click(`${row("support-tickets-distilled")} [data-testid=model-forget-ask]`);
    expect(await vectors()).toBeGreaterThan(0);
    await click("[data-testid=model-forget-confirm]");
    await vi.waitFor(async () => expect(await vectors()).toBe(0), PATIENCE);
  });

  test("a folder that was not chosen adds nothing and complains of nothing", async () => {
    vi.spyOn(host, "addModelFolder").mockResolvedValue(null);
    expect(await app.jobs.addModelFolder()).toBeNull();
    expect(app.jobs.list).toHaveLength(0);
    expect(app.notices.filter((notice) => notice.kind === "error")).toHaveLength(0);
  });
});

test("facts in words", async () => {
  const [first] = (await list()).models;
  const model = (change: Partial<ModelEntry>): ModelEntry => ({ ...first!, ...change });
  expect(
    factsOf(
      model({ dimension: 768, maxLength: 512, languages: null, licence: null, bytes: 134_000_000, state: "available" }),
    ),
  ).toEqual(["768 dimensions", "reads 512 tokens", "licence not stated", "about 134\u202fMB"]);
  expect(vectorWords(model({ vectors: 0 }), 10)).toBe("no vectors in this workspace");
  expect(vectorWords(model({ vectors: 4 }), 10)).toBe("vectors of 4 of 10 texts");
  expect(vectorWords(model({ vectors: 10 }), 10)).toBe("vectors of all 10 texts");
  expect([hostOf("https://models.example/a/b"), hostOf("/home/somebody/models")]).toEqual([
    "models.example",
    "/home/somebody/models",
  ]);
  expect(shortDigest("0123456789abcdef")).toBe("01234567…");
});
