// What does a score of 3 mean?
//
// No export says. Each score name has a scale; the two ends of the scale say which direction is good. Taking a known
// scale sets everything at once; changing a number makes the rule the user's own.
import { decimal } from "../../shared/format.ts";
import type { OpenQuestion, Polarity, ScoreRule } from "../../wire/index.ts";

/** A scale with its ends: of a source's score name, or of one in the preview of an import. */
export interface Rule {
  scale: string;
  worst: number;
  best: number;
  /** On 0 (worst) .. 1 (best). */
  negativeAtMost: number;
  positiveAtLeast: number;
}

export interface Scale {
  word: string;
  title: string;
  worst: number;
  best: number;
  negativeAtMost: number;
  positiveAtLeast: number;
}

/** The scales the engine knows (`polarity.rs`), as a person reads them. */
export const SCALES: readonly Scale[] = [
  { word: "zero_one", title: "0 bad, 1 good", worst: 0, best: 1, negativeAtMost: 0, positiveAtLeast: 1 },
  { word: "plus_minus_one", title: "−1 bad, 1 good", worst: -1, best: 1, negativeAtMost: 0.25, positiveAtLeast: 0.75 },
  { word: "one_up_two_down", title: "1 good, 2 bad", worst: 2, best: 1, negativeAtMost: 0, positiveAtLeast: 1 },
  { word: "unit", title: "0 to 1, any share", worst: 0, best: 1, negativeAtMost: 0.4, positiveAtLeast: 0.6 },
  { word: "one_to_five", title: "1 to 5", worst: 1, best: 5, negativeAtMost: 0.375, positiveAtLeast: 0.625 },
  { word: "zero_to_ten", title: "0 to 10", worst: 0, best: 10, negativeAtMost: 0.6, positiveAtLeast: 0.9 },
  { word: "one_to_ten", title: "1 to 10", worst: 1, best: 10, negativeAtMost: 4 / 9, positiveAtLeast: 7 / 9 },
  { word: "percent", title: "0 to 100", worst: 0, best: 100, negativeAtMost: 0.4, positiveAtLeast: 0.6 },
  { word: "custom", title: "Own scale", worst: 0, best: 1, negativeAtMost: 0.4, positiveAtLeast: 0.6 },
];

export function scaleTitle(word: string): string {
  return SCALES.find((scale) => scale.word === word)?.title ?? word;
}

/** The rule with a known scale; "custom" keeps the numbers that stand. */
export function withScale<R extends Rule>(rule: R, word: string): R {
  const scale = SCALES.find((candidate) => candidate.word === word);
  if (scale === undefined || word === "custom") return { ...rule, scale: word };
  const { worst, best, negativeAtMost, positiveAtLeast } = scale;
  return { ...rule, scale: word, worst, best, negativeAtMost, positiveAtLeast };
}

/** The same scale with the other end good. */
export function turnedRound<R extends Rule>(rule: R): R {
  return { ...rule, scale: "custom", worst: rule.best, best: rule.worst };
}

/** The score at a share of the way from worst to best. */
export function scoreAt(rule: Rule, normal: number): number {
  return rule.worst + normal * (rule.best - rule.worst);
}

/** The share of the way at a score, between 0 and 1. */
export function normalAt(rule: Rule, score: number): number {
  const span = rule.best - rule.worst;
  return span === 0 ? 0.5 : Math.min(1, Math.max(0, (score - rule.worst) / span));
}

/** "up to 2.5 negative, from 3.5 positive": the rule in the scores of the export. */
export function sentence(rule: Rule): string {
  const number = (value: number): string => String(Math.round(value * 100) / 100).replace("-", "−");
  const upward = rule.best >= rule.worst;
  const side = (normal: number, good: boolean): string => {
    const score = scoreAt(rule, normal);
    const atEnd = normal === (good ? 1 : 0);
    if (atEnd) return number(score);
    return `${good === upward ? "from" : "up to"} ${number(score)}`;
  };
  return `${side(rule.negativeAtMost, false)} negative, ${side(rule.positiveAtLeast, true)} positive`;
}

/** What must be said before the scores have a polarity; `null` when nothing is open. */
export function openQuestion(
  rule: Rule & { open: OpenQuestion | null; minimum: number; maximum: number },
): string | null {
  switch (rule.open) {
    case "scale":
      return `Which scale is it? Only ${range(rule)} was seen`;
    case "direction":
      return "Judges gave it: is more better or worse?";
    case null:
      return null;
  }
}

/** The tool that a rule is for; a table of nobody's making is known by its files. */
export function toolTitle(rule: ScoreRule): string {
  const [first] = rule.sources;
  if (first === undefined) return rule.tool;
  if (rule.only !== null || rule.tool.startsWith("table")) return filesOf(rule);
  return first.format.replace(/ \([^)]*\)$/u, "");
}

/** The files that have such scores, a few by their names. */
export function filesOf(rule: ScoreRule): string {
  const SHOWN = 3;
  const names = rule.sources.slice(0, SHOWN).map((source) => source.name);
  const more = rule.sources.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

/** What a score means by the rule. */
export function polarityOf(rule: Rule, score: number): Polarity {
  const normal = normalAt(rule, score);
  if (normal <= rule.negativeAtMost) return "negative";
  return normal >= rule.positiveAtLeast ? "positive" : "neutral";
}

/** "1 to 5": the scores that were seen. */
export function range(seen: { minimum: number; maximum: number }): string {
  const short = (value: number): string => decimal(value, Number.isInteger(value) ? 0 : 2);
  return seen.minimum === seen.maximum ? short(seen.minimum) : `${short(seen.minimum)} to ${short(seen.maximum)}`;
}

/** Why a rule cannot stand; `null` when it can. */
export function ruleProblem(rule: Rule): string | null {
  const numbers = [rule.worst, rule.best, rule.negativeAtMost, rule.positiveAtLeast];
  if (numbers.some((value) => !Number.isFinite(value))) return "Each field needs a number";
  if (rule.worst === rule.best) return "The worst and the best score must differ";
  if (rule.negativeAtMost >= rule.positiveAtLeast) return "Negative must end before positive begins";
  return null;
}
