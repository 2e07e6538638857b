//! One conversation: who, when, what was asked and answered; and its rows as Langfuse exports them.

use serde_json::{Value, json};

use super::{
    phrase::Filler,
    plan,
    random::{self, Chance},
    templates::{AREAS, Area, FOREIGN, Fault, LONG_WINDED, SYSTEM_PROMPTS, THEMES, Theme},
};
use hearback_domain::Timestamp;

pub struct Session {
    pub number: u32,
    pub seed: u64,
    pub id: String,
    pub week: usize,
    pub environment: &'static str,
    pub version: &'static str,
    pub role: &'static str,
    pub user: String,
    pub turns: Vec<Turn>,
    /// For what comes after the answers.
    pub chance: std::cell::RefCell<Chance>,
}

pub struct Turn {
    pub id: String,
    pub number: usize,
    pub area: &'static Area,
    /// What is wrong with the answer.
    pub theme: Option<&'static Theme>,
    pub asked_at: Timestamp,
    pub latency_ms: i64,
    pub query: String,
    pub output: String,
    pub documents: Vec<Value>,
    /// Its words: the complaint speaks of the same things.
    pub filler: std::cell::RefCell<Filler>,
}

const SECOND: i64 = 1_000_000;

pub fn session(seed: u64, number: u32) -> Session {
    let mut chance = Chance::new(seed, number.into());
    let volumes: Vec<f64> = (0..plan::WEEKS).map(plan::volume).collect();
    let week = chance.weighted(&volumes);
    let environment = plan::ENVIRONMENTS[chance.weighted(&weights(plan::ENVIRONMENTS))].0;
    let version = plan::version(week, environment, chance.share());
    let role = plan::ROLES[chance.weighted(&weights(plan::ROLES))].0;
    let user = format!("user-{:04}", chance.below(900));
    // Working days and hours have more of them.
    let day = chance.weighted(&[1.2, 1.1, 1.0, 1.0, 1.1, 0.7, 0.5]) as i64;
    let hour = chance.weighted(&[
        0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.0, 1.6, 2.0, 2.0, 1.8, 1.6, 1.8, 2.0, 2.0, 1.8, 1.6, 1.6, 1.8, 1.8, 1.4,
        0.8, 0.4,
    ]) as i64;
    let mut time = plan::monday(week).plus_micros(
        day * plan::DAY + hour * 3600 * SECOND + chance.between(0, 3599) * SECOND + chance.between(0, 999) * 1000,
    );
    let count = 1 + chance.weighted(&[18.0, 22.0, 22.0, 17.0, 12.0, 9.0]);
    // Most conversations stay with their subject.
    let mut area = any_area(&mut chance);
    let mut turns = Vec::with_capacity(count);
    let mut filler = Filler::default();
    for place in 0..count {
        if place > 0 && chance.happens(0.45) {
            area = any_area(&mut chance);
            filler = Filler::default();
        }
        let theme = fault(area, week, version, environment, &mut chance);
        let query = fill(&mut filler, area.queries, &mut chance);
        let output = answer(area, theme, &mut filler, &mut chance);
        let slow = theme.is_some_and(|theme| matches!(theme.fault, Fault::Slow));
        let latency_ms = if slow { chance.between(22_000, 58_000) } else { chance.between(350, 2800) };
        let documents = documents(area, &mut chance);
        let asked_at = time;
        time = time.plus_micros(latency_ms * 1000 + chance.between(15, 110) * SECOND);
        turns.push(Turn {
            id: random::id("trace", seed, &[number.into(), place as u64]),
            number: place,
            area,
            theme,
            asked_at,
            latency_ms,
            query,
            output,
            documents,
            filler: std::cell::RefCell::new(std::mem::take(&mut filler)),
        });
    }
    Session {
        number,
        seed,
        id: random::id("session", seed, &[number.into()]),
        week,
        environment,
        version,
        role,
        user,
        turns,
        chance: std::cell::RefCell::new(chance),
    }
}

fn weights<T>(options: &[(T, f64)]) -> Vec<f64> {
    options.iter().map(|(_, weight)| *weight).collect()
}

fn any_area(chance: &mut Chance) -> &'static Area {
    let weights: Vec<f64> = AREAS.iter().map(|area| f64::from(area.weight)).collect();
    &AREAS[chance.weighted(&weights)]
}

/// At most one thing is wrong with an answer.
fn fault(area: &Area, week: usize, version: &str, environment: &str, chance: &mut Chance) -> Option<&'static Theme> {
    let mut luck = chance.share();
    THEMES.iter().filter(|theme| theme.area.is_none_or(|name| name == area.name)).find(|theme| {
        let rate = plan::rate(theme, week, version, environment);
        luck -= rate;
        luck < 0.0
    })
}

fn fill(filler: &mut Filler, templates: &[&str], chance: &mut Chance) -> String {
    let template = chance.pick(templates).unwrap_or_default();
    filler.fill(template, chance)
}

fn answer(area: &Area, theme: Option<&Theme>, filler: &mut Filler, chance: &mut Chance) -> String {
    let Some(theme) = theme else { return fill(filler, area.answers, chance) };
    match theme.fault {
        Fault::Says(wrong) => fill(filler, wrong, chance),
        Fault::Slow | Fault::Product => fill(filler, area.answers, chance),
        Fault::LongWinded => {
            let [first, second, last] = [0, 1, 2].map(|place| LONG_WINDED.get(place).copied().unwrap_or_default());
            format!("{first}\n\n{second}\n\n{}\n\n{last}", fill(filler, area.answers, chance))
        }
        Fault::Foreign => {
            let (language, answers) = FOREIGN[chance.below(FOREIGN.len())];
            filler.set("language", language);
            fill(filler, answers, chance)
        }
    }
}

/// Two in three answers looked something up: the area's documents and, now and then, one that does not belong.
fn documents(area: &Area, chance: &mut Chance) -> Vec<Value> {
    if chance.happens(0.33) {
        return Vec::new();
    }
    let mut found: Vec<(&str, &str)> = area.documents.to_vec();
    if chance.happens(0.3) {
        let other = any_area(chance);
        found.extend(other.documents.first());
    }
    found
        .iter()
        .enumerate()
        .map(|(place, (title, content))| {
            let score = (0.92 - 0.11 * place as f64 - 0.08 * chance.share()) * 1000.0;
            let id = format!("kb-{}", title.to_lowercase().replace(' ', "-"));
            json!({"id": id, "title": title, "content": content, "score": score.round() / 1000.0})
        })
        .collect()
}

impl Turn {
    pub fn answered_at(&self) -> Timestamp {
        self.asked_at.plus_micros(self.latency_ms * 1000)
    }
}

impl Session {
    fn prompt_name(&self, turn: &Turn) -> &'static str {
        if matches!(turn.area.name, "delivery" | "stock" | "changes") { "order-lookup" } else { "shop-assistant" }
    }
}

/// A row of Langfuse's export of traces.
pub fn trace(session: &Session, turn: &Turn) -> Value {
    let surface = if session.number.is_multiple_of(3) { "app" } else { "web" };
    json!({
        "id": turn.id, "timestamp": turn.asked_at.to_string(), "name": "chat", "userId": session.user,
        "sessionId": session.id, "release": plan::release(session.week), "version": session.version,
        "environment": session.environment, "tags": [turn.area.name], "bookmarked": false, "public": false,
        "input": turn.query, "output": turn.output,
        "metadata": {"user_role": session.role, "surface": surface, "synthetic": true}, "comments": [],
    })
}

/// Rows of Langfuse's export of observations: the generation, and the retriever where there was one.
pub fn observations(session: &Session, turn: &Turn) -> Vec<Value> {
    let place = [u64::from(session.number), turn.number as u64];
    let prompt = plan::prompt_version(session.week);
    let row = |kind: &str, name: &str, start: Timestamp, end: Timestamp| {
        json!({
            "id": random::id(kind, session.seed, &place), "type": kind, "traceId": turn.id, "name": name,
            "startTime": start.to_string(), "endTime": end.to_string(), "parentObservationId": null,
            "level": "DEFAULT", "statusMessage": null, "version": session.version, "environment": session.environment,
            "metadata": {"synthetic": true}, "traceName": "chat", "traceTags": [turn.area.name], "userId": session.user,
        })
    };
    let mut rows = Vec::new();
    let looked_up = turn.asked_at.plus_micros(180_000);
    if !turn.documents.is_empty() {
        let mut retriever = row("RETRIEVER", "search", turn.asked_at, looked_up);
        retriever["input"] = json!(turn.query);
        retriever["output"] = json!(turn.documents);
        rows.push(retriever);
    }
    let mut generation = row("GENERATION", "answer", turn.asked_at, turn.answered_at());
    generation["input"] = json!([
        {"role": "system", "content": SYSTEM_PROMPTS.get(prompt - 1)},
        {"role": "user", "content": turn.query},
    ]);
    generation["output"] = json!({"role": "assistant", "content": turn.output});
    generation["model"] = json!(session.version);
    generation["promptName"] = json!(session.prompt_name(turn));
    generation["promptVersion"] = json!(prompt);
    let tokens = |text: &str| text.split_whitespace().count() * 4 / 3;
    generation["usageDetails"] = json!({"input": 60 + tokens(&turn.query), "output": tokens(&turn.output)});
    rows.push(generation);
    rows
}
