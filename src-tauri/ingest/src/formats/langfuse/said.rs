//! What was asked and answered, without building the JSON where it is plain.
//!
//! Nearly all inputs are a list of `{role, content}` and nearly all outputs one such object. Those are read in place,
//! once for query and system prompt together; any other shape goes to [`message`]. Both ways give the same texts.

use std::borrow::Cow;

use serde::Deserialize;

use crate::{
    message::{self, TextForm},
    row::Cell,
};

/// Query and system prompt.
pub(super) fn input(cell: &Cell<'_>, form: TextForm) -> (Option<String>, Option<String>) {
    match plain::<Vec<Message<'_>>>(cell, form, '[') {
        Some(messages) if !messages.is_empty() => {
            let of = |roles: &[&str], message: &Message<'_>| {
                roles.iter().any(|role| message.role.eq_ignore_ascii_case(role))
            };
            let query = messages.iter().rev().find(|message| of(&["user", "human"], message)).or(messages.last());
            let system: Vec<&str> = messages
                .iter()
                .filter(|message| of(&["system", "developer"], message))
                .map(|message| message.content.as_ref())
                .collect();
            (
                query.map(|message| message.content.clone().into_owned()),
                (!system.is_empty()).then(|| system.join("\n\n")),
            )
        }
        _ => (message::query(cell, form), message::system(cell)),
    }
}

pub(super) fn output(cell: &Cell<'_>, form: TextForm) -> Option<String> {
    match plain::<Message<'_>>(cell, form, '{') {
        Some(message) => Some(message.content.into_owned()),
        None => message::answer(cell, form),
    }
}

/// No further keys and nothing but text in these: whatever else there may be is for [`message`] to judge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(borrow)]
    role: Cow<'m, str>,
    #[serde(borrow)]
    content: Cow<'m, str>,
}

fn plain<'c, T: Deserialize<'c>>(cell: &'c Cell<'_>, form: TextForm, first: char) -> Option<T> {
    match cell {
        Cell::Nested(text) if text.starts_with(first) => serde_json::from_str(text).ok(),
        Cell::Text(text) if form != TextForm::Exact && text.starts_with(first) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_same_texts() {
        for text in [
            r#"[{"role":"system","content":"s\n1"},{"role":"user","content":"first"},{"role":"DEVELOPER","content":""},{"content":"né\"w","role":"User"},{"role":"assistant","content":"a"}]"#,
            r#"[{"role":"assistant","content":"only"}]"#,
            r#"[{"role":"user","content":null}]"#,
            r#"[{"role":"user","content":[{"type":"text","text":"part"}]}]"#,
            r#"[[{"role":"user","content":"wrapped"}]]"#,
            "[]",
            r#"["a","b"]"#,
            r#"{"messages":[{"role":"user","content":"held"}]}"#,
        ] {
            for (cell, form) in [
                (Cell::Nested(text.into()), TextForm::Exact),
                (Cell::Text(text.into()), TextForm::MaybeJson),
                (Cell::Text(text.into()), TextForm::Json),
                (Cell::Text(text.into()), TextForm::Exact),
            ] {
                assert_eq!(
                    input(&cell, form),
                    (message::query(&cell, form), message::system(&cell)),
                    "{cell:?} {form:?}"
                );
            }
        }
        for text in [
            r#"{"role":"assistant","content":"a\u00e9"}"#,
            r#"{"content":"","role":"user"}"#,
            r#"{"role":"assistant","content":null}"#,
            r#"{"role":"assistant","content":"a","tool_calls":[]}"#,
            r#"{"answer":"x"}"#,
        ] {
            let cell = Cell::Nested(text.into());
            assert_eq!(output(&cell, TextForm::Exact), message::answer(&cell, TextForm::Exact), "{text}");
        }
    }
}
