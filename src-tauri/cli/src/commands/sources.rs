use std::{fs::File, io::BufWriter};

use hearback_app::store::SourceToRemove;
use hearback_domain::{
    FeedbackType,
    error::{Error, Result},
};
use hearback_wire as wire;

use super::asked;
use crate::{
    arguments::{Cli, RejectArguments, UnjoinedArguments},
    output::{self, Table, short},
    progress,
};

pub fn sources(cli: &Cli) -> Result<()> {
    let sources = asked(&cli.existing()?, wire::list_sources)?;
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

pub fn remove(cli: &Cli, sources: &[SourceToRemove]) -> Result<()> {
    cli.changing()?.remove_sources(sources)?;
    let ids: Vec<i64> = sources.iter().map(|source| source.id).collect();
    if cli.json {
        return output::json(&serde_json::json!({ "removed": ids }));
    }
    let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    output::line(&match ids[..] {
        [_] => format!("source {list} was removed, and all that only it brought"),
        _ => format!("sources {list} were removed, and all that only they brought"),
    });
    Ok(())
}

pub fn unjoined(cli: &Cli, arguments: &UnjoinedArguments) -> Result<()> {
    let UnjoinedArguments { source, after, limit, .. } = arguments;
    let page = asked(&cli.existing()?, |asked| wire::list_unjoined(asked, *source, after.clone(), *limit))?;
    if cli.json {
        return output::json(&page);
    }
    let mut table = Table::new(&["feedback", "why", "type", "comment"]);
    for row in &page.rows {
        let comment = row.row.comment.as_deref().unwrap_or_default();
        table.row([
            row.row.id.clone(),
            row.reason.clone(),
            FeedbackType::from(row.row.feedback_type).word().to_owned(),
            short(comment, 60),
        ]);
    }
    table.print();
    if (page.rows.len() as u64) < page.total {
        output::line(&format!("{} of {}", page.rows.len(), page.total));
    }
    Ok(())
}

pub fn rejects(cli: &Cli, arguments: &RejectArguments) -> Result<()> {
    if let Some(path) = &arguments.output {
        let file = File::create(path)
            .map_err(|error| Error::file(format!("{} cannot be written", path.display())).because(error))?;
        let count = cli.existing()?.export_rejects(arguments.source, &mut BufWriter::new(file), &progress::job())?;
        if cli.json {
            return output::json(&serde_json::json!({ "rejects": count }));
        }
        output::line(&format!("{count} rejected records were written to {}", path.display()));
        return Ok(());
    }
    let RejectArguments { source, after, limit, .. } = arguments;
    let page = asked(&cli.existing()?, |asked| wire::list_rejects(asked, *source, *after, *limit))?;
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
