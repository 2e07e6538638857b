//! Responses as a table: a column per question, or per option where several may be chosen.

use crate::{
    Out, RowReader,
    formats::generic::GenericRows,
    mapping::{self, Mapping, Value},
    row::{Cell, Reason, Row},
};

pub(super) const SUBMITTED: &str = "Submit Date (UTC)";

/// What the tool adds to the questions and hidden fields.
const OWN: &[&str] = &["#", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", SUBMITTED, "Network ID", "Ending"];

/// What the questions probably mean: columns are named by their whole text.
pub(super) fn mapping(columns: &[&str], rows: &[Row<'static>]) -> Mapping {
    let questions: Vec<&str> =
        columns.iter().copied().filter(|name| !OWN.contains(name) && !is_option(name, rows)).collect();
    let texts =
        |name: &str| rows.iter().filter_map(|row| row.get(name)?.as_str().map(str::to_owned)).collect::<Vec<String>>();
    let suggested = mapping::guess(&questions, rows);
    let mut mapping = Mapping::default();
    let mut used: Vec<&str> = Vec::new();
    for (target, from) in suggested.entries().filter(|(target, _)| !matches!(*target, "id" | "created_at")) {
        if let Value::Column(name) = from
            && mapping.set(target, from.clone()).is_ok()
        {
            used.extend(questions.iter().find(|question| *question == name));
        }
    }
    let scale = |name: &&&str| {
        let texts = texts(name);
        let whole = |text: &String| text.trim().parse::<u8>().is_ok_and(|number| number <= 10);
        !texts.is_empty() && texts.iter().all(whole)
    };
    let written = |name: &&&str| {
        let texts = texts(name);
        let sentences = texts.iter().filter(|text| text.split_whitespace().nth(2).is_some()).count();
        !texts.is_empty() && sentences * 2 >= texts.len()
    };
    for (target, fits) in [("score", &scale as &dyn Fn(&&&str) -> bool), ("comment", &written)] {
        let free = questions.iter().filter(|name| !used.contains(*name)).find(fits).copied();
        if let (false, Some(name)) = (mapping.has(target), free)
            && mapping.set(target, Value::Column(name.to_owned())).is_ok()
        {
            used.push(name);
        }
    }
    for (target, column) in [("id", "#"), ("created_at", SUBMITTED)] {
        // Neither is mapped, and both are fields: this cannot fail.
        mapping.set(target, Value::Column(column.to_owned())).ok();
    }
    mapping
}

/// The column of an option holds the option or nothing.
fn is_option(name: &str, rows: &[Row<'_>]) -> bool {
    let mut given = rows.iter().filter_map(|row| row.get(name)?.as_str());
    given.next() == Some(name) && given.all(|text| text == name)
}

pub(super) struct Reader {
    mapping: Mapping,
    rows: GenericRows,
}

impl Reader {
    pub(super) fn new(mapping: Mapping) -> Self {
        Self { mapping, rows: GenericRows::default() }
    }
}

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        row.take("Network ID");
        let chosen: Vec<String> =
            row.cells().filter(|(key, cell)| cell.as_str() == Some(*key)).map(|(key, _)| key.to_owned()).collect();
        for option in &chosen {
            row.take(option);
        }
        let mapped = self.mapping.rows(row)?.into_iter().next().unwrap_or_default();
        let mut mapped = mapped;
        if !chosen.is_empty() && !mapped.has("reasons") {
            mapped.push("reasons", Cell::Nested(serde_json::Value::from(chosen).to_string().into()));
        }
        let score_name = self.mapping.entries().find_map(|(target, from)| match from {
            Value::Column(name) if target == "score" => Some(name.clone()),
            _ => None,
        });
        if let (Some(name), false) = (score_name, mapped.has("score_name")) {
            mapped.push("score_name", Cell::Text(name.into()));
        }
        self.rows.read_mapped(mapped, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_known_by_its_cells() {
        let row = |text: &str| Row::new(vec![("Too slow".into(), Cell::Text(text.to_owned().into()))]);
        assert!(is_option("Too slow", &[row("Too slow"), Row::default()]));
        assert!(!is_option("Too slow", &[row("Too slow"), row("no")]));
    }
}
