//! What may be asked for of imports?

use std::path::PathBuf;

use clap::Args;
use hearback_app::{
    ImportOptions, ScoreChoice,
    ingest::{Mapping, privacy::Treatment},
};
use hearback_domain::{
    Polarity, Timestamp,
    error::{Error, Result},
    polarity::{Scale, ScoreRule},
};

use super::known;

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Exports; folders are looked through
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Say what would be imported, to the last record, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// How files are read.
#[derive(Debug, Args)]
pub struct ReadingArguments {
    /// Read the files as this format, whatever they look like; `formats` lists them
    #[arg(long)]
    pub format: Option<String>,
    /// Which field comes from which column: comment=content,score=score,created_at=at
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    pub map: Option<String>,
    /// The same from a file, an entry a line; # begins a comment
    #[arg(long, value_name = "FILE", conflicts_with = "map")]
    pub map_file: Option<PathBuf>,
    /// Save the mapping under this name, for tables with the same columns
    #[arg(long, value_name = "NAME")]
    pub remember: Option<String>,
    /// What the values of a score mean, such as user-thumbs=zero_one: zero_one, plus_minus_one, one_up_two_down, unit,
    /// one_to_five, zero_to_ten, one_to_ten, percent, or its worst and best value (1..7); of one file alone:
    /// user-thumbs=zero_one@reviews.csv
    #[arg(long, value_name = "SCORE=SCALE[@FILE]", value_parser = scale)]
    pub scale: Vec<ScoreChoice>,
    /// E-mail addresses in known fields: keep, drop, or hash to a pseudonym
    #[arg(long, value_name = "TREATMENT", default_value = "hash", value_parser = treatment)]
    pub email: Treatment,
    /// IP addresses in known fields: keep, drop, or hash to a pseudonym
    #[arg(long, value_name = "TREATMENT", default_value = "drop", value_parser = treatment)]
    pub ip: Treatment,
}

impl ReadingArguments {
    /// # Errors
    /// A mapping that cannot be read.
    pub fn options(&self, now: Timestamp) -> Result<ImportOptions> {
        let mapping = match (&self.map, &self.map_file) {
            (Some(text), _) => Some(Mapping::parse(text)?),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file).map_err(|error| {
                    Error::file(format!("the mapping {} cannot be read", file.display())).because(error)
                })?;
                Some(Mapping::from_file_text(&text)?)
            }
            (None, None) => None,
        };
        Ok(ImportOptions {
            format: self.format.clone(),
            mapping,
            remember: self.remember.clone(),
            scores: self.scale.clone(),
            email: self.email,
            ip: self.ip,
            ..ImportOptions::new(now)
        })
    }
}

#[derive(Debug, Args)]
pub struct RereadArguments {
    /// As `sources` lists it
    #[arg(value_name = "SOURCE")]
    pub source: i64,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub struct UnjoinedArguments {
    /// Only those of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<i64>,
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// Continue after this feedback
    #[arg(long, value_name = "ID")]
    pub after: Option<String>,
}

#[derive(Debug, Args)]
pub struct WatchArguments {
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    /// Seconds between looks
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    pub every: u64,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub struct RejectArguments {
    /// Only those of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<i64>,
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// Continue after this reject
    #[arg(long, value_name = "ID")]
    pub after: Option<i64>,
    /// Write all of them to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn treatment(word: &str) -> std::result::Result<Treatment, String> {
    Treatment::from_word(word).ok_or_else(|| known(Treatment::ALL.iter().map(|value| value.word())))
}

fn scale(text: &str) -> std::result::Result<ScoreChoice, String> {
    let Some((name, rest)) = text.split_once('=') else { return Err("write it as user-thumbs=zero_one".to_owned()) };
    let (word, path) = rest.split_once('@').map_or((rest, None), |(word, path)| (word, Some(PathBuf::from(path))));
    if path.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
        return Err("no file is named after the @".to_owned());
    }
    let score_name = (!name.is_empty()).then(|| name.to_owned());
    let choice = |rule| ScoreChoice { path: path.clone(), tool: None, score_name: score_name.clone(), rule };
    if let Some((worst, best)) = word.split_once("..") {
        let end = |text: &str| text.parse::<f64>().ok().filter(|end| end.is_finite());
        let (worst, best) = end(worst)
            .zip(end(best))
            .filter(|(worst, best)| worst != best)
            .ok_or("the ends are two numbers: 1..7, or 7..1")?;
        return Ok(choice(ScoreRule { worst, best, ..Scale::Custom.rule_of_shares() }));
    }
    let scale = Scale::from_word(word)
        .filter(|scale| *scale != Scale::Custom)
        .ok_or_else(|| known(Scale::ALL.iter().filter(|scale| **scale != Scale::Custom).map(|scale| scale.word())))?;
    Ok(choice(scale.rule()))
}

#[derive(Debug, Args)]
pub struct ScoresArguments {
    /// Say which scale a score has: a known one, or its worst and best value (vibe=1..7; harm=1..0, where more is worse)
    #[arg(long, value_name = "SCORE=SCALE", value_parser = scale)]
    pub scale: Vec<ScoreChoice>,
    /// Say what a label means: negative, neutral or positive; of one score alone with SCORE/LABEL=POLARITY
    #[arg(long, value_name = "LABEL=POLARITY", value_parser = label)]
    pub label: Vec<LabelChoice>,
}

/// What a label means by the user's word.
#[derive(Clone, Debug)]
pub struct LabelChoice {
    pub score_name: Option<String>,
    pub label: String,
    pub polarity: Polarity,
}

fn label(text: &str) -> std::result::Result<LabelChoice, String> {
    let Some((name, word)) = text.rsplit_once('=') else { return Err("write it as LABEL=negative".to_owned()) };
    let polarity =
        Polarity::from_word(word).ok_or_else(|| known(Polarity::ALL.iter().map(|polarity| polarity.word())))?;
    let (score_name, label) = match name.split_once('/') {
        Some((score, label)) if !score.is_empty() && !label.is_empty() => (Some(score.to_owned()), label.to_owned()),
        _ => (None, name.to_owned()),
    };
    Ok(LabelChoice { score_name, label, polarity })
}
