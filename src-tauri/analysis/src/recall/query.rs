//! What words are looked for?

use unicode_segmentation::UnicodeSegmentation;

/// May the last word go on? While somebody types, it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastWord {
    Whole,
    /// Unless something stands behind it.
    Beginning,
}

/// Words, of which a text should have many, and quoted phrases, all of which it must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordQuery {
    pub words: Vec<String>,
    /// Words that follow one another.
    pub phrases: Vec<Vec<String>>,
    /// A word that may go on.
    pub beginning: Option<String>,
}

impl WordQuery {
    /// `"` opens and closes a phrase; one that is never closed is none.
    pub fn parse(text: &str, last: LastWord) -> Self {
        let mut query = Self::default();
        let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
        for (index, piece) in pieces.iter().enumerate() {
            let words: Vec<String> = words(piece).collect();
            // Every second piece stands between two quotation marks.
            if index % 2 == 1 && index + 1 < pieces.len() {
                query.phrases.extend(Some(words).filter(|words| !words.is_empty()));
            } else {
                query.words.extend(words);
            }
        }
        let goes_on = text.chars().next_back().is_some_and(char::is_alphanumeric);
        if last == LastWord::Beginning && goes_on {
            query.beginning = query.words.pop();
        }
        query
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty() && self.beginning.is_none()
    }
}

/// The words of a text in lower case, by Unicode's rules (UAX 29): in Chinese and Japanese, each character.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_make_phrases_and_the_last_word_may_go_on() {
        let query = WordQuery::parse("Wrong “refund window” it sa", LastWord::Beginning);
        assert_eq!(query.words, ["wrong", "it"]);
        assert_eq!(query.phrases, [["refund", "window"]]);
        assert_eq!(query.beginning.as_deref(), Some("sa"));
        assert_eq!(WordQuery::parse("refund ", LastWord::Beginning).beginning, None);
        assert_eq!(WordQuery::parse("refund", LastWord::Whole).words, ["refund"]);
        assert_eq!(WordQuery::parse("\"not closed", LastWord::Whole).words, ["not", "closed"]);
        assert!(WordQuery::parse("\"\" … !", LastWord::Beginning).is_empty());
        assert_eq!(WordQuery::parse("Ständig falsche Größe, 退款", LastWord::Whole).words.len(), 5);
    }
}
