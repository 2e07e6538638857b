// Which embedding models could the invented workspace use? `?models=missing`: the chosen one is not on this computer.
import type { ModelEntry, ModelList } from "../src/wire/index.ts";
import { fakeRows } from "./feedback.ts";
import { scenario, type Handlers } from "./scenario.ts";
import { changed } from "./workspace.ts";

const asked = new URLSearchParams(globalThis.location?.search ?? "");
const texts = (): number => (scenario() === "empty" ? 0 : fakeRows().filter((row) => row.comment !== null).length);

function entry(key: string, title: string, change: Partial<ModelEntry>): ModelEntry {
  return {
    key,
    title,
    languages: "English",
    dimension: 384,
    maxLength: 512,
    pooling: "cls",
    licence: "MIT",
    origin: `https://models.example/${key}`,
    bytes: null,
    digest: null,
    state: "available",
    vectors: 0,
    chosen: false,
    imported: false,
    problem: null,
    ...change,
  };
}

let models: ModelEntry[] | null = null;

function all(): ModelEntry[] {
  const missing = asked.get("models") === "missing";
  models ??= [
    entry("all-minilm-l6-v2", "all-MiniLM-L6-v2", {
      maxLength: 256,
      pooling: "mean",
      licence: "Apache-2.0",
      bytes: 90_868_376,
      digest: "51f6a7b0c2d84e19a3f05b7c9d1e2f30",
      state: "on_board",
      vectors: texts(),
      chosen: !missing,
    }),
    entry("folder-7d2c", "support-tickets-distilled, the second training run with hard negatives of March", {
      languages: null,
      dimension: 256,
      maxLength: 128,
      licence: null,
      origin: "/home/somebody/models/a folder with a rather long name/support-tickets-distilled-v2",
      bytes: 41_204_112,
      digest: "0c9e1f2a3b4c5d6e7f8091a2b3c4d5e6",
      state: "installed",
      vectors: Math.round(texts() * 0.4),
    }),
    entry("multilingual-e5-small", "multilingual-e5-small", {
      languages: "some 100 languages",
      pooling: "mean",
      bytes: 488_000_000,
      digest: "a17ee2c0ffee00112233445566778899",
      state: "missing",
      vectors: missing ? texts() : 120,
      chosen: missing,
      problem: missing ? "The workspace uses it, but it is not on this computer: download it, or choose another" : null,
    }),
    entry("imported-ada", "text-embedding-ada-002", {
      languages: null,
      dimension: 1536,
      maxLength: 8191,
      pooling: null,
      licence: null,
      origin: "chroma-export.parquet",
      state: "missing",
      vectors: 812,
      imported: true,
    }),
    entry("bge-base-en-v1.5", "bge-base-en-v1.5", { dimension: 768, bytes: 436_000_000 }),
    entry("bge-small-en-v1.5", "bge-small-en-v1.5", { bytes: 134_000_000 }),
    entry("paraphrase-multilingual", "paraphrase-multilingual-MiniLM-L12-v2", {
      languages: "some 50 languages",
      maxLength: 128,
      pooling: "mean",
      licence: "Apache-2.0",
      bytes: 471_000_000,
    }),
  ];
  return models;
}

function list(): ModelList {
  return {
    chosen: all().find((model) => model.chosen)?.key ?? "",
    models: all(),
    folder: "/home/somebody/.local/share/hearback/models",
    texts: texts(),
  };
}

function change(key: string, to: (model: ModelEntry) => ModelEntry): ModelList {
  models = all().map((model) => (model.key === key ? to(model) : model));
  return list();
}

/** What a job brought. */
export function arrived(command: string, args: Record<string, unknown>): ModelEntry {
  const digest = "9f86d081884c7d659a2feaa0c55ad015";
  if (command === "download_model") {
    const found = change(String(args.key), (model) => ({
      ...model,
      state: "installed",
      digest,
      problem: null,
    })).models.find((model) => model.key === args.key);
    if (found) return found;
  }
  const added = entry("folder-new", "my-own-model", {
    languages: null,
    licence: null,
    origin: "/home/somebody/models/my-own-model",
    bytes: 22_000_000,
    digest,
    state: "installed",
  });
  models = [...all(), added];
  return added;
}

export const handlers: Handlers = {
  list_models: () => list(),
  choose_model: ({ key }: { key: string }) => {
    models = all().map((model) => ({ ...model, chosen: model.key === key }));
    changed({ stale: true });
    return list();
  },
  remove_model: ({ key }: { key: string }) =>
    change(key, (model) => ({ ...model, state: model.vectors > 0 || model.chosen ? "missing" : "available" })),
  forget_model: ({ key }: { key: string }) => change(key, (model) => ({ ...model, vectors: 0 })),
};
