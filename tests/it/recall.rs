//! Are past cases found, by meaning and by words, with what was done about them, and only those that are there?

use std::collections::BTreeSet;

use hearback_analysis::recall::{Closeness, LastWord, RELATED};
use hearback_app::{
    AnalysisOptions, Components, KnownProblem, SearchAnswer, SimilarCase, SimilarTo, ThemeEdit, Workspace,
};
use hearback_domain::{Dimension, Filter, Subject, Timestamp, error::Kind, job::Job};

use crate::shared::{Scratch, components, is, now, only, rows, sample};

const REFUND: &str = "The refund window is 30 days, not 60";
const BETTER: &str = "You can return it within 30 days of delivery";
const MONEY: &str = "They told me I have 60 days to get my money back, that is wrong";
const CHAT: &str = "The chat window covers the checkout button on my phone";
const SLOW: &str = "Answers are far too slow in the evening";
const CLOSES: &str = "The window of the app closes when I ask about a refund";

/// A few complaints: two say the same, of the second the answer was corrected; nobody says anything of turn t-9.
fn desk() -> Scratch {
    let scratch = Scratch::new();
    let turn = |id: &str, query: &str| {
        serde_json::json!({ "kind": "turn", "id": id, "session_id": format!("s-{id}"), "query": query,
                            "output": "You have 60 days.", "created_at": "2026-05-01T09:00:00Z" })
    };
    let lines = [
        turn("t-1", "Until when can I return a tent?"),
        turn("t-2", "Is there a time limit for returns?"),
        turn("t-9", "How many days do I have to get a refund?"),
        comment("c-1", Some("t-1"), REFUND, "2026-05-01T10:00:00Z", "production"),
        comment("c-2", Some("t-2"), REFUND, "2026-05-03T10:00:00Z", "production"),
        serde_json::json!({ "kind": "feedback", "id": "c-3", "turn_id": "t-2", "feedback_type": "correction",
                            "correction": BETTER, "created_at": "2026-05-03T11:00:00Z", "environment": "production" }),
        comment("c-4", None, MONEY, "2026-05-04T10:00:00Z", "staging"),
        comment("c-5", None, CHAT, "2026-05-05T10:00:00Z", "production"),
        comment("c-6", None, SLOW, "2026-05-06T10:00:00Z", "production"),
        comment("c-7", None, CLOSES, "2026-05-07T10:00:00Z", "production"),
        serde_json::json!({ "kind": "feedback", "id": "c-8", "feedback_type": "thumb", "score_name": "thumbs", "score": 1,
                            "created_at": "2026-05-08T10:00:00Z" }),
    ];
    import(&scratch, "desk.jsonl", &lines);
    analyse(&scratch.workspace);
    scratch
}

fn comment(id: &str, turn: Option<&str>, text: &str, at: &str, environment: &str) -> serde_json::Value {
    serde_json::json!({ "kind": "feedback", "id": id, "turn_id": turn, "feedback_type": "comment", "comment": text,
                        "created_at": at, "environment": environment })
}

/// Gives the ids of the sources.
fn import(scratch: &Scratch, name: &str, lines: &[serde_json::Value]) -> Vec<i64> {
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let outcome = scratch.import(&[scratch.write(name, text.join("\n"))]).unwrap();
    assert_eq!(outcome.total.rejected, 0, "{name}");
    outcome.sources.iter().map(|source| source.id).collect()
}

fn analyse(workspace: &Workspace) {
    workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
}

fn similar(workspace: &Workspace, to: SimilarTo<'_>, filter: &Filter) -> Vec<SimilarCase> {
    let cases = workspace.similar(to, 10, filter, &Job::quiet()).unwrap();
    assert!(cases.len() <= 10);
    assert!(cases.is_sorted_by(|a, b| a.similarity >= b.similarity), "{to:?}: {:?}", texts(&cases));
    assert_eq!(texts(&cases).into_iter().collect::<BTreeSet<_>>().len(), cases.len(), "a text is there once");
    assert!(cases.iter().all(|case| case.closeness == Closeness::of(case.similarity) && case.count > 0));
    cases
}

fn texts(cases: &[SimilarCase]) -> Vec<&str> {
    cases.iter().map(|case| case.text.as_str()).collect()
}

fn search(workspace: &Workspace, typed: &str, last: LastWord) -> SearchAnswer {
    workspace.search(typed, last, 10, &Filter::default(), &Job::quiet()).unwrap()
}

fn found(answer: &SearchAnswer) -> BTreeSet<&str> {
    answer.cases.iter().map(|case| case.text.as_str()).collect()
}

fn by_words(answer: &SearchAnswer) -> BTreeSet<&str> {
    answer.cases.iter().filter(|case| case.by_words).map(|case| case.text.as_str()).collect()
}

fn known(workspace: &Workspace, text: &str, filter: &Filter) -> KnownProblem {
    workspace.known(text, filter, &Job::quiet()).unwrap()
}

fn moment(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn a_case_says_how_often_since_when_and_what_was_written_instead() {
    let scratch = desk();
    let workspace = &scratch.workspace;
    let text = SimilarTo::Text("the refund window is 30 days and not 60");
    let cases = similar(workspace, text, &Filter::default());
    let first = &cases[0];
    assert_eq!(first.text, REFUND);
    assert!(first.closeness >= Closeness::SameProblem, "{}", first.similarity);
    assert_eq!((first.count, first.feedback.id.as_str()), (2, "c-2"), "the latest of both");
    assert_eq!(
        (first.first, first.last),
        (moment("2026-05-01T10:00:00Z"), moment("2026-05-03T10:00:00Z")),
        "since when, and when last"
    );
    let correction = first.done.correction.as_ref().expect("another feedback of the turn corrects it");
    assert_eq!((correction.text.as_str(), correction.feedback.as_str(), correction.times), (BETTER, "c-3", 1));
    assert_eq!(first.done.note, None);
    let slow = cases.iter().find(|case| case.text == SLOW).unwrap();
    assert_eq!((slow.closeness, &slow.done.correction), (Closeness::Distant, &None));

    // A filter: only its feedback is found, counted and dated.
    let staging = similar(workspace, text, &only(vec![is(Dimension::Environment, "staging")]));
    assert_eq!(texts(&staging), [MONEY]);
    let early = Filter { to: moment("2026-05-02T00:00:00Z"), ..Filter::default() };
    let cases = similar(workspace, text, &early);
    assert_eq!((texts(&cases), cases[0].count, cases[0].feedback.id.as_str()), (vec![REFUND], 1, "c-1"));
    assert_eq!(cases[0].done.correction, None, "that answer was not corrected");
    assert!(similar(workspace, text, &only(vec![is(Dimension::Environment, "nowhere")])).is_empty());

    let error = workspace.similar(SimilarTo::Text(" \n"), 10, &Filter::default(), &Job::quiet()).unwrap_err();
    assert_eq!(error.kind, Kind::Input);
}

#[test]
fn what_is_asked_about_does_not_answer_itself() {
    let scratch = desk();
    let workspace = &scratch.workspace;
    // Others say the same: they are the nearest case.
    let cases = similar(workspace, SimilarTo::Feedback("c-1"), &Filter::default());
    assert_eq!((cases[0].text.as_str(), cases[0].count, cases[0].feedback.id.as_str()), (REFUND, 1, "c-2"));
    assert!(cases[0].similarity > 0.999, "{}", cases[0].similarity);
    let cases = similar(workspace, SimilarTo::Feedback("c-5"), &Filter::default());
    assert!(!cases.is_empty() && !texts(&cases).contains(&CHAT));
    assert!(similar(workspace, SimilarTo::Feedback("c-8"), &Filter::default()).is_empty(), "it has no words");

    // A turn: what feedback on it says; without any, what was asked.
    let cases = similar(workspace, SimilarTo::Turn("t-2"), &Filter::default());
    assert!(!texts(&cases).contains(&BETTER), "only this turn's own feedback says it");
    assert_eq!((cases[0].text.as_str(), cases[0].count, cases[0].feedback.id.as_str()), (REFUND, 1, "c-1"));
    let cases = similar(workspace, SimilarTo::Turn("t-9"), &Filter::default());
    assert!([REFUND, MONEY, BETTER].contains(&cases[0].text.as_str()), "{:?}", texts(&cases));
    let error = workspace.similar(SimilarTo::Turn("t-404"), 10, &Filter::default(), &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::NotFound && error.hint.is_some(), "{error}");
}

#[test]
fn quoted_phrases_are_exact_and_words_stand_beside_meaning() {
    let scratch = desk();
    let workspace = &scratch.workspace;
    let exact = search(workspace, "\"refund window\"", LastWord::Whole);
    assert!(exact.by_meaning);
    assert_eq!(found(&exact), BTreeSet::from([REFUND]), "not {CLOSES:?}, which has both words");
    assert_eq!(found(&search(workspace, "“Refund Window” money", LastWord::Whole)), BTreeSet::from([REFUND]));
    assert!(search(workspace, "\"window refund\"", LastWord::Whole).cases.is_empty());
    assert!(search(workspace, "refund \"nobody says this\"", LastWord::Whole).cases.is_empty());
    assert!(search(workspace, " \"\" ", LastWord::Whole).cases.is_empty());

    // Words that nobody says find what means the same.
    let meant = search(workspace, "reimbursement deadline incorrect", LastWord::Whole);
    assert!(by_words(&meant).is_empty(), "{meant:?}");
    assert!([REFUND, MONEY, BETTER].contains(&meant.cases[0].text.as_str()), "{meant:?}");
    assert!(meant.cases.iter().all(|case| case.similarity.is_some()));

    // While somebody types, the last word goes on.
    let begun = search(workspace, "check", LastWord::Beginning);
    assert_eq!(by_words(&begun), BTreeSet::from([CHAT]));
    assert!(by_words(&search(workspace, "check", LastWord::Whole)).is_empty());

    let staging = only(vec![is(Dimension::Environment, "staging")]);
    let answer = workspace.search("60 days", LastWord::Whole, 10, &staging, &Job::quiet()).unwrap();
    assert_eq!(found(&answer), BTreeSet::from([MONEY]));
    let said = search(workspace, "refund window", LastWord::Whole);
    let refund = said.cases.iter().find(|case| case.text == REFUND).unwrap();
    assert_eq!((refund.count, refund.feedback.id.as_str()), (2, "c-2"));
}

#[test]
fn without_a_model_words_are_found_and_before_an_analysis_it_says_what_to_do() {
    let fresh = Scratch::new();
    import(&fresh, "one.jsonl", &[comment("c-1", None, REFUND, "2026-05-01T10:00:00Z", "production")]);
    let error = fresh.workspace.similar(SimilarTo::Text(REFUND), 5, &Filter::default(), &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::NotFound && error.hint.is_some(), "{error}");
    assert!(!search(&fresh.workspace, "refund", LastWord::Whole).by_meaning);

    let Scratch { workspace, folder } = desk();
    let path = workspace.store_for_tests().path().to_owned();
    drop(workspace);
    let bare = Workspace::open(&path, Components::at(folder.path().join("no components"))).unwrap();
    let answer = search(&bare, "refund", LastWord::Whole);
    assert!(!answer.by_meaning);
    assert_eq!(found(&answer), BTreeSet::from([REFUND, CLOSES]));
    assert!(answer.cases.iter().all(|case| case.by_words && case.similarity.is_none()));
    // What is embedded needs no model to be compared.
    assert_eq!(similar(&bare, SimilarTo::Feedback("c-1"), &Filter::default())[0].text, REFUND);
    let error = bare.similar(SimilarTo::Text(REFUND), 5, &Filter::default(), &Job::quiet()).unwrap_err();
    assert_eq!(error.kind, Kind::Component, "{error}");
}

#[test]
fn what_is_held_keeps_step_with_the_workspace() {
    let scratch = desk();
    let workspace = &scratch.workspace;
    let job = Job::quiet();
    let before = workspace.load_recall(&job).unwrap();
    assert!(before.vectors >= 6 && before.texts >= before.vectors, "{before:?}");
    let parcel = "The parcel was left in the rain and everything inside was soaked";
    assert!(by_words(&search(workspace, "parcel", LastWord::Whole)).is_empty());

    let sources = import(
        &scratch,
        "later.jsonl",
        &[
            comment("d-1", None, parcel, "2026-06-01T10:00:00Z", "production"),
            comment(
                "d-2",
                None,
                "Der Rabattcode wird an der Kasse nicht angenommen",
                "2026-06-02T10:00:00Z",
                "production",
            ),
            comment("d-3", None, REFUND, "2026-06-03T10:00:00Z", "production"),
        ],
    );
    analyse(workspace);
    let after = workspace.load_recall(&job).unwrap();
    assert_eq!((after.vectors, after.texts), (before.vectors + 2, before.texts + 2), "one text was there");
    assert_eq!(by_words(&search(workspace, "parcel", LastWord::Whole)), BTreeSet::from([parcel]));
    let text = SimilarTo::Text("my parcel lay in the rain, all of it was wet");
    assert_eq!(similar(workspace, text, &Filter::default())[0].text, parcel);
    let refund = &similar(workspace, SimilarTo::Text(REFUND), &Filter::default())[0];
    assert_eq!((refund.count, refund.feedback.id.as_str()), (3, "d-3"));

    // Whoever opens the workspace anew gets the same answers.
    let grown = similar(workspace, SimilarTo::Text(MONEY), &Filter::default());
    let Scratch { workspace, folder } = scratch;
    let path = workspace.store_for_tests().path().to_owned();
    drop(workspace);
    let scratch = Scratch { workspace: Workspace::open(&path, components()).unwrap(), folder };
    let workspace = &scratch.workspace;
    assert_eq!(similar(workspace, SimilarTo::Text(MONEY), &Filter::default()), grown);

    // What an undone import brought is found no more.
    for source in sources {
        workspace.remove_sources(&[source.into()]).unwrap();
    }
    assert!(search(workspace, "parcel", LastWord::Whole).cases.iter().all(|case| case.text != parcel));
    assert!(!texts(&similar(workspace, text, &Filter::default())).contains(&parcel));
    assert_eq!(similar(workspace, SimilarTo::Text(REFUND), &Filter::default())[0].count, 2);
}

#[test]
fn a_known_problem_has_its_themes_with_their_numbers_and_what_was_done() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let question = "Your assistant claims that the refund window is 60 days, but your own page says 30";
    let answer = known(workspace, question, &Filter::default());
    let (similarity, closeness) = answer.nearest.unwrap();
    assert!(closeness >= Closeness::SameProblem, "{similarity}");
    assert!((1..=3).contains(&answer.themes.len()), "{}", answer.themes.len());
    assert_eq!(answer.themes[0].similarity, similarity, "the theme of the nearest comes first");
    assert!(answer.themes.is_sorted_by(|a, b| a.similarity >= b.similarity));
    assert!(sample().planted_feedback("wrong refund window").contains(&answer.themes[0].example.id.as_str()));
    let mut nearest = similar(workspace, SimilarTo::Text(question), &Filter::default());
    nearest.retain(|case| case.similarity >= RELATED);
    nearest.truncate(5);
    assert_eq!(answer.cases, nearest);

    let all = rows(workspace, &Filter::default());
    for theme in &answer.themes {
        let members: Vec<_> = all.iter().filter(|row| row.theme_id == Some(theme.id)).collect();
        assert_eq!(theme.totals.sums.n, members.len() as u64, "{}", theme.name);
        assert!(theme.near > 0 && theme.near <= theme.totals.sums.n, "{} near", theme.near);
        assert_eq!(theme.totals.first, members.iter().filter_map(|row| row.created_at).min());
        assert_eq!(theme.totals.last, members.iter().filter_map(|row| row.created_at).max());
        assert!(theme.similarity >= RELATED && theme.example.theme_id == Some(theme.id));
        if let Some(correction) = &theme.done.correction {
            let giver = all.iter().find(|row| row.id == correction.feedback).unwrap();
            assert_eq!(giver.correction.as_deref().map(str::trim), Some(correction.text.as_str()));
        }
    }
    assert!(answer.themes.iter().any(|theme| theme.done.correction.is_some()), "the sample corrects these answers");

    // A note on the theme stands with it and with its cases, until it is taken back.
    let theme = answer.themes[0].id;
    let note = ThemeEdit::Note { theme, note: "Prompt 4 says it right: HB-212".to_owned() };
    workspace.edit_themes(&note, now(), &Job::quiet()).unwrap();
    let noted = known(workspace, question, &Filter::default());
    let notes: Vec<Option<&str>> = noted.themes.iter().map(|theme| theme.done.note.as_deref()).collect();
    assert_eq!(notes[0], Some("Prompt 4 says it right: HB-212"));
    assert!(notes[1..].iter().all(Option::is_none), "{notes:?}");
    assert!(noted.cases.iter().any(|case| case.done.note.is_some()));
    assert!(noted.cases.iter().all(|case| case.done.note.is_some() == (case.feedback.theme_id == Some(theme))));
    workspace.undo_theme_edit(None, &Job::quiet()).unwrap();
    assert_eq!(known(workspace, question, &Filter::default()), answer);
}

#[test]
fn what_is_not_known_is_not_made_known() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let far = known(workspace, "Chromosomes of fruit flies segregate during meiosis", &Filter::default());
    let (similarity, closeness) = far.nearest.unwrap();
    assert_eq!(closeness, Closeness::Distant, "{similarity}");
    assert!(far.themes.is_empty() && far.cases.is_empty());
    let nothing = known(workspace, "refund", &only(vec![is(Dimension::Environment, "nowhere")]));
    assert_eq!(nothing, KnownProblem { nearest: None, themes: Vec::new(), cases: Vec::new() });
    assert_eq!(workspace.known("  ", &Filter::default(), &Job::quiet()).unwrap_err().kind, Kind::Input);

    let version = rows(workspace, &Filter::default()).into_iter().find_map(|row| row.model_version).unwrap();
    let filter = only(vec![is(Dimension::ModelVersion, &version)]);
    let answer = known(workspace, "the refund window is wrong", &filter);
    assert!(!answer.cases.is_empty());
    assert!(answer.cases.iter().all(|case| case.feedback.model_version.as_deref() == Some(version.as_str())));
    let all = rows(workspace, &filter);
    for theme in &answer.themes {
        let members = all.iter().filter(|row| row.theme_id == Some(theme.id)).count() as u64;
        assert_eq!(theme.totals.sums.n, members, "counted in the selection");
    }
}

#[test]
fn near_to_a_theme_are_others_and_only_a_theme_that_is_counted_has_any() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let theme = workspace.store_for_tests().themes().unwrap().into_iter().max_by_key(|theme| theme.texts).unwrap().id;
    let near = similar(workspace, SimilarTo::Theme(theme), &Filter::default());
    assert!(!near.is_empty());
    assert!(near.iter().all(|case| case.feedback.theme_id != Some(theme)));
    let missing = |theme: i64| {
        let error = workspace.similar(SimilarTo::Theme(theme), 5, &Filter::default(), &Job::quiet()).unwrap_err();
        assert!(error.kind == Kind::NotFound && error.hint.is_some(), "{error}");
    };
    missing(9999);

    // Another subject has themes of its own; back with the first, it is as before, though its run is not the latest.
    let asked = AnalysisOptions { subject: Subject::Asked, ..AnalysisOptions::new(now()) };
    workspace.analyse(&asked, &Job::quiet()).unwrap();
    missing(theme);
    workspace.store_for_tests().choose_subject(Subject::Said).unwrap();
    assert_eq!(similar(workspace, SimilarTo::Theme(theme), &Filter::default()), near);
}

#[test]
fn words_are_found_before_the_first_analysis() {
    let scratch = Scratch::new();
    let search =
        || scratch.workspace.search("checkout", LastWord::Whole, 5, &Filter::default(), &Job::quiet()).unwrap();
    assert_eq!(search(), SearchAnswer { cases: Vec::new(), by_meaning: false });
    import(&scratch, "one.jsonl", &[comment("c-1", None, CHAT, "2026-05-05T10:00:00Z", "production")]);
    let texts = |answer: SearchAnswer| answer.cases.into_iter().map(|case| case.feedback.id).collect::<Vec<_>>();
    assert_eq!(texts(search()), ["c-1"]);
    // What comes next is known as well.
    import(&scratch, "two.jsonl", &[comment("c-2", None, "No checkout anywhere", "2026-05-06T10:00:00Z", "staging")]);
    let found: BTreeSet<String> = texts(search()).into_iter().collect();
    assert_eq!(found, BTreeSet::from(["c-1".to_owned(), "c-2".to_owned()]));
}
