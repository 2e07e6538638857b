//! Do themes stay what they are: from run to run, under the user's hand, and as new feedback comes?

use std::collections::{BTreeMap, BTreeSet};

use hearback_analysis::theme::Cut;
use hearback_app::{AnalysisOptions, Comparison, SplitBy, ThemeEdit, Workspace};
use hearback_domain::{
    Dimension, Filter, Subject, TextHash, error::Kind, filter::SHORT_ANSWERS, job::Job, theme::Event,
};
use hearback_store::{NamedBy, PlacedBy, StoredTheme};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::shared::{Scratch, is, now, only, real_data, rows, sample};

type Place = (Option<i64>, Option<u32>, PlacedBy);

/// All that is shown: the themes, and where each text is.
fn shown(workspace: &Workspace) -> (Vec<StoredTheme>, BTreeMap<TextHash, Place>) {
    let members = workspace.store_for_tests().all_theme_members().unwrap();
    let count = members.len();
    let places: BTreeMap<TextHash, Place> =
        members.into_iter().map(|member| (member.hash, (member.theme, member.subtheme, member.placed_by))).collect();
    assert_eq!(places.len(), count, "a text is in two themes");
    let themes = workspace.store_for_tests().themes().unwrap();
    let ids: BTreeSet<i64> = themes.iter().map(|theme| theme.id).collect();
    assert_eq!(ids.len(), themes.len(), "an id was given twice");
    let names: BTreeSet<String> = themes.iter().map(|theme| theme.name.to_lowercase()).collect();
    assert_eq!(names.len(), themes.len(), "a name was given twice");
    for theme in &themes {
        let texts = places.values().filter(|place| place.0 == Some(theme.id)).count() as u64;
        assert_eq!(texts, theme.texts, "{}", theme.name);
    }
    assert!(places.values().all(|place| place.0.is_none_or(|id| ids.contains(&id))));
    (themes, places)
}

fn texts_of(workspace: &Workspace, theme: i64) -> BTreeSet<TextHash> {
    shown(workspace).1.into_iter().filter(|(_, place)| place.0 == Some(theme)).map(|(hash, _)| hash).collect()
}

fn edit(workspace: &Workspace, edit: &ThemeEdit) -> hearback_app::EditOutcome {
    workspace.edit_themes(edit, now(), &Job::quiet()).unwrap()
}

fn recut(workspace: &Workspace, resolution: f64) -> hearback_app::AnalysisOutcome {
    workspace.recut(&Cut { resolution, unclustered_at_most: None }, now(), &Job::quiet()).unwrap()
}

/// The ids of the two largest themes.
fn two(workspace: &Workspace) -> (i64, i64) {
    let mut themes = workspace.store_for_tests().themes().unwrap();
    themes.sort_by_key(|theme| std::cmp::Reverse(theme.texts));
    (themes[0].id, themes[1].id)
}

/// A comment for each text.
fn write_comments(scratch: &Scratch, name: &str, texts: &[(usize, &str)]) -> std::path::PathBuf {
    let line = |(number, text): &(usize, &str)| {
        serde_json::json!({ "kind": "feedback", "id": format!("c-{number}"), "feedback_type": "comment", "comment": text,
                            "created_at": "2026-07-05T10:00:00Z" })
        .to_string()
    };
    scratch.write(name, texts.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_control_moved_there_and_back_leaves_everything_as_it_was() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let before = shown(workspace);
    let fine = recut(workspace, 6.0);
    assert!(fine.themes as usize > before.0.len(), "{fine:?}");
    let finer = shown(workspace);
    let kept = before.0.iter().filter(|theme| finer.0.iter().any(|other| other.id == theme.id)).count();
    assert!(2 * kept > before.0.len(), "{kept} of {}", before.0.len());
    let coarse = recut(workspace, 0.5);
    assert!((coarse.themes as usize) < before.0.len(), "{coarse:?}");
    recut(workspace, before_resolution());
    assert_eq!(shown(workspace), before);
    let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    let events: BTreeSet<Option<Event>> =
        list.themes.iter().filter_map(|row| row.about.as_ref()).map(|about| about.event).collect();
    assert_eq!(events, BTreeSet::from([Some(Event::Kept)]), "nothing became of them");
    // Whoever moves a control to and fro makes no history.
    let history = workspace.theme_history(Some(before.0[0].id)).unwrap();
    assert!(history.len() <= 2, "{history:?}");
    assert_eq!(history.last().unwrap().event, Event::New);
    assert!(recut(workspace, before_resolution()).unchanged);
    assert_eq!(
        workspace.recut(&Cut { resolution: -1.0, unclustered_at_most: None }, now(), &Job::quiet()).unwrap_err().kind,
        Kind::Input
    );
}

#[test]
fn every_choice_is_found_again_as_it_was_left_whatever_was_chosen_in_between() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let choose = |(resolution, unclustered_at_most): (f64, Option<f64>)| {
        workspace.recut(&Cut { resolution, unclustered_at_most }, now(), &Job::quiet()).unwrap();
        shown(workspace)
    };
    let choices =
        [(6.0, None), (0.5, None), (2.0, Some(0.0)), (1.0, None), (8.0, None), (0.25, None), (3.0, Some(0.05))];
    let begin = shown(workspace);
    let first = choices.map(choose);
    // A choice that was never looked at, with the same nodes: nothing is left out that it would have to pull in.
    assert_eq!(choose((before_resolution(), Some(0.3))), begin);

    for order in [[3, 0, 6, 1, 5, 2, 4], [5, 4, 3, 2, 1, 0, 6]] {
        for position in order {
            assert_eq!(choose(choices[position]), first[position], "{:?}", choices[position]);
        }
        assert_eq!(choose((before_resolution(), None)), begin);
    }
    // Also after another run was in between.
    workspace.analyse(&AnalysisOptions { seed: 5, ..AnalysisOptions::new(now()) }, &Job::quiet()).unwrap();
    choose((4.0, None));
    workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    assert_eq!(shown(workspace), begin);
    assert_eq!(choose(choices[0]), first[0]);
}

fn before_resolution() -> f64 {
    AnalysisOptions::new(now()).resolution
}

#[test]
fn no_more_is_left_out_than_may_be_and_the_cost_is_told() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let before = workspace.store_for_tests().theme_run().unwrap().unwrap();
    let cut = Cut { resolution: before.resolution, unclustered_at_most: Some(0.0) };
    let outcome = workspace.recut(&cut, now(), &Job::quiet()).unwrap();
    let run = workspace.store_for_tests().theme_run().unwrap().unwrap();
    println!("{outcome:?}, before {}", before.unclustered);
    assert!(run.unclustered < before.unclustered && run.unclustered_at_most == Some(0.0));
    assert_eq!(run.pulled_in, before.unclustered - run.unclustered);
    assert!(run.pulled_in_similarity < run.similarity, "what is pulled in is far out: {run:?}");
}

#[test]
fn edits_are_undone_exactly_and_survive_runs() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let before = shown(workspace);
    let (first, second) = two(workspace);
    let both: BTreeSet<TextHash> = texts_of(workspace, first).union(&texts_of(workspace, second)).copied().collect();

    edit(workspace, &ThemeEdit::Merge { into: first, from: vec![second] });
    edit(workspace, &ThemeEdit::Rename { theme: first, name: "Both of them".into() });
    edit(workspace, &ThemeEdit::Pin { theme: first, pinned: true });
    edit(workspace, &ThemeEdit::Note { theme: first, note: " ask the team ".into() });
    let check = |workspace: &Workspace| {
        let (themes, _) = shown(workspace);
        let theme = themes.iter().find(|theme| theme.id == first).expect("it keeps its id");
        assert_eq!((theme.name.as_str(), theme.named_by), ("Both of them", NamedBy::User));
        assert!(theme.pinned && theme.note == "ask the team");
        assert!(themes.iter().all(|theme| theme.id != second));
        let now: BTreeSet<TextHash> = texts_of(workspace, first);
        assert!(
            now.intersection(&both).count() * 10 >= both.len() * 8,
            "{} of {}",
            now.intersection(&both).count(),
            both.len()
        );
    };
    check(workspace);
    let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    assert_eq!(list.themes[0].id, Some(first), "pinned ones come first");

    // Another seed, other granularities: the user's hand stays.
    workspace.analyse(&AnalysisOptions { seed: 5, ..AnalysisOptions::new(now()) }, &Job::quiet()).unwrap();
    check(workspace);
    recut(workspace, 4.0);
    check(workspace);
    recut(workspace, before_resolution());
    workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    check(workspace);

    let edits = workspace.theme_edits().unwrap();
    assert_eq!(edits.len(), 4);
    assert!(edits.iter().all(|edit| edit.dormant.is_none() && edit.built_on.is_empty()), "{edits:#?}");
    // Any of them, then the last ones.
    workspace.undo_theme_edit(Some(edits[1].id), &Job::quiet()).unwrap();
    for _ in 0..3 {
        workspace.undo_theme_edit(None, &Job::quiet()).unwrap();
    }
    assert_eq!(workspace.undo_theme_edit(None, &Job::quiet()).unwrap_err().kind, Kind::NotFound);
    let after = shown(workspace);
    let same = after.1.iter().filter(|(hash, place)| before.1[hash].0 == place.0).count();
    assert_eq!(same, before.1.len(), "the same seed and no edits: the same themes");
}

#[test]
fn a_split_theme_does_not_fall_back_and_moved_texts_stay() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let before = shown(workspace);
    let theme = before.0.iter().find(|theme| theme.subthemes.len() > 1).expect("a theme with sub-themes");
    let made = edit(workspace, &ThemeEdit::Split { theme: theme.id, by: SplitBy::Subthemes }).made;
    assert_eq!(made.len(), theme.subthemes.len() - 1);
    let part = texts_of(workspace, made[0]);
    assert!(!part.is_empty());
    edit(workspace, &ThemeEdit::Rename { theme: made[0], name: "A part of it".into() });

    let (other, _) = two(workspace);
    let feedback = rows(workspace, &Filter::default()).into_iter().find(|row| row.theme_id == Some(made[0])).unwrap();
    edit(workspace, &ThemeEdit::Move { feedback: vec![feedback.id.clone()], to: Some(other) });
    let theme_of = |workspace: &Workspace, id: &str| {
        rows(workspace, &Filter::default()).into_iter().find(|row| row.id == id).unwrap().theme_id
    };
    assert_eq!(theme_of(workspace, &feedback.id), Some(other));

    workspace.analyse(&AnalysisOptions { seed: 9, ..AnalysisOptions::new(now()) }, &Job::quiet()).unwrap();
    assert_eq!(theme_of(workspace, &feedback.id), Some(other), "moved by hand");
    let still = texts_of(workspace, made[0]);
    assert!(
        still.intersection(&part).count() * 10 >= part.len() * 8,
        "{} of {}",
        still.intersection(&part).count(),
        part.len()
    );
    assert_eq!(shown(workspace).0.iter().find(|theme| theme.id == made[0]).unwrap().name, "A part of it");

    // What others stand on stays until they are gone.
    let edits = workspace.theme_edits().unwrap();
    let refused = workspace.undo_theme_edit(Some(edits[0].id), &Job::quiet()).unwrap_err();
    assert!(refused.kind == Kind::Input && refused.hint.is_some(), "{refused}");
    workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    for _ in 0..edits.len() {
        workspace.undo_theme_edit(None, &Job::quiet()).unwrap();
    }
    let after = shown(workspace);
    assert!(after.1.iter().all(|(hash, place)| before.1[hash].0 == place.0));
}

#[test]
fn edits_that_make_no_sense_say_so() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let (first, second) = two(workspace);
    let name = workspace.store_for_tests().themes().unwrap().into_iter().find(|theme| theme.id == second).unwrap().name;
    let before = shown(workspace);
    let cases = [
        (ThemeEdit::Merge { into: first, from: vec![first] }, Kind::Input),
        (ThemeEdit::Merge { into: 9999, from: vec![first] }, Kind::NotFound),
        (ThemeEdit::Rename { theme: first, name: " ".into() }, Kind::Input),
        (ThemeEdit::Rename { theme: first, name: name.to_uppercase() }, Kind::Input),
        (ThemeEdit::Move { feedback: vec!["nobody".into()], to: Some(first) }, Kind::NotFound),
        (ThemeEdit::Move { feedback: vec![], to: None }, Kind::Input),
        (ThemeEdit::Pin { theme: 9999, pinned: true }, Kind::NotFound),
    ];
    for (wrong, kind) in cases {
        let error = workspace.edit_themes(&wrong, now(), &Job::quiet()).unwrap_err();
        assert_eq!(error.kind, kind, "{wrong:?}: {error}");
    }
    assert_eq!(shown(workspace), before);
    assert!(workspace.theme_edits().unwrap().is_empty());
}

#[test]
fn edits_recuts_and_undos_in_any_order_leave_every_text_in_at_most_one_theme() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let begin = shown(workspace);
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(11);
    for step in 0..24 {
        let themes: Vec<i64> = shown(workspace).0.iter().map(|theme| theme.id).collect();
        let first = themes[dice.gen_range(0..themes.len())];
        let second = themes[dice.gen_range(0..themes.len())];
        let wanted = match dice.gen_range(0..8) {
            0 | 1 if first != second => ThemeEdit::Merge { into: first, from: vec![second] },
            2 => ThemeEdit::Split { theme: first, by: SplitBy::Subthemes },
            3 => {
                let all = rows(workspace, &Filter::default());
                let chosen: Vec<String> =
                    all.iter().filter(|row| row.theme_id == Some(first)).take(2).map(|row| row.id.clone()).collect();
                ThemeEdit::Move { feedback: chosen, to: Some(second).filter(|id| id % 2 == 0) }
            }
            4 => ThemeEdit::Rename { theme: first, name: format!("Name {step}") },
            5 => {
                recut(workspace, [0.7, 2.0, 5.0][dice.gen_range(0..3)]);
                continue;
            }
            _ => {
                let edits = workspace.theme_edits().unwrap();
                if let Some(free) = edits.iter().rfind(|edit| edit.built_on.is_empty()) {
                    workspace.undo_theme_edit(Some(free.id), &Job::quiet()).unwrap();
                }
                continue;
            }
        };
        let before = shown(workspace);
        match workspace.edit_themes(&wanted, now(), &Job::quiet()) {
            Ok(outcome) => {
                shown(workspace);
                if dice.gen_range(0..3) == 0 {
                    workspace.undo_theme_edit(Some(outcome.id), &Job::quiet()).unwrap();
                    assert_eq!(shown(workspace), before, "step {step}: {wanted:?} taken back");
                }
            }
            Err(error) => {
                assert!([Kind::Input, Kind::NotFound].contains(&error.kind), "{error}");
                assert_eq!(shown(workspace), before, "step {step}: {wanted:?}");
            }
        }
    }
    while workspace.undo_theme_edit(None, &Job::quiet()).is_ok() {}
    recut(workspace, before_resolution());
    let after = shown(workspace);
    let themes = |places: &BTreeMap<TextHash, Place>| {
        let mut groups: BTreeMap<Option<i64>, BTreeSet<TextHash>> = BTreeMap::new();
        places.iter().for_each(|(hash, place)| {
            groups.entry(place.0).or_default().insert(*hash);
        });
        groups.into_values().collect::<BTreeSet<_>>()
    };
    assert_eq!(themes(&after.1), themes(&begin.1), "without edits there is what the run found");
}

#[test]
fn what_users_asked_is_a_run_of_its_own() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let said = shown(workspace);
    let said_rows: BTreeMap<String, Option<i64>> =
        rows(workspace, &Filter::default()).into_iter().map(|row| (row.id, row.theme_id)).collect();
    let (first, _) = two(workspace);
    edit(workspace, &ThemeEdit::Rename { theme: first, name: "Of what was said".into() });

    let asked = AnalysisOptions { subject: Subject::Asked, ..AnalysisOptions::new(now()) };
    let outcome = workspace.analyse(&asked, &Job::quiet()).unwrap();
    assert!(outcome.themes > 3 && outcome.embedded > 0, "{outcome:?}");
    assert_eq!(workspace.store_for_tests().theme_subject().unwrap(), Subject::Asked);
    let (themes, _) = shown(workspace);
    assert!(themes.iter().all(|theme| said.0.iter().all(|other| other.id != theme.id)), "ids are given once");
    assert!(workspace.theme_edits().unwrap().is_empty(), "edits belong to their subject");
    let question = rows(workspace, &Filter::default()).into_iter().find(|row| row.theme_id.is_some()).unwrap();
    assert!(question.query.is_some());

    // Back at once, as it was.
    let back = workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    assert!(back.unchanged, "{back:?}");
    let again: BTreeMap<String, Option<i64>> =
        rows(workspace, &Filter::default()).into_iter().map(|row| (row.id, row.theme_id)).collect();
    assert_eq!(again, said_rows);
    assert_eq!(workspace.theme_edits().unwrap().len(), 1);
}

#[test]
fn what_comes_is_placed_at_once_and_what_goes_makes_nothing_wrong() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let before = shown(workspace);
    let words = [
        (1, "It told me I can send it back for a refund within 60 days, which is wrong"),
        (2, "zxqv blorp fnord wibble quux on the 17th moon of Neptune"),
    ];
    let outcome = scratch.import(&[write_comments(&scratch, "new.jsonl", &words)]).unwrap();
    let placing = outcome.placing.expect("there are themes");
    assert_eq!((placing.new, placing.waiting), (2, 0), "{placing:?}");
    assert_eq!(placing.placed + placing.unclustered, 2);
    let all = rows(workspace, &Filter::default());
    let theme = |id: &str| all.iter().find(|row| row.id == id).unwrap().theme_id;
    assert!(theme("c-1").is_some(), "it is one of many");
    assert_eq!(theme("c-2"), None, "it is like nothing else");
    assert_eq!(shown(workspace).1[&TextHash::of(words[0].1)].2, PlacedBy::Near);
    let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    let drift = list.drift.unwrap();
    assert!(!drift.worth_a_run && drift.reason.contains("1 of 2"), "{drift:?}");

    // A coarser look takes them along.
    recut(workspace, 1.0);
    assert!(shown(workspace).1.contains_key(&TextHash::of(words[0].1)));
    recut(workspace, before_resolution());

    // Undone: the themes are older than the data, and otherwise as they were.
    workspace.remove_sources(&[outcome.sources[0].id.into()]).unwrap();
    let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    assert!(list.stale);
    recut(workspace, 1.0);
    recut(workspace, before_resolution());
    let after = shown(workspace);
    assert_eq!(after.1.len(), before.1.len(), "texts that nobody says are in no theme");
    assert!(after.1.iter().all(|(hash, place)| before.1[hash].0 == place.0));
}

#[test]
fn short_answers_are_counted_for_what_they_are() {
    let scratch = Scratch::new();
    let workspace = &scratch.workspace;
    let topics =
        ["The refund window it names is wrong", "The answer comes far too slowly", "It cites a contract that ended"];
    let about: Vec<String> = (0..60).map(|number| format!("{}, case {number}", topics[number % 3])).collect();
    let short = ["Very good", "nice", "ok thanks", "bad", "👍👍", "perfetto", "とても良い", "NICE!"];
    let all: Vec<(usize, &str)> = about.iter().map(String::as_str).chain(short).enumerate().collect();
    scratch.import(&[write_comments(&scratch, "first.jsonl", &all)]).unwrap();
    let outcome = workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    assert_eq!((outcome.texts, outcome.short_answers), (68, 8), "{outcome:?}");
    let check = |wanted: u64| {
        let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
        let row = list.short_answers.expect("there are short answers");
        assert_eq!((row.id, row.sums.n, list.short_texts, list.wordless.n), (None, wanted, wanted, 0));
        assert_eq!(row.name, "Short answers");
        let listed = rows(workspace, &only(vec![is(Dimension::Theme, SHORT_ANSWERS)]));
        assert_eq!(listed.len() as u64, wanted);
        assert!(listed.iter().all(|row| row.theme_id.is_none() && row.comment.as_ref().unwrap().len() < 20));
        // They are not unclustered: each feedback is in one place.
        let in_themes: u64 = list.themes.iter().map(|row| row.sums.n).sum();
        let outside = list.unclustered.map_or(0, |row| row.sums.n);
        assert_eq!(in_themes + outside + wanted, rows(workspace, &Filter::default()).len() as u64);
        let (_, places) = shown(workspace);
        assert_eq!(places[&TextHash::of("Very good")].2, PlacedBy::Short);
    };
    check(8);
    // They come later, too, and stay what they are at another granularity and when all that can be is pulled in.
    let outcome =
        scratch.import(&[write_comments(&scratch, "second.jsonl", &[(900, "molto bene"), (901, "Too slow")])]).unwrap();
    let placing = outcome.placing.unwrap();
    assert_eq!((placing.new, placing.placed + placing.unclustered, placing.waiting), (2, 1, 0), "{placing:?}");
    check(9);
    recut(workspace, 5.0);
    check(9);
    workspace.recut(&Cut { resolution: 2.0, unclustered_at_most: Some(0.0) }, now(), &Job::quiet()).unwrap();
    check(9);
    // By hand one may be put into a theme all the same.
    let (theme, _) = two(workspace);
    let nice =
        rows(workspace, &Filter::default()).into_iter().find(|row| row.comment.as_deref() == Some("nice")).unwrap();
    edit(workspace, &ThemeEdit::Move { feedback: vec![nice.id], to: Some(theme) });
    check(8);
}

/// Imports all but every tenth text, finds themes, imports the rest and finds them again. Gives the share of themes
/// that keep their id, and most of whose texts are where that id is.
fn identity_kept(texts: &[String]) -> f64 {
    let scratch = Scratch::new();
    let workspace = &scratch.workspace;
    let numbered: Vec<(usize, &str)> = texts.iter().map(String::as_str).enumerate().collect();
    let (late, early): (Vec<_>, Vec<_>) = numbered.into_iter().partition(|(number, _)| number % 10 == 7);
    scratch.import(&[write_comments(&scratch, "early.jsonl", &early)]).unwrap();
    workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    let before = shown(workspace);
    scratch.import(&[write_comments(&scratch, "late.jsonl", &late)]).unwrap();
    let outcome = workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    let after = shown(workspace);
    let kept = before
        .0
        .iter()
        .filter(|theme| {
            let own: Vec<&TextHash> =
                before.1.iter().filter(|(_, place)| place.0 == Some(theme.id)).map(|(hash, _)| hash).collect();
            let there = own.iter().filter(|hash| after.1[hash].0 == Some(theme.id)).count();
            2 * there > own.len()
        })
        .count();
    let mut events: BTreeMap<&str, usize> = BTreeMap::new();
    let run = workspace.store_for_tests().theme_run().unwrap().unwrap();
    for entry in workspace.theme_history(None).unwrap().iter().filter(|entry| entry.run == run.id) {
        *events.entry(entry.event.word()).or_default() += 1;
    }
    println!("{kept} of {} themes kept, {} now: {events:?}", before.0.len(), outcome.themes);
    kept as f64 / before.0.len() as f64
}

#[test]
fn themes_keep_their_identity_when_a_tenth_of_the_texts_is_new() {
    let mut texts: Vec<String> =
        rows(&sample().open().workspace, &Filter::default()).into_iter().filter_map(|row| row.comment).collect();
    texts.sort();
    texts.dedup();
    assert!(identity_kept(&texts) >= 0.95);
}

#[test]
fn banking77_keeps_its_themes_when_a_tenth_is_new() {
    let Some(data) = real_data() else { return };
    let mut texts: Vec<String> = Vec::new();
    for name in ["train.csv", "test.csv"] {
        let text = std::fs::read_to_string(data.join("banking77").join(name)).unwrap();
        // "text","category": the category is the last field, and has no comma.
        texts.extend(
            text.lines()
                .skip(1)
                .filter_map(|line| line.rsplit_once(','))
                .map(|(text, _)| text.trim_matches('"').replace("\"\"", "\"")),
        );
    }
    // A fifth is enough for a test that also runs without optimisation; the whole is measured by `cargo xtask bench themes`.
    let fifth: Vec<String> = texts.into_iter().step_by(5).collect();
    assert!(fifth.len() > 2000);
    assert!(identity_kept(&fifth) >= 0.95);
}
