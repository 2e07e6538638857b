//! How was a table with this header read the last time?

use duckdb::{Connection, params};

use super::{
    Snapshot, Store, failed,
    read::{self, Row},
};
use hearback_domain::{Timestamp, error::Result};

/// A mapping that the user gave or confirmed for tables with one header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProfile {
    /// Stands for the header; made by whoever reads tables.
    pub fingerprint: String,
    pub name: String,
    /// As the user would write it: `comment=review,score=stars`.
    pub mapping: String,
    /// The header, for people.
    pub columns: Vec<String>,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
}

const COLUMNS: &str = "fingerprint, name, mapping, cast(to_json(columns) as varchar) as columns,
    epoch_us(created_at) as created_at, epoch_us(used_at) as used_at";

fn profile(row: &Row<'_>) -> Result<MappingProfile> {
    Ok(MappingProfile {
        fingerprint: row.get("fingerprint")?,
        name: row.get("name")?,
        mapping: row.get("mapping")?,
        columns: row.json("columns")?,
        created_at: row.moment("created_at")?,
        used_at: row.moment("used_at")?,
    })
}

fn remove(connection: &Connection, fingerprint: &str) -> duckdb::Result<usize> {
    connection.execute("delete from mapping_profiles where fingerprint = ?", [fingerprint])
}

impl Snapshot<'_> {
    /// Last used first.
    pub fn mapping_profiles(&self) -> Result<Vec<MappingProfile>> {
        let order = "order by mapping_profiles.used_at desc, name, fingerprint";
        let sql = format!("select {COLUMNS} from mapping_profiles {order}");
        read::all(self.connection(), "list its mappings", &sql, [], profile)
    }

    /// The mapping for tables with that header, if one was saved.
    pub fn mapping_for(&self, fingerprint: &str) -> Result<Option<MappingProfile>> {
        let sql = format!("select {COLUMNS} from mapping_profiles where fingerprint = ?");
        read::first(self.connection(), "look for a mapping", &sql, [fingerprint], profile)
    }
}

impl Store {
    /// One a header: a later one takes the place of an earlier one, which was made when it was made.
    pub fn save_mapping_profile(&self, profile: &MappingProfile) -> Result<()> {
        let what = "keep a mapping";
        self.write(|connection| {
            let created: Option<i64> = read::scalar(
                connection,
                what,
                "select epoch_us(min(created_at)) from mapping_profiles where fingerprint = ?",
                [&profile.fingerprint],
            )?;
            remove(connection, &profile.fingerprint)
                .and_then(|_| {
                    connection.execute(
                        "insert into mapping_profiles (fingerprint, name, mapping, columns, created_at, used_at)
                         values (?, ?, ?, from_json(?, '[\"VARCHAR\"]'), make_timestamp(cast(? as bigint)),
                                 make_timestamp(cast(? as bigint)))",
                        params![
                            profile.fingerprint,
                            profile.name,
                            profile.mapping,
                            serde_json::Value::from(profile.columns.clone()).to_string(),
                            created.unwrap_or_else(|| profile.created_at.micros()),
                            profile.used_at.micros(),
                        ],
                    )
                })
                .map(|_| ())
                .map_err(failed(what))
        })
    }

    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where no mapping has that fingerprint.
    pub fn remove_mapping_profile(&self, fingerprint: &str) -> Result<()> {
        self.write(|connection| match remove(connection, fingerprint).map_err(failed("remove a mapping"))? {
            0 => Err(hearback_domain::error::Error::not_found(format!("there is no mapping {fingerprint}"))),
            _ => Ok(()),
        })
    }
}
