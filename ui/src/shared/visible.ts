// What stands in this record, sign by sign? Raw text may hold signs that turn the order of the others round, or none at all.

/** Control signs, and those that change the direction of text, as their code points; line breaks and tabs stay. */
export function visible(raw: string): string {
  return raw.replace(
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (sign) => {
      const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `⟨U+${code}⟩`;
    },
  );
}
