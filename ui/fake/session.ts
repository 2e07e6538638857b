// One workspace, open from now on: asked one after the other, each question at the state that the changes before have led to.
import { COMMANDS, type Failure } from "../src/wire/index.ts";
import { load, type Entry, type Recording, type WorkspaceName } from "./recording.ts";

export interface Question {
  command: string;
  args: unknown;
}

/** Answers what no recording has, and records it: only while fixtures are made. */
export interface Recorder {
  record(session: Session, question: Question): Promise<Entry>;
}

let recorder: Recorder | null = null;

export function recordWith(chosen: Recorder | null): void {
  recorder = chosen;
}

/** What is nearly the same question; in a browser a chart is as wide as the window is, and no recording has them all. */
export type Likeness = (recording: Recording, state: number, question: Question) => Entry | undefined;

let likeness: Likeness | null = null;

export function answerAlike(chosen: Likeness): void {
  likeness = chosen;
}

export class Session {
  state = 0;
  /** What led from the first state to this one. */
  readonly changes: Question[] = [];
  /** What was asked and is in no recording. */
  readonly missed: Question[] = [];
  readonly recording: Promise<Recording>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly name: WorkspaceName) {
    this.recording = load(name);
  }

  ask(command: string, args: unknown): Promise<unknown> {
    const answer = this.last.then(() => this.answer({ command, args }));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answer(question: Question): Promise<unknown> {
    const { command, args } = question;
    const recording = await this.recording;
    const entry =
      recording.find(this.state, command, args) ??
      (await recorder?.record(this, question)) ??
      likeness?.(recording, this.state, question);
    if (entry === undefined) {
      this.missed.push(question);
      throw notRecorded(question, this);
    }
    if (entry.failure !== undefined) throw entry.failure;
    if (entry.next !== undefined) {
      this.state = entry.next;
      this.changes.push(question);
    }
    return (COMMANDS.bytes as readonly string[]).includes(command)
      ? bytesOf(entry.answer as { base64: string })
      : structuredClone(entry.answer);
  }
}

export function notRecorded({ command, args }: Question, { name, changes }: Session): Failure {
  const after = changes.length === 0 ? "" : ` after ${changes.map((change) => change.command).join(", ")}`;
  return {
    kind: "internal",
    message: `No answer was recorded: ${command} of the workspace “${name}”${after}`,
    hint: "Record it with `cargo xtask fixtures`; in a browser only what was recorded can be seen",
    next: null,
    details: [JSON.stringify(args)],
  };
}

function bytesOf({ base64 }: { base64: string }): ArrayBuffer {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)).buffer;
}
