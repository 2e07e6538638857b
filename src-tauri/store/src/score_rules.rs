//! Which rule turns this score into a polarity, and what follows when a person changes it?
//!
//! A rule is about one score of a tool ([`ScoreKey`]). `score_scales` has what persons confirmed, `score_statements`
//! what exports state; `score_rules` is derived from both and from all values seen, with a row for each source and score,
//! and is what `facts` are computed by.

use std::collections::{BTreeMap, HashMap};

use duckdb::{Connection, params};

use super::{
    Snapshot, Store, bump_data_version, facts, failed,
    read::{self, Row},
    sources,
};
use hearback_domain::{
    FeedbackType,
    error::{Error, Result},
    import::Source,
    lexicon::Direction,
    polarity::{AppliedRule, Open, Scale, ScoreKey, ScoreProfile, ScoreRule, ScoreType, StatedScale, propose},
};

const READ: &str = "read its score rules";
const WRITE: &str = "keep a score rule";

/// The rule of one score, with what has been seen of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRule {
    pub profile: ScoreProfile,
    pub applied: AppliedRule,
    /// The files that have such scores, in the order of their import.
    pub sources: Vec<RuleSource>,
    /// The one file that the rule is for, where it is for no other of the tool.
    pub only: Option<i64>,
    /// What is still to be asked.
    pub open: Option<Open>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSource {
    pub id: i64,
    pub name: String,
    /// The title of its format.
    pub format: String,
}

/// What a person says of a score before its file is imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfirmedScale {
    pub score_name: Option<String>,
    pub rule: ScoreRule,
    /// For this file alone, not for all of the tool.
    pub only_this_source: bool,
}

/// What an export states of the scales of its scores.
pub(super) type Statements = BTreeMap<(Option<String>, ScoreType), StatedScale>;

struct Confirmed {
    key: ScoreKey,
    source_id: Option<i64>,
    rule: ScoreRule,
}

/// The key of a source's tool: its name, or, of what an older Hearback imported, the title of its format.
fn tool_of(source: &Source) -> String {
    source.tool.clone().unwrap_or_else(|| source.format.clone())
}

/// Looks at all scores, and writes anew which rule holds for which. Rules are applied where `facts` is written.
pub(super) fn infer(connection: &Connection) -> Result<()> {
    let confirmed = confirmed(connection)?;
    let found = found(connection)?;
    let mut pooled: HashMap<&ScoreKey, ScoreProfile> = HashMap::new();
    for (_, profile) in &found {
        pooled.entry(&profile.key).and_modify(|all| all.add(profile)).or_insert_with(|| profile.clone());
    }
    connection.execute_batch("delete from score_rules").map_err(failed(WRITE))?;
    let mut appender = connection.appender("score_rules").map_err(failed(WRITE))?;
    for (source_id, profile) in &found {
        let of_key = |only: Option<i64>| confirmed.iter().find(|one| one.key == profile.key && one.source_id == only);
        let applied = match of_key(Some(*source_id)).or_else(|| of_key(None)) {
            Some(confirmed) => AppliedRule::confirmed(confirmed.rule.clone()),
            None => propose(pooled.get(&profile.key).unwrap_or(profile)).into(),
        };
        let rule = &applied.rule;
        appender
            .append_row(params![
                source_id,
                profile.key.score_name,
                profile.feedback_type().word(),
                profile.count,
                profile.minimum,
                profile.maximum,
                rule.scale.word(),
                rule.worst,
                rule.best,
                rule.negative_at_most,
                rule.positive_at_least,
                applied.confirmed,
                profile.key.score_type.word(),
                applied.for_people,
                applied.for_judges,
            ])
            .map_err(failed(WRITE))?;
    }
    appender.flush().map_err(failed(WRITE))
}

/// Notes what the export of a source states.
pub(super) fn state(connection: &Connection, source_id: i64, statements: &Statements) -> Result<()> {
    for ((score_name, score_type), stated) in statements {
        let direction = stated.direction.map(direction_word);
        connection
            .execute(
                "insert into score_statements (source_id, score_name, score_type, low, high, direction)
                 values (?, ?, ?, ?, ?, ?)",
                params![source_id, score_name, score_type.word(), stated.low, stated.high, direction],
            )
            .map_err(failed(WRITE))?;
    }
    Ok(())
}

/// Keeps what a person said of the scores of a source before it was imported.
pub(super) fn confirm(connection: &Connection, source: i64, tool: &str, scales: &[ConfirmedScale]) -> Result<()> {
    if scales.is_empty() {
        return Ok(());
    }
    let found = found(connection)?;
    for scale in scales {
        check(&scale.rule)?;
        let own = found.iter().filter(|(id, profile)| {
            let is_of = if scale.only_this_source { *id == source } else { profile.key.tool == tool };
            is_of && profile.key.score_name == scale.score_name
        });
        for (_, profile) in own {
            put(connection, &profile.key, scale.only_this_source.then_some(source), &scale.rule)?;
        }
    }
    Ok(())
}

fn check(rule: &ScoreRule) -> Result<()> {
    if rule.worst == rule.best || !rule.worst.is_finite() || !rule.best.is_finite() {
        return Err(Error::input("the worst and the best score of a scale must be two different numbers"));
    }
    if rule.negative_at_most >= rule.positive_at_least {
        return Err(Error::input("negative scores must end before positive ones begin"));
    }
    Ok(())
}

const OF_KEY: &str =
    "tool = ? and score_name is not distinct from ? and score_type = ? and source_id is not distinct from ?";

fn put(connection: &Connection, key: &ScoreKey, only: Option<i64>, rule: &ScoreRule) -> Result<()> {
    let of_key = params![key.tool, key.score_name, key.score_type.word(), only];
    connection
        .execute(&format!("delete from score_scales where {OF_KEY}"), of_key)
        .and_then(|_| {
            connection.execute(
                "insert into score_scales (tool, score_name, score_type, source_id, scale, worst, best, negative_at_most,
                                           positive_at_least)
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    key.tool,
                    key.score_name,
                    key.score_type.word(),
                    only,
                    rule.scale.word(),
                    rule.worst,
                    rule.best,
                    rule.negative_at_most,
                    rule.positive_at_least,
                ],
            )
        })
        .map(|_| ())
        .map_err(failed(WRITE))
}

fn confirmed(connection: &Connection) -> Result<Vec<Confirmed>> {
    let sql = "select tool, score_name, score_type, source_id, scale, worst, best, negative_at_most, positive_at_least
               from score_scales order by tool, score_name nulls first, score_type, source_id nulls first";
    read::all(connection, READ, sql, [], |row| {
        Ok(Confirmed {
            key: ScoreKey { tool: row.get("tool")?, score_name: row.get("score_name")?, score_type: score_type(row)? },
            source_id: row.get("source_id")?,
            rule: ScoreRule {
                scale: row.word("scale", "scale", Scale::from_word)?,
                worst: row.get("worst")?,
                best: row.get("best")?,
                negative_at_most: row.get("negative_at_most")?,
                positive_at_least: row.get("positive_at_least")?,
            },
        })
    })
}

fn score_type(row: &Row<'_>) -> Result<ScoreType> {
    row.word("score_type", "score type", ScoreType::from_word)
}

/// What has been seen of each score of each source, in the order of the sources and names.
fn found(connection: &Connection) -> Result<Vec<(i64, ScoreProfile)>> {
    let tools: HashMap<i64, String> =
        sources::list(connection)?.into_iter().map(|source| (source.id, tool_of(&source))).collect();
    let statements = stated(connection)?;
    let sql = "select source_id, score_name, coalesce(score_type, 'numeric') as score_type, feedback_type,
                      cast(count(*) as ubigint) as n,
                      cast(count(*) filter (where author = 'judge') as ubigint) as judges, min(score) as low,
                      max(score) as high, bool_and(score = floor(score)) as whole
               from feedback where score is not null
               group by 1, 2, 3, 4 order by 1, 2 nulls first, 3, 4";
    let mut found: Vec<(i64, ScoreProfile)> = Vec::new();
    read::each(connection, "look at its scores", sql, [], |row| {
        let source_id: i64 = row.get("source_id")?;
        let score_name: Option<String> = row.get("score_name")?;
        let score_type = score_type(row)?;
        let count = row.get("n")?;
        let profile = ScoreProfile {
            stated: statements.get(&(source_id, score_name.clone(), score_type)).copied(),
            key: ScoreKey { tool: tools.get(&source_id).cloned().unwrap_or_default(), score_name, score_type },
            types: BTreeMap::from([(row.word("feedback_type", "feedback type", FeedbackType::from_word)?, count)]),
            count,
            judges: row.get("judges")?,
            minimum: row.get("low")?,
            maximum: row.get("high")?,
            integral: row.get("whole")?,
        };
        match found.last_mut() {
            Some((last, all)) if *last == source_id && all.key == profile.key => all.add(&profile),
            _ => found.push((source_id, profile)),
        }
        Ok(())
    })?;
    Ok(found)
}

fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::HigherIsBetter => "higher_is_better",
        Direction::HigherIsWorse => "higher_is_worse",
    }
}

fn direction(text: &str) -> Option<Direction> {
    [Direction::HigherIsBetter, Direction::HigherIsWorse].into_iter().find(|one| direction_word(*one) == text)
}

/// What tools say of the scale of a score, by source, name and type.
type Stated = HashMap<(i64, Option<String>, ScoreType), StatedScale>;

fn stated(connection: &Connection) -> Result<Stated> {
    let sql = "select source_id, score_name, score_type, low, high, direction from score_statements";
    let statements = read::all(connection, READ, sql, [], |row| {
        let stated = StatedScale {
            low: row.get("low")?,
            high: row.get("high")?,
            direction: row.word_if_any("direction", "direction", direction)?,
        };
        Ok(((row.get("source_id")?, row.get("score_name")?, score_type(row)?), stated))
    })?;
    Ok(statements.into_iter().collect())
}

/// All rules, one for each score of a tool and one more for each file that has its own; by tool and name.
fn list(connection: &Connection) -> Result<Vec<StoredRule>> {
    let confirmed = confirmed(connection)?;
    let names: HashMap<i64, RuleSource> = sources::list(connection)?
        .into_iter()
        .map(|source| (source.id, RuleSource { id: source.id, name: source.name, format: source.format }))
        .collect();
    let mut pooled: BTreeMap<(ScoreKey, Option<i64>), (ScoreProfile, Vec<RuleSource>)> = BTreeMap::new();
    for (source_id, profile) in found(connection)? {
        let own = confirmed.iter().any(|one| one.key == profile.key && one.source_id == Some(source_id));
        let (_, of) = pooled
            .entry((profile.key.clone(), own.then_some(source_id)))
            .and_modify(|(all, _)| all.add(&profile))
            .or_insert_with(|| (profile, Vec::new()));
        of.extend(names.get(&source_id).cloned());
    }
    let rules = pooled.into_iter().map(|((key, only), (profile, sources))| {
        let set = confirmed.iter().find(|one| one.key == key && one.source_id == only);
        let applied = match set {
            Some(confirmed) => AppliedRule::confirmed(confirmed.rule.clone()),
            None => propose(&profile).into(),
        };
        StoredRule { open: applied.open(&profile), profile, applied, sources, only }
    });
    Ok(rules.collect())
}

impl Snapshot<'_> {
    pub fn score_rules(&self) -> Result<Vec<StoredRule>> {
        list(self.connection())
    }

    /// The rule that a person has confirmed for a score, and that holds for the next import of the tool.
    pub fn confirmed_rule(&self, key: &ScoreKey) -> Result<Option<ScoreRule>> {
        let all = confirmed(self.connection())?;
        Ok(all.into_iter().find(|one| one.key == *key && one.source_id.is_none()).map(|one| one.rule))
    }
}

impl Store {
    /// Sets the rule of a score (of one file alone where `only` names it), and computes polarity and 0..1 scores anew.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where the tool has no such score;
    /// [`hearback_domain::error::Kind::Input`] where the two ends of the scale are the same.
    pub fn set_score_rule(&self, key: &ScoreKey, only: Option<i64>, rule: &ScoreRule) -> Result<()> {
        check(rule)?;
        self.write(|connection| {
            let is_there = list(connection)?.iter().any(|stored| {
                stored.profile.key == *key
                    && only.is_none_or(|only| stored.sources.iter().any(|source| source.id == only))
            });
            if !is_there {
                let name = key.score_name.as_deref().unwrap_or("(none)");
                return Err(Error::not_found(format!("{} has no score named {name}", key.tool)));
            }
            put(connection, key, only, rule)?;
            infer(connection)?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}
