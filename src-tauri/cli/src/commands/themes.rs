use hearback_engine::{
    error::Result,
    model::{Condition, Dimension, filter::Exclude},
    pipeline::Project,
    store::{FeedbackSort, SortBy, SortOrder},
};
use hearback_wire::{FeedbackRow, ThemeList, ThemeRow};
use serde::Serialize;

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
    let project = cli.existing()?;
    let list = ThemeList::from(&project.themes(&arguments.filter.filter(), &arguments.comparison.comparison())?);
    if list.run.is_none() {
        eprintln!("hearback-cli: there are no themes yet: run `hearback-cli analyze`");
    } else if list.run.as_ref().is_some_and(|run| run.stale) {
        eprintln!("hearback-cli: themes are older than the data: run `hearback-cli analyze`");
    }
    let rows: Vec<&ThemeRow> = list.themes.iter().chain(&list.unclustered).collect();
    let members = if arguments.members {
        rows.iter().map(|row| members(&project, arguments, row.id)).collect::<Result<Vec<_>>>()?
    } else {
        Vec::new()
    };
    if cli.json {
        return if arguments.members { output::json(&WithMembers { list, members }) } else { output::json(&list) };
    }
    let mut table = Table::new(&["id", "theme", "feedback", "share", "negative", "points", "", "keywords"]);
    for row in &rows {
        table.row([
            row.id.map(|id| id.to_string()).unwrap_or_default(),
            short(&row.name, 60),
            row.sums.n.to_string(),
            percent(row.share.value),
            percent(row.negative_share.value),
            points(row.change),
            if row.significant { "clear".to_owned() } else { String::new() },
            short(&row.keywords.join(", "), 60),
        ]);
    }
    table.print();
    for (row, members) in rows.iter().zip(&members) {
        output::line(&format!("\n{} ({})", row.name, members.feedback.len()));
        for feedback in &members.feedback {
            let words = feedback.comment.as_ref().or(feedback.correction.as_ref()).or(feedback.query.as_ref());
            output::line(&format!("  {}  {}", feedback.id, short(words.map_or("", String::as_str), 120)));
        }
    }
    Ok(())
}

fn members(project: &Project, arguments: &ThemeArguments, theme: Option<i64>) -> Result<Members> {
    let mut filter = arguments.filter.filter();
    filter.conditions.push(Condition {
        dimension: Dimension::Theme,
        values: vec![theme.map(|id| id.to_string())],
        exclude: Exclude::No,
    });
    let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
    let page = project.workspace.feedback_page(&filter, sort, None, u32::MAX - 1)?;
    Ok(Members { theme_id: theme, feedback: page.rows.into_iter().map(FeedbackRow::from).collect() })
}
