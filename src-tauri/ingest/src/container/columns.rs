//! Parquet, row by row. Nested columns become JSON text; moments become ISO 8601.

use std::{borrow::Cow, fs::File, ops::ControlFlow};

use parquet::{
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    record::{Field, Row as ParquetRow},
};
use serde_json::Value;

use super::walk::{Walk, guarded};
use crate::{
    limits,
    row::{Cell, Row},
};
use hearback_domain::{
    Timestamp,
    error::{Error, Result},
    job::{Step, Unit},
};

pub(super) fn walk(walk: &mut Walk<'_>, file: File) -> Result<ControlFlow<()>> {
    let path = walk.path;
    let damaged = |error: ParquetError| {
        Error::format(format!("{} is not a Parquet file that can be read", path.display())).because(error)
    };
    let reader = guarded(path, || SerializedFileReader::new(file))?.map_err(damaged)?;
    let total = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
    let no_columns = reader.metadata().file_metadata().schema_descr().num_columns() == 0;
    if no_columns || total > limits::ROWS_FREE.saturating_add(walk.size.saturating_mul(limits::RATIO)) {
        return Err(Error::format(format!(
            "{} claims {total} rows, more than {} bytes can hold: it is damaged or made to do harm",
            path.display(),
            walk.size
        )));
    }
    let mut rows = guarded(path, || reader.get_row_iter(None))?.map_err(damaged)?;
    while let Some(row) = guarded(path, || rows.next())? {
        let row = row.map_err(damaged)?;
        let origin = walk.next_origin(None)?;
        // Bytes are not known here: the share of the rows stands for them.
        let done = u128::from(walk.size) * u128::from(origin.record) / u128::from(total.max(origin.record));
        walk.job.progress(Step::Reading, Unit::Bytes, done as u64, Some(walk.size));
        let flow = walk.visit.row(origin, cells(&row), &|| Value::Object(object(&row)).to_string())?;
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn cells(row: &ParquetRow) -> Row<'_> {
    Row::new(row.get_column_iter().map(|(name, field)| (Cow::Borrowed(name.as_str()), cell(field))).collect())
}

fn cell(field: &Field) -> Cell<'_> {
    match field {
        Field::Str(text) => Cell::Text(Cow::Borrowed(text)),
        other => match value(other) {
            Value::Null => Cell::Null,
            Value::Bool(value) => Cell::Bool(value),
            Value::Number(number) => Cell::Number(Cow::Owned(number.to_string())),
            Value::String(text) => Cell::Text(Cow::Owned(text)),
            nested => Cell::Nested(Cow::Owned(nested.to_string())),
        },
    }
}

fn object(row: &ParquetRow) -> serde_json::Map<String, Value> {
    row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect()
}

fn value(field: &Field) -> Value {
    let moment = |micros: Option<i64>| {
        micros.map_or(Value::Null, |micros| Value::String(Timestamp::from_micros(micros).to_string()))
    };
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::Byte(value) => (*value).into(),
        Field::Short(value) => (*value).into(),
        Field::Int(value) => (*value).into(),
        Field::Long(value) => (*value).into(),
        Field::UByte(value) => (*value).into(),
        Field::UShort(value) => (*value).into(),
        Field::UInt(value) => (*value).into(),
        Field::ULong(value) => (*value).into(),
        Field::Float(value) => f64::from(*value).into(),
        Field::Double(value) => (*value).into(),
        Field::Str(text) => Value::String(text.clone()),
        Field::Bytes(bytes) => Value::String(String::from_utf8_lossy(bytes.data()).into_owned()),
        Field::Date(days) => moment(i64::from(*days).checked_mul(86_400_000_000)),
        Field::TimestampMillis(millis) => moment(millis.checked_mul(1000)),
        Field::TimestampMicros(micros) => moment(Some(*micros)),
        Field::Group(row) => Value::Object(object(row)),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::MapInternal(map) => Value::Object(
            map.entries()
                .iter()
                .map(|(key, entry)| {
                    let key = match value(key) {
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    (key, value(entry))
                })
                .collect(),
        ),
        other => Value::String(other.to_string()),
    }
}
