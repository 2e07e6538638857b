//! A trace is a turn.

use super::{comments, metadata, observations, said, scores};
use crate::{
    Out,
    message::TextForm,
    row::{Reason, Row},
};
use hearback_domain::{
    Record, SessionRecord, Timestamp, TurnRecord,
    record::{Metadata, Weight},
};

/// Gives the trace's id and time.
pub(super) fn read(row: &mut Row<'_>, form: TextForm, out: &mut Out) -> Result<(String, Option<Timestamp>), Reason> {
    let (mut metadata, user_role) = metadata(row)?;
    let id = row.word("id").ok_or("a trace needs an id")?;
    let (input, output) = (row.take("input"), row.take("output"));
    // The blob export writes structured input and output as text.
    let form = if form == TextForm::Exact && row.has("session_id") { TextForm::MaybeJson } else { form };
    let created_at = row.time(&["timestamp"])?;
    let (query, system_context) = said::input(&input, form);
    let turn = TurnRecord {
        weight: Weight::Full,
        session_id: row.word_any(&["sessionId", "session_id"]),
        created_at,
        query,
        system_context,
        output: said::output(&output, form),
        model_version: row.word("version"),
        release: row.word("release"),
        environment: row.word("environment"),
        user_id: row.word_any(&["userId", "user_id"]),
        user_role,
        // Seconds, in the download of a single trace.
        latency_ms: row.number("latency")?.map(|seconds| (seconds * 1000.0).round() as i64),
        tags: row.words("tags"),
        metadata: Metadata::new(),
        id: id.clone(),
        ..TurnRecord::default()
    };
    if let Some(name) = row.word("name") {
        metadata.entry("trace_name".into()).or_insert(name);
    }
    let parts = ["comments", "observations", "scores", "corrections"].map(|key| row.take(key));
    row.pass_over(is_passed_over);
    out.push(Record::Turn(TurnRecord { metadata, ..turn }));
    let [written, inner, given, corrections] = parts;
    comments(&written, out, |feedback| feedback.turn_id = Some(id.clone()))?;
    observations(&inner, out)?;
    scores(&given, out)?;
    scores(&corrections, out)?;
    Ok((id, created_at))
}

fn is_passed_over(key: &str) -> bool {
    matches!(
        key,
        "bookmarked"
            | "public"
            | "projectId"
            | "project_id"
            | "createdAt"
            | "created_at"
            | "updatedAt"
            | "updated_at"
            | "externalId"
            | "htmlPath"
            | "totalCost"
    )
}

pub(super) fn read_session(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let users = row.words("userIds");
    let id = row.word("id").ok_or("a session needs an id")?;
    out.push(Record::Session(SessionRecord {
        id: id.clone(),
        started_at: row.time(&["createdAt", "created_at"])?,
        user_id: users.into_iter().next(),
        environment: row.word("environment"),
        ..SessionRecord::default()
    }));
    comments(&row.take("comments"), out, |feedback| feedback.session_id = Some(id.clone()))?;
    // Sums over the traces, which are imported themselves.
    row.pass_over(|key| {
        matches!(
            key,
            "countTraces"
                | "sessionDuration"
                | "inputCost"
                | "outputCost"
                | "totalCost"
                | "totalTokens"
                | "inputTokens"
                | "outputTokens"
                | "totalCount"
                | "traceTags"
                | "bookmarked"
                | "public"
                | "projectId"
                | "updatedAt"
        )
    });
    Ok(())
}
