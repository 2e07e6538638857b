// Which situation does the invented host play, and how are its handlers written?
export type Handlers = Record<string, (args: any) => unknown>;

export type Scenario = "normal" | "empty" | "slow" | "error" | "long";

let asked: Scenario | null = null;

export function scenario(): Scenario {
  if (asked) return asked;
  const wanted = new URLSearchParams(globalThis.location?.search ?? "").get("state");
  return (wanted as Scenario | null) ?? "normal";
}

/** For tests, and when the invented workspace gets its first data. */
export function play(next: Scenario): void {
  asked = next;
}

/** Reproducible numbers in 0..1. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
