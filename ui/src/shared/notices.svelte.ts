// What has the window to say? Short messages, each with at most one thing to do about it.
import * as host from "../host/index.ts";
import type { Failure } from "../wire/index.ts";

export type Notice = {
  kind: "info" | "success" | "error";
  text: string;
  failure?: Failure;
  action?: { label: string; run: () => void };
};

export type ShownNotice = Notice & { id: number };

export class Notices {
  shown = $state.raw<ShownNotice[]>([]);
  private nextId = 1;

  /** Gives the id to dismiss it by. */
  add(notice: Notice): number {
    const shown = { ...notice, id: this.nextId++ };
    this.shown = [...this.shown.slice(-3), shown];
    if (notice.kind !== "error") setTimeout(() => this.dismiss(shown.id), notice.action ? 12_000 : 5_000);
    return shown.id;
  }

  dismiss(id: number): void {
    this.keepOnly((notice) => notice.id !== id);
  }

  keepOnly(wanted: (notice: ShownNotice) => boolean): void {
    this.shown = this.shown.filter(wanted);
  }

  /** Something a user asked for did not happen. */
  fail(text: string, thrown: unknown): void {
    const failure = host.asFailure(thrown);
    if (failure.kind !== "cancelled") this.add({ kind: "error", text, failure });
  }
}
