//! Which version of which model is `gpt-4o-mini-2024-07-18`?
//!
//! Providers write the version behind the name. Split off is what can only be a version: a date, a number with two
//! points, `v` and a number. `gpt-4` and `gemini-1.5` are names.

/// Name and version. `version` is what the export says itself, `family` the name without a version (what was asked
/// for rather than what answered), both where there are any.
pub fn split(model: &str, family: Option<&str>, version: Option<&str>) -> (String, String) {
    let tail_of = |name: &str| {
        let rest = model.strip_prefix(name)?;
        let tail = rest.strip_prefix(['-', '@', ':', '_'])?;
        (!tail.is_empty()).then(|| (name.to_owned(), tail.to_owned()))
    };
    if let Some(version) = version {
        let name = model.strip_suffix(version).map(|name| name.trim_end_matches(['-', '@', ':', '_', 'v']));
        let name = name.filter(|name| !name.is_empty()).unwrap_or(model);
        return (name.to_owned(), version.to_owned());
    }
    let by_family = family.filter(|family| *family != model).and_then(tail_of);
    by_family
        .filter(|(_, tail)| tail.bytes().any(|byte| byte.is_ascii_digit()))
        .or_else(|| {
            let places = model.char_indices().filter(|(_, character)| matches!(character, '-' | '@' | ':' | '_'));
            // The longest tail first: 2024-07-18 before 18.
            places
                .map(|(place, _)| (&model[..place], &model[place + 1..]))
                .find(|(name, tail)| !name.is_empty() && is_version(tail))
                .map(|(name, tail)| (name.to_owned(), tail.to_owned()))
        })
        .unwrap_or_else(|| (model.to_owned(), model.to_owned()))
}

fn is_version(tail: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let within = |text: &str, low: u32, high: u32| text.parse().is_ok_and(|value: u32| (low..=high).contains(&value));
    let year = |text: &str| text.len() == 4 && within(text, 2019, 2099);
    let month = |text: &str| text.len() == 2 && within(text, 1, 12);
    let day = |text: &str| text.len() == 2 && within(text, 1, 31);
    if !tail.is_ascii() {
        return false;
    }
    let dashes: Vec<&str> = tail.split('-').collect();
    match dashes.as_slice() {
        [y, m, d] => year(y) && month(m) && day(d),
        [first, second] => year(first) && month(second) || month(first) && (year(second) || day(second)),
        [only] => {
            let only = *only;
            let dots = |text: &str| text.split('.').all(number);
            if let Some(rest) = only.strip_prefix(['v', 'V']) {
                return dots(rest);
            }
            match only.len() {
                8 if number(only) => year(&only[..4]) && month(&only[4..6]) && day(&only[6..]),
                4 if number(only) => month(&only[..2]) && day(&only[2..]),
                _ => only.split('.').count() > 2 && dots(only),
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_split_off() {
        for (model, name, version) in [
            ("claude-3-5-haiku-20241022", "claude-3-5-haiku", "20241022"),
            ("gpt-4o-mini-2024-07-18", "gpt-4o-mini", "2024-07-18"),
            ("support-llm-1.4.2", "support-llm", "1.4.2"),
            ("gpt-4-0613", "gpt-4", "0613"),
            ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview", "05-06"),
            ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet", "20240620"),
            ("assistant-v2", "assistant", "v2"),
            ("gpt-4", "gpt-4", "gpt-4"),
            ("gpt-4.1", "gpt-4.1", "gpt-4.1"),
            ("gemini-1.5-pro", "gemini-1.5-pro", "gemini-1.5-pro"),
            ("text-embedding-3-large", "text-embedding-3-large", "text-embedding-3-large"),
            ("modèle-é", "modèle-é", "modèle-é"),
            ("-20241022", "-20241022", "-20241022"),
        ] {
            assert_eq!(split(model, None, None), (name.to_owned(), version.to_owned()), "{model}");
        }
    }

    #[test]
    fn what_the_export_says_counts_first() {
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(split("gpt-4o-2024-08-06", Some("gpt-4o"), None), pair("gpt-4o", "2024-08-06"));
        assert_eq!(split("llm-r7", Some("llm"), None), pair("llm", "r7"));
        assert_eq!(split("gpt-4o-mini", Some("gpt-4o"), None), pair("gpt-4o-mini", "gpt-4o-mini"));
        assert_eq!(split("haiku-20241022", None, Some("20241022")), pair("haiku", "20241022"));
        assert_eq!(split("haiku", None, Some("9")), pair("haiku", "9"));
    }
}
