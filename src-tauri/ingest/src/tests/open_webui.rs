//! Open WebUI: its votes and its chats come to what was said in it.

use std::collections::BTreeSet;

use super::{merged::Merged, *};

fn open_webui_expected() -> Option<serde_json::Value> {
    let path = shared("data/real_tools/open_webui/expected.json")?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

#[test]
fn open_webui_counts_are_exact() {
    let (Some(expected), Some(feedback)) =
        (open_webui_expected(), shared("data/real_tools/open_webui/feedback-history-export.json"))
    else {
        return;
    };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let merged = Merged::of(&[feedback]);
    assert_eq!(merged.rejects, "");
    assert!(merged.unmapped.is_empty(), "{:?}", merged.unmapped);
    assert_eq!(merged.files, [("Open WebUI feedback (JSON)".to_owned(), count("feedback") as u64)]);
    let of = |holds: &dyn Fn(&FeedbackRecord) -> bool| merged.feedback.values().filter(|found| holds(found)).count();
    assert_eq!(merged.feedback.len(), count("feedback"));
    assert_eq!(of(&|found| found.score == Some(1.0)), count("up"));
    assert_eq!(of(&|found| found.score == Some(-1.0)), count("down"));
    assert_eq!(of(&|found| found.comment.is_some()), count("with_comment"));
    assert_eq!(of(&|found| !found.reasons.is_empty()), count("with_reason"));
    assert_eq!(of(&|found| found.metadata.contains_key("details.rating")), count("with_details"));
    assert_eq!(of(&|found| found.metadata.contains_key("sibling_model_ids")), count("with_siblings"));
    assert_eq!(of(&|found| found.author == hearback_domain::Author::Judge), count("judge"));
    assert_eq!(format!("{:?}", merged.types()), format!("{{\"thumb\": {}}}", count("feedback")));
    assert_eq!(merged.sessions.len(), count("sessions_seen_in_snapshots"));
    let rated: BTreeSet<_> = merged.feedback.values().filter_map(|found| found.turn_id.clone()).collect();
    assert_eq!(rated.len(), count("rated_messages"));
    assert_eq!((merged.on_turns(), merged.orphans()), (count("feedback"), count("orphans")));
}

#[test]
fn open_webui_chats_join_the_feedback() {
    let (Some(expected), Some(feedback), Some(chats)) = (
        open_webui_expected(),
        shared("data/real_tools/open_webui/feedback-history-export.json"),
        shared("data/real_tools/open_webui/chat-export.json"),
    ) else {
        return;
    };
    let alone = Merged::of(std::slice::from_ref(&chats));
    assert_eq!(alone.rejects, "");
    assert_eq!(alone.sessions.len() as u64, expected["chats"].as_u64().unwrap());
    assert_eq!(alone.orphans(), 0);
    let both = Merged::of(&[chats, feedback]);
    assert_eq!(both.feedback.len() as u64, expected["feedback"].as_u64().unwrap(), "the same ratings in both files");
    assert_eq!(both.orphans(), 0);
}

/// Every turn of the neutral original that the export holds has its texts, documents, model and system prompt.
#[test]
fn open_webui_turns_are_those_of_the_original() {
    let Some(truth) = shared("data/real_tools/truth/batch.json") else { return };
    let truth: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(truth).unwrap()).unwrap();
    let mut files = vec![fixture("open_webui/feedback.json"), fixture("open_webui/chats.json")];
    files.extend(shared("data/real_tools/open_webui/feedback-history-export.json"));
    files.extend(shared("data/real_tools/open_webui/chat-export.json"));
    let merged = Merged::of(&files);
    let (mut seen, mut special) = (0, BTreeSet::new());
    for session in truth["sessions"].as_array().unwrap() {
        for expected in session["turns"].as_array().unwrap() {
            let id = expected["turn_id"].as_str().unwrap();
            let Some(turn) = merged.turns.get(id) else { continue };
            seen += 1;
            special.extend(expected["special"].as_str());
            let text = |key: &str| expected[key].as_str();
            assert_eq!(turn.query.as_deref(), text("query"), "{id}");
            assert_eq!(turn.output.as_deref(), text("output"), "{id}");
            assert_eq!(turn.model.as_deref(), text("model"), "{id}");
            assert_eq!(turn.model_version.as_deref(), text("model_version"), "{id}");
            assert_eq!(turn.system_context.as_deref(), session["system_prompt"].as_str(), "{id}");
            assert_eq!(turn.position, expected["index"].as_i64().map(|index| index + 1), "{id}");
            assert_eq!(turn.user_id.as_deref(), session["user_id"].as_str(), "{id}");
            assert_eq!(turn.input_tokens, expected["prompt_tokens"].as_i64(), "{id}");
            let documents = expected["documents"].as_array().unwrap();
            assert_eq!(turn.documents.len(), documents.len(), "{id}");
            for (document, expected) in turn.documents.iter().zip(documents) {
                assert_eq!(document.id.as_deref(), expected["id"].as_str());
                assert_eq!(document.title.as_deref(), expected["title"].as_str());
                assert_eq!(Some(document.content.as_str()), expected["text"].as_str());
                assert_eq!(document.score, expected["score"].as_f64());
            }
        }
    }
    assert_eq!(merged.turns.len(), seen, "answers made again are no turns");
    // Two of the original's 82 are in chats that nobody rated and the export of chats leaves out.
    assert_eq!((seen, special.len()), (80, 12));
}
