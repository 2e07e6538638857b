//! Which columns do the tables have that an import writes?
//!
//! Each of them is declared once, with [`columns!`]: its name, its type, and the field of the record that fills it; those of
//! turns in `domain/src/turn_fields.rs`. The order in which rows are appended, the lists of columns by which they are
//! merged, and the tables in which they wait are made of that. A test compares the declarations with the tables of a
//! workspace.

pub(super) mod aliases;
pub(super) mod batch;
pub(super) mod feedback;
pub(super) mod metadata;
pub(super) mod rejects;
pub(super) mod sessions;
pub(super) mod turns;
pub(super) mod value;
pub(super) mod vectors;

use value::Value;

/// The columns of one table, in the order in which rows are appended: not that of the table itself.
pub(super) struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
}

pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Count,
    Place,
    Real,
    Flag,
    Moment,
    /// Null where there are none.
    Texts,
    /// Never null.
    List,
    Vector,
}

#[expect(non_upper_case_globals, reason = "a column is declared by the name of the method that fills it")]
impl Kind {
    pub const text: Self = Self::Text;
    pub const number: Self = Self::Number;
    pub const count: Self = Self::Count;
    pub const place: Self = Self::Place;
    pub const real: Self = Self::Real;
    pub const flag: Self = Self::Flag;
    pub const moment: Self = Self::Moment;
    pub const list: Self = Self::List;
    pub const vector: Self = Self::Vector;
}

impl Kind {
    fn sql(self) -> &'static str {
        match self {
            Self::Text => "varchar",
            Self::Number => "bigint",
            Self::Count => "ubigint",
            Self::Place => "uinteger",
            Self::Real => "double",
            Self::Flag => "boolean",
            Self::Moment => "timestamp",
            Self::Texts | Self::List => "varchar[]",
            Self::Vector => "float[]",
        }
    }
}

impl Column {
    /// For values of this type.
    pub const fn of<T: Value>(name: &'static str) -> Self {
        Self { name, kind: T::KIND }
    }

    /// For [`Value::read`], of a table that is called `alias` in the question.
    pub fn selected(&self, alias: &str) -> String {
        let Self { name, kind } = self;
        match kind {
            Kind::Moment => format!("epoch_us({alias}.{name}) as {name}"),
            Kind::Texts | Kind::List => format!("cast(to_json(coalesce({alias}.{name}, [])) as varchar) as {name}"),
            _ => format!("{alias}.{name}"),
        }
    }
}

/// Columns that say which row it is and who brought it.
const NOT_SAID: &[&str] = &["id", "source_id", "updated_by"];

impl Table {
    /// Every column: `id, session_id, ...`.
    pub fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// What a source says of an id: every column but those that say which row it is and who brought it.
    pub fn said(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !NOT_SAID.contains(&column.name))
    }

    /// The same as a list in SQL, each column as `one` writes it.
    pub fn each_said(&self, one: impl Fn(&Column) -> String) -> String {
        self.said().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Makes a temporary table with these columns.
    pub fn temporary(&self, name: &str) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|column| format!("{} {}", column.name, column.kind.sql())).collect();
        format!("create or replace temp table {name} ({});", columns.join(", "))
    }
}

/// Declares a table, and the function `append` that adds a row of it to a batch:
/// `NAME = "table", from (record: &Record, source: i64): column: kind = value; ...`, where the kind is a method of `Batch`.
macro_rules! columns {
    ($(#[$meta:meta])* $table:ident = $name:literal, from ($($argument:ident: $type:ty),+):
     $($column:ident: $kind:ident = $value:expr;)+) => {
        $(#[$meta])*
        pub(in crate) const $table: Table = Table {
            name: $name,
            columns: &[$(Column { name: stringify!($column), kind: Kind::$kind }),+],
        };

        pub(in crate) fn append(batch: &mut Batch, $($argument: $type),+) {
            $(batch.$kind($value);)+
        }
    };
}
use columns;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{super::Store, *};

    #[test]
    fn the_declared_columns_are_those_of_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Store::open(&folder.path().join("a.hearback")).unwrap();
        let snapshot = workspace.snapshot().unwrap();
        let of = |table: &str, without: &[&str]| -> BTreeMap<String, String> {
            let mut statement = snapshot
                .connection()
                .prepare("select column_name, lower(data_type) as data_type from duckdb_columns() where table_name = ?")
                .unwrap();
            let columns =
                statement.query_map([table], |row| Ok((row.get("column_name")?, row.get("data_type")?))).unwrap();
            let columns = columns.map(|column| column.unwrap());
            columns.filter(|(name, _): &(String, String)| !without.contains(&name.as_str())).collect()
        };
        let declared = |table: &Table, without: &[&str]| -> BTreeMap<String, String> {
            let columns = table.columns.iter().filter(|column| !without.contains(&column.name));
            columns.map(|column| (column.name.to_owned(), column.kind.sql().to_owned())).collect()
        };
        for table in [
            sessions::SESSIONS,
            turns::TURNS,
            feedback::FEEDBACK,
            metadata::METADATA,
            aliases::TURN_ALIASES,
            rejects::REJECTS,
        ] {
            assert_eq!(declared(&table, &[]), of(table.name, &[]), "{}", table.name);
        }
        assert_eq!(declared(&sessions::SESSIONS, &[]), of("session_parts", &[]));
        assert_eq!(declared(&turns::TURNS, &[]), of("turn_parts", &["full_record"]));
        assert_eq!(declared(&turns::TURNS, &[]), of("turns_apart", &["into_id"]));
        assert_eq!(declared(&feedback::FEEDBACK, &["updated_by"]), of("feedback_parts", &["full_record"]));
    }
}
