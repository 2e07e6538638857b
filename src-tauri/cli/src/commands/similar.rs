use hearback_app::{
    SimilarTo, Workspace,
    analysis::recall::{Closeness, LastWord},
};
use hearback_domain::error::{Error, Result};
use hearback_wire::{SearchAnswer, SimilarCase, Similarity};

use crate::{
    arguments::{Cli, SimilarArguments},
    output::{self, Table, short, text},
    progress,
};

pub fn similar(cli: &Cli, arguments: &SimilarArguments) -> Result<()> {
    let workspace = cli.existing()?;
    if arguments.words {
        return search(cli, &workspace, arguments);
    }
    let cases: Vec<SimilarCase> = workspace
        .similar(target(arguments)?, arguments.k as usize, &arguments.filter.filter(), &progress::job())?
        .into_iter()
        .map(SimilarCase::from)
        .collect();
    if cli.json {
        return output::json(&cases);
    }
    let mut table = Table::new(&["similarity", "", "times", "latest", "theme", "text", "correction", "note"]);
    for case in &cases {
        table.row([
            format!("{:.2}", case.similarity),
            word(case.word).to_owned(),
            case.count.to_string(),
            case.feedback.id.clone(),
            short(&text(&case.feedback.theme_name), 30),
            short(&case.text, 90),
            short(case.correction.as_ref().map_or("", |correction| &correction.text), 60),
            short(&text(&case.note), 60),
        ]);
    }
    table.print();
    Ok(())
}

fn search(cli: &Cli, workspace: &Workspace, arguments: &SimilarArguments) -> Result<()> {
    let Some(like) = arguments.like.as_deref().filter(|like| !like.trim().is_empty()) else {
        return Err(Error::input("there are no words to look for"));
    };
    let filter = arguments.filter.filter();
    let answer: SearchAnswer =
        workspace.search(like, LastWord::Whole, arguments.k as usize, &filter, &progress::job())?.into();
    if cli.json {
        return output::json(&answer);
    }
    let mut table = Table::new(&["similarity", "", "words", "times", "latest", "theme", "text"]);
    for case in &answer.cases {
        table.row([
            case.similarity.map_or_else(String::new, |similarity| format!("{similarity:.2}")),
            case.word.map_or("", word).to_owned(),
            if case.by_words { "yes" } else { "" }.to_owned(),
            case.count.to_string(),
            case.feedback.id.clone(),
            short(&text(&case.feedback.theme_name), 30),
            short(&case.text, 90),
        ]);
    }
    table.print();
    Ok(())
}

fn target(arguments: &SimilarArguments) -> Result<SimilarTo<'_>> {
    match (&arguments.like, &arguments.to_feedback, &arguments.to_turn, arguments.to_theme) {
        (Some(text), None, None, None) => Ok(SimilarTo::Text(text)),
        (None, Some(id), None, None) => Ok(SimilarTo::Feedback(id)),
        (None, None, Some(id), None) => Ok(SimilarTo::Turn(id)),
        (None, None, None, Some(id)) => Ok(SimilarTo::Theme(id)),
        _ => Err(Error::input("give one of a text, --to-feedback, --to-turn or --to-theme")),
    }
}

/// As the engine says it.
pub fn word(similarity: Similarity) -> &'static str {
    Closeness::from(similarity).word()
}
