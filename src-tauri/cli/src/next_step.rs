//! How does one ask for the next step on the command line?

use hearback_domain::error::{Error, NextStep};

pub const fn words(step: NextStep) -> &'static str {
    match step {
        NextStep::Analyse => "`hearback-cli analyze` finds themes",
        NextStep::Models => "`hearback-cli models` lists, downloads (`download KEY --yes`), adds and chooses models",
        NextStep::AddModelAgain => {
            "Remove the model and add it again: `hearback-cli models remove`, `hearback-cli models add`"
        }
        NextStep::MapColumns => "`--map comment=TEXT,score=STARS` says what its columns mean",
        NextStep::Feedback => "`hearback-cli feedback` lists feedback with its ids",
        NextStep::Themes => "`hearback-cli themes` lists themes with their ids",
        NextStep::SetUp => "`cargo xtask setup` puts it in place",
    }
}

/// What went wrong and what to do about it, as one line.
pub fn sentence(error: &Error) -> String {
    let next = error.next.map(|step| format!(". {}", words(step))).unwrap_or_default();
    format!("{}{next}", error.with_hint())
}
