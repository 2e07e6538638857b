use super::{Column, Kind, Table, batch::Batch, columns};

columns! {
    TURN_ALIASES = "turn_aliases", from (alias: &str, turn: &str, source: i64):
    alias: text = Some(alias);
    turn_id: text = Some(turn);
    source_id: number = Some(source);
}
