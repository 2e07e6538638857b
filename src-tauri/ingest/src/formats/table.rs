//! A table of anybody's: what can be made of it once somebody says what its columns mean?
//!
//! The mapping renames columns to canonical fields; then the row is read as a canonical one.

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    canonical::CanonicalRows,
    formats::generic,
    mapping::{self, Mapping},
    row::{Reason, Row},
};
use hearback_domain::error::{Error, NextStep, Result};

pub struct Table;

impl Format for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn title(&self) -> &'static str {
        "Table"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let (mapping, reason) = match sample.mapping {
            Some(mapping) => (mapping.clone(), "a mapping was given".to_owned()),
            None => {
                let mapping = mapping::suggest(&sample.columns(), sample.rows);
                let reason = format!("columns were matched by name and content: {mapping}");
                (mapping, reason)
            }
        };
        if mapping.is_empty() {
            return None;
        }
        // A guess: any format that knows the file comes first.
        const GUESS: f32 = 0.3;
        let confidence = if sample.mapping.is_some() { 1.0 } else { GUESS };
        let detected = Detected::new(confidence, reason, Role::Mixed, self.title());
        Some(Detected { mapping: Some(mapping), ..detected })
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        let Some(mapping) = recognised.mapping.clone() else {
            return Err(Error::input("a table needs a mapping").next(NextStep::MapColumns));
        };
        Ok(Box::new(TableRows { mapping, canonical: CanonicalRows::default() }))
    }
}

struct TableRows {
    mapping: Mapping,
    canonical: CanonicalRows,
}

impl RowReader for TableRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let mut rows = self.mapping.rows(row)?;
        if let [only] = rows.as_mut_slice() {
            return self.canonical.read(only, out);
        }
        for mapped in &mut rows {
            out.part();
            let raw = generic::raw(mapped);
            if let Err(reason) = self.canonical.read(mapped, out) {
                out.reject_part(reason, raw);
            }
        }
        Ok(())
    }
}
