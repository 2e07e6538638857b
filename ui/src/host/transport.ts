// How do calls leave the window? Through one of two transports: Tauri's, or the invented one of `ui/fake` in a plain browser.
import type { JobEvent } from "../wire/index.ts";

export interface Transport {
  invoke(command: string, args: Record<string, unknown>): Promise<unknown>;
  /** For commands that run long: `onEvent` is subscribed before the work starts. */
  start(command: string, args: Record<string, unknown>, onEvent: (event: JobEvent) => void): Promise<number>;
  /** Files dragged over, dropped on, or dragged out of the window. */
  onFileDrop(listener: (drop: FileDrop) => void): Promise<void>;
}

export type FileDrop = { kind: "over" } | { kind: "leave" } | { kind: "drop"; paths: string[] };
