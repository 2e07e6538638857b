use std::collections::BTreeMap;

use super::{merged::Merged, *};
use hearback_domain::{Author, FeedbackType, record::SpanTarget};

fn tool(name: &str) -> Option<PathBuf> {
    shared(&format!("data/real_tools/label_studio/{name}"))
}

fn json(name: &str) -> Option<serde_json::Value> {
    serde_json::from_str(&std::fs::read_to_string(shared(&format!("data/real_tools/{name}"))?).unwrap()).ok()
}

/// "thumb 36, rating 17".
fn counts(counts: &BTreeMap<String, usize>) -> String {
    counts.iter().map(|(key, count)| format!("{key} {count}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_count_of_the_tool_comes_out() {
    let (Some(all), Some(export), Some(expected), Some(truth)) = (
        tool("export_all_tasks.json"),
        tool("export.json"),
        json("label_studio/expected.json"),
        json("truth/batch.json"),
    ) else {
        return;
    };
    let merged = Merged::of(std::slice::from_ref(&all));
    assert_eq!(merged.rejects, "");
    let number = |key: &str| expected[key].as_u64().unwrap() as usize;
    assert_eq!(merged.turns.len(), number("turns"));
    assert_eq!(merged.sessions.len(), number("sessions"));
    // The sums count the turn that failed, too, of which there is no task.
    let failed = expected["special_turns"]["error"].as_str().unwrap();
    let failed = truth["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|session| session["turns"].as_array().unwrap())
        .find(|turn| turn["turn_id"] == failed)
        .unwrap();
    assert!(!merged.turns.contains_key(failed["turn_id"].as_str().unwrap()));
    let documents = merged.turns.values().map(|turn| turn.documents.len());
    assert_eq!(documents.clone().sum::<usize>() + failed["documents"].as_array().unwrap().len(), number("documents"));
    assert_eq!(documents.filter(|count| *count > 0).count() + 1, number("turns_with_documents"));
    assert_eq!(
        merged.turns.values().filter(|turn| turn.output.as_deref() == Some("")).count(),
        number("turns_empty_output")
    );
    let same = |found: BTreeMap<String, usize>, key: &str| {
        let expected: BTreeMap<String, usize> = expected[key]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, count)| (key.clone(), count.as_u64().unwrap() as usize))
            .collect();
        assert_eq!(found, expected, "{key}");
    };
    let with_failed = |mut found: BTreeMap<String, usize>, key: String| {
        *found.entry(key).or_default() += 1;
        found
    };
    let text = |key: &str| failed[key].as_str().unwrap().to_owned();
    let models = merged.per_turn(|turn| Some(format!("{}@{}", turn.model.as_ref()?, turn.model_version.as_ref()?)));
    same(with_failed(models, format!("{}@{}", text("model"), text("model_version"))), "turns_per_model");
    let prompts = merged.per_turn(|turn| turn.prompt_version.clone());
    same(with_failed(prompts, text("prompt_version")), "turns_per_prompt_version");
    same(merged.per_session(|session| session.environment.clone()), "sessions_per_environment");
    same(merged.per_session(|session| session.user_role.clone()), "sessions_per_user_role");
    assert_eq!(merged.on_turns(), merged.feedback.len());
    let people = "annotation 13, category 17, comment 11, correction 13, rating 17, thumb 36";
    assert_eq!(counts(&merged.types()), people);
    let mut controls = merged.per_feedback(|one| one.score_name.clone());
    // Each chosen reason is a feedback; a comment on another answer is none of its own.
    assert_eq!(controls.remove("reason"), Some(number("reasons")));
    controls.remove("comment");
    for (control, count) in controls {
        assert_eq!(expected["results_per_control"][&control].as_u64(), Some(count as u64), "{control}");
    }
    let comments = |merged: &Merged| merged.feedback.values().filter(|one| one.comment.is_some()).count();
    // The notes on two marked stretches are comments, too.
    assert_eq!(comments(&merged), number("comment_texts") + 2);

    // Both files number the predictions and say nothing of them.
    assert_eq!(
        merged.unmapped,
        BTreeMap::from([("predictions".to_owned(), expected["predictions"].as_u64().unwrap())])
    );
    let merged = Merged::of(std::slice::from_ref(&export));
    assert_eq!(merged.turns.len(), number("tasks_in_export_json"));
    assert_eq!(counts(&merged.types()), people);
    assert_eq!(merged.unmapped["predictions"], expected["predictions_in_export_json"].as_u64().unwrap());
    assert!(read_file(&export).recognised.note.is_some_and(|note| note.starts_with("predictions are only numbered")));
}

#[test]
fn a_row_per_annotation_says_the_same() {
    let (Some(all), Some(expected)) = (tool("export_all_tasks.json"), json("label_studio/expected.json")) else {
        return;
    };
    let whole = Merged::of(std::slice::from_ref(&all));
    for name in ["export_min.json", "export.csv", "export.tsv"] {
        let Some(path) = tool(name) else { return };
        let outcome = read_file(&path);
        assert_eq!(outcome.report.read, expected["rows_in_min"].as_u64().unwrap());
        let merged = Merged::of(std::slice::from_ref(&path));
        assert_eq!(merged.rejects, "", "{name}");
        assert_eq!(merged.unmapped, BTreeMap::new(), "{name}");
        let types = merged.types();
        for kind in ["annotation", "category", "correction", "rating", "thumb"] {
            assert_eq!(types.get(kind), whole.types().get(kind), "{kind} in {name}");
        }
        // Which comment belongs to what is not in these files: those of one annotation go with its first answer.
        let texts = merged.feedback.values().filter(|one| one.comment.is_some()).count() as u64;
        assert_eq!(Some(texts), expected["comment_texts"].as_u64());
        let known = whole.feedback_ids();
        assert!(merged.feedback_ids().iter().all(|id| known.contains(id)), "{name}");
        for (id, feedback) in &merged.feedback {
            let other = &whole.feedback[id];
            assert_eq!(feedback.feedback_type, other.feedback_type, "{id}");
            assert_eq!(
                (&feedback.label, feedback.score, &feedback.span),
                (&other.label, other.score, &other.span),
                "{id}"
            );
            assert_eq!((&feedback.correction, feedback.created_at), (&other.correction, other.created_at), "{id}");
        }
        for (id, turn) in &merged.turns {
            let other = &whole.turns[id];
            assert_eq!(
                (&turn.query, &turn.system_context, &turn.documents),
                (&other.query, &other.system_context, &other.documents)
            );
            assert_eq!(
                (&turn.session_id, turn.position, &turn.model),
                (&other.session_id, other.position, &other.model)
            );
            // A table cannot tell an empty answer from none.
            let output = other.output.clone().filter(|text| !text.is_empty() || name.ends_with("json"));
            assert_eq!(turn.output, output, "{id}");
        }
    }
}

#[test]
fn texts_are_what_was_said_and_marks_lie_where_they_were_made() {
    let (Some(all), Some(truth), Some(expected)) =
        (tool("export_all_tasks.json"), json("truth/batch.json"), json("label_studio/expected.json"))
    else {
        return;
    };
    let merged = Merged::of(std::slice::from_ref(&all));
    let mut seen = 0;
    for turn in truth["sessions"].as_array().unwrap().iter().flat_map(|session| session["turns"].as_array().unwrap()) {
        let Some(read) = merged.turns.get(turn["turn_id"].as_str().unwrap()) else { continue };
        assert_eq!(read.query.as_deref(), turn["query"].as_str());
        assert_eq!(read.output.as_deref(), turn["output"].as_str());
        seen += 1;
    }
    assert_eq!(seen, merged.turns.len());
    let special = expected["special_turns"].as_object().unwrap();
    let missing = special.values().filter(|id| !merged.turns.contains_key(id.as_str().unwrap())).count();
    assert_eq!(missing, 1, "only the failed turn has no task");

    let mut marked = 0;
    for feedback in merged.feedback.values().filter(|one| one.feedback_type == FeedbackType::Annotation) {
        let span = feedback.span.as_ref().unwrap();
        assert_eq!(span.target, SpanTarget::Output);
        let output = merged.turns[feedback.turn_id.as_ref().unwrap()].output.as_ref().unwrap();
        let stretch: String = output.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect();
        assert_eq!(span.quote.as_deref(), Some(stretch.as_str()));
        let of = |one: &serde_json::Value| {
            one["span"]["start"].as_u64() == Some(span.start.into())
                && one["turn_id"].as_str() == feedback.turn_id.as_deref()
        };
        marked += usize::from(truth["feedback"].as_array().unwrap().iter().any(of));
    }
    assert_eq!(marked, 13);
}

#[test]
fn one_task_of_the_api() {
    let Some(path) = tool("api_task.json") else { return };
    let outcome = read_file(&path);
    assert_eq!(outcome.recognised.title, "Label Studio tasks (JSON)");
    assert_eq!(outcome.report.unmapped, []);
    assert_eq!(outcome.turns().len(), 1);
    let people = outcome.feedback().iter().filter(|one| one.author == Author::Human).count();
    assert_eq!((people, outcome.feedback().len()), (1, 2));
    let judge = outcome.feedback().into_iter().find(|one| one.author == Author::Judge).cloned().unwrap();
    assert_eq!(judge.score_name.as_deref(), Some("judge-gpt-4o"));
    assert!(judge.score.is_some() && judge.comment.is_some());
    assert!(outcome.feedback().iter().all(|one| one.metadata.get("annotator").is_none_or(|by| !by.contains('@'))));
}

/// Other projects call their controls otherwise; the counts are the same.
#[test]
fn the_names_of_controls_are_anybodys() {
    const NAMES: [(&str, &str); 6] = [
        ("verdict", "q1"),
        ("rating", "tone of voice"),
        ("reason", "problem"),
        ("correction", "ideal_response"),
        ("comment", "remarks"),
        ("span", "marks"),
    ];
    let Some(folder) = shared("data/real_tools/label_studio") else { return };
    for name in ["export_all_tasks.json", "export_min.json", "export.csv", "export.tsv"] {
        let mut text = std::fs::read_to_string(folder.join(name)).unwrap();
        let plain = Merged::of(&[folder.join(name)]);
        let table = !name.ends_with("json");
        let (header, rest) = text.split_once('\n').map_or(("", ""), |(header, rest)| (header, rest));
        let (mut header, rest) = (header.to_owned(), rest.to_owned());
        for (from, to) in NAMES {
            header = header.replace(&format!("\"{from}\""), &format!("\"{to}\""));
            for space in ["", " "] {
                let control = format!("\"from_name\":{space}\"{from}\"");
                text = text.replace(&control, &control.replace(&format!("\"{from}\""), &format!("\"{to}\"")));
                if name == "export_min.json" && from != "rating" {
                    text = text.replace(&format!("\"{from}\":{space}"), &format!("\"{to}\":{space}"));
                }
            }
        }
        let file = written(name, if table { format!("{header}\n{rest}") } else { text });
        let renamed = Merged::of(std::slice::from_ref(&file.path));
        assert_eq!(renamed.types(), plain.types(), "{name}");
        assert_eq!(renamed.turns.len(), plain.turns.len());
        assert!(renamed.turns.values().eq(plain.turns.values()), "{name}");
    }
}
