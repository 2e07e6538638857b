// How is a very long text shown first?
//
// By its beginning, cut between words, and never so that a marked stretch is hidden: the mark is why one came.
import type { Segment } from "../wire/index.ts";

/** Characters that are shown at first. */
export const SHOWN = 1600;
/** A text that is only a little longer is shown whole: a button that reveals two lines is a nuisance. */
const SLACK = 400;
/** Characters after the last mark. */
const AFTER_MARK = 200;

export interface Folded {
  segments: Segment[];
  /** Characters that are not shown. */
  hidden: number;
}

export function fold(segments: readonly Segment[], shown: number = SHOWN): Folded {
  const length = segments.reduce((sum, segment) => sum + segment.text.length, 0);
  if (length <= shown + SLACK) return { segments: [...segments], hidden: 0 };
  let end = shown;
  let at = 0;
  for (const segment of segments) {
    at += segment.text.length;
    if (segment.feedback.length > 0) end = Math.max(end, at + AFTER_MARK);
  }
  if (length <= end + SLACK) return { segments: [...segments], hidden: 0 };
  const kept: Segment[] = [];
  let left = end;
  for (const segment of segments) {
    if (segment.text.length <= left) {
      kept.push(segment);
      left -= segment.text.length;
      if (left === 0) break;
      continue;
    }
    const text = cut(segment.text, left);
    if (text !== "") kept.push({ text, feedback: segment.feedback });
    break;
  }
  const remaining = kept.reduce((sum, segment) => sum + segment.text.length, 0);
  return { segments: kept, hidden: length - remaining };
}

/** At most `length` characters, ending between words where there is such a place nearby, never inside a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const start = text.slice(0, length);
  const space = start.search(/\s\S*$/u);
  if (space > length - 80 && space > 0) return start.slice(0, space);
  const last = start.charCodeAt(start.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? start.slice(0, -1) : start;
}
