// What went wrong on the other side? Every command rejects with a `Failure`; here it becomes an Error that keeps it.
import type { Failure } from "../wire/index.ts";

export class HostError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "HostError";
    this.failure = failure;
  }
}

/** Whatever was thrown, as a `Failure` that can be shown. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof HostError) return thrown.failure;
  if (isFailure(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: "internal",
    message: message || "Something failed without saying why",
    hint: null,
    next: null,
    details: [],
  };
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Failure).message === "string" &&
    typeof (value as Failure).kind === "string"
  );
}
