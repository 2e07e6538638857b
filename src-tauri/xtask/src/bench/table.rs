//! How is a measured figure shown beside its peer and its promise?

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub name: String,
    pub value: f64,
    /// `s`, `ms`, `MiB`, `MB`: less is better; anything per second and `%`: more is better.
    pub unit: String,
    /// The same work done by the peer, in the same unit.
    pub peer: Option<f64>,
    pub bound: Option<Bound>,
}

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    Below(f64),
    AtLeast(f64),
    /// At least this many times as good as the peer.
    Times(f64),
}

impl Row {
    pub fn new(name: impl Into<String>, value: f64, unit: impl Into<String>) -> Self {
        Self { name: name.into(), value, unit: unit.into(), peer: None, bound: None }
    }

    pub fn peer(self, peer: f64) -> Self {
        Self { peer: Some(peer), ..self }
    }

    pub fn bound(self, bound: Bound) -> Self {
        Self { bound: Some(bound), ..self }
    }

    /// How many times as good as the peer.
    fn ratio(&self) -> Option<f64> {
        let peer = self.peer?;
        Some(if self.unit.ends_with("/s") || self.unit == "%" { self.value / peer } else { peer / self.value })
    }

    fn verdict(&self) -> &'static str {
        let kept = match self.bound {
            None => return "",
            Some(Bound::Below(limit)) => self.value < limit,
            Some(Bound::AtLeast(limit)) => self.value >= limit,
            Some(Bound::Times(times)) => self.ratio().is_some_and(|ratio| ratio >= times),
        };
        if kept { "ok" } else { "SHORT" }
    }
}

/// The table as text: name, figure, peer, ratio, bound, verdict.
pub fn print(rows: &[Row]) -> String {
    let head = ["", "figure", "peer", "ratio", "bound", ""].map(str::to_owned);
    let lines: Vec<[String; 6]> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut text = String::new();
    for line in &lines {
        let mut printed = format!("{:<1$}", line[0], widths[0]);
        for (cell, width) in line.iter().zip(widths).skip(1) {
            printed += &format!("  {cell:>width$}");
        }
        text += printed.trim_end();
        text.push('\n');
    }
    text
}

fn cells(row: &Row) -> [String; 6] {
    let bound = match row.bound {
        None => String::new(),
        Some(Bound::Below(limit)) => format!("< {} {}", number(limit), row.unit),
        Some(Bound::AtLeast(limit)) => format!(">= {} {}", number(limit), row.unit),
        Some(Bound::Times(times)) => format!(">= {times} x"),
    };
    [
        row.name.clone(),
        format!("{} {}", number(row.value), row.unit),
        row.peer.map(|peer| format!("{} {}", number(peer), row.unit)).unwrap_or_default(),
        row.ratio().map(|ratio| format!("{ratio:.2} x")).unwrap_or_default(),
        bound,
        row.verdict().to_owned(),
    ]
}

/// Three digits that mean something, and no more.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_says_how_many_times_as_good_whichever_way_the_unit_runs() {
        assert_eq!(Row::new("rate", 480.0, "texts/s").peer(320.0).ratio(), Some(1.5));
        assert_eq!(Row::new("time", 2.0, "s").peer(1.0).ratio(), Some(0.5));
        assert_eq!(Row::new("time", 2.0, "s").ratio(), None);
    }

    #[test]
    fn a_promise_is_kept_or_short() {
        let verdict = |row: Row| row.verdict();
        assert_eq!(verdict(Row::new("a", 9.9, "s").bound(Bound::Below(10.0))), "ok");
        assert_eq!(verdict(Row::new("a", 10.0, "s").bound(Bound::Below(10.0))), "SHORT");
        assert_eq!(verdict(Row::new("a", 110.0, "texts/s").peer(100.0).bound(Bound::Times(1.2))), "SHORT");
        assert_eq!(verdict(Row::new("a", 130.0, "texts/s").peer(100.0).bound(Bound::Times(1.2))), "ok");
        assert_eq!(verdict(Row::new("a", 130.0, "texts/s").bound(Bound::Times(1.2))), "SHORT");
        assert_eq!(verdict(Row::new("a", 59.0, "records/s").bound(Bound::AtLeast(60.0))), "SHORT");
        assert_eq!(verdict(Row::new("a", 60.0, "records/s").bound(Bound::AtLeast(60.0))), "ok");
        assert_eq!(verdict(Row::new("a", 1.0, "s")), "");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [
            Row::new("embedding", 470.25, "texts/s").peer(345.0).bound(Bound::Times(1.2)),
            Row::new("a chart", 6.5, "ms").bound(Bound::Below(20.0)),
        ];
        let expected = concat!(
            "                figure         peer   ratio     bound\n",
            "embedding  470 texts/s  345 texts/s  1.36 x  >= 1.2 x  ok\n",
            "a chart         6.5 ms                        < 20 ms  ok\n",
        );
        assert_eq!(print(&rows), expected);
    }
}
