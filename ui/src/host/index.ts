// What can the window ask of the rest of Hearback? One typed function per command, in commands.ts, which is written from the list
// of commands. The Rust function of the same name (draw_trend of drawTrend) is in the crate hearback-wire (src-tauri/wire/src),
// and that of what only a window can do (dialogs, settings) in src-tauri/src/commands.
import { transport } from "./call.ts";
import type { FileDrop } from "./transport.ts";

export * from "./commands.ts";
export { HostError, asFailure } from "./failure.ts";
export type { FileDrop } from "./transport.ts";

export async function onFileDrop(listener: (drop: FileDrop) => void): Promise<void> {
  await (await transport()).onFileDrop(listener);
}
