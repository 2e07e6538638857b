//! What is a theme called, in its members' own words?
//!
//! The clause of a central member that says most of what sets the theme apart, in few words: "Refund window is wrong"
//! rather than "refund, days, policy". A clause ends at punctuation or a line break. Where no member has a usable
//! clause, the strongest keywords are the name. Names are unique within a run.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;

use super::terms::{Said, ThemeTerms, content_words, stem};

/// Central members that are read for clauses.
const READ: usize = 40;

const MOST_WORDS: usize = 9;
const MOST_CHARACTERS: usize = 60;

/// A name for each theme. `central[i]` are texts of theme `i`, the most central first; stronger themes come first and
/// choose first. None is called `whole`, which is what they are parts of.
pub(super) fn names(central: &[Vec<Said<'_>>], terms: &[ThemeTerms], whole: Option<&str>) -> Vec<String> {
    let mut taken: BTreeSet<String> = whole.map(key).into_iter().collect();
    central.iter().zip(terms).map(|(texts, terms)| choose(texts, terms, &mut taken)).collect()
}

fn choose(texts: &[Said<'_>], terms: &ThemeTerms, taken: &mut BTreeSet<String>) -> String {
    let keywords = terms.keywords.iter().take(3).map(|keyword| keyword.text.as_str()).collect::<Vec<_>>().join(", ");
    let mut candidates = clauses(texts, terms);
    candidates.push(keywords);
    // A theme of wordless or unreadable texts still gets the beginning of one.
    candidates.extend(texts.first().map(|said| shorten(said.text)));
    candidates.retain(|candidate| !candidate.is_empty());
    for candidate in &candidates {
        if taken.insert(key(candidate)) {
            return sentence_case(candidate);
        }
    }
    let first = candidates.into_iter().next().unwrap_or_else(|| "Untitled".to_owned());
    let numbered = (2..).map(|number| format!("{first} ({number})")).find(|name| taken.insert(key(name)));
    sentence_case(&numbered.unwrap_or(first))
}

/// Usable clauses, the best first.
fn clauses<'a>(texts: &[Said<'a>], terms: &ThemeTerms) -> Vec<String> {
    // By stem, so that "refund" and "refunds" count once.
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    for (word, weight) in &terms.words {
        let known = weights.entry(stem(word)).or_default();
        *known = known.max(*weight);
    }
    // By their words: the best score, who has it, and how much the members are that say it.
    let mut best: BTreeMap<String, (f64, &'a str, usize)> = BTreeMap::new();
    for (rank, said_text) in texts.iter().take(READ).enumerate() {
        for clause in split(said_text.text) {
            let characters = clause.chars().count();
            // Scripts without spaces have words of one or two signs by Unicode's rules.
            let words = clause.unicode_words().count().min(characters.div_ceil(3));
            if !(1..=MOST_WORDS).contains(&words) || characters > MOST_CHARACTERS {
                continue;
            }
            let stems: BTreeSet<String> = content_words(clause).iter().map(|word| stem(word)).collect();
            let said: f64 = stems.iter().filter_map(|stem| weights.get(stem)).sum();
            if said <= 0.0 {
                continue;
            }
            // Words that the theme does not share make a clause one member's affair; a single word says little.
            let foreign = stems.iter().filter(|stem| !weights.contains_key(*stem)).count();
            let brevity = 1.0 / (2.0 + words as f64 + foreign as f64).sqrt();
            let substance = if words == 1 { 0.5 } else { 1.0 };
            let score = said * brevity * substance * (1.0 - 0.5 * rank as f64 / READ as f64);
            let entry = best.entry(key(clause)).or_insert((score, clause, 0));
            if score > entry.0 {
                (entry.0, entry.1) = (score, clause);
            }
            entry.2 += said_text.voice();
        }
    }
    let agreed = |(score, clause, voice): (f64, &'a str, usize)| (score * (1.0 + 0.3 * (voice as f64).ln()), clause);
    let mut ordered: Vec<(f64, &str)> = best.into_values().map(agreed).collect();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    ordered.into_iter().map(|(_, clause)| clause.to_owned()).collect()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    const ENDS: &[char] = &[
        '.', '!', '?', ',', ';', ':', '\n', '\r', '(', ')', '…', // and of Chinese, Japanese, Arabic, Hindi:
        '。', '，', '！', '？', '、', '；', '：', '（', '）', '،', '؛', '؟', '।',
    ];
    const OPENERS: &[&str] = &["and ", "but ", "so ", "because ", "also ", "please ", "then ", "hi ", "hello "];
    text.split(ENDS).flat_map(|part| part.split(" - ")).map(|part| {
        let mut clause = part.trim_matches(is_ornament);
        while let Some(opener) = OPENERS
            .iter()
            .find(|opener| clause.get(..opener.len()).is_some_and(|start| start.eq_ignore_ascii_case(opener)))
        {
            clause = clause[opener.len()..].trim_start();
        }
        clause
    })
}

/// White space, quotes, emoji and other signs that say nothing at the ends of a clause.
fn is_ornament(c: char) -> bool {
    let sign = matches!(c as u32, 0x2000..=0x20_9F | 0x20D0..=0x2BFF | 0x3000..=0x303F | 0xFE00..=0xFE0F | 0x1_F000..=0x1_FAFF);
    c.is_whitespace() || sign || (c.is_ascii_punctuation() && !matches!(c, '$' | '%' | '+'))
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= MOST_CHARACTERS {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MOST_CHARACTERS - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}

fn key(name: &str) -> String {
    name.to_lowercase().unicode_words().collect::<Vec<_>>().join(" ")
}

/// A capital at the beginning; SHOUTING is put in lower case, other spelling stays.
fn sentence_case(name: &str) -> String {
    let shouted = name.chars().filter(|c| c.is_alphabetic()).count() > 5 && !name.chars().any(char::is_lowercase);
    let name = if shouted { name.to_lowercase() } else { name.to_owned() };
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::terms::by_theme;
    use super::*;

    fn check(themes: &[&[&'static str]]) -> Vec<String> {
        let said = |texts: &&[&'static str]| texts.iter().map(|text| Said { text, feedback: 1 }).collect();
        let themes: Vec<Vec<Said<'_>>> = themes.iter().map(said).collect();
        names(&themes, &by_theme(&themes), None)
    }

    #[test]
    fn a_name_is_a_clause_that_a_member_said() {
        let refunds: &[&'static str] = &[
            "Hi, the refund window is wrong. It said 60 days and my colleague who works in billing was very angry",
            "wrong refund window, should be 30 days",
            "It told me the wrong refund window!",
            "REFUND WINDOW OUT OF DATE",
        ];
        let logins: &[&'static str] = &["cannot log in", "I cannot log in since Monday", "log in fails, cannot log in"];
        let names = check(&[refunds, logins]);
        assert!(names[0].to_lowercase().contains("refund window"), "{names:?}");
        assert!(names[0].starts_with(char::is_uppercase) && names[0].split(' ').count() <= MOST_WORDS);
        assert!(names[1].to_lowercase().contains("log"), "{names:?}");
    }

    #[test]
    fn names_are_unique_and_never_empty() {
        let same: &[&'static str] = &["too slow", "Too slow!", "too slow."];
        let names = check(&[same, same, same, &["👍"], &["?"], &["?"]]);
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
        assert!(names.iter().all(|name| !name.is_empty()));
        assert_eq!(names[0], "Too slow");
    }

    #[test]
    fn names_are_in_the_language_of_the_texts() {
        let names = check(&[
            &[
                "Die Rückerstattung dauert zu lange.",
                "Rückerstattung dauert ewig",
                "die Rückerstattung dauert zu lange!",
            ],
            &["請求書が届きません。", "まだ請求書が届きません", "請求書が届きません、困ります"],
            &["لا أستطيع تسجيل الدخول، ساعدوني", "لا أستطيع تسجيل الدخول", "تسجيل الدخول لا يعمل"],
        ]);
        assert!(names[0].contains("Rückerstattung dauert"), "{names:?}");
        assert!(names[1].contains("請求書が届きません") && !names[1].contains('。'), "{names:?}");
        assert!(names[2].contains("تسجيل الدخول") && !names[2].contains('،'), "{names:?}");
    }

    #[test]
    fn a_part_is_not_called_as_the_whole() {
        let texts = vec![vec![Said { text: "too slow", feedback: 1 }, Said { text: "too slow today", feedback: 1 }]];
        let alone = names(&texts, &by_theme(&texts), None);
        let part = names(&texts, &by_theme(&texts), Some(&alone[0]));
        assert!(!part[0].is_empty() && key(&part[0]) != key(&alone[0]), "{alone:?} {part:?}");
    }

    #[test]
    fn clauses_lose_what_says_nothing_at_their_ends() {
        let clauses: Vec<&str> = split("Hi, \"the totals are wrong\" 👍🏻!! (and it costs $20) - über 5 % 👎").collect();
        let kept: Vec<&str> = clauses.into_iter().filter(|clause| !clause.is_empty()).collect();
        assert_eq!(kept, ["Hi", "the totals are wrong", "it costs $20", "über 5 %"]);
    }

    #[test]
    fn shouting_is_put_in_lower_case_and_names_of_things_stay() {
        assert_eq!(sentence_case("WRONG ANSWER AGAIN"), "Wrong answer again");
        assert_eq!(sentence_case("iOS export fails"), "IOS export fails");
        assert_eq!(sentence_case("PDF"), "PDF");
        assert_eq!(sentence_case("über zwei Wochen"), "Über zwei Wochen");
    }
}
