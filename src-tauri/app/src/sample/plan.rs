//! What is planted: when, where and for whom things go wrong.

use super::templates::Theme;
use hearback_domain::Timestamp;

pub const WEEKS: usize = 26;
pub const DAY: i64 = 86_400_000_000;
pub const WEEK: i64 = 7 * DAY;
/// 2026-01-05T00:00:00Z, a Monday.
pub const START: Timestamp = Timestamp::from_micros(1_767_571_200_000_000);

/// First week in production. Staging has a version one week earlier, dev two.
pub const VERSIONS: &[(&str, usize)] =
    &[("assistant-1.8", 0), ("assistant-2.0", 9), ("assistant-2.1", 15), ("assistant-2.2", 21)];
pub const ENVIRONMENTS: &[(&str, f64)] = &[("production", 0.8), ("staging", 0.12), ("dev", 0.08)];
pub const ROLES: &[(&str, f64)] = &[("free", 0.45), ("pro", 0.3), ("enterprise", 0.15), ("support_agent", 0.1)];
/// First weeks of the prompt's versions 1, 2 and 3.
pub const PROMPTS: &[usize] = &[0, 6, 18];

/// In the first week of a version, so much of production still has the one before.
const ROLL_OUT: f64 = 0.3;

/// The theme that breaks out in one version and environment.
pub const REGRESSION: &str = "wrong refund window";
pub const REGRESSION_VERSION: &str = "assistant-2.1";
pub const REGRESSION_ENVIRONMENT: &str = "production";
pub const REGRESSION_RATE: f64 = 0.55;

/// The theme that grows from week to week, whatever is released.
pub const GROWING: &str = "answers in the wrong language";
pub const GROWING_FIRST_RATE: f64 = 0.01;
pub const GROWING_LAST_RATE: f64 = 0.11;

/// The theme of the product around the model: no release moves it.
pub const PRODUCT: &str = "chat window covers the page";

/// The theme that a release ends.
pub const FIXED: &str = "menus that do not exist";
pub const FIXED_VERSION: &str = "assistant-2.2";
pub const FIXED_RATE: f64 = 0.02;

/// Counted from 0.
pub const QUIET_WEEK: usize = 12;
pub const QUIET_VOLUME: f64 = 0.1;

/// The share of answers that give reason to complain about the theme: of those in its area if it has one.
pub fn rate(theme: &Theme, week: usize, version: &str, environment: &str) -> f64 {
    match theme.name {
        REGRESSION if version == REGRESSION_VERSION && environment == REGRESSION_ENVIRONMENT => REGRESSION_RATE,
        GROWING => {
            let progress = week as f64 / (WEEKS - 1) as f64;
            GROWING_FIRST_RATE + (GROWING_LAST_RATE - GROWING_FIRST_RATE) * progress
        }
        FIXED if version == FIXED_VERSION => FIXED_RATE,
        _ => theme.rate,
    }
}

/// How busy a week is: growing a little, but for one.
pub fn volume(week: usize) -> f64 {
    let usual = 1.0 + week as f64 / WEEKS as f64 * 0.5;
    if week == QUIET_WEEK { usual * QUIET_VOLUME } else { usual }
}

/// `luck` from 0 to 1 decides in the week of a roll-out.
pub fn version(week: usize, environment: &str, luck: f64) -> &'static str {
    let ahead = match environment {
        "staging" => 1,
        "dev" => 2,
        _ => 0,
    };
    let place = VERSIONS.iter().rposition(|(_, first)| *first <= week + ahead).unwrap_or(0);
    let fresh = place > 0 && ahead == 0 && VERSIONS[place].1 == week;
    VERSIONS[if fresh && luck < ROLL_OUT { place - 1 } else { place }].0
}

/// 1, 2 or 3.
pub fn prompt_version(week: usize) -> usize {
    PROMPTS.iter().filter(|first| **first <= week).count()
}

/// The application's, every two weeks: nothing hangs on it.
pub fn release(week: usize) -> String {
    format!("2026.{}", 1 + week / 2)
}

pub fn monday(week: usize) -> Timestamp {
    START.plus_micros(week as i64 * WEEK)
}
