//! Which embedding models have vectors here, and which one does the workspace use?

use duckdb::params;

use super::{
    Snapshot, Store, StoredModel, failed, property,
    read::{self, Row},
    set_property,
    versions::bump_vector_version,
};
use hearback_domain::error::Result;

/// The property that holds the id of the model that was chosen. Without it, no choice was made.
const CHOSEN: &str = "embedding_model";

const COLUMNS: &str = "m.id, m.name, m.digest, m.pooling, m.max_length, m.dimension";

/// A model with what of the workspace it has embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelVectors {
    pub model: StoredModel,
    pub vectors: u64,
    /// The file that they came with, where they were not made here.
    pub source: Option<String>,
}

impl Snapshot<'_> {
    /// The id of the model that was chosen, whether or not it has vectors here; `None` where no choice was made.
    pub fn chosen_model(&self) -> Result<Option<String>> {
        property(self.connection(), CHOSEN)
    }

    /// The chosen model, if it has vectors here. Where no choice was made, that of the newest theme run, else the one
    /// with the most vectors; never one of an imported vector store, which no question can be put to.
    pub fn current_model(&self) -> Result<Option<StoredModel>> {
        let connection = self.connection();
        let chosen = property(connection, CHOSEN)?;
        let sql = format!(
            "select {COLUMNS} from models m
             left join (select model_id, max(id) as run from theme_runs group by model_id) r on r.model_id = m.id
             join (select model_id, count(*) as n from vectors group by model_id) v on v.model_id = m.id
             where m.source_id is null and m.id = coalesce(?, m.id)
             order by r.run desc nulls last, v.n desc, m.id limit 1"
        );
        read::first(connection, "list its models", &sql, [chosen], stored_model)
    }

    /// The model of this id, also where its vectors were removed.
    pub fn model(&self, id: &str) -> Result<Option<StoredModel>> {
        let sql = format!("select {COLUMNS} from models m where m.id = ? limit 1");
        read::first(self.connection(), "list its models", &sql, [id], stored_model)
    }

    /// Every model that is known here, those with the most vectors first.
    pub fn models(&self) -> Result<Vec<ModelVectors>> {
        let sql = format!(
            "select {COLUMNS}, coalesce(v.n, 0) as vectors, m.source_id is not null as imported, s.name as source
             from models m
             left join (
                 -- Made here: of texts that are still said.
                 select v.model_id, count(case when v.source_id is not null or t.text_hash is not null then 1 end) as n
                 from vectors v left join texts t on t.text_hash = v.text_hash
                 group by v.model_id
             ) v on v.model_id = m.id
             left join sources s on s.id = m.source_id
             order by coalesce(v.n, 0) desc, m.id"
        );
        read::all(self.connection(), "list its models", &sql, [], |row| {
            let imported: bool = row.get("imported")?;
            let source: Option<String> = row.get("source")?;
            Ok(ModelVectors {
                model: stored_model(row)?,
                vectors: row.get("vectors")?,
                source: imported.then(|| source.unwrap_or_default()),
            })
        })
    }

    /// Distinct texts, whatever they are about.
    pub fn text_count(&self) -> Result<u64> {
        read::scalar(self.connection(), "count its texts", "select count(*) from texts", [])
    }
}

impl Store {
    pub fn choose_model(&self, id: &str) -> Result<()> {
        self.write(|connection| {
            set_property(connection, CHOSEN, id)?;
            // Whoever holds vectors in memory holds those of another model now.
            bump_vector_version(connection)
        })
    }

    /// Removes the vectors of a model that were made here. Its name stays as long as themes or a map name it.
    pub fn forget_vectors(&self, id: &str) -> Result<()> {
        let what = "remove vectors";
        self.write(|connection| {
            connection
                .execute("delete from vectors where model_id = ? and source_id is null", [id])
                .and_then(|_| {
                    connection.execute(
                        "delete from models where id = ? and source_id is null
                         and id not in (select model_id from theme_runs) and id not in (select model_id from maps)",
                        params![id],
                    )
                })
                .map_err(failed(what))?;
            bump_vector_version(connection)
        })
    }
}

fn stored_model(row: &Row<'_>) -> Result<StoredModel> {
    Ok(StoredModel {
        id: row.get("id")?,
        name: row.get("name")?,
        digest: row.get("digest")?,
        pooling: row.get("pooling")?,
        max_length: row.get("max_length")?,
        dimension: row.get("dimension")?,
    })
}
