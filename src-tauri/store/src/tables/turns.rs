//! The columns of a turn are made of the list of its fields, `domain/src/turn_fields.rs`.

use super::{Column, Kind, Table, batch::Batch, value::Value};
use crate::read::Row;
use hearback_domain::{TurnRecord, error::Result, record::kind};

macro_rules! turns {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        pub(crate) const TURNS: Table = Table {
            name: "turns",
            columns: &[
                Column { name: "id", kind: Kind::Text },
                $(Column::of::<kind::$kind>(stringify!($name)),)*
                Column { name: "source_id", kind: Kind::Number },
            ],
        };

        pub(crate) fn append(batch: &mut Batch, turn: &TurnRecord, source: i64) {
            batch.text(Some(&turn.id));
            $(Value::append(&turn.$name, batch);)*
            batch.number(Some(source));
        }

        /// A turn as the table has it, which knows no aliases and keeps metadata apart.
        pub(crate) fn read(row: &Row<'_>) -> Result<TurnRecord> {
            Ok(TurnRecord {
                id: row.get("id")?,
                $($name: Value::read(row, stringify!($name))?,)*
                ..TurnRecord::default()
            })
        }
    };
}
hearback_domain::turn_fields!(all => turns);
