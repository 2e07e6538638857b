//! What is a large export like? Canonical feedback as a busy service gives it: two thirds thumbs, every other one with a few
//! words, four answers a session; 226 bytes a line of JSON on average. The same number gives the same bytes.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::places::Places;

/// To be raised when other records should be made.
const EDITION: u32 = 2;

/// In which of the two shapes that everybody exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Jsonl,
    Csv,
}

impl Shape {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// A file of so many records, made on first use and kept in the cache.
pub fn file(places: &Places, shape: Shape, records: u64) -> Result<PathBuf, Failure> {
    let path = places.cache.join(format!("bench-records-{records}-edition-{EDITION}.{}", shape.ending()));
    if path.exists() {
        return Ok(path);
    }
    eprintln!("bench: writing {}", path.display());
    let temporary = places.cache.join(format!(".partial-records-{}", std::process::id()));
    let failed = |error: std::io::Error| Failure::file("write", &path, &error);
    fs::create_dir_all(&places.cache).map_err(failed)?;
    let written = fill(&temporary, shape, records).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary); // the first error is the one to tell
    }
    written.map_err(failed)?;
    Ok(path)
}

fn fill(path: &Path, shape: Shape, records: u64) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    write(&mut out, shape, records)?;
    out.flush()
}

fn write(out: &mut dyn Write, shape: Shape, records: u64) -> std::io::Result<()> {
    if shape == Shape::Csv {
        out.write_all(
            b"kind,id,created_at,session_id,turn_id,feedback_type,score,label,comment,model_version,environment\n",
        )?;
    }
    let mut random = Random(0x243F_6A88_85A3_08D3);
    for number in 0..records {
        Record::new(number, records, &mut random).write(out, shape)?;
    }
    Ok(())
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }
}

const WORDS: &[&str] = &[
    "the", "answer", "refund", "policy", "was", "wrong", "too", "long", "not", "what", "asked", "again", "order",
    "date", "invoice", "account", "reset", "plan", "slow", "clear", "vague", "tone", "source", "missing", "thanks",
    "great",
];

struct Record {
    number: u64,
    moment: String,
    thumb: bool,
    score: u64,
    comment: String,
    version: &'static str,
    environment: &'static str,
}

impl Record {
    fn new(number: u64, of: u64, random: &mut Random) -> Self {
        const WEEKS: u64 = 26;
        let second = (u128::from(number) * u128::from(WEEKS * 7 * 86_400) / u128::from(of)) as u64;
        let words = if random.below(2) == 0 { 0 } else { 1 + random.below(6) };
        let comment: Vec<_> = (0..words).map(|_| random.of(WORDS)).collect();
        let thumb = random.below(3) > 0;
        Self {
            number,
            moment: moment(second),
            thumb,
            score: if thumb { random.below(2) } else { 1 + random.below(5) },
            comment: comment.join(" "),
            version: random.of(&["1.8", "2.0", "2.1", "2.2"]),
            environment: random.of(&["production", "production", "production", "staging"]),
        }
    }

    fn write(&self, out: &mut dyn Write, shape: Shape) -> std::io::Result<()> {
        let Self { number, moment, thumb, score, comment, version, environment } = self;
        let session = number / 4;
        let (kind, label) = match (thumb, score) {
            (true, 0) => ("thumb", "bad"),
            (true, _) => ("thumb", "good"),
            (false, _) => ("rating", ""),
        };
        match shape {
            Shape::Jsonl => {
                write!(
                    out,
                    "{{\"kind\":\"feedback\",\"id\":\"f{number}\",\"created_at\":\"{moment}\",\"session_id\":\"s{session}\",\
                     \"turn_id\":\"t{number}\",\"feedback_type\":\"{kind}\",\"score\":{score}"
                )?;
                for (key, text) in [("label", label), ("comment", comment)] {
                    if !text.is_empty() {
                        write!(out, ",\"{key}\":\"{text}\"")?;
                    }
                }
                writeln!(out, ",\"model_version\":\"{version}\",\"environment\":\"{environment}\"}}")
            }
            Shape::Csv => writeln!(
                out,
                "feedback,f{number},{moment},s{session},t{number},{kind},{score},{label},{comment},{version},{environment}"
            ),
        }
    }
}

/// So many seconds after the first of January 2026, within that year.
fn moment(second: u64) -> String {
    const MONTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut month, mut day) = (0, second / 86_400);
    while month < 11 && day >= MONTHS[month] {
        day -= MONTHS[month];
        month += 1;
    }
    let (hour, minute) = (second / 3600 % 24, second / 60 % 60);
    format!("2026-{:02}-{:02}T{hour:02}:{minute:02}:{:02}Z", month + 1, day + 1, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(shape: Shape, records: u64) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes, shape, records).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn both_shapes_say_the_same() {
        let (lines, table) = (made(Shape::Jsonl, 500), made(Shape::Csv, 500));
        let mut rows = table.lines();
        let columns: Vec<_> = rows.next().unwrap().split(',').collect();
        let mut said = 0;
        for (line, row) in lines.lines().zip(rows) {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            for (column, cell) in columns.iter().zip(row.split(',')) {
                let value = &record[column];
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(if value.is_null() { "" } else { &text }, cell, "{column} of {line}");
            }
            said += usize::from(!record["comment"].is_null());
        }
        assert_eq!(lines.lines().count(), 500);
        assert!((200..300).contains(&said), "about every other one has words: {said}");
    }

    #[test]
    fn moments_are_spread_over_half_a_year() {
        assert_eq!(moment(0), "2026-01-01T00:00:00Z");
        assert_eq!(moment(59 * 86_400 + 3_661), "2026-03-01T01:01:01Z");
        assert_eq!(moment(182 * 86_400 - 1), "2026-07-01T23:59:59Z");
    }
}
