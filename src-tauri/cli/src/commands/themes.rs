use hearback_app::{
    Workspace,
    store::{FeedbackSort, SortBy, SortOrder},
};
use hearback_domain::{Filter, error::Result, theme::Event};
use hearback_wire::{FeedbackRow, ThemeList, ThemeRow};
use serde::Serialize;

use super::theme_edits;
use crate::{
    arguments::{Cli, ThemeArguments},
    output::{self, Table, percent, points, short},
};

/// `themes --members --json`: the list, and the feedback of each theme by its id.
#[derive(Serialize)]
struct WithMembers {
    #[serde(flatten)]
    list: ThemeList,
    members: Vec<Members>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    theme_id: Option<i64>,
    feedback: Vec<FeedbackRow>,
}

pub fn themes(cli: &Cli, arguments: &ThemeArguments) -> Result<()> {
    if let Some(action) = &arguments.action {
        return theme_edits::act(cli, &if action.changes() { cli.changing()? } else { cli.existing()? }, action);
    }
    let workspace = cli.existing()?;
    let list = ThemeList::from(&workspace.themes(&arguments.filter.filter(), &arguments.comparison.comparison())?);
    if list.run.is_none() {
        eprintln!("hearback-cli: there are no themes yet: run `hearback-cli analyze`");
    } else if list.run.as_ref().is_some_and(|run| run.stale) {
        let drift = list.run.as_ref().map(|run| run.drift.clone());
        let worth = drift.as_ref().is_some_and(|drift| drift.worth_a_run);
        eprintln!(
            "hearback-cli: themes are older than the data: {}{}",
            drift.map(|drift| drift.reason).unwrap_or_default(),
            if worth { "; run `hearback-cli analyze`" } else { "" }
        );
    }
    let rows: Vec<&ThemeRow> = list.themes.iter().chain(&list.unclustered).chain(&list.short_answers).collect();
    let members = if arguments.members {
        rows.iter().map(|row| members(&workspace, row)).collect::<Result<Vec<_>>>()?
    } else {
        Vec::new()
    };
    if cli.json {
        return if arguments.members { output::json(&WithMembers { list, members }) } else { output::json(&list) };
    }
    let mut table = Table::new(&["id", "theme", "", "feedback", "share", "negative", "points", "", "keywords"]);
    for row in &rows {
        table.row([
            row.id.map(|id| id.to_string()).unwrap_or_default(),
            short(&row.name, 60),
            marks(row),
            row.sums.n.to_string(),
            percent(row.share.value),
            percent(row.negative_share.value),
            points(row.change),
            if row.significant { "clear".to_owned() } else { String::new() },
            short(&row.keywords.join(", "), 60),
        ]);
    }
    table.print();
    for row in rows.iter().filter(|row| !row.subthemes.is_empty()) {
        output::line(&format!("\n{}", row.name));
        for part in &row.subthemes {
            output::line(&format!(
                "  {:>6}  {}  ({})",
                part.feedback,
                short(&part.name, 60),
                short(&part.keywords.join(", "), 60)
            ));
        }
    }
    for (row, members) in rows.iter().zip(&members) {
        output::line(&format!("\n{} ({})", row.name, members.feedback.len()));
        for feedback in &members.feedback {
            let words = feedback.comment.as_ref().or(feedback.correction.as_ref()).or(feedback.query.as_ref());
            output::line(&format!("  {}  {}", feedback.id, short(words.map_or("", String::as_str), 120)));
        }
    }
    Ok(())
}

/// What became of it, and what the user did.
fn marks(row: &ThemeRow) -> String {
    let event = row.event.map(|event| Event::from(event).word()).filter(|word| *word != "kept");
    let pinned = row.pinned.then_some("pinned");
    let noted = (!row.note.is_empty()).then_some("noted");
    [event, pinned, noted].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The feedback of a row of the list.
fn members(workspace: &Workspace, row: &ThemeRow) -> Result<Members> {
    let filter = Filter::try_from(&row.share.rows.filter)?;
    let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
    let page = workspace.feedback_page(&filter, sort, None, u32::MAX - 1)?;
    Ok(Members { theme_id: row.id, feedback: page.rows.into_iter().map(FeedbackRow::from).collect() })
}
