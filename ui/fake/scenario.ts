// Which situation is played, and which workspace is open?
import { WORKSPACES, type WorkspaceName } from "./recording.ts";
import { Session } from "./session.ts";

/** A workspace of the recordings; or the sample, answering late, or with a failure. */
export type Scenario = WorkspaceName | "slow" | "error";

let situation: Scenario = "sample";
let open: Session | null = null;

export function scenario(): Scenario {
  return situation;
}

/** `error` and `slow` come over the workspace that is open; every other opens a fresh one, in the state in which it was recorded. */
export function play(next: Scenario): void {
  situation = next;
  if (next !== "error" && next !== "slow") open = new Session(next);
}

/** All is well again with the workspace that is open, and it is as it was left. */
export function recover(): void {
  situation = session().name;
}

export function session(): Session {
  return (open ??= new Session("sample"));
}

/** The workspace at this path, fresh; `null` where none was recorded. */
export function openAt(path: string): Session | null {
  const found = Object.entries(WORKSPACES).find(([, place]) => place === path);
  if (found === undefined) return null;
  play(found[0] as WorkspaceName);
  return session();
}
