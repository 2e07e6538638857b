//! What can be done with themes: `themes show | rename | merge | split | move | pin | note | edits | undo | history | recut`.

use std::time::Instant;

use hearback_app::{Comparison, SplitBy, ThemeEdit, Workspace, analysis::theme::Cut};
use hearback_domain::{Filter, error::Result, job::Job, theme::Event};
use hearback_wire::{AnalysisReport, ThemeDetail, ThemeEditReport, ThemeEditRow, ThemeHistoryEntry};

use super::{analyze, now};
use crate::{
    arguments::{Cli, ThemeAction},
    output::{self, Table, short},
    progress,
};

pub fn act(cli: &Cli, workspace: &Workspace, action: &ThemeAction) -> Result<()> {
    let edit = match action {
        ThemeAction::Show { theme } => return show(cli, workspace, *theme),
        ThemeAction::Edits => return edits(cli, workspace),
        ThemeAction::Undo { edit } => return undo(cli, workspace, *edit),
        ThemeAction::History { theme } => return history(cli, workspace, *theme),
        ThemeAction::Recut { cut } => {
            let last = workspace.analysis_options(None, now())?;
            let cut = Cut {
                resolution: cut.granularity.unwrap_or(last.resolution),
                unclustered_at_most: cut.share().or(last.unclustered_at_most),
            };
            let began = Instant::now();
            let outcome = workspace.recut(&cut, now(), &progress::job())?;
            return analyze::print(cli, &AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()));
        }
        ThemeAction::Rename { theme, name } => ThemeEdit::Rename { theme: *theme, name: name.clone() },
        ThemeAction::Merge { into, from } => ThemeEdit::Merge { into: *into, from: from.clone() },
        ThemeAction::Split { theme, feedback } if feedback.is_empty() => {
            ThemeEdit::Split { theme: *theme, by: SplitBy::Subthemes }
        }
        ThemeAction::Split { theme, feedback } => {
            ThemeEdit::Split { theme: *theme, by: SplitBy::Feedback(feedback.clone()) }
        }
        ThemeAction::Move { feedback, to } => ThemeEdit::Move { feedback: feedback.clone(), to: to.0 },
        ThemeAction::Pin { theme, off } => ThemeEdit::Pin { theme: *theme, pinned: !off },
        ThemeAction::Note { theme, note } => ThemeEdit::Note { theme: *theme, note: note.clone() },
    };
    let report = ThemeEditReport::from(workspace.edit_themes(&edit, now(), &progress::job())?);
    if cli.json {
        return output::json(&report);
    }
    let made: Vec<String> = report.made.iter().map(ToString::to_string).collect();
    let made = if made.is_empty() { String::new() } else { format!(", themes {} were made", made.join(", ")) };
    output::line(&format!("Edit {}{made}; `hearback-cli themes undo {}` takes it back", report.id, report.id));
    Ok(())
}

fn show(cli: &Cli, workspace: &Workspace, theme: i64) -> Result<()> {
    let detail = ThemeDetail::from(workspace.theme(Some(theme), &Filter::default(), &Comparison::default())?);
    if cli.json {
        return output::json(&detail);
    }
    let row = &detail.row;
    output::line(&format!("{} ({} feedbacks)", row.name, row.sums.n));
    output::line(&format!("  {}", row.keywords.join(", ")));
    if !row.note.is_empty() {
        output::line(&format!("  note: {}", row.note));
    }
    for part in &row.subthemes {
        output::line(&format!("  {:>6}  {}", part.feedback, part.name));
    }
    for example in &detail.examples {
        let words = example.comment.as_ref().or(example.correction.as_ref()).or(example.query.as_ref());
        output::line(&format!("  {}  {}", example.id, short(words.map_or("", String::as_str), 120)));
    }
    detail.history.iter().for_each(entry);
    detail.edits.iter().for_each(edit);
    Ok(())
}

fn edits(cli: &Cli, workspace: &Workspace) -> Result<()> {
    let rows: Vec<ThemeEditRow> = workspace.theme_edits()?.iter().map(ThemeEditRow::from).collect();
    if cli.json {
        return output::json(&rows);
    }
    rows.iter().for_each(edit);
    Ok(())
}

fn undo(cli: &Cli, workspace: &Workspace, id: Option<i64>) -> Result<()> {
    let row = ThemeEditRow::from(&workspace.undo_theme_edit(id, &Job::quiet())?);
    if cli.json {
        return output::json(&row);
    }
    output::line(&format!("Taken back: {}", row.description));
    Ok(())
}

fn history(cli: &Cli, workspace: &Workspace, theme: Option<i64>) -> Result<()> {
    let entries: Vec<ThemeHistoryEntry> = workspace.theme_history(theme)?.iter().map(ThemeHistoryEntry::from).collect();
    if cli.json {
        return output::json(&entries);
    }
    let mut table = Table::new(&["theme", "when", "run", "event", "feedback", "before", "others"]);
    for entry in &entries {
        table.row([
            entry.theme_id.to_string(),
            entry.at.clone(),
            entry.run_id.to_string(),
            Event::from(entry.event).word().to_owned(),
            entry.size.to_string(),
            entry.size_before.to_string(),
            list(&entry.others),
        ]);
    }
    table.print();
    Ok(())
}

fn entry(entry: &ThemeHistoryEntry) {
    output::line(&format!("  {}  {} ({} feedbacks)", entry.at, Event::from(entry.event).word(), entry.size));
}

fn edit(row: &ThemeEditRow) {
    let state = match (&row.dormant, row.built_on.is_empty()) {
        (Some(why), _) => format!("; at present it changes nothing: {why}"),
        (None, false) => format!("; edits {} stand on it", list(&row.built_on)),
        (None, true) => String::new(),
    };
    output::line(&format!("{:>4}  {}  {}{state}", row.id, row.at, row.description));
}

fn list(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
