// How do calls leave the window? Through one of two transports: Tauri's, or that of `ui/fake`, which replays recorded answers, in a plain browser and in tests.
export interface Transport {
  invoke(command: string, args: Record<string, unknown>): Promise<unknown>;
  /** For commands that go on telling: `onEvent` is subscribed before the work starts. Gives what the command answers, mostly an id. */
  start<Event>(command: string, args: Record<string, unknown>, onEvent: (event: Event) => void): Promise<unknown>;
  /** Files dragged over, dropped on, or dragged out of the window. */
  onFileDrop(listener: (drop: FileDrop) => void): Promise<void>;
}

export type FileDrop = { kind: "over" } | { kind: "leave" } | { kind: "drop"; paths: string[] };
