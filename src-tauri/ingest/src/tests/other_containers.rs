//! The rows of a JSON lines fixture as CSV and Parquet, the way the tools write them: nested values as JSON text.

use std::sync::Arc;

use parquet::{
    data_type::{ByteArray, ByteArrayType},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use serde_json::{Map, Value};

use super::*;

pub(super) fn rows_of(fixture_name: &str) -> Vec<Map<String, Value>> {
    let text = std::fs::read_to_string(fixture(fixture_name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn columns(rows: &[Map<String, Value>]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for key in rows.iter().flat_map(Map::keys) {
        if !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    columns
}

pub(super) fn csv(rows: &[Map<String, Value>]) -> Vec<u8> {
    let mut table = ::csv::WriterBuilder::new().quote_style(::csv::QuoteStyle::Always).from_writer(Vec::new());
    let columns = columns(rows);
    table.write_record(&columns).unwrap();
    for row in rows {
        let cell = |key: &String| row.get(key).and_then(crate::row::plain_text).unwrap_or_default();
        table.write_record(columns.iter().map(cell)).unwrap();
    }
    table.into_inner().unwrap()
}

/// Every column an optional text.
pub(super) fn parquet(rows: &[Map<String, Value>]) -> Vec<u8> {
    let columns = columns(rows);
    // Names such as `context.span_id` are one name: the parser of schemas reads up to the next blank.
    let fields: String = columns.iter().map(|name| format!("optional binary {name} (UTF8);\n")).collect();
    let schema = Arc::new(parse_message_type(&format!("message rows {{\n{fields}}}")).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::default())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for name in &columns {
        let mut column = group.next_column().unwrap().unwrap();
        let cells: Vec<Option<String>> =
            rows.iter().map(|row| row.get(name).and_then(crate::row::plain_text)).collect();
        let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        let values: Vec<ByteArray> = cells.iter().flatten().map(|text| ByteArray::from(text.as_str())).collect();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

/// A table cannot tell empty from missing; this takes the difference away, so that the rest can be compared.
pub(super) fn without_empty(records: Vec<Record>) -> String {
    let keep = |text: &String| !text.is_empty();
    let line = |record| {
        let record = match record {
            Record::Turn(mut turn) => {
                turn.output = turn.output.filter(keep);
                Record::Turn(turn)
            }
            other => other,
        };
        crate::canonical::write(&record) + "\n"
    };
    records.into_iter().map(line).collect()
}
