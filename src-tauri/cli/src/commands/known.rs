use hearback_domain::error::Result;
use hearback_wire::{self as wire, KnownProblem, KnownTheme, Similarity};

use super::{asked, similar::word};
use crate::{
    arguments::{Cli, KnownArguments},
    output::{self, Table, short, text},
};

pub fn known(cli: &Cli, arguments: &KnownArguments) -> Result<()> {
    let (text, filter) = (arguments.text.clone(), (&arguments.filter.filter()).into());
    let known = asked(&cli.existing()?, |asked| wire::known(asked, text, filter))?;
    if cli.json {
        return output::json(&known);
    }
    output::line(&verdict(&known));
    for theme in &known.themes {
        output::line("");
        tell(theme);
    }
    if !known.cases.is_empty() {
        output::line("");
        let mut table = Table::new(&["similarity", "", "times", "latest", "text"]);
        for case in &known.cases {
            table.row([
                format!("{:.2}", case.similarity),
                word(case.word).to_owned(),
                case.count.to_string(),
                day(case.last.as_deref()),
                short(&case.text, 90),
            ]);
        }
        table.print();
    }
    Ok(())
}

fn verdict(known: &KnownProblem) -> String {
    match (known.word, known.similarity) {
        (Some(Similarity::Distant), Some(similarity)) => {
            format!("Not known: nothing is near (the nearest case has a similarity of {similarity:.2})")
        }
        (Some(Similarity::Related), Some(similarity)) => {
            format!("Perhaps: the nearest case is related, not the same ({similarity:.2})")
        }
        (Some(closeness), Some(similarity)) => format!("Known: {} ({similarity:.2})", word(closeness)),
        _ => "Not known: there is nothing to compare with".to_owned(),
    }
}

fn tell(theme: &KnownTheme) {
    output::line(&format!("{} ({} {:.2})", short(&theme.name, 90), word(theme.word), theme.similarity));
    let negative =
        theme.negative_share.value.map_or_else(String::new, |share| format!(", {:.0} % negative", share * 100.0));
    output::line(&format!(
        "  {} feedback{negative}; {} of it near; since {}, last {}",
        theme.count,
        theme.near,
        day(theme.first.as_deref()),
        day(theme.last.as_deref()),
    ));
    output::line(&format!("  e.g. {}", short(&text(&theme.example.comment), 100)));
    match &theme.correction {
        Some(correction) => output::line(&format!("  best correction: {}", short(&correction.text, 100))),
        None => output::line("  no correction was given"),
    }
    if let Some(note) = &theme.note {
        output::line(&format!("  note: {}", short(note, 100)));
    }
}

fn day(moment: Option<&str>) -> String {
    moment.map_or_else(|| "unknown".to_owned(), |moment| moment.chars().take(10).collect())
}
