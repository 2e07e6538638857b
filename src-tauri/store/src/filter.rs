//! How does a filter become SQL with its values bound?

use duckdb::types::{TimeUnit, Value};

use hearback_domain::{
    Condition, Dimension, Filter, Key,
    filter::{Authors, Exclude, OtherThan},
};

/// A part of a statement with the values for its question marks, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Clause {
    pub sql: String,
    pub values: Vec<Value>,
}

/// What a dimension is in `facts f`.
pub(super) enum Column {
    /// An expression with one value a row.
    Single(&'static str),
    /// A list: a row counts for each of its values.
    List(&'static str),
}

impl Column {
    fn expression(&self) -> &'static str {
        let (Self::Single(expression) | Self::List(expression)) = self;
        expression
    }
}

pub(super) fn column(dimension: Dimension) -> Column {
    match dimension {
        Dimension::ModelVersion => Column::Single("f.model_version"),
        Dimension::Model => Column::Single("f.model"),
        Dimension::PromptVersion => Column::Single("f.prompt_version"),
        Dimension::Release => Column::Single("f.release"),
        Dimension::FeedbackType => Column::Single("f.feedback_type"),
        Dimension::Polarity => Column::Single("f.polarity"),
        Dimension::Environment => Column::Single("f.environment"),
        Dimension::UserRole => Column::Single("f.user_role"),
        Dimension::Theme => Column::Single("f.theme_key"),
        Dimension::Source => Column::Single("cast(f.source_id as varchar)"),
        Dimension::ScoreName => Column::Single("f.score_name"),
        Dimension::Session => Column::Single("f.session_id"),
        Dimension::HasScore => Column::Single("case when f.score_normal is not null then 'yes' end"),
        Dimension::Reason => Column::List("f.reasons"),
        Dimension::Tag => Column::List("f.tags"),
        Dimension::Selection => Column::List(
            "(select list(cast(s.selection_id as varchar) order by s.selection_id) from selection_texts s where s.text_hash = f.text_hash)",
        ),
    }
}

/// The same for `turns t`; `None` where a turn knows nothing of it (a feedback type, a theme).
fn turn_column(dimension: Dimension) -> Option<Column> {
    Some(match dimension {
        Dimension::ModelVersion => Column::Single("t.model_version"),
        Dimension::Model => Column::Single("t.model"),
        Dimension::PromptVersion => Column::Single("t.prompt_version"),
        Dimension::Release => Column::Single("t.release"),
        Dimension::Environment => Column::Single("t.environment"),
        Dimension::UserRole => Column::Single("t.user_role"),
        Dimension::Session => Column::Single("t.session_id"),
        Dimension::Tag => Column::List("t.tags"),
        Dimension::FeedbackType
        | Dimension::Polarity
        | Dimension::Theme
        | Dimension::Source
        | Dimension::ScoreName
        | Dimension::Reason
        | Dimension::HasScore
        | Dimension::Selection => return None,
    })
}

/// The expressions to group a selection by, and the selection to group, `from` on: with a column for each list that is
/// split by. `alias` is that of the table, in which the columns are.
///
/// A row without values counts once, for "has none"; one with several counts for each, and once for one that it names
/// twice. `unnest` stands in the select list: as a lateral join the same count of 24 386 rows took 27 ms instead of 2.5
/// (DuckDB 1.5.6, two threads). Each list has a selection of its own, since two in one are laid side by side instead of
/// crossed.
pub(super) fn split(columns: &[Column], table: &str, alias: char, condition: &str) -> (Vec<String>, String) {
    let mut keys = Vec::new();
    let mut selection = format!("{table} {alias}\nwhere {condition}");
    for (index, column) in columns.iter().enumerate() {
        match column {
            Column::Single(expression) => keys.push((*expression).to_owned()),
            Column::List(expression) => {
                let values =
                    format!("unnest(case when len({expression}) > 0 then list_distinct({expression}) else [null] end)");
                selection = format!("(select {alias}.*, {values} as value{index} from {selection}) {alias}");
                keys.push(format!("{alias}.value{index}"));
            }
        }
    }
    (keys, selection)
}

/// The `where` of a selection of `facts f`; `true` where everything is let through.
pub(super) fn facts(filter: &Filter) -> Clause {
    let mut parts = Vec::new();
    let mut values = Vec::new();
    match filter.authors {
        Authors::People => parts.push("f.author = 'human'".to_owned()),
        Authors::Judges => parts.push("f.author = 'judge'".to_owned()),
        Authors::Derived => parts.push("f.author = 'derived'".to_owned()),
        Authors::Everyone => {}
    }
    span(filter, "f.created_at", &mut parts, &mut values);
    for condition in &filter.conditions {
        parts.push(holds(condition, &column(condition.dimension), &mut values));
    }
    for other in &filter.other_than {
        let columns: Vec<Column> = other.dimensions.iter().map(|&dimension| column(dimension)).collect();
        parts.push(is_other(other, &columns, &FACTS, &mut values));
    }
    let words: Vec<String> =
        filter.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
    if !words.is_empty() {
        let each = words
            .iter()
            .map(|word| {
                values.push(Value::Text(word.clone()));
                "contains(w.words, ?)"
            })
            .collect::<Vec<_>>()
            .join(" and ");
        parts.push(format!(
            "f.feedback_id in (
                select w.id from (
                    select b.id, lower(concat_ws(' ', b.comment, b.correction, b.label, coalesce(b.query, q.query),
                                                 coalesce(b.output, q.output))) as words
                    from feedback b
                    join facts x on x.feedback_id = b.id
                    left join turns q on q.id = x.turn_id) w
                where {each})"
        ));
    }
    finish(parts, values)
}

/// The `where` of the turns that the selection could have had feedback on: its span and whatever of its
/// conditions a turn knows.
pub(super) fn turns(filter: &Filter) -> Clause {
    let mut parts = Vec::new();
    let mut values = Vec::new();
    span(filter, "t.created_at", &mut parts, &mut values);
    for condition in &filter.conditions {
        if let Some(column) = turn_column(condition.dimension) {
            parts.push(holds(condition, &column, &mut values));
        }
    }
    for other in &filter.other_than {
        let columns: Option<Vec<Column>> = other.dimensions.iter().map(|&dimension| turn_column(dimension)).collect();
        if let Some(columns) = columns {
            parts.push(is_other(other, &columns, &TURNS, &mut values));
        }
    }
    finish(parts, values)
}

/// What the columns of a filter are columns of.
struct Table {
    name: &'static str,
    alias: char,
    id: &'static str,
}

const FACTS: Table = Table { name: "facts", alias: 'f', id: "feedback_id" };
const TURNS: Table = Table { name: "turns", alias: 't', id: "id" };

/// The rows that a split by `columns` counts under a key that is none of the named ones.
fn is_other(other: &OtherThan, columns: &[Column], table: &Table, values: &mut Vec<Value>) -> String {
    if columns.iter().all(|column| matches!(column, Column::Single(_))) {
        let expressions: Vec<&str> = columns.iter().map(Column::expression).collect();
        return is_none_of(&expressions, &other.keys, values);
    }
    // One of several values is enough, so it is asked of the rows as they are counted: one for each value.
    let Table { name, alias, id } = table;
    let (keys, selection) = split(columns, name, *alias, "true");
    let expressions: Vec<&str> = keys.iter().map(String::as_str).collect();
    let rest = is_none_of(&expressions, &other.keys, values);
    format!("{alias}.{id} in (select {alias}.{id} from {selection} where {rest})")
}

/// `expressions` are, together, none of `keys`.
fn is_none_of(expressions: &[&str], keys: &[Key], values: &mut Vec<Value>) -> String {
    let mut either = Vec::new();
    for key in keys {
        let both: Vec<String> = expressions
            .iter()
            .zip(key)
            .map(|(expression, value)| match value {
                Some(value) => {
                    values.push(Value::Text(value.clone()));
                    format!("coalesce({expression} = ?, false)")
                }
                None => format!("{expression} is null"),
            })
            .collect();
        if !both.is_empty() {
            either.push(format!("({})", both.join(" and ")));
        }
    }
    if either.is_empty() { "true".to_owned() } else { format!("not ({})", either.join(" or ")) }
}

fn finish(parts: Vec<String>, values: Vec<Value>) -> Clause {
    let sql = if parts.is_empty() { "true".to_owned() } else { parts.join("\n  and ") };
    Clause { sql, values }
}

fn span(filter: &Filter, column: &str, parts: &mut Vec<String>, values: &mut Vec<Value>) {
    for (moment, sign) in [(filter.from, ">="), (filter.to, "<")] {
        if let Some(moment) = moment {
            parts.push(format!("{column} {sign} ?"));
            values.push(Value::Timestamp(TimeUnit::Microsecond, moment.micros()));
        }
    }
}

fn holds(condition: &Condition, column: &Column, values: &mut Vec<Value>) -> String {
    let named: Vec<&String> = condition.values.iter().flatten().collect();
    let or_none = condition.values.iter().any(Option::is_none);
    let marks = vec!["?"; named.len()].join(", ");
    values.extend(named.iter().map(|value| Value::Text((*value).clone())));
    let mut either = Vec::new();
    match column {
        Column::Single(expression) => {
            if !named.is_empty() {
                either.push(format!("coalesce({expression} in ({marks}), false)"));
            }
            if or_none {
                either.push(format!("{expression} is null"));
            }
        }
        Column::List(expression) => {
            if !named.is_empty() {
                either.push(format!("coalesce(list_has_any({expression}, [{marks}]), false)"));
            }
            if or_none {
                either.push(format!("coalesce(len({expression}), 0) = 0"));
            }
        }
    }
    let any = if either.is_empty() { "false".to_owned() } else { either.join(" or ") };
    match condition.exclude {
        Exclude::No => format!("({any})"),
        Exclude::Yes => format!("not ({any})"),
    }
}

/// A statement as another DuckDB client can run it: the values written in.
pub(super) fn inline(sql: &str, values: &[Value]) -> String {
    let mut out = String::with_capacity(sql.len() + values.len() * 16);
    let mut values = values.iter();
    for piece in sql.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(before) => {
                out.push_str(before);
                out.push_str(&values.next().map_or_else(|| "?".to_owned(), written));
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// A value as SQL that nothing can break out of, whichever engine reads it: engines differ in what they take for an
/// escape within quotes, so that whatever is more than plain words goes as the bytes of its text.
fn written(value: &Value) -> String {
    match value {
        Value::Text(text) if text.chars().all(|letter| letter.is_ascii_alphanumeric() || " _.:/-".contains(letter)) => {
            format!("'{text}'")
        }
        Value::Text(text) => {
            let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            format!("decode(unhex('{hex}'))")
        }
        Value::Timestamp(_, micros) => {
            let moment = hearback_domain::Timestamp::from_micros(*micros).to_string();
            format!("timestamp '{}'", moment.trim_end_matches('Z').replace('T', " "))
        }
        Value::BigInt(number) => number.to_string(),
        Value::UBigInt(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Null => "null".to_owned(),
        other => written(&Value::Text(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_domain::Timestamp;

    #[test]
    fn a_dimension_is_a_list_in_the_domain_and_in_the_tables_alike() {
        for &dimension in Dimension::ALL {
            assert_eq!(dimension.is_list(), matches!(column(dimension), Column::List(_)), "{dimension}");
        }
    }

    fn condition(dimension: Dimension, values: &[Option<&str>], exclude: Exclude) -> Condition {
        Condition { dimension, values: values.iter().map(|value| value.map(str::to_owned)).collect(), exclude }
    }

    #[test]
    fn a_filter_binds_its_values_in_the_order_of_its_marks() {
        let filter = Filter {
            from: Timestamp::parse("2026-01-05T00:00:00Z"),
            conditions: vec![
                condition(Dimension::Environment, &[Some("it's"), None], Exclude::No),
                condition(Dimension::Reason, &[Some("too vague")], Exclude::Yes),
            ],
            text: Some("Refund 60".to_owned()),
            ..Filter::default()
        };
        let clause = facts(&filter);
        assert_eq!(clause.sql.matches('?').count(), clause.values.len());
        let written = inline(&clause.sql, &clause.values);
        for part in [
            "decode(unhex('69742773'))",
            "timestamp '2026-01-05 00:00:00'",
            "'refund'",
            "'60'",
            "not (coalesce(list_has_any",
        ] {
            assert!(written.contains(part), "{part} in {written}");
        }
        assert!(!written.contains('?'));
    }

    #[test]
    fn a_value_that_is_written_in_is_what_it_was() {
        let connection = duckdb::Connection::open_in_memory().unwrap();
        let texts = [
            "",
            "plain words",
            "it's",
            "'; drop table facts; --",
            "a\\'b",
            "\\x27",
            "${env}",
            "100 % ?",
            "\n\t\0",
            "Zürich 👎🏽",
            "$$ $1 {{x}}",
            "/* */ --",
        ];
        for text in texts {
            let sql = inline("select ?", &[Value::Text(text.to_owned())]);
            assert!(!sql.trim_start_matches("select ").contains(['\\', '$', ';']), "{sql}");
            let read: String = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(read, text, "{sql}");
        }
    }
}
