// What did the real engine answer? A recording is a tree of states of one workspace: the first is as `fixtures/record.mjs`
// made it, every change leads to another, and what is asked at a state has one answer. So it does not matter which test asks,
// or in which order.
import type { Failure } from "../src/wire/index.ts";
import paths from "../fixtures/workspaces.json";

export type WorkspaceName = keyof typeof paths;

/** Where a workspace lies, by what is recorded: no path of the machine that recorded is in any answer. */
export const WORKSPACES: Readonly<Record<WorkspaceName, string>> = paths;

export interface Entry {
  state: number;
  /** The state after it, for what changed something. */
  next?: number;
  command: string;
  args: unknown;
  /** Bytes are `{ base64 }`. */
  answer?: unknown;
  failure?: Failure;
}

/** The same for the same arguments, in whichever order they were written. */
export function keyOf(state: number, command: string, args: unknown): string {
  return `${state} ${command} ${JSON.stringify(sorted(args))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inside]) => [key, sorted(inside)]));
}

export class Recording {
  private entries = new Map<string, Entry>();

  constructor(all: readonly Entry[]) {
    for (const entry of all) this.add(entry);
  }

  get all(): Entry[] {
    return [...this.entries.values()];
  }

  add(entry: Entry): void {
    this.entries.set(keyOf(entry.state, entry.command, entry.args), entry);
  }

  find(state: number, command: string, args: unknown): Entry | undefined {
    return this.entries.get(keyOf(state, command, args));
  }
}

const files = import.meta.glob<string>("../fixtures/recordings/*.json", { query: "?raw", import: "default" });

const loaded = new Map<WorkspaceName, Promise<Recording>>();

/** One for all who ask. */
export function load(name: WorkspaceName): Promise<Recording> {
  const found = loaded.get(name) ?? read(name);
  loaded.set(name, found);
  return found;
}

let reader = (name: WorkspaceName): Promise<string> | undefined => files[`../fixtures/recordings/${name}.json`]?.();

/** While recording, a file changes from one test to the next, which the bundler does not see. */
export function readWith(chosen: typeof reader): void {
  reader = chosen;
}

async function read(name: WorkspaceName): Promise<Recording> {
  const text = await reader(name);
  return new Recording(text === undefined ? [] : (JSON.parse(text) as Entry[]));
}
