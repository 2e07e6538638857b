//! How do values become rows of a table without a call into the database for each of them?
//!
//! They are gathered by column, a chunk of rows at a time, and appended as one Arrow batch.

use std::sync::Arc;

use duckdb::arrow::{
    array::{
        ArrayRef, BooleanBuilder, Float32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
        TimestampMicrosecondBuilder, UInt32Builder, UInt64Builder,
    },
    datatypes::{DataType, Field, Schema, TimeUnit},
    record_batch::RecordBatch,
};

use hearback_domain::{
    Timestamp,
    error::{Error, Result},
};

use super::{Column, Kind, Table};

/// DuckDB's own chunks have this many rows. Larger batches would be cut, and their lists copied for every piece.
const ROWS: usize = 2048;

/// A chunk is handed on earlier where its texts are long.
const BYTES: usize = 4 << 20;

/// The values of one column.
enum Values {
    Text(StringBuilder),
    Number(Int64Builder),
    Count(UInt64Builder),
    Place(UInt32Builder),
    Real(Float64Builder),
    Flag(BooleanBuilder),
    Moment(TimestampMicrosecondBuilder),
    Texts(ListBuilder<StringBuilder>),
    Vector(ListBuilder<Float32Builder>),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Number => Self::Number(Int64Builder::new()),
            Kind::Count => Self::Count(UInt64Builder::new()),
            Kind::Place => Self::Place(UInt32Builder::new()),
            Kind::Real => Self::Real(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Moment => Self::Moment(TimestampMicrosecondBuilder::new()),
            Kind::Texts | Kind::List => Self::Texts(ListBuilder::new(StringBuilder::new())),
            Kind::Vector => Self::Vector(ListBuilder::new(Float32Builder::new())),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Count(builder) => Arc::new(builder.finish()),
            Self::Place(builder) => Arc::new(builder.finish()),
            Self::Real(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
            Self::Moment(builder) => Arc::new(builder.finish()),
            Self::Texts(builder) => Arc::new(builder.finish()),
            Self::Vector(builder) => Arc::new(builder.finish()),
        }
    }
}

fn field(column: &Column) -> Field {
    let list = |item| DataType::List(Arc::new(Field::new("item", item, true)));
    let kind = match column.kind {
        Kind::Text => DataType::Utf8,
        Kind::Number => DataType::Int64,
        Kind::Count => DataType::UInt64,
        Kind::Place => DataType::UInt32,
        Kind::Real => DataType::Float64,
        Kind::Flag => DataType::Boolean,
        Kind::Moment => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Texts | Kind::List => list(DataType::Utf8),
        Kind::Vector => list(DataType::Float32),
    };
    Field::new(column.name, kind, true)
}

/// Rows on their way into one table. A row's values are given in the order of the columns: by its declaration alone.
pub(crate) struct Batch {
    columns: Vec<Values>,
    schema: Arc<Schema>,
    at: usize,
    rows: usize,
    bytes: usize,
}

impl Batch {
    pub fn new(table: &Table) -> Self {
        Self {
            columns: table.columns.iter().map(|column| Values::new(column.kind)).collect(),
            schema: Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>())),
            at: 0,
            rows: 0,
            bytes: 0,
        }
    }

    fn next(&mut self) -> Option<&mut Values> {
        self.at += 1;
        self.columns.get_mut(self.at - 1)
    }

    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.bytes += value.map_or(0, str::len);
        if let Some(Values::Text(builder)) = self.next() {
            builder.append_option(value);
        }
        self
    }

    pub fn number(&mut self, value: Option<i64>) -> &mut Self {
        if let Some(Values::Number(builder)) = self.next() {
            builder.append_option(value);
        }
        self
    }

    pub fn count(&mut self, value: Option<u64>) -> &mut Self {
        if let Some(Values::Count(builder)) = self.next() {
            builder.append_option(value);
        }
        self
    }

    pub fn place(&mut self, value: Option<u32>) -> &mut Self {
        if let Some(Values::Place(builder)) = self.next() {
            builder.append_option(value);
        }
        self
    }

    /// DuckDB keeps NaN, but no mean survives it.
    pub fn real(&mut self, value: Option<f64>) -> &mut Self {
        if let Some(Values::Real(builder)) = self.next() {
            builder.append_option(value.filter(|value| value.is_finite()));
        }
        self
    }

    pub fn flag(&mut self, value: bool) -> &mut Self {
        if let Some(Values::Flag(builder)) = self.next() {
            builder.append_value(value);
        }
        self
    }

    pub fn moment(&mut self, value: Option<Timestamp>) -> &mut Self {
        if let Some(Values::Moment(builder)) = self.next() {
            builder.append_option(value.map(Timestamp::micros));
        }
        self
    }

    /// No values are none.
    pub fn texts(&mut self, values: &[String]) -> &mut Self {
        self.strings(values, !values.is_empty())
    }

    /// No values are an empty list.
    pub fn list(&mut self, values: &[String]) -> &mut Self {
        self.strings(values, true)
    }

    fn strings(&mut self, values: &[String], is_there: bool) -> &mut Self {
        self.bytes += values.iter().map(String::len).sum::<usize>();
        if let Some(Values::Texts(builder)) = self.next() {
            for value in values {
                builder.values().append_value(value);
            }
            builder.append(is_there);
        }
        self
    }

    pub fn vector(&mut self, values: &[f32]) -> &mut Self {
        self.bytes += size_of_val(values);
        if let Some(Values::Vector(builder)) = self.next() {
            builder.values().append_slice(values);
            builder.append(true);
        }
        self
    }

    /// Gives the chunk when it is full.
    pub fn end_row(&mut self) -> Result<Option<RecordBatch>> {
        self.at = 0;
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.take() } else { Ok(None) }
    }

    /// What there is so far.
    pub fn take(&mut self) -> Result<Option<RecordBatch>> {
        if self.rows == 0 {
            return Ok(None);
        }
        (self.at, self.rows, self.bytes) = (0, 0, 0);
        let columns = self.columns.iter_mut().map(Values::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map(Some)
            .map_err(|error| Error::internal("rows do not fit their table").because(error))
    }
}
