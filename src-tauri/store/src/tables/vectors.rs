use super::{Column, Kind, Table, batch::Batch, columns};
use hearback_domain::{TextHash, VectorRecord};

columns! {
    /// Vectors of an export as they come; merging makes rows of `models`, `vectors` and `vector_texts` of them.
    STAGE_VECTORS = "stage_vectors", from (record: &VectorRecord, source: i64):
    model: text = Some(&record.model);
    dimension: number = i64::try_from(record.vector.len()).ok();
    text_hash: text = Some(&TextHash::of(&record.text).to_string());
    text: text = Some(&record.text);
    vector: vector = &record.vector;
    source_id: number = Some(source);
}
