// Which sources are to go, named so that no others can go in their stead.
import { count, counted } from "../../shared/format.ts";
import type { ImportCounts, RemoveRequest, Source } from "../../wire/index.ts";

/** Ids are a workspace's own: the path and the digests say which sources were meant. */
export function removal(workspace: string, sources: readonly Source[]): RemoveRequest {
  return { workspace, sources: sources.map(({ id, digest }) => ({ id, digest })) };
}

/** What a source speaks of, in words. Of several it cannot be added up: they may speak of the same. */
export function spokenOf({ feedback, turns, sessions, rejected }: ImportCounts): string[] {
  return [
    feedback > 0 ? `${count(feedback)} feedback` : "",
    turns > 0 ? counted(turns, "turn") : "",
    sessions > 0 ? counted(sessions, "session") : "",
    rejected > 0 ? counted(rejected, "skipped record") : "",
  ].filter((words) => words !== "");
}
