// How is a command asked? `commands.ts` has a function for each; nothing else talks to the shell.
import type * as wire from "../wire/index.ts";
import { HostError, asFailure } from "./failure.ts";
import type { Transport } from "./transport.ts";

let chosen: Promise<Transport> | null = null;

export function transport(): Promise<Transport> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<Transport> {
  const inTauri = "__TAURI_INTERNALS__" in globalThis;
  if (import.meta.env.DEV && !inTauri) return (await import("../../fake/index.ts")).transport;
  return (await import("./tauri.ts")).transport;
}

/** Asks what is answered at once: names, arguments and answers are those of the list in hearback-wire. */
export async function call<Name extends keyof wire.Commands>(
  command: Name,
  args: wire.Commands[Name]["args"],
): Promise<wire.Commands[Name]["answer"]> {
  try {
    return (await (await transport()).invoke(command, args)) as wire.Commands[Name]["answer"];
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}

/** Begins what takes long, and hears of it. */
export async function start<Name extends keyof wire.LongCommands>(
  command: Name,
  args: wire.LongCommands[Name]["args"],
  onEvent: (event: wire.LongCommands[Name]["event"]) => void,
): Promise<wire.LongCommands[Name]["answer"]> {
  try {
    return (await (await transport()).start(command, args, onEvent)) as wire.LongCommands[Name]["answer"];
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}
