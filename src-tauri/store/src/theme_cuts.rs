//! Which id and name did each theme have when the hierarchy was last cut like this?

use duckdb::{Connection, params};

use super::{
    Snapshot, failed, read,
    theme_rows::KnownTheme,
    themes::{NamedBy, ThemeRun},
};
use hearback_domain::{Subject, error::Result};

/// A theme as one cut of a hierarchy had it.
#[derive(Clone, Debug, PartialEq)]
pub struct CutTheme {
    pub resolution: f64,
    pub unclustered_at_most: Option<f64>,
    /// The first leaf of its node.
    pub leaf: u32,
    pub line: i64,
    pub name: String,
    pub named_by: NamedBy,
}

/// Cuts of a subject that are kept, those not looked at for the longest time forgotten first.
const MOST_CUTS: u32 = 256;

impl Snapshot<'_> {
    /// The themes of all cuts of a hierarchy that are kept, the last one looked at first.
    pub fn cut_themes(&self, subject: Subject, tree: &str) -> Result<Vec<CutTheme>> {
        let sql = "select resolution, unclustered_at_most, leaf, line_id, name, named_by
                   from theme_cuts where subject = ? and tree = ? order by run_id desc, leaf";
        read::all(self.connection(), "read its themes", sql, [subject.word(), tree], |row| {
            Ok(CutTheme {
                resolution: row.get("resolution")?,
                unclustered_at_most: row.get("unclustered_at_most")?,
                leaf: row.get("leaf")?,
                line: row.get("line_id")?,
                name: row.get("name")?,
                named_by: row.word("named_by", "origin of a name", NamedBy::from_word)?,
            })
        })
    }
}

/// Keeps what the run calls its themes; `leaves` has the first leaf of each line's node.
pub(super) fn put_cut(
    connection: &Connection,
    id: i64,
    run: &ThemeRun,
    tree: &str,
    lines: &[KnownTheme],
    leaves: &[Option<u32>],
) -> Result<()> {
    let what = "keep its themes";
    let subject = run.subject.word();
    connection
        .execute(
            "delete from theme_cuts where subject = ? and tree = ? and resolution = ?
                 and unclustered_at_most is not distinct from cast(? as double)",
            params![subject, tree, run.resolution, run.unclustered_at_most],
        )
        .map_err(failed(what))?;
    let mut appender = connection.appender("theme_cuts").map_err(failed(what))?;
    for (line, leaf) in lines.iter().zip(leaves) {
        let Some(leaf) = leaf else { continue };
        appender
            .append_row(params![
                subject,
                tree,
                run.resolution,
                run.unclustered_at_most,
                id,
                leaf,
                line.id,
                line.name,
                line.named_by.word(),
            ])
            .map_err(failed(what))?;
    }
    appender.flush().map_err(failed(what))?;
    drop(appender);
    connection
        .execute(
            &format!(
                "delete from theme_cuts where subject = ? and run_id not in (
                     select distinct run_id from theme_cuts where subject = ? order by run_id desc limit {MOST_CUTS})"
            ),
            [subject, subject],
        )
        .map_err(failed(what))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::Store, *};
    use hearback_domain::{Timestamp, theme::Event};

    fn run(subject: Subject, resolution: f64, unclustered_at_most: Option<f64>) -> ThemeRun {
        ThemeRun {
            id: 0,
            created_at: Timestamp::from_micros(1),
            subject,
            model_id: String::new(),
            resolution,
            unclustered_at_most,
            seed: 1,
            options: String::new(),
            versions: String::new(),
            fingerprint: String::new(),
            explored: String::new(),
            data_version: 1,
            texts: 0,
            unclustered: 0,
            pulled_in: 0,
            pulled_in_similarity: 0.0,
            similarity: 0.0,
        }
    }

    fn line(id: i64) -> KnownTheme {
        KnownTheme {
            id,
            run: 0,
            name: format!("Theme {id}"),
            named_by: NamedBy::Before,
            keywords: Vec::new(),
            feedback: 1,
            cohesion: 1.0,
            reach: 1.0,
            centroid: Vec::new(),
            examples: Vec::new(),
            subthemes: Vec::new(),
            event: Event::Kept,
            others: Vec::new(),
        }
    }

    #[test]
    fn each_choice_keeps_its_themes_and_the_oldest_choice_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Store::open(&folder.path().join("test.hearback")).unwrap();
        let (said, asked) = (Subject::Said, Subject::Asked);
        let put = |id: i64, run: &ThemeRun, tree: &str, ids: &[i64]| {
            let lines: Vec<KnownTheme> = ids.iter().map(|id| line(*id)).collect();
            let leaves: Vec<Option<u32>> = ids.iter().map(|id| (*id != 0).then_some(*id as u32 * 3)).collect();
            workspace.write(|connection| put_cut(connection, id, run, tree, &lines, &leaves)).unwrap();
        };
        let ids = |subject, tree: &str| -> Vec<(f64, Option<f64>, i64)> {
            let themes = workspace.cut_themes(subject, tree).unwrap();
            themes.iter().map(|theme| (theme.resolution, theme.unclustered_at_most, theme.line)).collect()
        };
        put(1, &run(said, 2.0, None), "a", &[1, 2, 0]);
        put(2, &run(said, 2.0, Some(0.1)), "a", &[1]);
        put(3, &run(said, 2.0, None), "b", &[8]);
        put(4, &run(asked, 2.0, None), "a", &[9]);
        assert_eq!(ids(said, "a"), [(2.0, Some(0.1), 1), (2.0, None, 1), (2.0, None, 2)]);
        let first = &workspace.cut_themes(said, "a").unwrap()[2];
        assert_eq!((first.leaf, first.name.as_str(), first.named_by), (6, "Theme 2", NamedBy::Before));
        // Looked at again: what it is now, and the latest.
        put(5, &run(said, 2.0, None), "a", &[2]);
        assert_eq!(ids(said, "a"), [(2.0, None, 2), (2.0, Some(0.1), 1)]);
        for number in 0..i64::from(MOST_CUTS) - 1 {
            put(6 + number, &run(said, 3.0 + number as f64, None), "c", &[1]);
        }
        assert_eq!((ids(said, "a"), ids(said, "b")), (vec![(2.0, None, 2)], vec![]));
        assert_eq!(ids(asked, "a"), [(2.0, None, 9)]);
    }
}
