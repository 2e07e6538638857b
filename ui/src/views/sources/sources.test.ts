import { describe, expect, it, vi } from "vitest";
import * as host from "../../host/index.ts";
import type { MappingEntry, Outcome, PreviewFile, PreviewScore, ScoreRule } from "../../wire/index.ts";
import { assign, doubt, freeFields, ownOf, suggestedBy, targetOf, withOwn, withoutField, written } from "./mapping.ts";
import { entryOf, ImportFlow, requestOf, scoreKey, type Entry } from "./imports.svelte.ts";
import { firstKind, linesOf } from "./preview.ts";
import { visible } from "../../shared/visible.ts";
import { play, session } from "../../../fake/scenario.ts";
import { EXPORTS, PICKED } from "../../../fake/window.ts";
import { normalAt, polarityOf, range, ruleProblem, sentence, turnedRound, withScale } from "./rules.ts";

const suggested: MappingEntry[] = [
  { target: "comment", column: "content", constant: false },
  { target: "score", column: "stars", constant: false },
];

describe("assign", () => {
  it("gives a column a field", () => {
    const mapping = assign(suggested, "at", "created_at");
    expect(targetOf(mapping, "at")).toBe("created_at");
    expect(targetOf(mapping, "content")).toBe("comment");
  });
  it("takes a field from the column that had it", () => {
    const mapping = assign(suggested, "review", "comment");
    expect(mapping.filter((entry) => entry.target === "comment")).toEqual([
      { target: "comment", column: "review", constant: false },
    ]);
    expect(targetOf(mapping, "content")).toBe("metadata.content");
  });
  it("sends nothing for a column that stays metadata", () => {
    expect(assign(suggested, "content", "metadata.content")).toEqual([
      { target: "score", column: "stars", constant: false },
    ]);
  });
  it("does not change its input", () => {
    assign(suggested, "stars", "label");
    expect(suggested[1]).toEqual({ target: "score", column: "stars", constant: false });
  });
});

describe("doubt", () => {
  it("speaks about what is missing, the worst first", () => {
    expect(doubt([])).toMatch(/No column is a comment/);
    expect(doubt(suggested)).toMatch(/time/);
    expect(doubt(assign(suggested, "at", "created_at"))).toMatch(/trail/);
    expect(doubt(assign(assign(suggested, "at", "created_at"), "q", "query"))).toBeNull();
  });
});

describe("suggestedBy", () => {
  it("says whether the name or the values speak for a field", () => {
    expect(suggestedBy({ suggested: { target: "created_at", by: "name" } }, "created_at")).toBe("by its name");
    expect(suggestedBy({ suggested: { target: "created_at", by: "values" } }, "created_at")).toBe("by its values");
    expect(suggestedBy({ suggested: { target: "label", by: "name" } }, "score")).toBe("by a saved mapping");
    expect(suggestedBy({ suggested: null }, "score")).toBe("by a saved mapping");
  });
});

describe("fields of one's own", () => {
  const columns = ["content", "stars", "where"];
  it("stand beside columns, and a column of the same name is another thing", () => {
    const mapping = withOwn(suggested, "environment", "stars", true);
    expect(ownOf(mapping, columns)).toEqual([{ target: "environment", column: "stars", constant: true }]);
    expect(targetOf(mapping, "stars")).toBe("score");
    expect(targetOf(assign(mapping, "stars", "label"), "stars")).toBe("label");
    expect(ownOf(assign(mapping, "stars", "label"), columns)).toHaveLength(1);
  });
  it("give way to a column, and take the place of one", () => {
    const mapping = withOwn(suggested, "environment", "production", true);
    expect(ownOf(assign(mapping, "where", "environment"), columns)).toEqual([]);
    expect(targetOf(withOwn(suggested, "score", "1", true), "stars")).toBe("metadata.stars");
    expect(withoutField(mapping, "environment")).toEqual(suggested);
  });
  it("may come from inside a column, and count once the path is written", () => {
    const mapping = withOwn(suggested, "label", "data.", false);
    expect(ownOf(mapping, columns)).toHaveLength(1);
    expect(written(mapping)).toEqual(suggested);
    expect(written(withOwn(mapping, "label", "data.rating", false))).toHaveLength(3);
  });
  it("are offered where a field has no value yet", () => {
    expect(freeFields(suggested).map((field) => field.target)).not.toContain("score");
    expect(freeFields(suggested).map((field) => field.target)).toContain("environment");
  });
});

const rule: ScoreRule = {
  tool: "langfuse",
  scoreType: "numeric",
  sources: [{ id: 1, name: "scores.jsonl", format: "Langfuse scores (JSON lines)" }],
  only: null,
  judges: 0,
  open: null,
  scoreName: "stars",
  feedbackType: "rating",
  count: 9,
  minimum: 1,
  maximum: 5,
  scale: "one_to_five",
  worst: 1,
  best: 5,
  negativeAtMost: 0.375,
  positiveAtLeast: 0.625,
  confirmed: false,
};

describe("score rules", () => {
  it("say what they mean in the export's own scores", () => {
    expect(sentence(rule)).toBe("up to 2.5 negative, from 3.5 positive");
    expect(sentence(withScale(rule, "zero_one"))).toBe("0 negative, 1 positive");
    expect(sentence(withScale(rule, "one_up_two_down"))).toBe("2 negative, 1 positive");
    expect(sentence(withScale(rule, "zero_to_ten"))).toBe("up to 6 negative, from 9 positive");
  });
  it("turn round, so that higher is worse", () => {
    const turned = turnedRound(rule);
    expect(turned).toMatchObject({ scale: "custom", worst: 5, best: 1 });
    expect(sentence(turned)).toBe("from 3.5 negative, up to 2.5 positive");
    expect(normalAt(turned, 4)).toBe(0.25);
  });
  it("say what a score means", () => {
    expect([1, 3, 5].map((score) => polarityOf(rule, score))).toEqual(["negative", "neutral", "positive"]);
    expect(polarityOf(turnedRound(rule), 1)).toBe("positive");
    expect(range({ minimum: 0, maximum: 0.25 })).toBe("0 to 0.25");
  });
  it("refuse what cannot be meant", () => {
    expect(ruleProblem(rule)).toBeNull();
    expect(ruleProblem({ ...rule, best: 1 })).toMatch(/differ/);
    expect(ruleProblem({ ...rule, negativeAtMost: 0.7 })).toMatch(/before/);
    expect(ruleProblem({ ...rule, worst: Number.NaN })).toMatch(/number/);
  });
});

async function look(paths: string[]): Promise<PreviewFile[]> {
  const outcome = (await session().ask("start_preview", { request: { paths, choices: [], only: null } })) as Outcome;
  return outcome.kind === "preview" ? outcome.preview.files : [];
}

play("sample");
const looked = await look(PICKED);

function entries(): Entry[] {
  return looked.map((file) => entryOf(file));
}

function thumbs(entry: Entry): PreviewScore {
  return entry.file.scores.find(({ scoreName }) => scoreName === "user-thumbs") as PreviewScore;
}

function named(list: readonly Entry[], part: string): Entry {
  return list.find((entry) => entry.file.name.includes(part)) as Entry;
}

describe("what is chosen at first", () => {
  it("is what can be read, is sure, and is not there yet", () => {
    const list = entries();
    expect(named(list, "lf-scores").chosen).toBe(true);
    expect(named(list, "notes.txt").chosen).toBe(false);
    expect(named(list, "ratings-dump").chosen).toBe(false);
    expect(named(list, "App store").chosen).toBe(false);
  });
  it("is the file itself where it is read again", () => {
    expect(entryOf(named(entries(), "App store").file, true).chosen).toBe(true);
  });
});

describe("requestOf", () => {
  const none = new Map();
  it("says all paths once, and which files are left alone", () => {
    const request = requestOf(PICKED, entries(), none, null);
    expect(request.paths).toEqual(PICKED);
    expect(request.choices.filter((choice) => choice.skip).map((choice) => choice.path.split("/").at(-1))).toEqual([
      "App store reviews, exported in June.csv",
      "export-7.csv",
      "ratings-dump.json",
      "notes.txt",
      "scores-2026-07.jsonl.gz",
    ]);
  });
  it("sends the mapping that is to be remembered, also where it is the suggested one", () => {
    const list = entries();
    const table = named(list, "Kundenfeedback");
    const choice = requestOf(PICKED, list, none, null).choices.find((candidate) => candidate.path === table.file.path);
    expect(choice).toMatchObject({ skip: false, remember: true, mapping: table.file.mapping });
    const forgetful = list.map((entry) => (entry === table ? { ...entry, remember: false } : entry));
    expect(
      requestOf(PICKED, forgetful, none, null).choices.some((candidate) => candidate.path === table.file.path),
    ).toBe(false);
  });
  it("gives a guess the user's word once it is ticked", () => {
    const list = entries().map((entry) => (entry.file.guess ? { ...entry, chosen: true } : entry));
    const path = named(list, "ratings-dump").file.path;
    expect(requestOf(PICKED, list, none, null).choices.find((choice) => choice.path === path)).toMatchObject({
      skip: false,
      format: "table",
    });
  });
  it("sends the score rules of files that are imported, and no others", () => {
    const list = entries();
    const { scale, worst, best, negativeAtMost, positiveAtLeast } = turnedRound(rule);
    const own = { scale, worst, best, negativeAtMost, positiveAtLeast };
    const score = thumbs(named(list, "lf-scores"));
    const skipped = named(list, "ratings-dump").file.scores[0]!;
    const rules = new Map([score, skipped].map((one) => [scoreKey(one), own]));
    expect(requestOf(PICKED, list, rules, 4)).toMatchObject({
      replace: 4,
      scores: [{ path: null, tool: score.tool, scoreName: "user-thumbs", worst: 5, best: 1 }],
    });
  });
});

describe("the import flow", () => {
  async function choosing(): Promise<ImportFlow> {
    const flow = new ImportFlow();
    await flow.begin(PICKED);
    return flow;
  }
  it("stands at the first file that will be imported", async () => {
    const flow = await choosing();
    expect(flow.stage).toBe("choosing");
    expect(flow.current?.file.name).toContain("lf-traces");
    expect(flow.chosen).toHaveLength(4);
  });
  it("is stopped where nobody waits for it any more", async () => {
    const flow = new ImportFlow();
    const cancelled = vi.spyOn(host, "cancelJob");
    const began = flow.begin(PICKED);
    await vi.waitFor(() => expect(flow.stage).toBe("looking"));
    flow.close();
    await began;
    expect(cancelled).toHaveBeenCalledOnce();
    expect([flow.stage, flow.entries.length, flow.failure]).toEqual(["idle", 0, null]);
    // A second look begins anew.
    await flow.begin(PICKED);
    expect(flow.stage).toBe("choosing");
    expect(flow.entries.length).toBeGreaterThan(0);
    cancelled.mockRestore();
  });
  it("reads a table again with each mapping, and keeps the old picture until then", async () => {
    const flow = await choosing();
    const { path } = named(flow.entries, "Kundenfeedback").file;
    const before = named(flow.entries, "Kundenfeedback").file.records.turns;
    expect(before).toEqual([]);
    flow.setMapping(path, assign(named(flow.entries, "Kundenfeedback").file.mapping, "Frage", "query"));
    expect(named(flow.entries, "Kundenfeedback").file.records.turns).toEqual([]);
    await vi.waitFor(() => expect(named(flow.entries, "Kundenfeedback").file.records.turns).not.toEqual([]));
    expect(named(flow.entries, "Kundenfeedback").busy).toBe(false);
  });
  it("sets a score rule for every file of the tool that has the score", async () => {
    const flow = await choosing();
    const score = thumbs(named(flow.entries, "lf-scores"));
    flow.setRule(score, turnedRound(score));
    expect(flow.ruleOf(score)).toMatchObject({ worst: 1, best: 0 });
    expect(flow.ruleOf({ ...score, tool: "phoenix" })).toBeNull();
  });
  it("reads a file that was only guessed as what the user says it is", async () => {
    const flow = await choosing();
    const { path } = named(flow.entries, "ratings-dump").file;
    expect(named(flow.entries, "ratings-dump").file).toMatchObject({ format: "table", guess: true });
    flow.setFormat(path, "canonical");
    await vi.waitFor(() => expect(named(flow.entries, "ratings-dump").file.format).toBe("canonical"));
    expect(named(flow.entries, "ratings-dump").chosen).toBe(true);
    expect(
      requestOf(PICKED, flow.entries, new Map(), null).choices.find((choice) => choice.path === path),
    ).toMatchObject({ format: "canonical", skip: false });
  });
  it("reads a file of no known format once its columns are said, and imports it then", async () => {
    const flow = await choosing();
    const unknown = named(flow.entries, "export-7");
    expect(unknown.chosen).toBe(false);
    flow.setMapping(unknown.file.path, assign([], "C", "score"));
    await vi.waitFor(() => expect(named(flow.entries, "export-7").file.problem).toBeNull());
    expect(named(flow.entries, "export-7").chosen).toBe(true);
  });
  it("begins with the mapping that a source was read with, when it is read again", async () => {
    const flow = new ImportFlow();
    const source = (await host.listSources()).find(({ name }) => name.includes("App store"))!;
    await flow.begin([source.path], source);
    expect(flow.chosen).toHaveLength(1);
    expect(targetOf(flow.current?.mapping ?? [], "Frage")).toBe("query");
    expect(requestOf([source.path], flow.entries, new Map(), source.id)).toMatchObject({
      replace: source.id,
      choices: [{ path: source.path, mapping: source.mapping }],
    });
  });
  it("forgets an answer that comes after it was closed", async () => {
    const flow = new ImportFlow();
    const begun = flow.begin(PICKED);
    flow.close();
    await begun;
    expect(flow.stage).toBe("idle");
    expect(flow.entries).toEqual([]);
  });
});

describe("a record in the preview", async () => {
  const [awkward] = await look([`${EXPORTS}/awkward.jsonl`]);
  const { records } = awkward!;
  it("is a line with the strongest words, and says who it is of where that is no person", () => {
    const lines = linesOf(records, "feedback", (row) => row.polarity);
    expect(lines[2]).toMatchObject({ tags: ["judge"], text: "The retrieved policy says 30 days." });
    expect(lines[4]?.text.length).toBeLessThanOrEqual(401);
    expect(lines[4]?.texts[0]?.value?.length).toBeGreaterThan(12_000);
  });
  it("shows an empty answer as an answer", () => {
    const line = linesOf(records, "turns", () => null)[2];
    expect(line?.texts.find((text) => text.name === "model output")?.value).toBe("");
  });
  it("is looked at feedback first", () => {
    expect(firstKind(records)).toBe("feedback");
    expect(firstKind(named(entries(), "lf-traces").file.records)).toBe("turns");
    expect(firstKind({ sessions: [], turns: [], feedback: [] })).toBe("feedback");
  });
});

describe("visible", () => {
  it("shows signs that hide or turn text round", () => {
    expect(visible("abc\u202edef\u0000")).toBe("abc⟨U+202E⟩def⟨U+0000⟩");
    expect(visible("line\n\ttab مرحبا 🙂")).toBe("line\n\ttab مرحبا 🙂");
  });
});
