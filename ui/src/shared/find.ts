// Does this title match what was typed, and how well? Every typed word must begin a word of the title, or stand in it.

/** 0 is no match; more is better. */
export function score(title: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const text = title.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    const begins =
      at === 0 ||
      !/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ||
      new RegExp(`[^\\p{L}\\p{N}]${escape(word)}`, "u").test(text);
    sum += at === 0 ? 4 : begins ? 3 : 1;
  }
  return sum / words.length + 1 / (1 + text.length);
}

export function best<T>(items: T[], typed: string, title: (item: T) => string, limit: number): T[] {
  return items
    .map((item, index) => ({ item, index, value: score(title(item), typed) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, limit)
    .map(({ item }) => item);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
