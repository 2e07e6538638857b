//! Feedback as a table that a spreadsheet reads.

use std::io::Write;

use super::Workspace;
use hearback_domain::{
    Filter,
    error::{Error, Result},
    job::{Job, Step, Unit},
    rows::FeedbackRow,
};

const HEADER: &[&str] = &[
    "id",
    "created_at",
    "session_id",
    "turn_id",
    "feedback_type",
    "author",
    "polarity",
    "score_name",
    "score",
    "score_0_to_1",
    "label",
    "reasons",
    "comment",
    "correction",
    "query",
    "model",
    "model_version",
    "prompt_version",
    "release",
    "environment",
    "user_role",
    "tags",
    "theme_id",
    "theme",
    "source",
];

impl Workspace {
    /// Writes the selection as CSV (UTF-8, RFC 4180), in time order; gives the number of rows.
    ///
    /// Texts are written as they are: a cell that begins with `=` stays one, since the file is data for the next
    /// program as much as for a spreadsheet.
    pub fn export_feedback(&self, filter: &Filter, to: impl Write, job: &Job) -> Result<u64> {
        let snapshot = &self.store.snapshot()?;
        let failed = |error: csv::Error| Error::file("the table could not be written").because(error);
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(HEADER).map_err(failed)?;
        let total = snapshot.totals(filter)?.sums.n;
        let mut done = 0;
        snapshot.each_feedback(filter, |row| {
            job.check()?;
            writer.write_record(cells(&row)).map_err(failed)?;
            done += 1;
            job.progress(Step::Exporting, Unit::Records, done, Some(total));
            Ok(())
        })?;
        writer.flush().map_err(|error| Error::file("the table could not be written").because(error))?;
        Ok(done)
    }

    /// Writes rejected records as JSON lines, each with its source, place, reason and text; gives their number.
    ///
    /// # Errors
    /// The file cannot be written; cancelled.
    pub fn export_rejects(&self, source: Option<i64>, mut to: impl Write, job: &Job) -> Result<u64> {
        let snapshot = &self.store.snapshot()?;
        const PAGE: u32 = 1000;
        let failed = |error: std::io::Error| Error::file("the rejected records could not be written").because(error);
        let (mut after, mut done) = (None, 0);
        loop {
            job.check()?;
            let page = snapshot.rejects(source, after, PAGE)?;
            for reject in &page.rows {
                let line = serde_json::json!({
                    "source": reject.source_name,
                    "source_id": reject.source_id,
                    "record": reject.record,
                    "byte": reject.byte,
                    "reason": reject.reason,
                    "raw": reject.raw,
                });
                writeln!(to, "{line}").map_err(failed)?;
            }
            done += page.rows.len() as u64;
            job.progress(Step::Exporting, Unit::Records, done, Some(page.total));
            after = page.next;
            if after.is_none() {
                to.flush().map_err(failed)?;
                return Ok(done);
            }
        }
    }

    /// The points of a trend as CSV: one line for each series and bucket.
    pub fn export_trend(&self, answer: &super::TrendAnswer, to: impl Write) -> Result<()> {
        let failed = |error: csv::Error| Error::file("the table could not be written").because(error);
        let mut writer = csv::Writer::from_writer(to);
        writer
            .write_record(["series", "start", "end", "n", "negative", "value", "low", "high", "unfinished"])
            .map_err(failed)?;
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        for series in answer.trend.iter().flat_map(|trend| &trend.series) {
            for point in &series.points {
                writer
                    .write_record([
                        series.label.clone(),
                        point.start.to_string(),
                        point.end.to_string(),
                        point.sums.n.to_string(),
                        point.sums.negative.to_string(),
                        number(point.value),
                        number(point.interval.map(|interval| interval.0)),
                        number(point.interval.map(|interval| interval.1)),
                        point.unfinished.to_string(),
                    ])
                    .map_err(failed)?;
            }
        }
        writer.flush().map_err(|error| Error::file("the table could not be written").because(error))
    }
}

fn cells(row: &FeedbackRow) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    vec![
        row.id.clone(),
        row.created_at.map(|moment| moment.to_string()).unwrap_or_default(),
        text(&row.session_id),
        text(&row.turn_id),
        row.feedback_type.to_string(),
        row.author.to_string(),
        row.polarity.to_string(),
        text(&row.score_name),
        number(row.score),
        number(row.score_normal),
        text(&row.label),
        row.reasons.join("; "),
        text(&row.comment),
        text(&row.correction),
        text(&row.query),
        text(&row.model),
        text(&row.model_version),
        text(&row.prompt_version),
        text(&row.release),
        text(&row.environment),
        text(&row.user_role),
        row.tags.join("; "),
        row.theme_id.map(|id| id.to_string()).unwrap_or_default(),
        text(&row.theme_name),
        row.source_name.clone(),
    ]
}
