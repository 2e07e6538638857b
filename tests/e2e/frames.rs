//! How many pictures a second does the map reach with 100 000 points? A measurement, which asserts no time:
//!
//! ```text
//! cargo test --test e2e -- --ignored --nocapture frames
//! ```
//!
//! The window, the page and its painters are real; only the points are invented, in the page, where the answer of the
//! command `map_points` arrives.

use serde_json::Value;

use crate::{
    application::{Application, Start},
    prepared::with_themes,
};

/// Answers `map_points` with `POINTS` in forty clouds, each with a name and three parts that have names too.
const INVENT: &str = r"
    const points = POINTS, themes = 40;
    let state = 11;
    const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    const bell = () => random() + random() + random() - 1.5;
    const middles = Array.from({ length: themes }, () => [random() * 20 - 10, random() * 14 - 7]);
    const label = (level, theme, x, y) => ({ level, theme, name: `what people say of thing ${theme}.${level}.${x.toFixed(1)}`, x, y, texts: points / themes, feedback: points / themes + theme });
    const legend = {
        map: { id: 1, createdAt: '2026-06-29T08:02:11Z', model: 'invented', seed: 1, texts: points, placed: 0, missing: 0 },
        points,
        themes: middles.map((_, id) => ({ id: id + 1, name: `theme ${id + 1}`, feedback: points / themes })),
        versions: [{ value: 'v1', feedback: points }],
        labels: middles.flatMap(([x, y], id) => [label(0, id + 1, x, y), label(1, id + 1, x - 0.5, y), label(1, id + 1, x + 0.5, y), label(1, id + 1, x, y + 0.6)]),
    };
    let json = JSON.stringify(legend);
    json += ' '.repeat((4 - (json.length % 4)) % 4);
    const head = new TextEncoder().encode(json);
    const bytes = new ArrayBuffer(4 + head.length + points * 21);
    new DataView(bytes).setUint32(0, head.length, true);
    new Uint8Array(bytes).set(head, 4);
    const at = 4 + head.length;
    const xy = new Float32Array(bytes, at, points * 2);
    const ids = new Uint32Array(bytes, at + points * 8, points);
    const feedback = new Uint32Array(bytes, at + points * 12, points);
    const theme = new Uint16Array(bytes, at + points * 16, points);
    const polarity = new Uint8Array(bytes, at + points * 20, points);
    for (let index = 0; index < points; index++) {
        const [x, y] = middles[index % themes];
        xy[index * 2] = x + bell();
        xy[index * 2 + 1] = y + bell();
        ids[index] = index;
        feedback[index] = index % 5 === 0 ? 0 : 1;
        theme[index] = index % themes;
        polarity[index] = 1 + (index % 3);
    }
    const fetch = window.fetch;
    window.fetch = (input, options) => {
        const address = decodeURIComponent(String(input?.url ?? input));
        if (!address.endsWith('/map_points')) return fetch(input, options);
        return Promise.resolve(new Response(bytes.slice(0), { headers: { 'Content-Type': 'application/octet-stream', 'Tauri-Response': 'ok' } }));
    };
    // What the page does in its frames is timed from without.
    window.own = 0;
    const ask = window.requestAnimationFrame.bind(window);
    window.bareFrame = ask;
    window.requestAnimationFrame = (run) => ask((now) => {
        const began = performance.now();
        run(now);
        window.own += performance.now() - began;
    });
";

/// 120 frames with a gesture in each: how long each took, and how much of it the page's own painting was.
const MEASURE: &str = r"
    const done = arguments[0];
    const sheet = document.querySelector('[data-testid=map-sheet]');
    const box = sheet.getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    const send = (kind, x, y) => sheet.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: 7, button: 0, clientX: x, clientY: y }));
    const gesture = {
        pan: (frame) => send('pointermove', middle[0] + 120 * Math.sin(frame / 9), middle[1] + 80 * Math.sin(frame / 7)),
        zoom: (frame) => sheet.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaY: frame % 60 < 30 ? -60 : 60, clientX: middle[0], clientY: middle[1] })),
    }['GESTURE'];
    if ('GESTURE' === 'pan') send('pointerdown', ...middle);
    const frames = [], own = [];
    let last = null, count = 0;
    const step = (now) => {
        if (last !== null) {
            frames.push(now - last);
            own.push(window.own);
        }
        last = now;
        window.own = 0;
        if (count++ < 140) {
            gesture(count);
            window.bareFrame(step);
            return;
        }
        if ('GESTURE' === 'pan') send('pointerup', ...middle);
        // The first ones find out which painter is the faster.
        const part = (values, share) => values.slice(20).sort((a, b) => a - b)[Math.floor(120 * share)];
        done({ painter: sheet.dataset.painter, size: [box.width, box.height], median: part([...frames], 0.5), most: part([...frames], 0.95), own: part([...own], 0.5), ownMost: part([...own], 0.95) });
    };
    window.bareFrame(step);
";

#[test]
#[ignore = "a measurement, which says nothing but its figures"]
fn frames_of_a_map_with_many_points() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_themes(folder.path());
    println!("| points | gesture | painter | sheet | frame, median ms | 95 % | own painting, median ms | 95 % |");
    println!("|---|---|---|---|---|---|---|---|");
    for points in [1_000, 100_000, 300_000] {
        let app = Application::start(Start { workspace: Some(&path), ..Start::default() });
        app.wait_count("[data-testid=mover]", |count| count > 0);
        app.run(&INVENT.replace("POINTS", &points.to_string()));
        app.click("[data-testid=nav-map]");
        app.wait_count(&format!("[data-testid=map-sheet][data-points='{points}']:not([data-labels='0'])"), |count| {
            count == 1
        });
        for gesture in ["pan", "zoom", "pan"] {
            let found = app.run_async(&MEASURE.replace("GESTURE", gesture));
            let number = |name: &str| found[name].as_f64().unwrap_or(f64::NAN);
            let side = |at: usize| found["size"][at].as_f64().unwrap_or(f64::NAN);
            let painter = found["painter"].as_str().unwrap_or("none");
            println!(
                "| {points} | {gesture} | {painter} | {:.0} x {:.0} | {:.1} | {:.1} | {:.2} | {:.2} |",
                side(0),
                side(1),
                number("median"),
                number("most"),
                number("own"),
                number("ownMost")
            );
            assert_ne!(found, Value::Null);
        }
        app.keep_picture(&format!("90-map-{points}"));
    }
}
