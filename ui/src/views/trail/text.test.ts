// Is what users and models wrote shown as it stands, and never as HTML?
import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { play } from "../../../fake/scenario.ts";
import * as host from "../../host/index.ts";
import type { Trail } from "../../wire/index.ts";
import Context from "./Context.svelte";
import LongText from "../../shared/widgets/LongText.svelte";

const HOSTILE =
  '<script>globalThis.hit = 1</script><img src=x onerror="globalThis.hit = 1"> <b>bold</b> &amp; {@html 1}\n\n  indented';

let mounted: Record<string, unknown> | null = null;

afterEach(() => {
  if (mounted) void unmount(mounted);
  mounted = null;
  document.body.replaceChildren();
});

/** The session of `fixtures/exports.mjs` that shows everything at once. */
async function awkward(): Promise<Trail> {
  play("sample");
  return host.trail({ sessionId: null, turnId: "lamps-t2", feedbackId: null });
}

describe("LongText", () => {
  it("shows markup as text, whitespace and all", () => {
    mounted = mount(LongText, {
      target: document.body,
      props: { segments: [{ text: HOSTILE, feedback: [] }], testid: "text" },
    });
    flushSync();
    expect(document.querySelector("[data-testid=text]")?.textContent).toBe(HOSTILE);
    expect(document.querySelector("script, img, b")).toBeNull();
    expect("hit" in globalThis).toBe(false);
  });

  it("joins marked pieces without adding or losing a sign", () => {
    const segments = [
      { text: "Yes. ", feedback: [] },
      { text: "within <i>60</i> days", feedback: ["fb-1"] },
      { text: "\nof it", feedback: [] },
    ];
    mounted = mount(LongText, { target: document.body, props: { segments, testid: "text" } });
    flushSync();
    expect(document.querySelector("[data-testid=text]")?.textContent).toBe("Yes. within <i>60</i> days\nof it");
    expect(document.querySelector(".mark")?.textContent).toBe("within <i>60</i> days");
  });

  it("opens a folded text whole", async () => {
    const [{ text } = { text: "" }] = (await awkward()).turns[3]!.query;
    expect(text.length).toBeGreaterThan(12_000);
    mounted = mount(LongText, {
      target: document.body,
      props: { segments: [{ text, feedback: [] }], testid: "text" },
    });
    flushSync();
    expect(document.querySelector("[data-testid=text]")?.textContent?.length).toBeLessThan(2000);
    document.querySelector<HTMLButtonElement>("button.more")?.click();
    flushSync();
    expect(document.querySelector("[data-testid=text]")?.textContent).toBe(text);
  });
});

describe("Context", () => {
  it("marks what changed, and is whole when open", async () => {
    const turn = (await awkward()).turns[1]!;
    const open = (value: boolean): void => {
      mounted = mount(Context, {
        target: document.body,
        props: { turn, number: 2, open: value, keyed: true, ontoggle: () => {} },
      });
      flushSync();
    };
    open(false);
    expect(document.querySelector("ins")?.textContent).toContain("Look refunds up");
    expect(document.querySelector(".left-out")?.textContent).toMatch(/words/);
    if (mounted) void unmount(mounted);
    open(true);
    document.querySelectorAll("del").forEach((removed) => removed.remove());
    expect(document.querySelector(".text")?.textContent).toBe(turn.systemContext);
  });
});
