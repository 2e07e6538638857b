use super::{Column, Kind, Table, batch::Batch, columns};
use hearback_domain::Reject;

columns! {
    REJECTS = "rejects", from (id: i64, reject: &Reject, source: i64):
    id: number = Some(id);
    source_id: number = Some(source);
    record_number: count = Some(reject.origin.record);
    byte_offset: count = reject.origin.byte;
    reason: text = Some(&reject.reason);
    raw: text = Some(&reject.raw);
}
