// Invented answers for recall: search as one types, and known problems. A text with "nothing" in it is near to nothing.
import type { Filter, KnownProblem, SearchAnswer, SearchQuery, SimilarCase } from "../src/wire/index.ts";
import { emptyFilter } from "../src/shared/filter.ts";
import { fakeRows } from "./feedback.ts";
import type { Handlers } from "./scenario.ts";

/** What somebody noted of the nearest theme. */
const NOTE = "Prompt 14 still has the old shop's terms: ask the refunds team before changing them";

function cases(text: string): SimilarCase[] {
  const words = text
    .toLowerCase()
    .split(/\W+/)
    .filter((word) => word.length > 3);
  const said = fakeRows().filter((row) => row.comment !== null && row.comment.length < 400);
  const fit = (comment: string): number => words.filter((word) => comment.toLowerCase().includes(word)).length;
  return said
    .toSorted((a, b) => fit(b.comment ?? "") - fit(a.comment ?? ""))
    .filter((row, at, all) => all.findIndex((other) => other.comment === row.comment) === at)
    .slice(0, 5)
    .map((feedback, at) => {
      const similarity = 0.94 - at * 0.11;
      return {
        similarity,
        word: similarity > 0.9 ? "near_identical" : similarity > 0.7 ? "same_problem" : "related",
        text: feedback.comment ?? "",
        feedback,
        count: 7 - at,
        first: "2026-02-03T08:00:00Z",
        last: feedback.createdAt,
        correction: at === 1 ? { text: "The refund window is 30 days.", feedbackId: feedback.id, times: 3 } : null,
        note: at === 0 ? NOTE : null,
      };
    });
}

function known(text: string): KnownProblem {
  if (/nothing/i.test(text)) return { similarity: 0.27, word: "distant", themes: [], cases: [] };
  const near = cases(text);
  const themes = near
    .filter(
      (item, at, all) =>
        item.feedback.themeId !== null &&
        all.findIndex((other) => other.feedback.themeId === item.feedback.themeId) === at,
    )
    .slice(0, 2)
    .map((item, at) => ({
      id: item.feedback.themeId ?? 1,
      name: item.feedback.themeName ?? "",
      keywords: ["refund", "window"],
      similarity: item.similarity,
      word: item.word,
      example: item.feedback,
      near: 34 - at * 20,
      count: 412 - at * 300,
      negativeShare: {
        sums: { n: 412, negative: 341, positive: 40, unknown: 0, scored: 0, meanScore: null },
        n: 412,
        rows: { n: 341, filter: emptyFilter() },
        value: 0.83,
        low: 0.79,
        high: 0.86,
        small: false,
      },
      first: "2026-02-03T08:00:00Z",
      last: "2026-05-20T09:16:00Z",
      correction:
        at === 0
          ? {
              text: "Refunds are possible within 30 days of delivery; the 60 days are those of the old shop.",
              feedbackId: item.feedback.id,
              times: 12,
            }
          : null,
      note: at === 0 ? NOTE : null,
    }));
  return { similarity: near[0]?.similarity ?? null, word: near[0]?.word ?? null, themes, cases: near };
}

function search(query: SearchQuery): SearchAnswer {
  const found = cases(query.text).map(({ similarity, word, text, feedback, count }) => ({
    text,
    similarity,
    word,
    byWords: similarity > 0.8,
    feedback,
    count,
  }));
  return { cases: found.slice(0, query.k), byMeaning: true };
}

export const handlers: Handlers = {
  search: ({ query }: { query: SearchQuery }) => search(query),
  known: ({ text }: { text: string; filter: Filter }) => known(text),
};
