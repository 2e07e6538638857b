//! What do a model's own papers say: under which licence is it, and which languages does it know?
//!
//! Model cards begin with a few lines between `---`, of which two are of interest; no more of YAML is understood.

use std::{fs::File, io::Read, path::Path};

/// The beginning of a card or a licence is enough.
const LOOKED_AT: u64 = 16 * 1024;

/// How licences are written on model cards, and their SPDX identifiers.
const LICENCES: &[(&str, &str)] = &[
    ("apache-2.0", "Apache-2.0"),
    ("mit", "MIT"),
    ("bsd-2-clause", "BSD-2-Clause"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
    ("cc0-1.0", "CC0-1.0"),
    ("mpl-2.0", "MPL-2.0"),
    ("gpl-3.0", "GPL-3.0"),
    ("agpl-3.0", "AGPL-3.0"),
];

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// An SPDX identifier where the card's word is known, else its word.
    pub licence: Option<String>,
    pub languages: Option<String>,
}

impl Card {
    pub fn of(folder: &Path) -> Self {
        let card = beginning(&folder.join("README.md")).map(|text| Self::read(&text)).unwrap_or_default();
        let licence = card.licence.or_else(|| {
            ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"]
                .iter()
                .find_map(|name| licence_of(&beginning(&folder.join(name))?))
        });
        Self { licence, ..card }
    }

    fn read(text: &str) -> Self {
        let Some((front, _)) =
            text.trim_start_matches('\u{feff}').strip_prefix("---").and_then(|rest| rest.split_once("\n---"))
        else {
            return Self::default();
        };
        let (mut word, mut name, mut languages) = (None, None, Vec::new());
        let mut within_languages = false;
        for line in front.lines() {
            let item = line.trim_start().strip_prefix("- ").map(clean);
            if let Some(item) = item.filter(|_| within_languages) {
                languages.push(item);
                continue;
            }
            within_languages = false;
            let Some((key, value)) = line.split_once(':') else { continue };
            match (key, clean(value)) {
                ("license", value) if !value.is_empty() => word = Some(value),
                ("license_name", value) if !value.is_empty() => name = Some(value),
                ("language", value) => {
                    within_languages = value.is_empty();
                    let values = value.trim_matches(['[', ']']).split(',').map(clean);
                    languages.extend(values.filter(|value| !value.is_empty()));
                }
                _ => {}
            }
        }
        let licence = word.map(|word| match LICENCES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)) {
            Some((_, identifier)) => (*identifier).to_owned(),
            None => name.unwrap_or(word),
        });
        Self { licence, languages: phrase(&languages) }
    }
}

fn phrase(languages: &[String]) -> Option<String> {
    match languages {
        [] => None,
        [one] if one == "en" => Some("English".to_owned()),
        [one] if one == "multilingual" => Some("many languages".to_owned()),
        few if few.len() <= 4 => Some(few.join(", ")),
        many => Some(format!("{} languages", many.len())),
    }
}

/// By the words that the texts of these licences begin with.
fn licence_of(text: &str) -> Option<String> {
    let has = |words: &str| text.contains(words);
    let identifier = if has("Apache License") && has("Version 2.0") {
        "Apache-2.0"
    } else if has("Permission is hereby granted, free of charge") && has("WITHOUT WARRANTY OF ANY KIND") {
        "MIT"
    } else {
        return None;
    };
    Some(identifier.to_owned())
}

fn clean(value: &str) -> String {
    value.trim().trim_matches(['"', '\'']).chars().filter(|c| !c.is_control()).take(80).collect()
}

fn beginning(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LOOKED_AT).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, Option<String>) {
        let Card { licence, languages } = Card::read(text);
        (licence, languages)
    }

    #[test]
    fn cards_state_licence_and_languages_in_several_ways() {
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(read("---\nlicense: apache-2.0\nlanguage: en\n---\n# M"), (said("Apache-2.0"), said("English")));
        let list = "---\nlanguage:\n- de\n- 'en'\ntags:\n- x\nlicense: \"mit\"\n---\n";
        assert_eq!(read(list), (said("MIT"), said("de, en")));
        let own = "---\nlicense: other\nlicense_name: house-licence\nlanguage: [a, b, c, d, e]\n---\n";
        assert_eq!(read(own), (said("house-licence"), said("5 languages")));
        assert_eq!(read("# A model\nlicense: mit"), (None, None));
    }

    #[test]
    fn the_texts_of_licences_are_known() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Card::of(folder.path()), Card::default());
        std::fs::write(folder.path().join("LICENSE"), "   Apache License\n   Version 2.0, January 2004").unwrap();
        assert_eq!(Card::of(folder.path()).licence.as_deref(), Some("Apache-2.0"));
    }
}
