// What is on screen while the next answer is on its way? The last one, dimmed; and an answer that comes late never wins.
import { asFailure } from "../host/index.ts";
import type { Failure } from "../wire/index.ts";

export class Loading<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  private turn = 0;

  /** Runs `ask`; keeps the old value until the new one is there, and on failure too. */
  async run(ask: () => Promise<T>): Promise<T | null> {
    const turn = ++this.turn;
    this.busy = true;
    try {
      const value = await ask();
      if (turn !== this.turn) return null;
      this.value = value;
      this.failure = null;
      return value;
    } catch (thrown) {
      if (turn === this.turn) this.failure = asFailure(thrown);
      return null;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  /** Forgets everything; an answer on its way is dropped. */
  reset(): void {
    this.turn += 1;
    this.value = null;
    this.failure = null;
    this.busy = false;
  }
}
