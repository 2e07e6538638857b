//! The map: is it drawn, can its colours be told, its names be read, and its points be chosen by hand and by key?

use std::path::Path;

use hearback_domain::{Condition, Dimension, Filter, filter::Exclude};
use hearback_store::Store;

use crate::{
    application::{Application, CONTROL, ENTER, ESCAPE, Start},
    prepared::{number_in, with_themes},
};

const SHEET: &str = "[data-testid=map-sheet]";

/// Opens the workspace at its map, and draws it.
fn drawn(path: &Path) -> Application {
    let app = Application::start(Start { workspace: Some(path), ..Start::default() });
    app.click("[data-testid=nav-map]");
    app.click("[data-testid=map-draw]");
    // Named, so painted.
    app.wait_count("[data-testid=map-sheet]:not([data-points='0'], [data-labels='0'])", |count| count == 1);
    app.wait_gone("[data-testid=job]");
    app
}

/// How many pixels of the sheet have each colour of the palette, read in the frame in which they were painted: by the
/// tokens' names, with `rest` for all other colours.
fn colours(app: &Application) -> serde_json::Value {
    app.run_async(
        "const done = arguments[0];
        const sheet = document.querySelector('[data-testid=map-sheet]');
        const style = getComputedStyle(sheet);
        const scratch = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const names = new Map();
        for (const token of ['--bg', '--line', '--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--other']) {
            scratch.fillStyle = style.getPropertyValue(token).trim();
            names.set(scratch.fillStyle, token);
        }
        sheet.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true }));
        // The picture is asked for within this turn, so that this frame's reading comes after its painting.
        Promise.resolve().then(() => Promise.resolve()).then(() => requestAnimationFrame(() => {
            const canvas = sheet.querySelector('canvas');
            scratch.canvas.width = canvas.width;
            scratch.canvas.height = canvas.height;
            scratch.drawImage(canvas, 0, 0);
            const pixels = scratch.getImageData(0, 0, canvas.width, canvas.height).data;
            const found = { rest: 0 };
            for (let at = 0; at < pixels.length; at += 4) {
                const hex = '#' + [0, 1, 2].map((part) => pixels[at + part].toString(16).padStart(2, '0')).join('');
                const name = names.get(hex) ?? 'rest';
                found[name] = (found[name] ?? 0) + 1;
            }
            done(found);
        }))",
    )
}

fn pixels(found: &serde_json::Value, token: &str) -> u64 {
    found[token].as_u64().unwrap_or(0)
}

/// Text and box of each name, as they are painted after `keys`.
fn names_after(app: &Application, keys: &str) -> Vec<(String, [f64; 4])> {
    watch_names(app);
    app.type_into(SHEET, keys);
    names(app)
}

/// From here on, what is painted is noted.
fn watch_names(app: &Application) {
    app.run(
        "if (window.painted === undefined) {
            window.painted = [];
            const draw = CanvasRenderingContext2D.prototype.drawImage;
            CanvasRenderingContext2D.prototype.drawImage = function (picture, x, y, width, height) {
                // A name is a picture, with room for its halo around it.
                if (picture.title) window.painted.push([picture.title, [x + 4, y + 4, x + width - 4, y + height - 4]]);
                return draw.apply(this, arguments);
            };
            const clear = CanvasRenderingContext2D.prototype.clearRect;
            CanvasRenderingContext2D.prototype.clearRect = function () {
                window.painted = [];
                return clear.apply(this, arguments);
            };
        }",
    );
}

/// As they were painted last.
fn names(app: &Application) -> Vec<(String, [f64; 4])> {
    let painted = app.run_async(
        "const done = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.painted), 50)))",
    );
    serde_json::from_value(painted).unwrap()
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[test]
fn the_map_is_coloured_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn(&with_themes(folder.path()));

    // By theme: the series' colours on the window's ground, and little else.
    let by_theme = colours(&app);
    let all: u64 = by_theme.as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum();
    assert!(pixels(&by_theme, "--bg") * 10 > all * 5, "{by_theme}");
    for token in ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"] {
        assert!(pixels(&by_theme, token) > 20, "{token} in {by_theme}");
    }

    // Names: those of themes, on the sheet, none over another.
    let whole = names_after(&app, "0");
    assert!(whole.len() >= 4, "{whole:?}");
    let size = app.run(
        "const { width, height } = document.querySelector('[data-testid=map-sheet]').getBoundingClientRect();
        return [width, height]",
    );
    let (width, height) = (size[0].as_f64().unwrap(), size[1].as_f64().unwrap());
    let regions = app.text("[data-testid=map-regions]");
    for (index, (name, place)) in whole.iter().enumerate() {
        assert!(regions.contains(name.trim_end_matches('…')), "{name} in {regions}");
        assert!(place[0] >= 0.0 && place[1] >= 0.0 && place[2] <= width && place[3] <= height, "{name}: {place:?}");
        for (other, at) in &whole[index + 1..] {
            assert!(!overlap(place, at), "{name} lies over {other}");
        }
    }
    app.keep_picture("40-map");

    // From close by, parts of themes are named too: names that no theme has.
    let close = names_after(&app, "++++++");
    app.keep_picture("41-map-close");
    assert!(close.iter().any(|(name, _)| !regions.contains(name.trim_end_matches('…'))), "{close:?}");
    assert_eq!(names_after(&app, "0"), whole, "the whole map is as it was");

    // By polarity: two colours and grey.
    app.choose("[data-testid=map-colour]", "polarity");
    let by_polarity = colours(&app);
    assert!(pixels(&by_polarity, "--c6") > 20 && pixels(&by_polarity, "--c1") > 20, "{by_polarity}");
    for token in ["--c2", "--c3", "--c4", "--c5"] {
        assert_eq!(pixels(&by_polarity, token), 0, "{token} in {by_polarity}");
    }
    app.keep_picture("42-map-polarity");
    app.choose("[data-testid=map-colour]", "model version");
    app.keep_picture("43-map-version");

    app.press(&[CONTROL], 'k');
    app.type_into("[data-testid=palette] input", "dark");
    app.type_into("[data-testid=palette] input", ENTER);
    app.wait_gone("[data-testid=palette]");
    app.choose("[data-testid=map-colour]", "theme");
    let dark = colours(&app);
    assert!(pixels(&dark, "--bg") * 10 > all * 5, "the ground is dark: {dark}");
    app.keep_picture("44-map-dark");
    app.resize(960, 640);
    app.keep_picture("45-map-dark-small");
}

/// What the hand draws around is what the filter lets through: counted in the window, and by the engine from the file.
#[test]
fn what_is_drawn_around_becomes_a_filter() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_themes(folder.path());
    let app = drawn(&path);
    app.click("[data-testid=map-lasso]");
    let (left, right) = (0.25, 0.7);
    let around = [(left, 0.2), (right, 0.25), (right, 0.8), (0.5, 0.6), (left, 0.8), (left, 0.2)];
    let around = around.map(|(x, y)| app.place(SHEET, x, y));
    // A hand goes from corner to corner in steps.
    let steps: Vec<(f64, f64)> = around
        .windows(2)
        .flat_map(|ends| {
            let [(x, y), (to_x, to_y)] = [ends[0], ends[1]];
            (0..8).map(move |step| {
                let part = f64::from(step) / 8.0;
                (x + (to_x - x) * part, y + (to_y - y) * part)
            })
        })
        .collect();
    app.drag(&steps);
    let button = app.text("[data-testid=map-show]");
    let texts = number_in(&button, "");
    assert!(texts > 10, "{button}");
    app.keep_picture("46-map-chosen");
    app.click("[data-testid=map-show]");
    let chip = app.text("[data-testid=chip-selection]");
    assert_eq!(number_in(&chip, "selection"), texts, "{chip}");
    let shown = app.text("[data-testid=feedback-total]");
    let feedback = number_in(&shown, "");
    assert!(feedback >= texts && feedback < number_in(&shown, "of"), "{shown}");
    app.wait_count("[data-testid=feedback-row]", |count| count > 0);
    app.keep_picture("47-map-feedback");

    // On the map the others are dimmed: the same texts are inside.
    app.click("[data-testid=nav-map]");
    let sum = app.wait_for("[data-testid=map-sum]", |text| text.contains("outside the filter"));
    assert_eq!(number_in(&sum, ""), texts, "{sum}");
    app.keep_picture("48-map-filtered");

    app.click("[aria-label='Save this view']");
    app.fill("#view-name", "around the middle");
    app.type_into("#view-name", ENTER);
    app.text("[title='around the middle']");
    drop(app);

    // The program takes a moment to end.
    let workspace = (0..100)
        .find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            Store::open(&path).ok()
        })
        .expect("the window has let go of the file");
    let one = vec![Some("1".to_owned())];
    let condition = Condition { dimension: Dimension::Selection, values: one, exclude: Exclude::No };
    let filter = Filter { conditions: vec![condition], ..Filter::default() };
    assert_eq!(workspace.totals(&filter).unwrap().sums.n, feedback);
    drop(workspace);

    // The next window opens the saved view: the chip says the same.
    let app = Application::start(Start { workspace: Some(&path), ..Start::default() });
    app.click("[title='around the middle']");
    app.wait_for("[data-testid=chip-selection]", |text| text == chip);
}

#[test]
fn the_map_is_walked_and_chosen_from_with_keys() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn(&with_themes(folder.path()));
    let whole = names_after(&app, "0");
    let moved = names_after(&app, "\u{E014}\u{E014}");
    assert_ne!(whole, moved, "an arrow moves the map");
    assert_eq!(names_after(&app, "0"), whole);

    app.type_into(SHEET, "r");
    app.wait_for("[data-testid=view-map]", |text| text.contains("Enter chooses"));
    app.keep_picture("49-map-rectangle");
    app.type_into(SHEET, ENTER);
    let button = app.text("[data-testid=map-show]");
    assert!(number_in(&button, "") > 0, "{button}");
    app.type_into(SHEET, ESCAPE);
    app.wait_gone("[data-testid=map-show]");

    // A region of the list: the map goes there, its arrow opens the feedback.
    let before = names_after(&app, "0");
    app.click("[data-testid=map-region]");
    assert_ne!(names(&app), before);
    let region = app.text("[data-testid=map-region] .ellipsis");
    app.keep_picture("50-map-region");
    // Somewhere near its middle is a point: it says what it is, and a click leads to who said it.
    let mut near = (0..400).map(|step| {
        let turn = f64::from(step) * 2.4;
        let away = 0.02 * f64::from(step).sqrt();
        app.place(SHEET, 0.5 + away * turn.cos(), 0.5 + away * turn.sin())
    });
    let point = near.find(|&place| {
        app.hover(place);
        app.count("[data-testid=map-hover]") == 1
    });
    app.wait_for("[data-testid=map-hover]", |text| text.contains("said by"));
    app.keep_picture("51-map-hover");
    app.drag(&[point.unwrap()]);
    app.text("[data-testid=feedback-inspector]");
    app.click("[data-testid=map-regions] .open");
    assert!(app.text("[data-testid=chip-theme]").contains(&region));
}
