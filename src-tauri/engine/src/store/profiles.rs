//! How was a table with this header read the last time?

use duckdb::{Connection, Row, params};

use super::{Snapshot, Workspace, failed, texts::list_from_json};
use crate::{error::Result, model::Timestamp};

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

const COLUMNS: &str = "fingerprint, name, mapping, to_json(columns)::varchar, epoch_us(created_at), epoch_us(used_at)";

fn profile(row: &Row<'_>) -> duckdb::Result<MappingProfile> {
    Ok(MappingProfile {
        fingerprint: row.get(0)?,
        name: row.get(1)?,
        mapping: row.get(2)?,
        columns: list_from_json(&row.get::<_, String>(3)?),
        created_at: Timestamp::from_micros(row.get(4)?),
        used_at: Timestamp::from_micros(row.get(5)?),
    })
}

fn remove(connection: &Connection, fingerprint: &str) -> duckdb::Result<usize> {
    connection.execute("delete from mapping_profiles where fingerprint = ?", [fingerprint])
}

impl Snapshot<'_> {
    /// Last used first.
    pub fn mapping_profiles(&self) -> Result<Vec<MappingProfile>> {
        let what = "list its mappings";
        let connection = self.connection();
        let mut statement = connection
            .prepare(&format!("select {COLUMNS} from mapping_profiles order by used_at desc, name, fingerprint"))
            .map_err(failed(what))?;
        statement.query_map([], profile).and_then(Iterator::collect).map_err(failed(what))
    }

    /// The mapping for tables with that header, if one was saved.
    pub fn mapping_for(&self, fingerprint: &str) -> Result<Option<MappingProfile>> {
        let what = "look for a mapping";
        let connection = self.connection();
        let mut statement = connection
            .prepare(&format!("select {COLUMNS} from mapping_profiles where fingerprint = ?"))
            .map_err(failed(what))?;
        let found: Vec<MappingProfile> =
            statement.query_map([fingerprint], profile).and_then(Iterator::collect).map_err(failed(what))?;
        Ok(found.into_iter().next())
    }
}

impl Workspace {
    /// One a header: a later one takes the place of an earlier one, which was made when it was made.
    pub fn save_mapping_profile(&self, profile: &MappingProfile) -> Result<()> {
        let what = "keep a mapping";
        self.write(|connection| {
            let created: Option<i64> = connection
                .query_row(
                    "select epoch_us(min(created_at)) from mapping_profiles where fingerprint = ?",
                    [&profile.fingerprint],
                    |row| row.get(0),
                )
                .map_err(failed(what))?;
            remove(connection, &profile.fingerprint)
                .and_then(|_| {
                    connection.execute(
                        "insert into mapping_profiles
                         values (?, ?, ?, from_json(?, '[\"VARCHAR\"]'), make_timestamp(?::bigint), make_timestamp(?::bigint))",
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
    /// [`crate::error::Kind::NotFound`] where no mapping has that fingerprint.
    pub fn remove_mapping_profile(&self, fingerprint: &str) -> Result<()> {
        self.write(|connection| match remove(connection, fingerprint).map_err(failed("remove a mapping"))? {
            0 => Err(crate::error::Error::not_found(format!("there is no mapping {fingerprint}"))),
            _ => Ok(()),
        })
    }
}
