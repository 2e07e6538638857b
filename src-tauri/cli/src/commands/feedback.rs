use std::{fs::File, io::BufWriter};

use hearback_app::store::{FeedbackSort, SortBy, SortOrder};
use hearback_domain::error::{Error, Result};
use hearback_wire::FeedbackPage;

use crate::{
    arguments::{Cli, FeedbackArguments},
    output::{self, Table, short, text},
    progress,
};

pub fn feedback(cli: &Cli, arguments: &FeedbackArguments) -> Result<()> {
    let workspace = cli.existing()?;
    let filter = arguments.filter.filter();
    if let Some(path) = &arguments.csv {
        let file = File::create(path)
            .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))?;
        let rows = workspace.export_feedback(&filter, BufWriter::new(file), &progress::job())?;
        return if cli.json {
            output::json(&serde_json::json!({ "path": path, "rows": rows }))
        } else {
            output::line(&format!("{rows} rows written to {}", path.display()));
            Ok(())
        };
    }
    let by = SortBy::from_word(&arguments.sort).ok_or_else(|| {
        let known: Vec<&str> = SortBy::ALL.iter().map(|by| by.word()).collect();
        Error::input(format!("feedback cannot be sorted by {:?}", arguments.sort))
            .hint(format!("One of {}", known.join(", ")))
    })?;
    let order = if arguments.ascending { SortOrder::Ascending } else { SortOrder::Descending };
    let page = workspace.feedback_page(&filter, FeedbackSort { by, order }, None, arguments.limit)?;
    let page = FeedbackPage::from(page);
    if cli.json {
        return output::json(&page);
    }
    let mut table = Table::new(&["id", "time", "type", "polarity", "version", "environment", "theme", "words"]);
    for row in &page.rows {
        let words = row.comment.as_ref().or(row.correction.as_ref()).or(row.label.as_ref()).or(row.query.as_ref());
        table.row([
            row.id.clone(),
            text(&row.created_at),
            format!("{:?}", row.feedback_type).to_lowercase(),
            format!("{:?}", row.polarity).to_lowercase(),
            text(&row.model_version),
            text(&row.environment),
            short(row.theme_name.as_deref().unwrap_or_default(), 30),
            short(words.map_or("", String::as_str), 70),
        ]);
    }
    table.print();
    if (page.rows.len() as u64) < page.total {
        output::line(&format!("{} of {}", page.rows.len(), page.total));
    }
    Ok(())
}
