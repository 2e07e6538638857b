//! A trace is a turn.

use super::{elements, metadata};
use crate::{
    Out,
    message::{self, TextForm},
    model::{
        FeedbackRecord, FeedbackType, Record, SessionRecord, TurnRecord,
        record::{Metadata, Weight},
    },
    row::{Reason, Row},
};

pub(super) fn read(row: &mut Row<'_>, form: TextForm, out: &mut Out) -> Result<(), Reason> {
    let (mut metadata, user_role) = metadata(row)?;
    let id = row.word("id").ok_or("a trace needs an id")?;
    let (input, output) = (row.take("input"), row.take("output"));
    let turn = TurnRecord {
        weight: Weight::Full,
        session_id: row.word_any(&["sessionId", "session_id"]),
        created_at: row.time(&["timestamp"])?,
        query: message::query(&input, form),
        system_context: message::system(&input),
        output: message::answer(&output, form),
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
    let comments = row.take("comments");
    for key in ["bookmarked", "public", "projectId", "project_id", "createdAt", "created_at", "updatedAt", "updated_at"]
    {
        row.take(key);
    }
    out.push(Record::Turn(TurnRecord { metadata, ..turn }));
    // What colleagues wrote beside the trace. The e-mail address of the author is not kept.
    for text in elements(&comments)? {
        let mut inner = Row::from_json_text(text.get())?;
        let (Some(comment_id), Some(comment)) = (inner.word("id"), inner.text("content")) else { continue };
        let mut feedback = FeedbackRecord::new(comment_id, FeedbackType::Annotation);
        feedback.created_at = inner.time(&["created_at", "createdAt"])?;
        feedback.turn_id = Some(id.clone());
        feedback.score_name = Some("comment".into());
        feedback.comment = Some(comment);
        out.push(Record::Feedback(feedback));
    }
    Ok(())
}

pub(super) fn read_session(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let users = row.words("userIds");
    out.push(Record::Session(SessionRecord {
        id: row.word("id").ok_or("a session needs an id")?,
        started_at: row.time(&["createdAt", "created_at"])?,
        user_id: users.into_iter().next(),
        environment: row.word("environment"),
        ..SessionRecord::default()
    }));
    // Sums over the traces, which are imported themselves.
    for key in [
        "countTraces",
        "sessionDuration",
        "inputCost",
        "outputCost",
        "totalCost",
        "totalTokens",
        "totalCount",
        "traceTags",
        "bookmarked",
        "public",
        "comments",
    ] {
        row.take(key);
    }
    Ok(())
}
