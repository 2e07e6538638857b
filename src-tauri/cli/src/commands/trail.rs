use hearback_app::{TrailOf, Workspace};
use hearback_domain::error::{Kind, Result};
use hearback_wire::{FeedbackRow, Segment, Trail};

use crate::{
    arguments::Cli,
    output::{self, text},
};

pub fn trail(cli: &Cli, id: &str) -> Result<()> {
    let trail = Trail::from(find(&cli.existing()?, id)?);
    if cli.json {
        return output::json(&trail);
    }
    output::line(&format!("Session {}  {}", text(&trail.session_id), text(&trail.started_at)));
    for row in &trail.session_feedback {
        feedback(row);
    }
    for turn in &trail.turns {
        let model = turn.model_version.as_ref().or(turn.model.as_ref());
        output::line(&format!(
            "\n── {}  {}  {}",
            text(&turn.created_at),
            model.map_or("", String::as_str),
            text(&turn.environment)
        ));
        if turn.context_changes.is_some() || turn.id == trail.turns[0].id {
            block("context", turn.system_context.as_deref().unwrap_or_default());
        }
        for document in &turn.documents {
            block("document", &document.content);
        }
        block("user", &joined(&turn.query));
        block("model", &joined(&turn.output));
        for row in &turn.feedback {
            feedback(row);
        }
    }
    if !trail.orphans.is_empty() {
        output::line("\nAbout turns that are not in the workspace:");
        for row in &trail.orphans {
            feedback(row);
        }
    }
    Ok(())
}

/// Ids of sessions, turns and feedback seldom look alike: the first that exists is meant.
fn find(workspace: &Workspace, id: &str) -> Result<hearback_app::analysis::trail::Trail> {
    let mut outcome = workspace.trail(TrailOf::Session(id));
    for other in [TrailOf::Turn(id), TrailOf::Feedback(id)] {
        match outcome {
            Err(error) if error.kind == Kind::NotFound => outcome = workspace.trail(other),
            done => return done,
        }
    }
    outcome.map_err(|error| {
        if error.kind == Kind::NotFound {
            hearback_domain::error::Error::not_found(format!("no session, turn or feedback has the id {id}"))
        } else {
            error
        }
    })
}

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}

fn block(title: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    // What somebody typed must not steer the terminal.
    let plain: String = content.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    for (index, line) in plain.lines().enumerate() {
        output::line(&format!("{:>9} {line}", if index == 0 { title } else { "" }));
    }
}

fn feedback(row: &FeedbackRow) {
    let mut parts =
        vec![format!("{:?}", row.feedback_type).to_lowercase(), format!("{:?}", row.polarity).to_lowercase()];
    parts.extend(row.score.map(|score| score.to_string()));
    parts.extend(row.label.clone());
    parts.extend(row.reasons.clone());
    parts.extend(row.comment.as_ref().map(|comment| format!("“{comment}”")));
    parts.extend(row.correction.as_ref().map(|correction| format!("→ “{correction}”")));
    block("feedback", &parts.join(" · "));
}
