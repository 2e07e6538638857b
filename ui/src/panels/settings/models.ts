// What is known of an embedding model, in words?
import type { ModelEntry, ModelState } from "../../wire/index.ts";
import { bytes, count, counted } from "../../shared/format.ts";

export const STATES: Record<ModelState, string> = {
  on_board: "on board",
  installed: "installed",
  available: "not downloaded",
  missing: "not on this computer",
};

/** Where they are, in the order in which they are listed. */
export const GROUPS: readonly { title: string; states: readonly ModelState[] }[] = [
  { title: "On this computer", states: ["on_board", "installed"] },
  { title: "Used by this workspace, but not on this computer", states: ["missing"] },
  { title: "Can be downloaded", states: ["available"] },
];

/** "384 dimensions", "reads 256 tokens", "English", "Apache-2.0", "91.2 MB": what is known of it. */
export function factsOf(model: ModelEntry): string[] {
  return [
    `${count(model.dimension)} dimensions`,
    model.maxLength > 0 ? `reads ${count(model.maxLength)} tokens` : null,
    model.languages,
    model.imported ? null : (model.licence ?? "licence not stated"),
    model.bytes === null ? null : `${model.state === "available" ? "about " : ""}${bytes(model.bytes)}`,
  ].filter((fact) => fact !== null);
}

/** "vectors of all 9 850 texts", "vectors of 3 940 of 9 850 texts", "no vectors in this workspace" */
export function vectorWords(model: ModelEntry, texts: number): string {
  if (model.vectors === 0) return "no vectors in this workspace";
  return model.vectors >= texts
    ? `vectors of all ${counted(texts, "text")}`
    : `vectors of ${count(model.vectors)} of ${counted(texts, "text")}`;
}

/** The machine that is asked: what the address is of, or the address itself. */
export function hostOf(origin: string): string {
  try {
    return new URL(origin).host || origin;
  } catch {
    return origin;
  }
}

/** As people compare them: the beginning says enough. */
export function shortDigest(digest: string): string {
  return digest.length <= 12 ? digest : `${digest.slice(0, 8)}…`;
}
