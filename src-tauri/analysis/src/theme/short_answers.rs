//! Does a text say anything but "good" or "bad"?
//!
//! "👍", "5/10", "very good", "ok thanks" and "とても良い" are answers to "how was it?", and tell about nothing. As texts
//! among others they make one large theme of everything that is short. They are *short answers*: no theme, and not
//! unclustered either; what they say is in the polarity of their feedback.
//!
//! A text is a short answer when it has no words at all, or when **every** word of it is known to tell nothing, in one
//! language: words of praise and blame ([`lexicon::LANGUAGES`]), and what stands around them. One other word ("too
//! **slow**", "wrong **date**", "no **sources**") makes it a text like others, and so does every word that is not known:
//! what is missed stays visible as a theme, where the user can see it, but no complaint is lost. That is why neither
//! rarity nor vectors nor polarity decide: "too slow" is as frequent, as near to "too bad" and as negative.
//!
//! Words are compared in their plain form, so that case, punctuation, symbols and drawn-out letters do not matter; English
//! ones of seven letters and more with one slip of the keys. Scripts that do not part words are tiled with known ones.

use std::{collections::HashMap, sync::LazyLock};

use hearback_domain::lexicon;

use super::{
    normalised_text::{plain, undrawn},
    terms::has_words,
};

mod languages;

/// The words of the lexicon that are known wherever people write.
const EVERYWHERE: &str = "every language";

/// Words of a short answer at most ("thank you very much, this was really helpful"), and letters where words are not
/// parted.
const MOST_WORDS: usize = 12;
const MOST_LETTERS: usize = 24;

/// Letters of a word from which on one slip is forgiven: among shorter ones too many are words themselves (better and
/// bitter, garbage and garage).
const FORGIVING: usize = 7;

/// What a word may be; bits of a set.
const VERDICT: u8 = 1;
const CERTAIN: u8 = 2;
const COURTESY: u8 = 4;
const ANSWER: u8 = 8;
const FILLER: u8 = 16;

/// The words of a language that tell nothing beside its verdicts, which the lexicon of the domain has under this name.
struct Language {
    name: &'static str,
    /// Hello: nothing when it stands alone.
    greetings: &'static str,
    /// The answer, the app: what a verdict may be about without telling more.
    answers: &'static str,
    /// Very, is, this, not: nothing beside the others.
    fillers: &'static str,
    /// Words are not parted by spaces.
    tiled: bool,
    /// One slip in a long word is forgiven.
    forgiving: bool,
}

/// Whether a text says no more than a verdict; see the head of this module.
pub fn is_short_answer(text: &str) -> bool {
    if !has_words(text) {
        return true;
    }
    // Long ones are known without looking closer. Four bytes a letter, and room for punctuation and smileys.
    if text.len() > MOST_WORDS * 24 {
        return false;
    }
    let plain = plain(text);
    let words: Vec<&str> = plain.split(' ').collect();
    let letters: String = words.concat();
    LEXICONS.iter().any(|lexicon| {
        if lexicon.tiled {
            letters.chars().count() <= MOST_LETTERS && lexicon.tiles(&letters)
        } else {
            words.len() <= MOST_WORDS && lexicon.covers(&words)
        }
    })
}

struct Lexicon {
    /// What each word, in its plain form, may be: all of it.
    kinds: HashMap<String, u8>,
    tiled: bool,
    forgiving: bool,
}

static LEXICONS: LazyLock<Vec<Lexicon>> = LazyLock::new(|| languages::ALL.iter().map(Lexicon::new).collect());

impl Lexicon {
    fn new(language: &Language) -> Self {
        let mut kinds: HashMap<String, u8> = HashMap::new();
        let mut lists = vec![(language.greetings, COURTESY), (language.answers, ANSWER), (language.fillers, FILLER)];
        let known = lexicon::LANGUAGES.iter().filter(|known| known.name == language.name || known.name == EVERYWHERE);
        for words in known {
            lists.extend([words.praise, words.blame, words.middling, words.either].map(|list| (list, VERDICT)));
            // Right and wrong are verdicts that, beside a word for the answer or the tool, may say which part is wrong
            // ("wrong tool").
            lists.extend([words.right, words.wrong].map(|list| (list, CERTAIN)));
            lists.extend([words.yes, words.no].map(|list| (list, COURTESY)));
        }
        for (list, kind) in lists {
            for word in list.split_whitespace() {
                // Parts of a word, where words are not parted, have no space between them either.
                *kinds.entry(plain(word).replace(' ', "")).or_default() |= kind;
            }
        }
        Self { kinds, tiled: language.tiled, forgiving: language.forgiving }
    }

    /// Is every word known, and is there a verdict among them?
    fn covers(&self, words: &[&str]) -> bool {
        let mut said = Said::default();
        words.iter().all(|word| {
            let kind = self.kind(word);
            said.0 |= kind;
            kind != 0
        }) && said.is_a_verdict()
    }

    fn kind(&self, word: &str) -> u8 {
        let known = |word: &str| self.kinds.get(word).copied();
        known(word).or_else(|| known(&undrawn(word))).unwrap_or_else(|| self.nearly(word))
    }

    /// A verdict that the word is but for one slip.
    fn nearly(&self, word: &str) -> u8 {
        let count = word.chars().count();
        if !self.forgiving || count < FORGIVING {
            return 0;
        }
        let meant = |(other, kind): (&String, &u8)| {
            kind & VERDICT != 0 && other.chars().count() >= FORGIVING && is_slip(word, other)
        };
        if self.kinds.iter().any(meant) { VERDICT } else { 0 }
    }

    /// Can the letters be laid out with known words, a verdict among them?
    fn tiles(&self, letters: &str) -> bool {
        // For each position what may have been said up to there.
        let mut reached: Vec<Vec<Said>> = vec![Vec::new(); letters.len() + 1];
        reached[0].push(Said::default());
        for (at, _) in letters.char_indices() {
            let here = std::mem::take(&mut reached[at]);
            if here.is_empty() {
                continue;
            }
            for (word, kind) in self.kinds.iter().filter(|(word, _)| letters[at..].starts_with(word.as_str())) {
                for said in &here {
                    let said = Said(said.0 | kind);
                    let there = &mut reached[at + word.len()];
                    if !there.contains(&said) {
                        there.push(said);
                    }
                }
            }
        }
        reached[letters.len()].iter().any(|said| said.is_a_verdict())
    }
}

/// The kinds of all words so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Said(u8);

impl Said {
    fn is_a_verdict(self) -> bool {
        let has = |kind: u8| self.0 & kind != 0;
        has(VERDICT | CERTAIN | COURTESY) && !(has(ANSWER) && (has(CERTAIN) || !has(VERDICT)))
    }
}

/// One letter too many, too few, two swapped, or another vowel: "excelent", "awsome", "perfcet", "amezing". The first letter
/// is right.
fn is_slip(written: &str, meant: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (written.chars().collect(), meant.chars().collect());
    if a.first() != b.first() || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[same..], &b[same..]);
    let vowel = |letter: &char| "aeiouy".contains(*letter);
    match (rest_a, rest_b) {
        ([_, left @ ..], right) if a.len() > b.len() => left == right,
        (left, [_, right @ ..]) if a.len() < b.len() => left == right,
        ([first, second, left @ ..], [other, another, right @ ..]) if (first, second) == (another, other) => {
            left == right
        }
        ([first, left @ ..], [other, right @ ..]) => vowel(first) && vowel(other) && left == right,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdicts_of_each_language_are_in_the_lexicon() {
        let has = |name| lexicon::LANGUAGES.iter().any(|known| known.name == name);
        assert!(has(EVERYWHERE));
        for language in languages::ALL {
            assert!(has(language.name), "{}", language.name);
        }
    }

    /// Written for this test, by hand: what people leave in the field for comments, in the spelling they use.
    const SHORT: &[&str] = &[
        "good",
        "Good.",
        "Very good",
        "very very good!!",
        "nice",
        "nice 👍🏻",
        "👍",
        "👍👍",
        "❤️",
        "...",
        "5/10",
        "10",
        "-",
        "ok",
        "OK thanks",
        "ok thank you",
        "thx",
        "Thanks a lot!",
        "thank you very much",
        "great answer",
        "Good job",
        "perfect",
        "so goooood",
        "GREAT",
        "bad",
        "very bad",
        "so bad",
        "worst",
        "useless",
        "not helpful",
        "not useful",
        "This was helpful",
        "it's good",
        "its ok",
        "not bad",
        "terrible answer",
        "awful",
        "I love it",
        "I like this",
        "excelent",
        "awsome!",
        "amezing",
        "helpfull",
        "wrong",
        "This is wrong",
        "not correct",
        "incorrect",
        "yes",
        "no",
        "nope",
        "thumbs up",
        "well done",
        "best app ever",
        "could be better",
        "meh",
        "hello",
        // German, French, Spanish, Italian, Portuguese, Dutch
        "sehr gut",
        "Super!",
        "schlecht",
        "nicht hilfreich",
        "danke",
        "vielen Dank",
        "gute Antwort",
        "das ist falsch",
        "très bien",
        "c'est nul",
        "merci beaucoup",
        "pas mal",
        "parfait",
        "inutile",
        "c’est faux",
        "muy bueno",
        "excelente",
        "gracias",
        "no me gusta",
        "malísimo",
        "perfetto",
        "molto bene",
        "ottimo",
        "non mi piace",
        "grazie mille",
        "muito bom",
        "ótimo",
        "não gostei",
        "obrigado",
        "heel goed",
        "slecht",
        "bedankt",
        // Swedish, Polish, Russian, Ukrainian, Turkish, Indonesian, Vietnamese, Greek
        "mycket bra",
        "dåligt",
        "bardzo dobrze",
        "dziękuję",
        "słabo",
        "очень хорошо",
        "плохо",
        "спасибо большое",
        "дуже добре",
        "çok iyi",
        "kötü",
        "teşekkürler",
        "bagus sekali",
        "terima kasih",
        "rất tốt",
        "πολύ καλό",
        // Hindi, Bengali, Arabic, Persian, Urdu, Hebrew
        "बहुत अच्छा",
        "bahut accha hai",
        "खराब",
        "খুব ভালো",
        "ممتاز",
        "جيد جدا",
        "شكرا",
        "خیلی خوب",
        "عالییی",
        "بہت اچھا",
        "טוב מאוד",
        "תודה",
        // Japanese, Chinese, Korean, Thai
        "とても良い",
        "良いです",
        "ありがとうございます",
        "最悪",
        "役に立たない",
        "很好",
        "非常好!",
        "谢谢",
        "太差了",
        "没用",
        "不错",
        "좋아요",
        "정말 감사합니다",
        "별로예요",
        "ดีมาก",
        "ไม่ดี",
        "ขอบคุณครับ",
    ];

    /// As short, and about something.
    const TEXTS: &[&str] = &[
        "too slow",
        "very slow",
        "Too long",
        "wrong date",
        "Wrong language",
        "wrong tool",
        "no sources",
        "no source",
        "no answer",
        "outdated",
        "outdated info",
        "missing citations",
        "made up",
        "hallucination",
        "hallucinated link",
        "price wrong",
        "bad translation",
        "bad formatting",
        "not working",
        "doesn't load",
        "crashes",
        "too expensive",
        "so expensive",
        "rude",
        "boring",
        "confusing",
        "incomplete",
        "repeats itself",
        "ignored my question",
        "great sources",
        "good summary",
        "nice tone",
        "wrong currency",
        "good code",
        "broken link",
        "dead links",
        "no images",
        "needs dark mode",
        "error 404",
        "wrong file",
        "typo",
        "too many words",
        "fast",
        "login fails",
        "not secure",
        "good for students",
        "bad grammar",
        "wrong name",
        "wrong order",
        "it lied",
        "refund",
        "cancel my order",
        "the date is wrong",
        "good but slow",
        "bitter",
        "zu langsam",
        "falsches Datum",
        "keine Quellen",
        "falsche Sprache",
        "zu lang",
        "veraltet",
        "gute Quellen",
        "trop lent",
        "mauvaise date",
        "pas de sources",
        "trop cher",
        "mauvaise langue",
        "muy lento",
        "fecha incorrecta",
        "sin fuentes",
        "muy caro",
        "troppo lento",
        "data sbagliata",
        "nessuna fonte",
        "muito lento",
        "data errada",
        "sem fontes",
        "te langzaam",
        "verkeerde datum",
        "för långsam",
        "fel datum",
        "za wolno",
        "zła data",
        "brak źródeł",
        "очень медленно",
        "неправильная дата",
        "нет источников",
        "нет ссылок",
        "çok yavaş",
        "yanlış tarih",
        "kaynak yok",
        "terlalu lambat",
        "quá chậm",
        "sai ngày",
        "πολύ αργό",
        "बहुत धीमा",
        "गलत तारीख",
        "খুব ধীর",
        "بطيء جدا",
        "تاريخ خطأ",
        "لا توجد مصادر",
        "خیلی کند",
        "بہت سست",
        "איטי מאוד",
        "遅い",
        "遅すぎる",
        "日付が違う",
        "出典がない",
        "回答が長い",
        "太慢",
        "日期错误",
        "没有来源",
        "太贵了",
        "너무 느려요",
        "날짜가 틀려요",
        "출처 없음",
        "ช้ามาก",
        "วันที่ผิด",
    ];

    #[test]
    fn verdicts_are_short_answers_and_complaints_are_not() {
        let swallowed: Vec<&&str> = TEXTS.iter().filter(|text| is_short_answer(text)).collect();
        let missed: Vec<&&str> = SHORT.iter().filter(|text| !is_short_answer(text)).collect();
        let (found, all) = (SHORT.len() - missed.len(), SHORT.len());
        println!("{found} of {all} short answers found; {} of {} texts swallowed", swallowed.len(), TEXTS.len());
        assert!(swallowed.is_empty(), "these say something: {swallowed:?}");
        assert!(missed.is_empty(), "these say nothing: {missed:?}");
    }

    #[test]
    fn a_slip_is_one_slip() {
        for [written, meant] in
            [["excelent", "excellent"], ["perfcet", "perfect"], ["amezing", "amazing"], ["usefull", "useful"]]
        {
            assert!(is_slip(written, meant), "{written}");
        }
        for [written, meant] in
            [["useless", "useful"], ["better", "letter"], ["lonely", "lovely"], ["exlent", "excellent"]]
        {
            assert!(!is_slip(written, meant), "{written}");
        }
    }

    #[test]
    fn what_is_long_or_unknown_is_a_text() {
        assert!(!is_short_answer(&"very ".repeat(20)));
        assert!(!is_short_answer(&"good ".repeat(13)));
        assert!(!is_short_answer("Zufriedenstellendheit"));
        assert!(!is_short_answer("not this"));
        assert!(!is_short_answer("garage") && !is_short_answer("bitter"));
        assert!(is_short_answer(""));
    }
}
