// Which session is open, and which of its turns and feedbacks are meant? The view and the inspector read the same.
import * as host from "../../host/index.ts";
import { onLeaving } from "../../shared/leaving.ts";
import { Loading } from "../../shared/loading.svelte.ts";
import type { FeedbackRow, Trail, TrailQuery, TrailTurn } from "../../wire/index.ts";

class CurrentTrail {
  readonly loading = new Loading<Trail>();
  turnId = $state<string | null>(null);
  feedback = $state.raw<FeedbackRow | null>(null);
  /** Grows when one arrives somewhere: the view scrolls to what is meant. */
  arrivals = $state(0);
  private key = "";

  get trail(): Trail | null {
    return this.loading.value;
  }

  get turn(): TrailTurn | null {
    return this.trail?.turns.find((turn) => turn.id === this.turnId) ?? null;
  }

  /** The words of the turn's query, for what is near to it. */
  get query(): string | null {
    const words = this.turn?.query.map((piece) => piece.text).join("") ?? "";
    return words.trim() === "" ? null : words;
  }

  async open(query: TrailQuery, dataVersion: number): Promise<void> {
    const key = JSON.stringify([query, dataVersion]);
    if (key === this.key) return;
    this.key = key;
    const trail = await this.loading.run(() => host.trail(query));
    if (trail === null) {
      if (this.loading.failure !== null) this.key = "";
      return;
    }
    this.arrive(trail, query);
  }

  forget(): void {
    this.loading.reset();
    this.turnId = null;
    this.feedback = null;
    this.key = "";
  }

  chooseTurn(id: string): void {
    this.turnId = id;
    if (this.feedback !== null && this.turn?.feedback.some((row) => row.id === this.feedback?.id) !== true)
      this.feedback = null;
  }

  choose(row: FeedbackRow): void {
    this.feedback = row;
    if (this.trail?.turns.some((turn) => turn.id === row.turnId)) this.turnId = row.turnId;
  }

  private arrive(trail: Trail, query: TrailQuery): void {
    const about = (turn: TrailTurn): boolean => turn.feedback.some((row) => row.id === query.feedbackId);
    const turn = trail.turns.find((candidate) => about(candidate) || candidate.id === query.turnId) ?? null;
    const all = [...trail.turns.flatMap((candidate) => candidate.feedback), ...trail.sessionFeedback, ...trail.orphans];
    const meant = all.find((row) => row.id === query.feedbackId) ?? null;
    this.feedback = meant;
    // Without a turn that is meant, the first with feedback is what people come for.
    this.turnId =
      (turn ?? trail.turns.find((candidate) => candidate.feedback.length > 0) ?? trail.turns[0])?.id ?? null;
    this.arrivals += 1;
  }
}

export const current = new CurrentTrail();
onLeaving(() => current.forget());
