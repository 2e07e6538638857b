//! What is left of a text when its looks are taken away?
//!
//! "Too slow!!!", "too  slow 🙁" and "TOO SLOOOW" say one thing. [`plain`] gives all of them one form: Unicode's
//! compatibility form (NFKC, UAX 15) in lower case, the words alone (UAX 29) with one space between them, and no letter
//! more than twice in a row. Texts with the same form are one point for themes, and each is still counted.

use std::collections::HashMap;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use hearback_domain::{TextHash, rows::TextRow};

/// The words of a text without case, punctuation, symbols, apostrophes and drawn-out letters, one space between them.
/// Empty for a text without words or digits.
pub(super) fn plain(text: &str) -> String {
    let lower: String = text.nfkc().filter(|letter| !is_mark(*letter)).collect::<String>().to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    for word in lower.unicode_words() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        push_short(&mut plain, word, 2);
    }
    plain
}

/// The same with no letter twice in a row, for words in which it was drawn out: "loooove".
pub(super) fn undrawn(word: &str) -> String {
    let mut short = String::with_capacity(word.len());
    push_short(&mut short, word, 1);
    short
}

/// Apostrophes, the sign that draws Arabic words out, and signs that only choose how the one before looks.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '`' | '´' | '\u{640}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Digits stay as they are: 1000 is not 100.
fn push_short(to: &mut String, word: &str, most: usize) {
    let (mut last, mut times) = (None, 0);
    for letter in word.chars() {
        times = if last == Some(letter) { times + 1 } else { 1 };
        last = Some(letter);
        if times <= most || !letter.is_alphabetic() {
            to.push(letter);
        }
    }
}

/// For each of the texts at the positions `wanted` the position, among those, of the first that says the same. The
/// first is the one of the smallest hash, so that it does not depend on the order.
pub(super) fn first_alike(texts: &[TextRow], wanted: &[usize]) -> Vec<usize> {
    let forms: Vec<TextHash> = wanted.par_iter().map(|&index| TextHash::of(&plain(&texts[index].text))).collect();
    let mut first: HashMap<TextHash, usize> = HashMap::with_capacity(wanted.len());
    for (position, form) in forms.iter().enumerate() {
        let hash = texts[wanted[position]].hash;
        first
            .entry(*form)
            .and_modify(|first| {
                if hash < texts[wanted[*first]].hash {
                    *first = position;
                }
            })
            .or_insert(position);
    }
    forms.iter().map(|form| first[form]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_taken_away_and_words_stay() {
        for text in ["Too slow", " too  SLOW!!! ", "too slow 🙁🙁", "ＴＯＯ slow", "Too\nslow…"] {
            assert_eq!(plain(text), "too slow", "{text:?}");
        }
        assert_eq!(plain("It’s soooo goooood"), "its soo good");
        assert_eq!(undrawn("soo"), "so");
        assert_eq!(plain("1000 of 100"), "1000 of 100");
        assert_eq!(plain("ﬁle — C’est ½"), plain("file C'est 1⁄2"));
        assert_eq!(plain("👍👍 ..."), "");
        for [one, other] in
            [["not good", "good"], ["30 days", "60 days"], ["version 1.5", "version 15"], ["だめ", "ため"]]
        {
            assert_ne!(plain(one), plain(other));
        }
    }

    #[test]
    fn the_first_alike_is_the_same_in_any_order() {
        let row = |text: &str| TextRow { hash: TextHash::of(text), text: text.to_owned(), feedback: 1 };
        let texts: Vec<TextRow> = ["Wrong date", "wrong date!", "no sources", "WRONG DATE"].map(row).into();
        let named = |order: &[usize]| -> Vec<(usize, usize)> {
            let first = first_alike(&texts, order);
            let mut named: Vec<_> = order.iter().zip(first).map(|(&index, first)| (index, order[first])).collect();
            named.sort_unstable();
            named
        };
        let one = named(&[0, 1, 2, 3]);
        assert_eq!(one, named(&[3, 2, 1, 0]));
        assert!(one[0].1 == one[1].1 && one[1].1 == one[3].1 && one[2].1 == 2);
    }
}
