//! "Known problem?": a complaint is pasted, and what is known of it is said.

use crate::{
    application::{Application, CONTROL, ENTER, ESCAPE, SHIFT, Start},
    prepared::{number_in, with_themes},
};

#[test]
fn a_pasted_complaint_leads_to_its_theme_and_the_best_answer() {
    let folder = tempfile::tempdir().unwrap();
    let app = Application::start(Start { workspace: Some(&with_themes(folder.path())), ..Start::default() });
    app.wait_count("[data-testid=mover]", |count| count > 0);
    app.press(&[CONTROL, SHIFT], 'k');
    app.type_into("#known-text", "The bot told me that I have 60 days for a refund but your policy says 30");
    app.type_into("#known-text", ENTER);
    let verdict = app.text("[data-testid=known-verdict]");
    assert!(verdict.contains("Yes, it is known"), "{verdict}");

    let theme = app.text("[data-testid=known-theme]");
    assert!(number_in(&theme, " · ") > 1 && theme.contains("feedback"), "how often: {theme}");
    assert!(theme.contains("since ") && theme.contains("last "), "since when: {theme}");
    assert!(theme.contains("Best correction"), "{theme}");
    let correction = app.text("[data-testid=known-theme] .correction");
    assert!(correction.contains("30 days"), "{correction}");
    app.keep_picture("60-known");

    // Each case leads to its trail, and the question is still there when one comes back.
    app.click("[data-testid=known-case]");
    app.text("[data-testid=trail-feedback]");
    app.press(&[CONTROL, SHIFT], 'k');
    app.text("[data-testid=known-verdict]");
    app.fill("#known-text", "How do I knit a pullover for a giraffe");
    app.type_into("#known-text", ENTER);
    app.wait_for("[data-testid=known-verdict]", |text| !text.contains("Yes"));
    app.keep_picture("61-known-not");
    app.type_into("#known-text", ESCAPE);
    app.wait_gone("[data-testid=known]");
}
