//! The user's hand on the themes: rename, pin, merge, split, move, each taken back; the granularity; the subject.

use std::collections::BTreeMap;

use crate::{
    application::{Application, CONTROL, ENTER, ESCAPE, Start},
    prepared::{number_in, with_themes},
};

const ROW: &str = "[data-testid=theme-row]";

fn opened(folder: &tempfile::TempDir) -> Application {
    let path = with_themes(folder.path());
    let app = Application::start(Start { workspace: Some(&path), ..Start::default() });
    app.click("[data-testid=nav-themes]");
    app.wait_count(ROW, |count| count > 5);
    app
}

/// Every theme by its id, *Unclustered* left out: its name and how much feedback it has.
fn themes(app: &Application) -> BTreeMap<String, (String, String)> {
    let rows = app.run(
        "return [...document.querySelectorAll('[data-testid=theme-row][data-theme-id]')].map((row) =>
            [row.dataset.themeId, row.querySelector('.ellipsis').textContent, row.querySelector('td.n').textContent])",
    );
    let rows: Vec<(String, String, String)> = serde_json::from_value(rows).unwrap();
    rows.into_iter().map(|(id, name, feedback)| (id, (name, feedback))).collect()
}

/// Waits until the themes are as wanted.
fn wait_themes(app: &Application, what: &str, wanted: impl Fn(&BTreeMap<String, (String, String)>) -> bool) {
    app.until(what, || {
        let now = themes(app);
        if wanted(&now) { Ok(()) } else { Err(format!("{now:?}")) }
    });
}

fn select(app: &Application, id: &str) {
    app.click(&format!("{ROW}[data-theme-id='{id}'] td.share"));
    app.text(&format!("{ROW}[data-theme-id='{id}'][aria-selected=true] td"));
}

/// Chooses in the menu of the selected theme.
fn change(app: &Application, item: &str) {
    app.click("[data-testid=theme-change]");
    app.click(&format!("[data-testid={item}]"));
}

fn undo(app: &Application) {
    app.press(&[CONTROL], 'z');
}

/// The ids of the themes, the largest first, as they are listed.
fn ids(app: &Application) -> Vec<String> {
    let ids = app.run(
        "return [...document.querySelectorAll('[data-testid=theme-row][data-theme-id]')].map((row) => row.dataset.themeId)",
    );
    serde_json::from_value(ids).unwrap()
}

#[test]
fn a_theme_is_named_pinned_and_merged_by_hand_and_each_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(&folder);
    let before = themes(&app);
    let order = ids(&app);
    let (first, last) = (&order[0], &order[order.len() - 1]);

    select(&app, first);
    app.press(&[], '\u{E032}'); // F2
    app.fill("[data-testid=theme-name-field]", "Refund window");
    app.keep_picture("70-rename");
    app.type_into("[data-testid=theme-name-field]", ENTER);
    wait_themes(&app, "the new name", |now| now[first].0 == "Refund window");
    assert!(app.text("[data-testid=theme-inspector]").contains("Named by you"));
    app.keep_picture("71-renamed");
    // A name that another theme has is refused, and the field keeps it.
    select(&app, last);
    change(&app, "theme-rename-item");
    app.fill("[data-testid=theme-name-field]", "refund window");
    app.type_into("[data-testid=theme-name-field]", ENTER);
    let refused = app.text("[data-testid=notice-error]");
    assert!(refused.contains("has this name already"), "{refused}");
    app.keep_picture("72-name-taken");
    app.type_into("[data-testid=theme-name-field]", ESCAPE);
    app.wait_gone("[data-testid=theme-name-field]");
    app.click("[data-testid=notice-error] .close");

    app.press(&[], 'p');
    app.until("the pinned theme at the top", || {
        if ids(&app)[0] == *last { Ok(()) } else { Err(format!("{:?}", ids(&app))) }
    });
    undo(&app);
    app.until("the pin to go", || if ids(&app) == order { Ok(()) } else { Err(format!("{:?}", ids(&app))) });

    // Merging: the smaller one goes, and the sum is what both had.
    change(&app, "theme-merge");
    app.type_into("[data-testid=theme-picker] input", "Refund window");
    app.wait_for("[data-testid=theme-choice]", |text| text.contains("Refund window"));
    app.keep_picture("73-merge");
    app.type_into("[data-testid=theme-picker] input", ENTER);
    let sum = number_in(&before[first].1, "") + number_in(&before[last].1, "");
    wait_themes(&app, "one theme of both", |now| {
        !now.contains_key(last) && now.get(first).is_some_and(|(_, feedback)| number_in(feedback, "") == sum)
    });
    app.keep_picture("74-merged");
    app.click("[data-testid=theme-edits]");
    app.wait_count("[data-testid=theme-edit]", |count| count == 2);
    app.keep_picture("75-edits");
    // The last one first; the dialog's own Undo.
    app.click("[data-testid=edits] [data-testid=theme-edit] button");
    app.wait_count("[data-testid=edits] [data-testid=theme-edit]", |count| count == 1);
    app.click("[data-testid=edits] [data-testid=theme-edit] button");
    app.wait_count("[data-testid=edits] [data-testid=theme-edit]", |count| count == 0);
    app.keep_picture("76-no-edits");
    app.click("[data-testid=edits] footer button");
    wait_themes(&app, "everything as it was", |now| *now == before);
    assert_eq!(ids(&app), order);
}

#[test]
fn a_theme_is_split_and_members_go_elsewhere_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(&folder);
    let before = themes(&app);
    let order = ids(&app);

    // The first theme with parts, which are shown under it.
    app.click("[data-testid=theme-parts]");
    let parts = app.wait_count("[data-testid=subtheme-row]", |count| count > 1);
    app.keep_picture("77-parts");
    let open = app.run(
        "return document.querySelector('[data-testid=theme-parts][aria-expanded=true]').closest('tr').dataset.themeId",
    );
    let split = open.as_str().unwrap().to_owned();
    select(&app, &split);
    change(&app, "theme-split");
    wait_themes(&app, "a theme of each part", |now| now.len() as u64 == before.len() as u64 + parts - 1);
    let sum = |now: &BTreeMap<String, (String, String)>| now.values().map(|theme| number_in(&theme.1, "")).sum::<u64>();
    assert_eq!(sum(&themes(&app)), sum(&before), "splitting loses nobody");
    app.keep_picture("78-split");
    undo(&app);
    wait_themes(&app, "one theme again", |now| *now == before);

    // One member goes to another theme: from the list of all members.
    let (from, to) = (&order[0], &order[1]);
    select(&app, from);
    change(&app, "theme-members");
    app.wait_count("[data-testid=member]", |count| count > 2);
    app.click("[data-testid=member]");
    app.keep_picture("79-members");
    app.click("[data-testid=move-members]");
    app.type_into("[data-testid=theme-picker] input", &before[to].0);
    app.keep_picture("80-move");
    app.type_into("[data-testid=theme-picker] input", ENTER);
    let size = |now: &BTreeMap<String, (String, String)>, id: &String| number_in(&now[id].1, "");
    wait_themes(&app, "one more there", |now| {
        size(now, to) > size(&before, to) && size(now, from) < size(&before, from)
    });
    let notice = app.text("[data-testid=notice-success]");
    assert!(notice.contains("Moved 1 feedback"), "{notice}");
    app.click("[data-testid=notice-success] button");
    wait_themes(&app, "the member is back", |now| *now == before);

    // Split off: a theme of one's own.
    change(&app, "theme-members");
    app.wait_count("[data-testid=member]", |count| count > 2);
    app.click("[data-testid=member]");
    app.click("[data-testid=split-off]");
    wait_themes(&app, "one theme more", |now| now.len() == before.len() + 1);
    undo(&app);
    wait_themes(&app, "everything as it was", |now| *now == before);
}

#[test]
fn coarse_and_fine_are_one_hierarchy_and_subjects_have_themes_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(&folder);
    let before = themes(&app);
    let count = |text: &str| number_in(text, "");
    let there = count(&app.text("[data-testid=theme-count]"));
    // To the left: coarser, by eight quarter octaves; and back by as many.
    let (left, right) = ("\u{E012}".repeat(8), "\u{E014}".repeat(8));
    app.type_into("[data-testid=granularity]", &left);
    app.wait_for("[data-testid=theme-count]", |text| text.contains("theme") && count(text) < there);
    app.keep_picture("81-coarse");
    app.type_into("[data-testid=granularity]", &right);
    wait_themes(&app, "the themes as before, by the same names", |now| *now == before);
    app.keep_picture("82-back");
    app.type_into("[data-testid=granularity]", &right);
    app.wait_for("[data-testid=theme-count]", |text| text.contains("theme") && count(text) > there);
    app.keep_picture("83-fine");

    // What users asked: there is no run of it yet, so one is offered for that subject.
    app.choose("[data-testid=theme-subject]", "what users asked");
    app.wait_for("[data-testid=view-themes]", |text| text.contains("No themes yet about what users asked"));
    app.keep_picture("84-subject");
    app.click("[data-testid=analyse]");
    wait_themes(&app, "themes of the queries", |now| !now.is_empty() && now.keys().all(|id| !before.contains_key(id)));
    app.keep_picture("85-asked");
    app.click("[data-testid=run-record]");
    app.keep_picture("86-record");
    app.click("dialog footer button");
    // And back to what they said.
    app.choose("[data-testid=theme-subject]", "what users said");
    app.wait_for("[data-testid=theme-count]", |text| text.contains("theme") && count(text) > there);
}

#[test]
fn short_answers_are_counted_apart_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(&folder);
    let said = number_in(&app.text("[data-testid=short-answers]"), "");
    assert!(said > 3);
    app.keep_picture("95-short-answers");
    app.click("[data-testid=short-answers]");
    let chip = app.text("[data-testid=chip-theme]");
    assert!(chip.contains("Short answers"), "{chip}");
    app.wait_count("[data-testid=feedback-row]", |count| count > 0);
    app.until("the total is that of the short answers", || {
        let total = app.text("[data-testid=feedback-total]");
        if number_in(&total, "") == said { Ok(()) } else { Err(total) }
    });
    app.keep_picture("96-short-answers-rows");
}
