// In which order do the themes stand?
//
// Pinned ones stand first and Unclustered, which is no theme, last, whatever the order. Themes without a value for the column stand after those
// with one; ties go by size and then by id, so that nothing jumps when the list is counted again.
import type { ThemeRow } from "../../wire/index.ts";

export type ThemeColumn = "name" | "feedback" | "share" | "negative" | "change";

export interface ThemeOrder {
  by: ThemeColumn;
  descending: boolean;
}

/** What a click on a header does: a new column starts with its most telling end, the same one turns round. */
export function turn(order: ThemeOrder, by: ThemeColumn): ThemeOrder {
  if (order.by === by) return { by, descending: !order.descending };
  return { by, descending: by !== "name" };
}

export function arrange(themes: readonly ThemeRow[], order: ThemeOrder): ThemeRow[] {
  const value = (row: ThemeRow): number | null => {
    switch (order.by) {
      case "feedback":
        return row.sums.n;
      case "share":
        return row.share.value;
      case "negative":
        return row.negativeShare.value;
      case "change":
        return row.change;
      case "name":
        return null;
    }
  };
  const sign = order.descending ? -1 : 1;
  return [...themes].sort((a, b) => {
    if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
    if (order.by === "name") {
      const names = a.name.localeCompare(b.name, "en", { sensitivity: "base", numeric: true });
      if (names !== 0) return sign * names;
    } else {
      const [left, right] = [value(a), value(b)];
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
      } else if (left !== right) return sign * (left - right);
    }
    return b.sums.n - a.sums.n || (a.id ?? Infinity) - (b.id ?? Infinity);
  });
}
