use super::{Column, Kind, Table, batch::Batch, columns};
use hearback_domain::{
    FeedbackRecord, Polarity,
    polarity::{self, Chosen, ScoreType},
    record::SpanTarget,
};

columns! {
    FEEDBACK = "feedback", from (feedback: &FeedbackRecord, source: i64):
    id: text = Some(&feedback.id);
    source_id: number = Some(source);
    updated_by: number = Some(source);
    created_at: moment = feedback.created_at;
    session_id: text = feedback.session_id.as_deref();
    turn_id: text = feedback.turn_id.as_deref();
    feedback_type: text = Some(feedback.feedback_type.word());
    author: text = Some(feedback.author.word());
    score_name: text = feedback.score_name.as_deref();
    score: real = feedback.score;
    stated_polarity: text = feedback.polarity.map(Polarity::word);
    label_polarity: text = Some(label_polarity(feedback).word());
    label: text = feedback.label.as_deref();
    reasons: list = &feedback.reasons;
    comment: text = feedback.comment.as_deref();
    correction: text = feedback.correction.as_deref();
    confidence: real = feedback.confidence;
    span_target: text = feedback.span.as_ref().map(|span| span_target_word(span.target));
    span_start: place = feedback.span.as_ref().map(|span| span.start);
    span_end: place = feedback.span.as_ref().map(|span| span.end);
    span_quote: text = feedback.span.as_ref().and_then(|span| span.quote.as_deref());
    query: text = feedback.query.as_deref();
    output: text = feedback.output.as_deref();
    model: text = feedback.model.as_deref();
    model_version: text = feedback.model_version.as_deref();
    prompt_version: text = feedback.prompt_version.as_deref();
    release: text = feedback.release.as_deref();
    environment: text = feedback.environment.as_deref();
    user_id: text = feedback.user_id.as_deref();
    user_role: text = feedback.user_role.as_deref();
    tags: list = &feedback.tags;
    score_type: text = score_type(feedback).map(ScoreType::word);
}

/// What persons have told of labels is applied when all is read.
fn label_polarity(feedback: &FeedbackRecord) -> Polarity {
    let chosen = Chosen {
        feedback_type: feedback.feedback_type,
        has_score: feedback.score.is_some(),
        score_name: feedback.score_name.as_deref(),
        label: feedback.label.as_deref(),
        reasons: &feedback.reasons,
    };
    polarity::of_words(&chosen, |_| None)
}

/// Null counts as numeric: a column without values costs nothing.
fn score_type(feedback: &FeedbackRecord) -> Option<ScoreType> {
    Some(feedback.score_type).filter(|kind| *kind != ScoreType::Numeric && feedback.score.is_some())
}

pub(crate) fn span_target_word(target: SpanTarget) -> &'static str {
    match target {
        SpanTarget::Query => "query",
        SpanTarget::Output => "output",
    }
}

pub(crate) fn span_target(word: &str) -> Option<SpanTarget> {
    [SpanTarget::Query, SpanTarget::Output].into_iter().find(|target| span_target_word(*target) == word)
}
