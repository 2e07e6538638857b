//! Which rule turns this score into a polarity, and what follows when the user changes it?

use std::collections::HashMap;

use duckdb::{Connection, params};

use super::{Workspace, bump_data_version, facts, failed, sources};
use crate::{
    error::{Error, Result},
    model::{
        FeedbackType,
        polarity::{Scale, ScoreProfile, ScoreRule, default_rule},
    },
};

/// The rule of one (source, score name), with what has been seen of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRule {
    pub source_id: i64,
    pub source_name: String,
    /// The title of its format; empty where the source is gone.
    pub source_format: String,
    pub profile: ScoreProfile,
    pub rule: ScoreRule,
    /// Set by the user, not inferred.
    pub confirmed: bool,
}

/// Looks at the scores, infers the rules nobody has confirmed, and drops those that nothing has any more. They are
/// applied where `facts` is written.
///
/// A rule that the user confirmed for the same score name of another file in the same format is taken over:
/// next week's export of the same tool means the same.
pub(super) fn infer(connection: &Connection, touched: &[i64]) -> Result<()> {
    let known = list(connection)?;
    let formats: HashMap<i64, String> =
        sources::list(connection)?.into_iter().map(|source| (source.id, source.format)).collect();
    let profiles = profiles(connection)?;
    for stored in &known {
        let is_used = profiles.iter().any(|(source_id, profile)| {
            *source_id == stored.source_id && profile.score_name == stored.profile.score_name
        });
        if !is_used {
            remove(connection, stored.source_id, stored.profile.score_name.as_deref())?;
        }
    }
    for (source_id, profile) in profiles {
        let own = known
            .iter()
            .find(|stored| stored.source_id == source_id && stored.profile.score_name == profile.score_name);
        if own.is_some_and(|stored| stored.profile == profile) {
            continue;
        }
        let confirmed = own.filter(|stored| stored.confirmed).or_else(|| {
            known.iter().rev().find(|stored| {
                stored.confirmed
                    && stored.profile.score_name == profile.score_name
                    && profile.score_name.is_some()
                    && touched.contains(&source_id)
                    // None: its source was replaced just now.
                    && (stored.source_format.is_empty() || formats.get(&source_id) == Some(&stored.source_format))
            })
        });
        let rule = confirmed.map_or_else(|| default_rule(&profile), |stored| stored.rule.clone());
        put(connection, source_id, &profile, &rule, confirmed.is_some())?;
    }
    Ok(())
}

/// Sets the rules that the user confirmed before the import, where the source has such scores.
pub(super) fn confirm(connection: &Connection, source_id: i64, scores: &[(Option<String>, ScoreRule)]) -> Result<()> {
    if scores.is_empty() {
        return Ok(());
    }
    let stored = list(connection)?;
    for (score_name, rule) in scores {
        let of_score = |stored: &&StoredRule| stored.source_id == source_id && stored.profile.score_name == *score_name;
        if let Some(stored) = stored.iter().find(of_score) {
            check(rule)?;
            put(connection, source_id, &stored.profile, rule, true)?;
        }
    }
    Ok(())
}

fn check(rule: &ScoreRule) -> Result<()> {
    if rule.worst == rule.best || !rule.worst.is_finite() || !rule.best.is_finite() {
        return Err(Error::input("the worst and the best score of a scale must be two different numbers"));
    }
    Ok(())
}

fn remove(connection: &Connection, source_id: i64, score_name: Option<&str>) -> Result<()> {
    connection
        .execute(
            "delete from score_rules where source_id = ? and score_name is not distinct from ?",
            params![source_id, score_name],
        )
        .map(|_| ())
        .map_err(failed("forget a score rule"))
}

fn profiles(connection: &Connection) -> Result<Vec<(i64, ScoreProfile)>> {
    let mut statement = connection
        .prepare(
            "with by_type as (
                 select source_id, score_name, feedback_type, count(*) as n, min(score) as low, max(score) as high,
                        bool_and(score = floor(score)) as whole
                 from feedback where score is not null group by all
             )
             select source_id, score_name, arg_max(feedback_type, (n, feedback_type)), sum(n)::ubigint, min(low),
                    max(high), bool_and(whole)
             from by_type group by source_id, score_name order by source_id, score_name nulls first",
        )
        .map_err(failed("look at its scores"))?;
    let rows = statement
        .query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                ScoreProfile {
                    score_name: row.get(1)?,
                    feedback_type: FeedbackType::from_word(&row.get::<_, String>(2)?).unwrap_or(FeedbackType::Rating),
                    count: row.get(3)?,
                    minimum: row.get(4)?,
                    maximum: row.get(5)?,
                    integral: row.get(6)?,
                },
            ))
        })
        .map_err(failed("look at its scores"))?;
    rows.collect::<duckdb::Result<Vec<_>>>().map_err(failed("look at its scores"))
}

fn put(
    connection: &Connection,
    source_id: i64,
    profile: &ScoreProfile,
    rule: &ScoreRule,
    confirmed: bool,
) -> Result<()> {
    remove(connection, source_id, profile.score_name.as_deref())?;
    connection
        .execute(
            "insert into score_rules values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                source_id,
                profile.score_name,
                profile.feedback_type.word(),
                profile.count,
                profile.minimum,
                profile.maximum,
                rule.scale.word(),
                rule.worst,
                rule.best,
                rule.negative_at_most,
                rule.positive_at_least,
                confirmed,
            ],
        )
        .map(|_| ())
        .map_err(failed("keep a score rule"))
}

fn list(connection: &Connection) -> Result<Vec<StoredRule>> {
    let mut statement = connection
        .prepare(
            "select r.source_id, coalesce(s.name, ''), r.score_name, r.feedback_type, r.count, r.minimum, r.maximum,
                    r.scale, r.worst, r.best, r.negative_at_most, r.positive_at_least, r.confirmed,
                    coalesce(s.format, '')
             from score_rules r left join sources s on s.id = r.source_id
             order by r.source_id, r.score_name nulls first",
        )
        .map_err(failed("read its score rules"))?;
    let rows = statement
        .query_map([], |row| {
            let minimum: f64 = row.get(5)?;
            Ok(StoredRule {
                source_id: row.get(0)?,
                source_name: row.get(1)?,
                profile: ScoreProfile {
                    score_name: row.get(2)?,
                    feedback_type: FeedbackType::from_word(&row.get::<_, String>(3)?).unwrap_or(FeedbackType::Rating),
                    count: row.get(4)?,
                    minimum,
                    maximum: row.get(6)?,
                    // Only used to infer a rule, which is read afresh from the scores.
                    integral: minimum.fract() == 0.0,
                },
                rule: ScoreRule {
                    scale: Scale::from_word(&row.get::<_, String>(7)?).unwrap_or(Scale::Custom),
                    worst: row.get(8)?,
                    best: row.get(9)?,
                    negative_at_most: row.get(10)?,
                    positive_at_least: row.get(11)?,
                },
                confirmed: row.get(12)?,
                source_format: row.get(13)?,
            })
        })
        .map_err(failed("read its score rules"))?;
    rows.collect::<duckdb::Result<Vec<_>>>().map_err(failed("read its score rules"))
}

impl Workspace {
    pub fn score_rules(&self) -> Result<Vec<StoredRule>> {
        list(&*self.reader()?)
    }

    /// Sets the rule of a (source, score name), and computes polarity and 0..1 scores anew from it.
    ///
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where no score has that name in that source;
    /// [`crate::error::Kind::Input`] where the two ends of the scale are the same.
    pub fn set_score_rule(&self, source_id: i64, score_name: Option<&str>, rule: &ScoreRule) -> Result<()> {
        check(rule)?;
        self.write(|connection| {
            let stored = list(connection)?
                .into_iter()
                .find(|stored| stored.source_id == source_id && stored.profile.score_name.as_deref() == score_name)
                .ok_or_else(|| {
                    Error::not_found(format!(
                        "source {source_id} has no score named {}",
                        score_name.unwrap_or("(none)")
                    ))
                })?;
            put(connection, source_id, &stored.profile, rule, true)?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}
