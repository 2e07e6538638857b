// The transport of the real window. The only file that names Tauri.
import { Channel, invoke } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Transport } from "./transport.ts";

export const transport: Transport = {
  invoke: (command, args) => invoke(command, args),
  start<Event>(command: string, args: Record<string, unknown>, onEvent: (event: Event) => void) {
    const channel = new Channel<Event>();
    channel.onmessage = onEvent;
    return invoke(command, { ...args, onEvent: channel });
  },
  async onFileDrop(listener) {
    await getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === "drop") listener({ kind: "drop", paths: payload.paths });
      else if (payload.type === "leave") listener({ kind: "leave" });
      else listener({ kind: "over" });
    });
  },
};
