import { describe, expect, it } from "vitest";
import type { MappingEntry, ScoreRule } from "../../wire/index.ts";
import { assign, doubt, tables, targetOf } from "./mapping.ts";
import { requestsOf, type Candidate } from "./imports.svelte.ts";
import { visible } from "./visible.ts";
import { recognised } from "../../../fake/sources.ts";
import { normalAt, ruleProblem, sentence, turnedRound, withScale } from "./rules.ts";

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
    expect(mapping.filter((entry) => entry.target === "comment")).toEqual([{ target: "comment", column: "review", constant: false }]);
    expect(targetOf(mapping, "content")).toBe("metadata.content");
  });
  it("sends nothing for a column that stays metadata", () => {
    expect(assign(suggested, "content", "metadata.content")).toEqual([{ target: "score", column: "stars", constant: false }]);
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

describe("tables", () => {
  it("sets broken files aside and tables apart", () => {
    const files = [
      { columns: ["a"], problem: null, name: "reviews.csv" },
      { columns: [], problem: null, name: "scores.jsonl" },
      { columns: ["a"], problem: "not valid UTF-8", name: "broken.csv" },
    ];
    expect(tables(files).tables.map((file) => file.name)).toEqual(["reviews.csv"]);
    expect(tables(files).others.map((file) => file.name)).toEqual(["scores.jsonl"]);
  });
});

const rule: ScoreRule = {
  sourceId: 1,
  sourceName: "scores.jsonl",
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
  it("refuse what cannot be meant", () => {
    expect(ruleProblem(rule)).toBeNull();
    expect(ruleProblem({ ...rule, best: 1 })).toMatch(/differ/);
    expect(ruleProblem({ ...rule, negativeAtMost: 0.7 })).toMatch(/before/);
    expect(ruleProblem({ ...rule, worst: Number.NaN })).toMatch(/number/);
  });
});

describe("requestsOf", () => {
  const candidate = (path: string): Candidate => {
    const file = recognised(path);
    return { file, chosen: true, mapping: file.suggestedMapping };
  };
  it("keeps files that belong together in one import, and gives each table its own mapping", () => {
    const requests = requestsOf([candidate("/a/scores.jsonl"), candidate("/a/reviews.csv"), candidate("/a/traces.jsonl")]);
    expect(requests.map((request) => request.paths)).toEqual([["/a/scores.jsonl", "/a/traces.jsonl"], ["/a/reviews.csv"]]);
    expect(requests[0]?.mapping).toEqual([]);
    expect(requests[1]).toMatchObject({ format: "table", mapping: recognised("/a/reviews.csv").suggestedMapping });
  });
  it("asks for nothing where nothing was chosen", () => {
    expect(requestsOf([])).toEqual([]);
  });
});

describe("visible", () => {
  it("shows signs that hide or turn text round", () => {
    expect(visible("abc\u202edef\u0000")).toBe("abc⟨U+202E⟩def⟨U+0000⟩");
    expect(visible("line\n\ttab مرحبا 🙂")).toBe("line\n\ttab مرحبا 🙂");
  });
});
