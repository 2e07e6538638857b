use super::{Column, Kind, Table, batch::Batch, columns};

/// One entry of the metadata of a session, turn or feedback.
pub(crate) struct Entry<'a> {
    pub owner: &'a str,
    pub owner_id: &'a str,
    pub key: &'a str,
    pub value: &'a str,
    /// Not only to fill a gap.
    pub is_full: bool,
}

columns! {
    METADATA = "metadata", from (entry: &Entry<'_>, source: i64):
    owner: text = Some(entry.owner);
    owner_id: text = Some(entry.owner_id);
    key: text = Some(entry.key);
    value: text = Some(entry.value);
    source_id: number = Some(source);
    full_record: flag = entry.is_full;
}
