use hearback_engine::{error::Result, pipeline::SimilarTo, recall::Closeness};
use hearback_wire::{SimilarCase, Similarity};

use crate::{
    arguments::{Cli, SimilarArguments},
    output::{self, Table, short, text},
    progress,
};

pub fn similar(cli: &Cli, arguments: &SimilarArguments) -> Result<()> {
    let cases: Vec<SimilarCase> = cli
        .existing()?
        .similar(SimilarTo::Text(&arguments.like), arguments.k as usize, &arguments.filter.filter(), &progress::job())?
        .into_iter()
        .map(SimilarCase::from)
        .collect();
    if cli.json {
        return output::json(&cases);
    }
    let mut table = Table::new(&["similarity", "", "times", "latest", "theme", "text"]);
    for case in &cases {
        table.row([
            format!("{:.2}", case.similarity),
            word(case.word).to_owned(),
            case.count.to_string(),
            case.feedback.id.clone(),
            short(&text(&case.feedback.theme_name), 30),
            short(&case.text, 90),
        ]);
    }
    table.print();
    Ok(())
}

/// As the engine says it.
fn word(similarity: Similarity) -> &'static str {
    Closeness::from(similarity).word()
}
