//! What a test needs to know: the planted facts, and what came of them by chance.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    SampleOptions, SampleReport,
    conversation::Session,
    feedback::Given,
    plan,
    templates::{THEMES, Theme},
};

/// Counts over the sample: feedback by people, and of it what is about each theme.
#[derive(Default)]
pub struct Planted {
    sessions_by_week: [u64; plan::WEEKS],
    by_type: BTreeMap<&'static str, u64>,
    judged: u64,
    all: Cells,
    themes: BTreeMap<&'static str, Seen>,
}

#[derive(Default)]
struct Seen {
    cells: Cells,
    feedback: Vec<String>,
    turns: Vec<String>,
    samples: Vec<String>,
}

/// Counts by where and when.
#[derive(Default)]
struct Cells {
    by_version: BTreeMap<(&'static str, &'static str), u64>,
    by_week: [u64; plan::WEEKS],
}

impl Cells {
    fn add(&mut self, session: &Session) {
        *self.by_version.entry((session.version, session.environment)).or_default() += 1;
        self.by_week[session.week] += 1;
    }

    fn count(&self, holds: impl Fn(&str, &str) -> bool) -> u64 {
        self.by_version.iter().filter(|((version, place), _)| holds(version, place)).map(|(_, count)| count).sum()
    }
}

impl Planted {
    pub fn session(&mut self, session: &Session) {
        self.sessions_by_week[session.week] += 1;
        for turn in &session.turns {
            if let Some(theme) = turn.theme {
                self.themes.entry(theme.name).or_default().turns.push(turn.id.clone());
            }
        }
    }

    pub fn feedback(&mut self, session: &Session, given: &Given) {
        if given.by_judge {
            self.judged += 1;
            return;
        }
        *self.by_type.entry(given.feedback_type).or_default() += 1;
        self.all.add(session);
        if let Some(theme) = given.theme {
            const SAMPLES: usize = 5;
            let seen = self.themes.entry(theme.name).or_default();
            seen.cells.add(session);
            seen.feedback.push(given.id.clone());
            if let Some(text) = given.text.as_ref().filter(|_| seen.samples.len() < SAMPLES) {
                seen.samples.push(text.clone());
            }
        }
    }

    pub fn told(&self, options: &SampleOptions, report: &SampleReport) -> Value {
        let versions: Vec<Value> = plan::VERSIONS
            .iter()
            .map(|(name, week)| json!({"model_version": name, "week": week, "first_day": day(*week)}))
            .collect();
        let prompts: Vec<Value> = plan::PROMPTS
            .iter()
            .enumerate()
            .map(|(place, week)| json!({"prompt_version": (place + 1).to_string(), "first_day": day(*week)}))
            .collect();
        json!({
            "synthetic": true,
            "note": "made up by Hearback's sample generator; rates are shares of the answers (in the theme's area) that give reason to complain, shares are shares of the feedback by people",
            "sessions": options.sessions, "seed": options.seed, "turns": report.turns, "feedback": report.feedback,
            "feedback_by_judges": self.judged, "feedback_by_people_and_type": self.by_type,
            "first_day": day(0), "weeks": plan::WEEKS, "sessions_by_week": self.sessions_by_week,
            "feedback_by_week": self.all.by_week,
            "versions": versions, "prompt_versions": prompts,
            "environments": plan::ENVIRONMENTS.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "user_roles": plan::ROLES.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "facts": self.facts(),
            "themes": THEMES.iter().map(|theme| self.theme(theme)).collect::<Vec<_>>(),
        })
    }

    fn facts(&self) -> Vec<Value> {
        let at = |name: &str| THEMES.iter().find(|theme| theme.name == name);
        let usual = |name: &str| at(name).map_or(0.0, |theme| theme.rate);
        let (version, environment) = (plan::REGRESSION_VERSION, plan::REGRESSION_ENVIRONMENT);
        let inside = |one: &str, other: &str| one == version && other == environment;
        let growing: Vec<f64> = (0..plan::WEEKS)
            .map(|week| at(plan::GROWING).map_or(0.0, |theme| plan::rate(theme, week, version, environment)))
            .map(|rate| (rate * 10_000.0).round() / 10_000.0)
            .collect();
        let half = plan::WEEKS / 2;
        let by_version: BTreeMap<&str, Value> = plan::VERSIONS
            .iter()
            .map(|(name, _)| (*name, self.share(plan::PRODUCT, |version, _| version == *name)))
            .collect();
        vec![
            json!({
                "fact": "regression", "theme": plan::REGRESSION, "model_version": version, "environment": environment,
                "rate_inside": plan::REGRESSION_RATE, "rate_outside": usual(plan::REGRESSION), "area": "refunds",
                "share_inside": self.share(plan::REGRESSION, inside),
                "share_outside": self.share(plan::REGRESSION, |one, other| !inside(one, other)),
            }),
            json!({
                "fact": "growth", "theme": plan::GROWING, "rate_by_week": growing,
                "feedback_first_half": self.weeks(plan::GROWING, 0, half), "feedback_second_half": self.weeks(plan::GROWING, half, plan::WEEKS),
            }),
            json!({
                "fact": "product", "theme": plan::PRODUCT, "rate": usual(plan::PRODUCT),
                "note": "the product around the model: no version moves it", "share_by_version": by_version,
            }),
            json!({
                "fact": "fixed", "theme": plan::FIXED, "model_version": plan::FIXED_VERSION, "area": "account",
                "rate_before": usual(plan::FIXED), "rate_after": plan::FIXED_RATE,
                "share_before": self.share(plan::FIXED, |one, _| one != plan::FIXED_VERSION),
                "share_after": self.share(plan::FIXED, |one, _| one == plan::FIXED_VERSION),
            }),
            json!({
                "fact": "quiet week", "week": plan::QUIET_WEEK, "first_day": day(plan::QUIET_WEEK),
                "sessions": self.sessions_by_week[plan::QUIET_WEEK], "volume": plan::QUIET_VOLUME,
            }),
        ]
    }

    fn weeks(&self, name: &str, from: usize, to: usize) -> u64 {
        self.themes.get(name).map_or(0, |seen| seen.cells.by_week[from..to].iter().sum())
    }

    /// Of the feedback by people in such places, how much is about the theme in words.
    fn share(&self, name: &str, holds: impl Fn(&str, &str) -> bool) -> Value {
        let all = self.all.count(&holds);
        let about = self.themes.get(name).map_or(0, |seen| seen.cells.count(&holds));
        json!({"feedback": all, "about_it": about})
    }

    fn theme(&self, theme: &Theme) -> Value {
        let empty = Seen::default();
        let seen = self.themes.get(theme.name).unwrap_or(&empty);
        json!({
            "theme": theme.name, "area": theme.area, "key_phrases": theme.key_phrases, "reason": theme.reason,
            "usual_rate": theme.rate, "turns": seen.turns.len(), "feedback_with_words": seen.feedback.len(),
            "feedback_by_week": seen.cells.by_week, "samples": seen.samples,
            "turn_ids": seen.turns, "feedback_ids": seen.feedback,
        })
    }
}

fn day(week: usize) -> String {
    plan::monday(week).to_string().chars().take(10).collect()
}
