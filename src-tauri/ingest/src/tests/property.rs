//! Whatever a record holds, reading what was written gives it back: random records through every container.

use super::{
    pack::{member, sheet_rows, workbook, zip},
    *,
};
use crate::canonical::{self, FIELDS};
use hearback_domain::{
    Author, Document, FeedbackType, Polarity, SessionRecord, Span, Timestamp, VectorRecord,
    record::{Metadata, SpanTarget, Weight},
};

/// SplitMix64: the same records on every machine for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Now and then nothing.
    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| make(self))
    }

    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "a",
            "word ",
            " ",
            "\"",
            "'",
            ",",
            ";",
            "\t",
            "|",
            "\n",
            "\r\n",
            "\r",
            "\\",
            "\\u0000",
            "{",
            "}",
            "[",
            "]",
            ":",
            "=SUM(A1)",
            "null",
            "true",
            "1e5",
            "NaN",
            "-0",
            "é",
            "ß",
            "\u{202e}",
            "مرحبا",
            "日本",
            "👩‍👩‍👧",
            "\u{feff}",
            "\u{2028}",
            "\u{fffd}",
            "<script>",
            "&amp;",
            "_x000D_",
            "\u{1}",
            "\u{7f}",
            "sep=;",
            "#",
            "//",
            "%s",
            "\u{10ffff}",
        ];
        (0..=self.below(6)).map(|_| self.one(PIECES)).collect()
    }

    /// Ids, labels: what is blank counts as missing there.
    fn word(&mut self) -> String {
        format!("w{}", self.text())
    }

    fn list(&mut self) -> Vec<String> {
        (0..self.below(3)).map(|_| self.word()).collect()
    }

    fn metadata(&mut self) -> Metadata {
        (0..self.below(3)).map(|number| (format!("key {number} {}", self.text().trim()), self.word())).collect()
    }

    fn number(&mut self) -> f64 {
        let any = f64::from_bits(self.next());
        let simple = self.below(11) as f64 / 2.0;
        if any.is_finite() { self.one(&[any, simple, -0.1, 1e300, 5e-324]) } else { simple }
    }

    fn moment(&mut self) -> Timestamp {
        let any = (self.next() % 4_000_000_000_000_000) as i64 - 1_000_000_000_000_000;
        Timestamp::from_micros(self.one(&[any, 0, -1, i64::MAX, 1_782_983_643_120_001]))
    }

    fn whole(&mut self) -> i64 {
        let any = self.next() as i64;
        self.one(&[any, 0, -1, i64::MIN, i64::MAX])
    }

    fn record(&mut self, number: usize) -> Record {
        let id = format!("{number} {}", self.word());
        match self.below(8) {
            0 => Record::Session(SessionRecord {
                id,
                started_at: self.maybe(Self::moment),
                user_id: self.maybe(Self::word),
                user_role: self.maybe(Self::word),
                environment: self.maybe(Self::word),
                metadata: self.metadata(),
            }),
            1 => Record::Vector(VectorRecord {
                model: self.word(),
                text: self.word(),
                vector: (0..=self.below(4)).map(|_| self.below(1000) as f32 / 7.0).collect(),
            }),
            2..4 => Record::Turn(self.turn(id)),
            _ => Record::Feedback(self.feedback(id)),
        }
    }

    fn feedback(&mut self, id: String) -> FeedbackRecord {
        let feedback_type = self.one(FeedbackType::ALL);
        FeedbackRecord {
            created_at: self.maybe(Self::moment),
            session_id: self.maybe(Self::word),
            turn_id: self.maybe(Self::word),
            author: self.one(&[Author::Human, Author::Judge]),
            score_name: self.maybe(Self::word),
            score: self.maybe(Self::number),
            label: self.maybe(Self::word),
            polarity: self.maybe(|random| random.one(&[Polarity::Positive, Polarity::Negative, Polarity::Neutral])),
            reasons: self.list(),
            comment: self.maybe(Self::word),
            correction: self.maybe(Self::word),
            confidence: self.maybe(Self::number),
            span: self.maybe(|random| {
                let start = random.below(1000) as u32;
                Span {
                    target: random.one(&[SpanTarget::Query, SpanTarget::Output]),
                    start,
                    end: start + random.below(1000) as u32,
                    quote: random.maybe(Self::text),
                }
            }),
            model: self.maybe(Self::word),
            model_version: self.maybe(Self::word),
            prompt_version: self.maybe(Self::word),
            release: self.maybe(Self::word),
            environment: self.maybe(Self::word),
            user_id: self.maybe(Self::word),
            user_role: self.maybe(Self::word),
            tags: self.list(),
            metadata: self.metadata(),
            ..FeedbackRecord::new(id, feedback_type)
        }
    }
}

/// A value of each kind, or none.
mod kind {
    use super::*;

    pub fn word(random: &mut Random) -> Option<String> {
        random.maybe(Random::word)
    }

    pub fn text(random: &mut Random) -> Option<String> {
        random.maybe(Random::word)
    }

    pub fn moment(random: &mut Random) -> Option<Timestamp> {
        random.maybe(Random::moment)
    }

    pub fn whole(random: &mut Random) -> Option<i64> {
        random.maybe(Random::whole)
    }

    pub fn words(random: &mut Random) -> Vec<String> {
        random.list()
    }

    pub fn documents(random: &mut Random) -> Vec<Document> {
        (0..random.below(3))
            .map(|_| Document {
                id: random.maybe(Random::text),
                title: random.maybe(Random::text),
                content: random.text(),
                score: random.maybe(Random::number),
            })
            .collect()
    }
}

macro_rules! random_turn {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        impl Random {
            fn turn(&mut self, id: String) -> TurnRecord {
                TurnRecord {
                    id,
                    aliases: self.list(),
                    weight: self.one(&[Weight::Fill, Weight::Full]),
                    $($name: kind::$kind(self),)*
                    metadata: self.metadata(),
                }
            }
        }
    };
}
hearback_domain::turn_fields!(all => random_turn);

/// The records as rows of a table whose first names the columns.
fn table(lines: &[String]) -> Vec<Vec<String>> {
    let columns: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let mut rows = vec![columns.iter().map(|name| (*name).to_owned()).collect()];
    for line in lines {
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let cell = |name: &&str| fields.get(*name).and_then(crate::row::plain_text).unwrap_or_default();
        rows.push(columns.iter().map(cell).collect());
    }
    rows
}

fn csv(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn check(name: &str, path: &Path, expected: &[Record]) {
    let outcome = read_file(path);
    assert_eq!(outcome.rejects(), "", "{name}");
    let found = outcome.records();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn random_records_come_back_from_every_container() {
    const ROUNDS: u64 = 12;
    for seed in 0..ROUNDS {
        let mut random = Random(seed);
        let expected: Vec<Record> = (0..150).map(|number| random.record(number)).collect();
        let lines: Vec<String> = expected.iter().map(canonical::write).collect();
        let rows = table(&lines);
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (name, content) in [
            ("JSON lines", lines.join("\n").into_bytes()),
            ("JSON", format!("[{}]", lines.join(",")).into_bytes()),
            ("envelope", format!("{{\"found\":[{}]}}", lines.join(",\n")).into_bytes()),
            ("CSV", csv(&rows).into_bytes()),
            ("UTF-16 CSV", [b"\xff\xfe".to_vec(), utf16(&csv(&rows))].concat()),
            ("gzip", gzip(lines.join("\r\n").as_bytes())),
        ] {
            check(&format!("{name}, seed {seed}"), &written("x", content).path, &expected);
        }
        let packed = written("x.zip", zip(&[member("a.csv", csv(&rows))]));
        check(&format!("zip, seed {seed}"), &packed.path.join("a.csv"), &expected);
    }
}

/// XML has no way to hold most control characters, nor can a workbook tell an escape from its text: without those.
#[test]
fn random_records_come_back_from_a_workbook() {
    let mut random = Random(7);
    let expected: Vec<Record> = (0..400).map(|number| random.record(number)).collect();
    let holds = |text: &str| {
        !text.contains("_x000D_") && text.chars().all(|letter| matches!(letter, '\n' | '\r' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
    };
    let (mut kept, mut rows) = (Vec::new(), Vec::new());
    let lines: Vec<String> = expected.iter().map(canonical::write).collect();
    let mut all = table(&lines).into_iter();
    rows.extend(all.next());
    for (record, row) in expected.into_iter().zip(all) {
        if row.iter().all(|text| holds(text)) {
            kept.push(record);
            rows.push(row);
        }
    }
    assert!(kept.len() > 50);
    let file = written("x.xlsx", workbook(&[("All", &sheet_rows(&rows))]));
    check("workbook", &file.path.join("All"), &kept);
}
