//! Which model is this, and which version of it?
//!
//! Few tools have a field for the version: it stands at the end of the model's name. `gpt-4o-2024-08-06` is gpt-4o of
//! 2024-08-06, `support-llm-1.4.2` is 1.4.2 of support-llm; `gpt-4.1` is a name, and its own version.

/// The name without its version, and the version: `explicit` where the export says it, else the tail of the name
/// where that is a date or a version number, else the name itself.
pub fn split(model: &str, explicit: Option<&str>) -> (String, String) {
    if let Some(version) = explicit {
        let name = model.strip_suffix(version).map(|name| name.strip_suffix(['v', 'V']).unwrap_or(name));
        let name = name.and_then(|name| name.strip_suffix(SEPARATORS)).filter(|name| !name.is_empty());
        return (name.unwrap_or(model).to_owned(), version.to_owned());
    }
    // The longest tail that is a version: a date has separators of its own.
    for (place, _) in model.match_indices(SEPARATORS) {
        let (name, tail) = (&model[..place], &model[place + 1..]);
        if !name.is_empty() && is_version(tail) {
            return (name.to_owned(), tail.to_owned());
        }
    }
    (model.to_owned(), model.to_owned())
}

/// As [`split`], where the export also has the `family`, the name without a version: what was asked for rather than
/// what answered.
pub fn split_in_family(model: &str, family: Option<&str>, explicit: Option<&str>) -> (String, String) {
    let tail = family.and_then(|family| model.strip_prefix(family)?.strip_prefix(SEPARATORS));
    match (explicit, family, tail) {
        (None, Some(family), Some(tail)) if tail.bytes().any(|byte| byte.is_ascii_digit()) => {
            (family.to_owned(), tail.to_owned())
        }
        _ => split(model, explicit),
    }
}

const SEPARATORS: [char; 5] = ['-', '@', ':', '_', ' '];

fn is_version(tail: &str) -> bool {
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let between = |text: &str, from: u32, to: u32| text.parse().is_ok_and(|value: u32| (from..=to).contains(&value));
    let parts: Vec<&str> = tail.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if numeric(year) && year.len() == 4 && numeric(month) && numeric(day) => {
            between(month, 1, 12) && between(day, 1, 31)
        }
        // 2024-08, and 08-2024 as Cohere has it.
        [year, month] | [month, year] if year.len() == 4 && month.len() == 2 && numeric(year) && numeric(month) => {
            between(year, 2000, 2099) && between(month, 1, 12)
        }
        // Gemini's preview releases: 05-20.
        [month, day] if month.len() == 2 && day.len() == 2 && numeric(month) && numeric(day) => {
            between(month, 1, 12) && between(day, 1, 31)
        }
        [one] => {
            let plain = one.strip_prefix(['v', 'V']);
            let numbers = plain.unwrap_or(one);
            let dots = numbers.matches('.').count();
            let dotted = dots > 0 && numbers.split('.').all(numeric);
            match numbers.len() {
                _ if plain.is_some() => dotted || numeric(numbers),
                // One dot alone is part of a name: gpt-4.1.
                _ if dotted => dots >= 2,
                _ if !numeric(numbers) => false,
                8 => between(&one[..4], 2000, 2099) && between(&one[4..6], 1, 12) && between(&one[6..], 1, 31),
                // 0613 is a day, 2407 a month.
                4 => {
                    between(&one[..2], 1, 12) && between(&one[2..], 1, 31)
                        || between(&one[..2], 20, 39) && between(&one[2..], 1, 12)
                }
                3 => one.starts_with('0'),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_version_where_it_is_one() {
        for (model, name, version) in [
            ("gpt-4o-2024-08-06", "gpt-4o", "2024-08-06"),
            ("claude-3-5-haiku-20241022", "claude-3-5-haiku", "20241022"),
            ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet", "20240620"),
            ("support-llm-1.4.2", "support-llm", "1.4.2"),
            ("mistral-7b-instruct-v0.3", "mistral-7b-instruct", "v0.3"),
            ("gpt-4-0613", "gpt-4", "0613"),
            ("mistral-large-2407", "mistral-large", "2407"),
            ("gemini-1.5-pro-002", "gemini-1.5-pro", "002"),
            ("gemini-2.5-flash-preview-05-20", "gemini-2.5-flash-preview", "05-20"),
            ("command-r-08-2024", "command-r", "08-2024"),
            ("assistant-v2", "assistant", "v2"),
        ] {
            assert_eq!(split(model, None), (name.to_owned(), version.to_owned()));
        }
        for model in ["gpt-4o", "gpt-4.1", "llama-3-70b", "o1", "qwen2.5-72b", "", "-20241022", "a-99999999", "é-日本"]
        {
            assert_eq!(split(model, None), (model.to_owned(), model.to_owned()));
        }
    }

    #[test]
    fn an_explicit_version_is_cut_off_the_name() {
        assert_eq!(split("gpt-4o-eu", Some("eu")), ("gpt-4o".into(), "eu".into()));
        assert_eq!(split("gpt-4o", Some("2024-08-06")), ("gpt-4o".into(), "2024-08-06".into()));
        assert_eq!(split("4o", Some("4o")), ("4o".into(), "4o".into()));
        assert_eq!(split("assistant-v2", Some("2")), ("assistant".into(), "2".into()));
    }

    #[test]
    fn what_was_asked_for_is_the_name_of_what_answered() {
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(split_in_family("gpt-4o-2024-08-06", Some("gpt-4o"), None), pair("gpt-4o", "2024-08-06"));
        assert_eq!(split_in_family("llm-r7", Some("llm"), None), pair("llm", "r7"));
        assert_eq!(split_in_family("gpt-4o-mini", Some("gpt-4o"), None), pair("gpt-4o-mini", "gpt-4o-mini"));
        assert_eq!(split_in_family("haiku-20241022", None, Some("20241022")), pair("haiku", "20241022"));
    }
}
