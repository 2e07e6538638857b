use hearback_engine::error::Result;
use hearback_wire::{RejectPage, Source};

use crate::{
    arguments::{Cli, RejectArguments},
    output::{self, Table, short},
};

pub fn sources(cli: &Cli) -> Result<()> {
    let sources: Vec<Source> = cli.existing()?.workspace.sources()?.iter().map(Source::from).collect();
    if cli.json {
        return output::json(&sources);
    }
    let mut table = Table::new(&["id", "source", "format", "imported", "read", "rejected", "feedback", "to a turn"]);
    for source in &sources {
        table.row([
            source.id.to_string(),
            source.name.clone(),
            source.format.clone(),
            source.imported_at.clone(),
            source.counts.read.to_string(),
            source.counts.rejected.to_string(),
            source.counts.feedback.to_string(),
            source.counts.joined_turn.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

pub fn rejects(cli: &Cli, arguments: &RejectArguments) -> Result<()> {
    let page =
        RejectPage::from(cli.existing()?.workspace.rejects(arguments.source, arguments.after, arguments.limit)?);
    if cli.json {
        return output::json(&page);
    }
    let mut table = Table::new(&["id", "source", "record", "byte", "reason", "raw"]);
    for reject in &page.rows {
        table.row([
            reject.id.to_string(),
            reject.source_name.clone(),
            reject.record.to_string(),
            reject.byte.map(|byte| byte.to_string()).unwrap_or_default(),
            short(&reject.reason, 80),
            short(&reject.raw, 60),
        ]);
    }
    table.print();
    if (page.rows.len() as u64) < page.total {
        output::line(&format!("{} of {}", page.rows.len(), page.total));
    }
    Ok(())
}
