//! Pictures to look at: set HEARBACK_CHART_SHOTS to a folder and run `cargo test chart::tests::shots`.

use super::*;

#[test]
fn pictures_for_the_eye() {
    let Ok(folder) = std::env::var("HEARBACK_CHART_SHOTS") else {
        println!("skipped: HEARBACK_CHART_SHOTS names no folder");
        return;
    };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let save = |name: &str, trend: &Trend, spec: &ChartSpec, width: u32, height: u32| {
        for (suffix, theme) in [("light", &LIGHT), ("dark", &DARK)] {
            let bytes = png(trend, spec, Size::new(width, height), theme).expect("a picture");
            std::fs::write(folder.join(format!("{name}-{suffix}.png")), bytes).expect("a file");
            let drawn = draw_trend(trend, spec, Size::new(width, height), theme).expect("a picture");
            std::fs::write(folder.join(format!("{name}-{suffix}.svg")), drawn.svg).expect("a file");
        }
    };
    let lines = ChartSpec::new(Kind::Lines);
    let stacked = ChartSpec::new(Kind::Stacked);
    let ranking = ChartSpec::new(Kind::Ranking);
    let share = Measure::NegativeShare;

    let versions = trend(
        share,
        &[
            ("2.1", wave(3, 26, 500, 17.0, 11.0)),
            ("2.0", wave(9, 26, 400, 15.0, 0.0)),
            ("1.8", wave(5, 26, 300, 14.0, 0.0)),
        ],
    );
    save("lines-960x300", &versions, &lines, 960, 300);
    save("lines-360x200", &versions, &lines, 360, 200);
    save("ranking-share-360x200", &versions, &ranking, 360, 200);

    let released = ChartSpec {
        title: Some(Title {
            title: "Negative share rose with 2.1".to_owned(),
            subtitle: Some(
                "percent of feedback per week, 95\u{202f}% interval, by model version, n = 24\u{202f}386".to_owned(),
            ),
        }),
        markers: vec![
            Marker { moment: Timestamp::from_micros(MONDAY + 17 * WEEK), label: "2.1".to_owned() },
            Marker { moment: Timestamp::from_micros(MONDAY + 6 * WEEK + WEEK / 2), label: "prompt v3".to_owned() },
            Marker { moment: Timestamp::from_micros(MONDAY + 7 * WEEK), label: "hidden".to_owned() },
        ],
        ..lines.clone()
    };
    save("file-960x360", &versions, &released, 960, 360);

    let types = [
        ("thumb", wave(13, 26, 7200, 30.0, 0.0)),
        ("category", wave(14, 26, 3120, 40.0, 0.0)),
        ("comment", wave(15, 26, 1900, 50.0, 20.0)),
        ("implicit", wave(16, 26, 700, 60.0, 0.0)),
        ("correction", wave(17, 26, 400, 80.0, 0.0)),
        ("Other", wave(18, 26, 300, 10.0, 0.0)),
    ];
    let volume = trend(Measure::Volume, &types);
    save("six-volume-960x300", &volume, &lines, 960, 300);
    save("six-volume-360x200", &volume, &lines, 360, 200);
    save("stacked-960x300", &volume, &stacked, 960, 300);
    save("stacked-360x200", &volume, &stacked, 360, 200);
    save("six-share-960x300", &trend(share, &types), &lines, 960, 300);
    save("six-share-360x200", &trend(share, &types), &lines, 360, 200);
    save("ranking-960x300", &trend(share, &types), &ranking, 960, 300);
    save("ranking-volume-360x120", &volume, &ranking, 360, 120);

    let gaps = |seed: u64| -> Vec<Sample> {
        let mut samples = wave(seed, 26, 60, 20.0 + (seed % 7) as f64 * 3.0, 0.0);
        for index in [3, 4, 10, 12, 13, 20] {
            samples[index] = (0, 0);
        }
        for index in [5, 6, 16, 17] {
            samples[index] = (5, 1 + (index as u64 % 4));
        }
        samples
    };
    let holes =
        trend(share, &[("production", wave(23, 26, 900, 16.0, 7.0)), ("staging", gaps(24)), ("dev", gaps(7_777_777))]);
    save("gaps-960x300", &holes, &lines, 960, 300);
    save("gaps-360x200", &holes, &lines, 360, 200);

    let long = trend(
        share,
        &[
            ("Refund window stated wrongly by the assistant when asked twice", wave(1, 26, 500, 18.0, 4.0)),
            ("anthropic/some-very-long-model-identifier-2026-05-14-preview", wave(2, 26, 500, 17.0, 0.0)),
            ("<script>&\"", wave(4, 26, 500, 16.0, 0.0)),
            ("(none)", wave(6, 26, 500, 15.5, 0.0)),
        ],
    );
    save("long-960x300", &long, &lines, 960, 300);
    save("long-360x200", &long, &lines, 360, 200);
    save("long-ranking-360x200", &long, &ranking, 360, 200);

    save("one-point-360x200", &trend(share, &[("a", vec![(100, 20)]), ("b", vec![(10, 4)])]), &lines, 360, 200);
    save(
        "one-bucket-stacked-360x200",
        &trend(Measure::Volume, &[("a", vec![(100, 20)]), ("b", vec![(40, 4)])]),
        &stacked,
        360,
        200,
    );
    save(
        "few-360x200",
        &trend(share, &[("a", wave(1, 5, 100, 20.0, 0.0)), ("b", wave(2, 5, 90, 12.0, 0.0))]),
        &lines,
        360,
        200,
    );
    save("zero-360x200", &trend(share, &[("All", vec![(100, 0); 26])]), &lines, 360, 200);
    save("empty-360x200", &trend(share, &[]), &lines, 360, 200);
    save("empty-960x300", &trend(Measure::Volume, &[]), &stacked, 960, 300);
}
