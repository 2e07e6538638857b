//! Which words and phrases set a theme apart from the others?
//!
//! Class-based TF-IDF (M. Grootendorst, "BERTopic", 2022, <https://arxiv.org/abs/2203.05794>): a term weighs its share
//! in a theme times `ln(1 + A / f)`, with `f` its count in all themes and `A` the mean size of a theme. Terms are
//! words and phrases of two and three words as they stand side by side in a text; a text counts once for each of its
//! terms, however often it says them. Of a large theme the most central texts are read. (linfa's count vectoriser, one
//! document per theme, took most of the time of a cut, so the counts are our own.)
//!
//! Words are cut by Unicode's rules (UAX 29), so every language keeps its words. A phrase neither begins nor ends with
//! an English stop word. Words that most themes use alike are boilerplate of the workspace, in whatever language:
//! they are no keywords, and begin and end none.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::Keyword;

/// Texts of a theme that are read, the most central ones.
const MOST_TEXTS: usize = 400;

/// Words of a text that are looked at: a pasted log file must not decide a name.
const MOST_WORDS: usize = 400;

/// Keywords of a theme.
const KEYWORDS: usize = 8;

/// A word is boilerplate when it stands in this share of all texts and in this share of all themes ...
const BOILERPLATE_TEXTS: f64 = 0.10;
const BOILERPLATE_THEMES: f64 = 0.75;
/// ... except in a theme that says it this many times as often as all do.
const OWN: f64 = 2.5;
/// Below so many themes nothing can be told about what most themes say.
const BOILERPLATE_FROM: usize = 6;

/// A text and the number of feedbacks that say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub text: &'a str,
    pub feedback: u64,
}

impl Said<'_> {
    /// How much a text counts: once for one feedback, once more for each doubling. What most people said should show
    /// in the name, but one button pressed a thousand times should not silence everybody else.
    pub fn voice(&self) -> usize {
        self.feedback.max(1).ilog2() as usize + 1
    }
}

/// What sets each theme apart.
#[derive(Clone, Debug, Default)]
pub(super) struct ThemeTerms {
    /// The strongest first, none of them said by another already.
    pub keywords: Vec<Keyword>,
    /// For names: the weight of each word (no phrases), leaning towards what most members say, so that a theme of
    /// "good" with a few "not good" is not called by what is rare in it.
    pub words: BTreeMap<String, f64>,
}

/// How often terms are said.
type Counts = HashMap<String, usize>;

/// `themes[i]` are texts of theme `i`, the most central first.
pub(super) fn by_theme(themes: &[Vec<Said<'_>>]) -> Vec<ThemeTerms> {
    let read = |texts: &Vec<Said<'_>>| {
        let texts = &texts[..texts.len().min(MOST_TEXTS)];
        (count(texts), texts.iter().map(Said::voice).sum())
    };
    let counted: Vec<(Counts, usize)> = themes.par_iter().map(read).collect();
    // In all themes: how often, and in how many of them.
    let mut everywhere: HashMap<&str, (usize, usize)> = HashMap::new();
    for (term, &count) in counted.iter().flat_map(|(counts, _)| counts) {
        let entry = everywhere.entry(term).or_default();
        *entry = (entry.0 + count, entry.1 + 1);
    }
    let total = counted.iter().map(|(_, size)| size).sum::<usize>() as f64;
    let mean_size = total / themes.len().max(1) as f64;
    let boilerplate: HashSet<&str> = everywhere
        .iter()
        .filter(|(term, (count, themes_with))| {
            themes.len() >= BOILERPLATE_FROM
                && *count as f64 >= BOILERPLATE_TEXTS * total
                && *themes_with as f64 >= BOILERPLATE_THEMES * themes.len() as f64
                && word_count(term) == 1
        })
        .map(|(&term, _)| term)
        .collect();

    let set_apart = |(counts, size): &(Counts, usize)| {
        let common = |word: &str| {
            let here = || counts.get(word).map_or(0.0, |&count| count as f64 / *size as f64);
            boilerplate.contains(word) && here() < OWN * everywhere[word].0 as f64 / total
        };
        let mut weighted: Vec<(&str, f64)> = Vec::new();
        let mut words = BTreeMap::new();
        for (term, &count) in counts {
            let is_word = word_count(term) == 1;
            // A term of one text among many is that text's, not the theme's.
            let lonely = count < 2 && *size > if is_word { 3 } else { 1 };
            if lonely
                || term.unicode_words().next().is_some_and(common)
                || term.unicode_words().next_back().is_some_and(common)
            {
                continue;
            }
            let share = count as f64 / *size as f64;
            let weight = share * (1.0 + mean_size / everywhere[term.as_str()].0 as f64).ln();
            weighted.push((term, weight));
            if is_word {
                words.insert(term.clone(), weight * share);
            }
        }
        weighted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ThemeTerms { keywords: distinct(&weighted), words }
    };
    counted.par_iter().map(set_apart).collect()
}

/// A text counts for each of its terms as often as its voice.
fn count(texts: &[Said<'_>]) -> Counts {
    let mut counts = Counts::new();
    for said in texts {
        for term in terms(&said.text.to_lowercase()) {
            *counts.entry(term).or_default() += said.voice();
        }
    }
    counts
}

/// The strongest terms that each say something new. A phrase says more than its words, so it is preferred where it
/// is nearly as strong.
fn distinct(weighted: &[(&str, f64)]) -> Vec<Keyword> {
    const PHRASE: f64 = 1.6;
    let mut preferred: Vec<(&str, f64, f64)> = weighted
        .iter()
        .take(200)
        .map(|&(term, weight)| (term, weight, if word_count(term) > 1 { weight * PHRASE } else { weight }))
        .collect();
    preferred.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut keywords = Vec::new();
    for (term, weight, _) in preferred {
        let stems: Vec<String> = content_words(term).iter().map(|word| stem(word)).collect();
        let new = stems.iter().filter(|stem| !said.contains(*stem)).count();
        // Of a phrase at least half must be new.
        if new * 2 < stems.len().max(1) {
            continue;
        }
        said.extend(stems);
        keywords.push(Keyword { text: term.to_owned(), score: weight });
        if keywords.len() == KEYWORDS {
            break;
        }
    }
    keywords
}

/// Words that carry meaning, and phrases of two and three neighbouring words that begin and end with such.
fn terms(lower: &str) -> BTreeSet<String> {
    let words: Vec<(usize, &str)> = lower.unicode_word_indices().take(MOST_WORDS).collect();
    let mut terms = BTreeSet::new();
    for first in 0..words.len() {
        if !is_content(words[first].1) {
            continue;
        }
        terms.insert(words[first].1.to_owned());
        for last in first + 1..(first + 3).min(words.len()) {
            // Neighbours: with one space between them, or nothing (as in Chinese).
            let (before, after) = (words[last - 1], words[last]);
            if !matches!(&lower[before.0 + before.1.len()..after.0], "" | " ") {
                break;
            }
            if is_content(after.1) {
                terms.insert(lower[words[first].0..after.0 + after.1.len()].to_owned());
            }
        }
    }
    terms
}

/// The words of a text in lower case that are neither stop words nor bare numbers.
pub(super) fn content_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.unicode_words().take(MOST_WORDS).filter(|word| is_content(word)).map(str::to_owned).collect()
}

/// Whether anything is said in words: with letters of any script. "👍", "...", "5/10" say nothing that has a meaning
/// for the model either: it gives all emoji the same vector.
pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

pub(super) fn is_content(word: &str) -> bool {
    static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    // A single letter is no word in alphabets, but one in scripts that write a word with one sign.
    let long_enough = letters >= 2 || word.chars().any(|letter| letter as u32 >= 0x2E80);
    letters > 0 && long_enough && !STOP_WORDS.contains(word.replace('’', "'").as_str())
}

/// Enough to see that "refunds" and "refund" are one word.
pub(super) fn stem(word: &str) -> String {
    let cut = word.strip_suffix("'s").unwrap_or(word);
    match cut.strip_suffix('s') {
        Some(stem) if stem.len() > 3 && !stem.ends_with('s') => stem.to_owned(),
        _ => cut.to_owned(),
    }
}

fn word_count(term: &str) -> usize {
    term.unicode_words().count()
}

/// English words that any sentence may have. Words that carry the complaint (not, wrong, never) stay.
const STOP: &str = "
a about after again all also am an and any anyway are aren't as at be because been before being but by can can't
could couldn't did didn't do does doesn't doing don't each else even ever for from further get gets getting go goes
going got had has hasn't have haven't having he her here hers him his how however i i'd i'll i'm i've if in into is
isn't it it'd it'll it's its itself just know let like ll lot made make many may maybe me might more most much must my
myself need no nor now of off ok okay on once one only or other our ours out over own per please quite really said say
same see seems shall she should so some something still such sure than that that's the their theirs them then there
there's these they they're thing things this those though through to too under until up upon us use using ve very via
want was wasn't way we well were weren't what what's when where whether which while who whom whose why will with within
won't would wouldn't yes yet you you'd you'll you're you've your yours yourself im ive dont cant doesnt didnt isnt wont
s t d m re hi hello hey thanks thank
";

#[cfg(test)]
mod tests {
    use super::*;

    fn keywords(themes: &[&[&'static str]]) -> Vec<Vec<String>> {
        let said = |texts: &&[&'static str]| texts.iter().map(|text| Said { text, feedback: 1 }).collect();
        let themes: Vec<Vec<Said<'_>>> = themes.iter().map(said).collect();
        let found = by_theme(&themes);
        found.into_iter().map(|theme| theme.keywords.into_iter().map(|keyword| keyword.text).collect()).collect()
    }

    #[test]
    fn what_only_one_theme_says_comes_first() {
        let found = keywords(&[
            &["The refund policy is wrong", "It quotes an old refund policy", "Refund policy again wrong"],
            &["Login fails with an error", "I get an error at login", "wrong login error"],
        ]);
        assert_eq!(found[0][0], "refund policy");
        assert!(found[1].iter().take(2).any(|term| term == "login"), "{:?}", found[1]);
        assert!(!found[0].contains(&"refund".to_owned()), "said by the phrase: {:?}", found[0]);
    }

    #[test]
    fn one_long_text_does_not_decide() {
        let log = "panic panic panic panic panic panic panic panic";
        let found = keywords(&[&[log, "slow answers", "very slow", "slow again", "so slow"], &["nice", "nice one"]]);
        assert_eq!(found[0][0], "slow");
        assert!(!found[0].contains(&"panic".to_owned()));
    }

    #[test]
    fn other_languages_keep_their_words() {
        assert!(terms("die rückerstattung dauert zu lange").contains("rückerstattung dauert"));
        assert!(terms("退款太慢").contains("退"));
        assert!(terms("退款太慢").contains("退款"));
        assert!(has_words("да") && !has_words("👍 10/10 ..."));
    }

    #[test]
    fn what_a_workspace_always_says_is_no_keyword_in_any_language() {
        let troubles = ["rechnung", "anmeldung", "antwort", "vertrag", "تصدير", "請求書", "lieferung"];
        let texts: Vec<Vec<String>> = troubles
            .iter()
            .map(|trouble| {
                (0..6).map(|number| format!("die {trouble} ist falsch {}", ["nun", "da"][number % 2])).collect()
            })
            .collect();
        let said = |texts: &Vec<String>| -> Vec<Said<'static>> {
            texts.iter().map(|text| Said { text: text.clone().leak(), feedback: 1 }).collect()
        };
        let found = by_theme(&texts.iter().map(said).collect::<Vec<_>>());
        for (theme, trouble) in found.iter().zip(troubles) {
            assert!(!theme.keywords.is_empty());
            let own: Vec<&str> = theme.keywords.iter().map(|keyword| keyword.text.as_str()).collect();
            assert!(own.iter().all(|term| !["die", "ist", "falsch"].contains(term)), "{trouble}: {own:?}");
            assert!(trouble.contains(own[0]), "{trouble}: {own:?}");
        }
    }

    #[test]
    fn nothing_said_gives_no_terms() {
        assert!(by_theme(&[]).is_empty());
        assert_eq!(keywords(&[&["👍", "..."], &["the"]]), vec![Vec::<String>::new(), Vec::new()]);
    }
}
