//! Is what counts as negative what people meant, whichever way their export says it, and is the rest called unknown?

use std::path::PathBuf;

use hearback_app::Workspace;
use hearback_domain::{
    Dimension, Filter, Measure, Polarity,
    filter::Authors,
    job::Job,
    polarity::{self, Chosen, Evidence, Open, Scale, ScoreKey, ScoreRule, ScoreType},
};

use crate::shared::{Scratch, components, fixture, import_options, is, only, rows};

fn everyone() -> Filter {
    Filter { authors: Authors::Everyone, ..Filter::default() }
}

/// The polarity of each feedback, by its id.
fn polarities(scratch: &Scratch) -> Vec<(String, Polarity)> {
    let mut found: Vec<_> =
        rows(&scratch.workspace, &everyone()).into_iter().map(|row| (row.id, row.polarity)).collect();
    found.sort();
    found
}

fn polarity_of(scratch: &Scratch, id: &str) -> Polarity {
    polarities(scratch).into_iter().find(|(known, _)| known == id).unwrap_or_else(|| panic!("there is no {id}")).1
}

fn langfuse_score(id: &str, name: &str, source: &str, data_type: &str, value: &str) -> String {
    let words = if data_type == "CATEGORICAL" { "stringValue" } else { "value" };
    format!(
        r#"{{"id":"{id}","timestamp":"2026-07-01T10:00:00Z","name":"{name}","source":"{source}","dataType":"{data_type}","{words}":{value},"traceId":"t-{id}"}}"#
    )
}

fn judged(scratch: &Scratch, name: &str, values: &[(&str, &str)]) -> PathBuf {
    let lines: Vec<String> =
        values.iter().map(|(id, value)| langfuse_score(id, name, "EVAL", "NUMERIC", value)).collect();
    scratch.write(&format!("{name}.jsonl"), lines.join("\n"))
}

#[test]
fn one_score_has_one_scale_however_many_files_it_comes_in() {
    let scratch = Scratch::new();
    let rating = |id: &str, score: &str| {
        let line = langfuse_score(id, "user-rating", "API", "NUMERIC", score);
        scratch.write(&format!("{id}.jsonl"), line)
    };
    let files = [("a", "1.0"), ("b", "0.2"), ("c", "1.0"), ("d", "0.8")].map(|(id, score)| rating(id, score));
    for file in &files[..1] {
        scratch.import(std::slice::from_ref(file)).unwrap();
    }
    assert_eq!(polarity_of(&scratch, "a"), Polarity::Unknown, "one value fixes no scale");
    let open = scratch.workspace.store_for_tests().score_rules().unwrap();
    assert_eq!(open[0].open, Some(Open::Scale));
    scratch.import(&files[1..]).unwrap();
    let seen: Vec<Polarity> = polarities(&scratch).into_iter().map(|(_, polarity)| polarity).collect();
    use Polarity::{Negative, Positive};
    assert_eq!(seen, [Positive, Negative, Positive, Positive]);
    let rules = scratch.workspace.store_for_tests().score_rules().unwrap();
    assert_eq!((rules.len(), rules[0].sources.len(), rules[0].open), (1, 4, None), "{rules:?}");
}

#[test]
fn a_table_of_nothing_but_true_is_not_negative() {
    let scratch = Scratch::new();
    let file = scratch.write("votes.csv", "id,score,comment\nv1,TRUE,fine\nv2,true,good\nv3,TRUE,\n");
    scratch.import(&[file]).unwrap();
    let seen = polarities(&scratch);
    assert!(seen.len() == 3 && seen.iter().all(|(_, polarity)| *polarity == Polarity::Positive), "{seen:?}");
}

#[test]
fn of_what_is_bad_much_is_bad_and_what_nobody_knows_is_asked() {
    let scratch = Scratch::new();
    let files = [
        judged(&scratch, "hallucination", &[("h0", "0.0"), ("h9", "0.9")]),
        judged(&scratch, "toxicity", &[("t0", "0"), ("t8", "0.8")]),
        judged(&scratch, "faithfulness", &[("f1", "0.1"), ("f9", "0.95")]),
        judged(&scratch, "vibe", &[("v1", "0.1"), ("v9", "0.95")]),
    ];
    scratch.import(&files).unwrap();
    use Polarity::{Negative, Positive, Unknown};
    let expected = [
        ("f1", Negative),
        ("f9", Positive),
        ("h0", Positive),
        ("h9", Negative),
        ("t0", Positive),
        ("t8", Negative),
        ("v1", Unknown),
        ("v9", Unknown),
    ];
    assert_eq!(polarities(&scratch), expected.map(|(id, polarity)| (id.to_owned(), polarity)));
    let rules = scratch.workspace.store_for_tests().score_rules().unwrap();
    let open: Vec<_> = rules.iter().filter(|stored| stored.open.is_some()).collect();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0].profile.key.score_name.as_deref(), Some("vibe"));

    // Asked once: the answer holds for what is there, and for what comes.
    let key = open[0].profile.key.clone();
    let rule = hearback_domain::polarity::ScoreRule { worst: 1.0, best: 0.0, ..Scale::Unit.rule() };
    scratch.workspace.store_for_tests().set_score_rule(&key, None, &rule).unwrap();
    assert_eq!((polarity_of(&scratch, "v1"), polarity_of(&scratch, "v9")), (Positive, Negative));
    let next = scratch.write("next.jsonl", langfuse_score("v8", "vibe", "EVAL", "NUMERIC", "0.8"));
    scratch.import(&[next]).unwrap();
    assert_eq!(polarity_of(&scratch, "v8"), Negative);
}

#[test]
fn labels_mean_the_same_in_every_container() {
    let good = ["upvote", "liked", "👍🏽", "thumbs up", "+1", "pass", "Approved", "useful", "hilfreich", "success"];
    let bad = [
        "downvote",
        "disliked",
        "👎🏿",
        "thumbs_down",
        "fail",
        "rejected",
        "not_useful",
        "nicht hilfreich",
        "irrelevant",
    ];
    let all: Vec<(&str, Polarity)> = good
        .iter()
        .map(|word| (*word, Polarity::Positive))
        .chain(bad.iter().map(|word| (*word, Polarity::Negative)))
        .chain([("quotes plan B", Polarity::Unknown)])
        .collect();
    let scratch = Scratch::new();
    let scores: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(index, (word, _))| {
            langfuse_score(&format!("lf{index}"), "verdict", "API", "CATEGORICAL", &format!("{word:?}"))
        })
        .collect();
    let canonical: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(index, (word, _))| {
            format!(r#"{{"kind":"feedback","id":"ca{index}","feedback_type":"category","label":{word:?}}}"#)
        })
        .collect();
    let csv: Vec<String> =
        all.iter().enumerate().map(|(index, (word, _))| format!("cs{index},{word},words {index}")).collect();
    scratch
        .import(&[
            scratch.write("scores.jsonl", scores.join("\n")),
            scratch.write("own.jsonl", canonical.join("\n")),
            scratch.write("table.csv", format!("id,label,comment\n{}\n", csv.join("\n"))),
        ])
        .unwrap();
    for (index, (word, expected)) in all.iter().enumerate() {
        for container in ["lf", "ca", "cs"] {
            assert_eq!(polarity_of(&scratch, &format!("{container}{index}")), *expected, "{word} in {container}");
        }
    }
}

#[test]
fn an_unknown_label_is_counted_beside_until_a_person_tells() {
    let scratch = Scratch::new();
    let line = |id: &str, word: &str| langfuse_score(id, "reason", "API", "CATEGORICAL", &format!("{word:?}"));
    let first = scratch.write("a.jsonl", [line("1", "Plan B"), line("2", "helpful"), line("3", "wrong")].join("\n"));
    scratch.import(&[first]).unwrap();
    let share = || {
        let sums = scratch.workspace.store_for_tests().totals(&Filter::default()).unwrap().sums;
        (sums.n, sums.unknown, Measure::NegativeShare.value(&sums))
    };
    assert_eq!(share(), (3, 1, Some(0.5)));
    let unknown = only(vec![is(Dimension::Polarity, "unknown")]);
    assert_eq!(rows(&scratch.workspace, &unknown).len(), 1, "what is counted beside can be opened");
    let labels = scratch.workspace.store_for_tests().labels(9).unwrap();
    let plan = labels.iter().find(|label| label.label == "Plan B").unwrap();
    assert_eq!((plan.known, plan.told, plan.count), (Polarity::Unknown, None, 1));

    scratch.workspace.store_for_tests().tell_label(Some("reason"), "Plan B", Some(Polarity::Negative)).unwrap();
    assert_eq!(share(), (3, 0, Some(2.0 / 3.0)));
    let next = scratch.write("b.jsonl", line("4", "Plan B"));
    scratch.import(&[next]).unwrap();
    assert_eq!(polarity_of(&scratch, "4"), Polarity::Negative, "told once, it holds for what comes");
    let second = scratch.workspace.store_for_tests().sources().unwrap()[1].id;
    scratch.workspace.store_for_tests().remove_sources(&[second.into()]).unwrap();
    assert_eq!(share(), (3, 0, Some(2.0 / 3.0)));
    scratch.workspace.store_for_tests().tell_label(Some("reason"), "Plan B", None).unwrap();
    assert_eq!(share(), (3, 1, Some(0.5)));
}

#[test]
fn a_preview_says_what_the_import_will_say() {
    for folder in [
        "langfuse",
        "langsmith",
        "phoenix",
        "mlflow",
        "opik",
        "helicone",
        "chameleon",
        "typeform",
        "zendesk",
        "canonical/feedback.csv",
    ] {
        let scratch = Scratch::new();
        let paths = [fixture(folder)];
        let files = scratch.workspace.preview(&paths, &import_options(), &Job::quiet()).unwrap();
        let mut expected: Vec<(String, Polarity)> = Vec::new();
        for content in files.iter().filter_map(|file| file.content.as_ref().ok()).filter(|content| !content.guess) {
            // Only what was read whole can be held to it.
            if content.complete {
                expected.extend(content.feedback.iter().map(|row| (row.record.id.clone(), row.polarity)));
            }
        }
        scratch.import(&paths).unwrap();
        let seen = polarities(&scratch);
        let mut compared = 0;
        for (id, polarity) in &expected {
            // An id that several files speak of is merged; each alone may say less.
            if expected.iter().filter(|(other, _)| other == id).count() > 1 {
                continue;
            }
            let Some((_, imported)) = seen.iter().find(|(known, _)| known == id) else { continue };
            assert_eq!(imported, polarity, "{folder}: {id}");
            compared += 1;
        }
        assert!(compared > 0, "{folder} compares nothing");
    }
}

#[test]
fn a_key_names_a_score_of_a_tool() {
    let scratch = Scratch::new();
    let file = scratch.write("s.jsonl", langfuse_score("1", "user-thumbs", "API", "BOOLEAN", "1"));
    scratch.import(&[file]).unwrap();
    let key = &scratch.workspace.store_for_tests().score_rules().unwrap()[0].profile.key;
    let expected = ScoreKey {
        tool: "langfuse".to_owned(),
        score_name: Some("user-thumbs".to_owned()),
        score_type: ScoreType::Boolean,
    };
    assert_eq!(*key, expected);
    let unknown = ScoreKey { tool: "phoenix".to_owned(), ..expected };
    assert!(scratch.workspace.store_for_tests().set_score_rule(&unknown, None, &Scale::Unit.rule()).is_err());
}

/// Written by the version before this one: a confirmed scale, labels that were judged by the words known then, a judge's
/// score read the wrong way round, a comment that counted as neutral.
#[test]
fn an_older_workspace_opens_and_means_what_is_known_today() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.hearback");
    let packed = std::fs::File::open(fixture("workspaces/version-5.hearback.gz")).unwrap();
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut file).unwrap();
    drop(file);
    let scratch = Scratch { workspace: Workspace::open(&path, components()).unwrap(), folder };
    use Polarity::{Negative, Positive, Unknown};
    let expected =
        [("f1", Negative), ("f2", Positive), ("f3", Unknown), ("f4", Negative), ("f5", Positive), ("f6", Unknown)];
    assert_eq!(polarities(&scratch), expected.map(|(id, polarity)| (id.to_owned(), polarity)));
    let rules = scratch.workspace.store_for_tests().score_rules().unwrap();
    let thumbs = rules.iter().find(|stored| stored.profile.key.score_name.as_deref() == Some("user-thumbs")).unwrap();
    assert!(thumbs.applied.confirmed && thumbs.profile.key.tool == "canonical", "{thumbs:?}");
    assert!(scratch.workspace.store_for_tests().theme_run().unwrap().is_some(), "themes stay");
    // What was confirmed then holds for the next file of the tool.
    let next = scratch.write(
        "next.jsonl",
        r#"{"kind":"feedback","id":"f7","turn_id":"t1","feedback_type":"thumb","score_name":"user-thumbs","score":1}"#,
    );
    scratch.import(&[next]).unwrap();
    assert_eq!(polarity_of(&scratch, "f7"), Positive);
}

/// `facts` repeats in SQL how a score is cut into thirds and which evidence goes first.
#[test]
fn what_sql_decides_is_what_the_rules_decide() {
    let scratch = Scratch::new();
    let mut lines = Vec::new();
    for (number, scale) in Scale::ALL.iter().enumerate() {
        let ScoreRule { worst, best, .. } = scale.rule();
        let span = best - worst;
        for step in -2..=22 {
            // Beyond both ends, on both cuts and beside them.
            let score = worst + span * f64::from(step) / 20.0;
            for (variant, label) in ["", "good", "bad", "Plan B"].iter().enumerate() {
                let author = if (number + variant) % 2 == 0 { "human" } else { "judge" };
                let mut record = serde_json::json!({
                    "kind": "feedback", "id": format!("{number}/{step}/{variant}"), "score_name": format!("score {number}"),
                    "score": score, "author": author, "created_at": "2026-07-01T10:00:00Z",
                });
                if !label.is_empty() {
                    record["label"] = serde_json::json!(label);
                }
                if step == 7 {
                    record["polarity"] = serde_json::json!("neutral");
                }
                lines.push(record.to_string());
            }
        }
    }
    let file = scratch.write("grid.jsonl", lines.join("\n"));
    scratch.import(&[file]).unwrap();
    let compare = || {
        let rules = scratch.workspace.store_for_tests().score_rules().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        let found = rows(&scratch.workspace, &everyone());
        assert_eq!(found.len(), lines.len());
        for row in found {
            let rule = rules.iter().find(|rule| rule.profile.key.score_name == row.score_name).unwrap();
            let words = polarity::of_words(
                &Chosen {
                    feedback_type: row.feedback_type,
                    has_score: row.score.is_some(),
                    score_name: row.score_name.as_deref(),
                    label: row.label.as_deref(),
                    reasons: &row.reasons,
                },
                |_| None,
            );
            let stated = row.id.contains("/7/").then_some(Polarity::Neutral);
            let evidence = Evidence { stated, author: row.author, score: row.score, rule: Some(&rule.applied), words };
            assert_eq!(row.polarity, polarity::of_feedback(&evidence), "{row:?} by {:?}", rule.applied);
            seen.insert(row.polarity.word());
        }
        seen.len()
    };
    assert_eq!(compare(), 4, "the grid shows every polarity");
    for (number, scale) in Scale::ALL.iter().enumerate() {
        let key = scratch
            .workspace
            .store_for_tests()
            .score_rules()
            .unwrap()
            .into_iter()
            .map(|rule| rule.profile.key)
            .find(|key| key.score_name.as_deref() == Some(&format!("score {number}")))
            .unwrap();
        let mut rule = scale.rule();
        if number % 2 == 1 {
            std::mem::swap(&mut rule.worst, &mut rule.best);
        }
        scratch.workspace.store_for_tests().set_score_rule(&key, None, &rule).unwrap();
    }
    assert_eq!(compare(), 3, "a confirmed scale leaves nothing unknown");
}
