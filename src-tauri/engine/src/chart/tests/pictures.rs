//! Charts as text: what is drawn, and where the overlay finds it.

use std::fmt::Write;

use super::*;
use expect_test::{Expect, expect};

/// The picture's texts and shapes, without what every chart has alike.
fn outline(svg: &str) -> String {
    let mut text = String::new();
    let mut lines = svg.lines();
    while let Some(line) = lines.next() {
        let attribute = |name: &str| {
            let rest = line.split_once(&format!(" {name}=\""))?.1;
            rest.split_once('"').map(|(value, _)| value)
        };
        let colour = attribute("stroke").filter(|stroke| *stroke != "none").or_else(|| attribute("fill")).unwrap_or("");
        if line.starts_with("<text") {
            let _ = writeln!(
                text,
                "{:?} {},{}",
                lines.next().unwrap_or(""),
                attribute("x").unwrap_or(""),
                attribute("y").unwrap_or("")
            );
        } else if let Some(points) = attribute("points").filter(|_| !["#DFE3E8", "#8A8F98"].contains(&colour)) {
            let opacity = attribute("opacity").unwrap_or("1");
            let _ = writeln!(text, "{colour} {opacity} {}", points.trim());
        }
    }
    text
}

fn check(found: &str, expected: Expect) {
    expected.assert_eq(&found.replace('\u{202f}', "_"));
}

fn small_trend() -> Trend {
    trend(
        Measure::NegativeShare,
        &[
            ("2.1", vec![(100, 10), (100, 20), (0, 0), (100, 30), (40, 10)]),
            ("2.0", vec![(50, 5), (10, 2), (50, 5), (50, 6), (20, 2)]),
        ],
    )
}

#[test]
fn a_line_chart_is_these_marks() {
    let drawn = picture(&small_trend(), &ChartSpec::new(Kind::Lines), 240, 100);
    check(
        &outline(&drawn.svg),
        expect![[r#"
            "0\u{202f}%" 108,289
            "50\u{202f}%" 108,17
            "5 Jan" 140,339
            "19 Jan" 384,339
            #E69F00 0.4 140,295 140,204
            #E69F00 0.12 384,204 506,190 628,178 628,304 506,288 384,295
            #0072B2 0.12 140,218 262,153 262,238 140,282
            #0072B2 0.12 506,92 628,95 628,241 506,190
            #E69F00 0.5 140,250 262,195 384,250
            #E69F00 1 384,250 506,239
            #E69F00 1 506,239 518,240
            #E69F00 1 530,241 542,242
            #E69F00 1 554,243 566,244
            #E69F00 1 578,245 590,246
            #E69F00 1 602,247 614,248
            #E69F00 1 626,249 628,250
            #E69F00 1 140,235 155,260 125,260
            #E69F00 1 384,235 399,260 369,260
            #E69F00 1 506,224 521,250 491,250
            #E69F00 1 628,235 643,260 613,260
            #0072B2 1 140,250 262,195
            #0072B2 1 506,141 518,143
            #0072B2 1 529,146 541,149
            #0072B2 1 553,151 565,154
            #0072B2 1 576,156 588,159
            #0072B2 1 600,162 611,164
            #0072B2 1 623,167 628,168
            "2.1" 728,123
            "30.0\u{202f}%" 809,123
            #E69F00 1 692,222 709,251 675,251
            "2.0" 728,221
            "12.0\u{202f}%" 819,221
        "#]],
    );
}

#[test]
fn the_geometry_says_where_points_lie() {
    let drawn = picture(&small_trend(), &ChartSpec::new(Kind::Lines), 240, 100);
    let mut text = format!("{:?}\n", drawn.geometry.frame);
    for point in &drawn.geometry.points {
        let _ = writeln!(
            text,
            "{} {} {:?} {:?}..{:?} n={} small={} unfinished={}",
            point.series, point.x, point.y, point.low, point.high, point.n, point.small, point.unfinished
        );
    }
    for label in &drawn.geometry.labels {
        let _ = writeln!(text, "{} {:?} {:?}", label.series, label.text, label.rect);
    }
    check(
        &text,
        expect![[r#"
            Rect { x: 35.0, y: 8.0, width: 122.0, height: 68.0 }
            0 35 Some(62.4) Some(70.4)..Some(54.4) n=100 small=false unfinished=false
            0 65.5 Some(48.8) Some(59.5)..Some(38.1) n=100 small=false unfinished=false
            0 96 None None..None n=0 small=true unfinished=false
            0 126.5 Some(35.2) Some(47.4)..Some(23.0) n=100 small=false unfinished=false
            0 157 Some(42.0) Some(60.3)..Some(23.7) n=40 small=false unfinished=true
            1 35 Some(62.4) Some(73.7)..Some(51.1) n=50 small=false unfinished=false
            1 65.5 Some(48.8) Some(76.0)..Some(15.1) n=10 small=true unfinished=false
            1 96 Some(62.4) Some(73.7)..Some(51.1) n=50 small=false unfinished=false
            1 126.5 Some(59.7) Some(71.9)..Some(47.4) n=50 small=false unfinished=false
            1 157 Some(62.4) Some(76.0)..Some(44.5) n=20 small=false unfinished=true
            0 "2.1 30.0\u{202f}%" Rect { x: 169.0, y: 28.2, width: 70.0, height: 14.0 }
            1 "2.0 12.0\u{202f}%" Rect { x: 169.0, y: 52.7, width: 69.9, height: 14.0 }
        "#]],
    );
}

#[test]
fn bars_stand_on_one_another() {
    let volume =
        trend(Measure::Volume, &[("a", vec![(30, 0), (20, 0), (0, 0)]), ("b", vec![(10, 0), (20, 0), (9, 0)])]);
    let geometry = picture(&volume, &ChartSpec::new(Kind::Stacked), 300, 150).geometry;
    let rect = |series: usize, at: usize| geometry.points[series * 3 + at].rect.expect("a bar");
    for at in 0..3 {
        let (lower, upper) = (rect(0, at), rect(1, at));
        assert!((lower.y - upper.bottom()).abs() < 0.11, "{lower:?} {upper:?}");
        assert!((lower.bottom() - geometry.frame.bottom()).abs() < 0.11);
        assert!((lower.x - upper.x).abs() < 1e-9);
    }
    // The same height for the same number: 40 and 40.
    assert!((rect(1, 0).y - rect(1, 1).y).abs() < 1e-9);
    assert!((rect(0, 2).height).abs() < 1e-9);
    assert_eq!(geometry.y.domain, Domain::Value { measure: Measure::Volume, max: 40.0 });
}

#[test]
fn a_ranking_puts_firm_values_first_and_other_last() {
    let shares = trend(
        Measure::NegativeShare,
        &[("low", vec![(100, 10)]), ("high", vec![(90, 30)]), ("few", vec![(5, 4)]), ("Other", vec![(400, 200)])],
    );
    let geometry = picture(&shares, &ChartSpec::new(Kind::Ranking), 360, 200).geometry;
    let order: Vec<usize> = geometry.points.iter().map(|point| point.series).collect();
    assert_eq!(order, [1, 0, 2, 3]);
    assert!(geometry.points.windows(2).all(|pair| pair[0].y < pair[1].y));
    assert_eq!(geometry.labels[0].text.replace('\u{202f}', "_"), "high 33.3_%");
    assert_eq!(geometry.series[3].slot, Slot::Other);

    // Too low for all four: what is not shown is counted.
    let low = picture(&shares, &ChartSpec::new(Kind::Ranking), 360, 80);
    assert_eq!(low.geometry.points.len(), 2);
    assert!(low.svg.contains("2 more"));
}

#[test]
fn names_from_outside_are_text_and_nothing_else() {
    let name = "<script>&\"'\u{202e}\u{1}\n</text>";
    let shares = trend(Measure::NegativeShare, &[(name, vec![(100, 10), (100, 20)])]);
    for kind in [Kind::Lines, Kind::Stacked, Kind::Ranking] {
        let title = Title { title: name.to_owned(), subtitle: Some(name.to_owned()) };
        let spec = ChartSpec { title: Some(title), ..ChartSpec::new(kind) };
        let svg = picture(&shares, &spec, 960, 300).svg;
        assert!(!svg.contains("<script") && !svg.contains('\u{202e}') && !svg.contains('\u{1}'), "{svg}");
        assert!(svg.contains("&lt;script&gt;&amp;&quot;&apos; &lt;/text&gt;"), "{svg}");
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }
}

#[test]
fn the_same_input_has_the_same_bytes() {
    let (lines, size) = (ChartSpec::new(Kind::Lines), Size::new(240, 100));
    let once = (draw_trend(&small_trend(), &lines, size, &DARK), png(&small_trend(), &lines, size, &DARK));
    let again = (draw_trend(&small_trend(), &lines, size, &DARK), png(&small_trend(), &lines, size, &DARK));
    assert_eq!(once.0.ok(), again.0.ok());
    assert_eq!(once.1.ok(), again.1.ok());
}

#[test]
fn everything_lies_inside_of_the_picture() {
    let long = "A name that is far longer than any picture is wide, and then some more of it".repeat(3);
    let names = [long.as_str(), "b", "c", "d", "e", "Other"];
    for measure in Measure::ALL {
        for count in [1, 2, 5, 26, 200] {
            let all: Vec<(&str, Vec<Sample>)> =
                names.iter().zip(1..).map(|(name, seed)| (*name, wave(seed, count, 40 * seed, 20.0, 5.0))).collect();
            let trend = trend(*measure, &all);
            for (width, height) in [(80, 80), (240, 100), (360, 200), (960, 300), (2000, 900)] {
                for kind in [Kind::Lines, Kind::Stacked, Kind::Ranking] {
                    let geometry = picture(&trend, &ChartSpec::new(kind), width, height).geometry;
                    let (width, height) = (f64::from(width), f64::from(height));
                    let inside = |rect: &Rect| {
                        rect.x >= -0.1 && rect.y >= -0.1 && rect.right() <= width + 0.1 && rect.bottom() <= height + 0.1
                    };
                    let what = format!("{measure} {count} {width} x {height} {kind:?}");
                    assert!(inside(&geometry.frame), "{what}: {:?}", geometry.frame);
                    // Below 240 x 100 there is no promise about labels.
                    if width >= 240.0 {
                        for label in &geometry.labels {
                            assert!(inside(&label.rect), "{what}: {label:?}");
                        }
                    }
                    for point in &geometry.points {
                        assert!(point.x.is_finite() && (0.0..=width).contains(&point.x), "{what}: {point:?}");
                        assert!(point.y.is_none_or(|y| (0.0..=height).contains(&y)), "{what}: {point:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_selection_without_feedback_says_so() {
    for kind in [Kind::Lines, Kind::Stacked, Kind::Ranking] {
        let drawn = picture(&trend(Measure::NegativeShare, &[]), &ChartSpec::new(kind), 360, 200);
        assert!(drawn.geometry.empty && drawn.svg.contains(EMPTY_TEXT));
        let none = trend(Measure::NegativeShare, &[("All", vec![(0, 0); 26])]);
        assert!(picture(&none, &ChartSpec::new(kind), 360, 200).geometry.empty);
    }
}

#[test]
fn wild_points_do_not_squeeze_the_others() {
    let mut samples = vec![(400, 40); 20];
    samples[7] = (3, 3);
    let geometry =
        picture(&trend(Measure::NegativeShare, &[("a", samples)]), &ChartSpec::new(Kind::Lines), 360, 200).geometry;
    let Domain::Value { max, .. } = geometry.y.domain else { panic!("a value axis") };
    assert!(max <= 0.2, "{max}");
    let beyond: Vec<usize> = geometry.points.iter().enumerate().filter(|(_, p)| p.beyond).map(|(at, _)| at).collect();
    assert_eq!(beyond, [7]);
}

#[test]
fn a_series_without_any_value_is_named_all_the_same() {
    let shares = trend(Measure::NegativeShare, &[("a", vec![(50, 5); 4]), ("gone", vec![(0, 0); 4])]);
    let labels = picture(&shares, &ChartSpec::new(Kind::Lines), 360, 200).geometry.labels;
    assert_eq!(labels.iter().map(|label| label.text.as_str()).collect::<Vec<_>>(), ["a 10.0\u{202f}%", "gone –"]);
}

#[test]
fn release_lines_stand_at_their_moment() {
    let week = |count: i64| Timestamp::from_micros(MONDAY + count * WEEK);
    let marker = |moment, label: &str| Marker { moment, label: label.to_owned() };
    let spec = ChartSpec {
        markers: vec![
            marker(week(2), "2.1"),
            marker(week(2), "twin"),
            marker(week(-9), "before"),
            marker(week(99), "after"),
        ],
        ..ChartSpec::new(Kind::Lines)
    };
    let trend = trend(Measure::NegativeShare, &[("a", vec![(50, 5); 5])]);
    let drawn = picture(&trend, &spec, 360, 200);
    assert!(drawn.svg.contains("\n2.1\n"));
    for hidden in ["twin", "before", "after"] {
        assert!(!drawn.svg.contains(hidden), "{hidden}");
    }
    let x = drawn.geometry.points[2].x;
    let label = drawn.svg.lines().zip(drawn.svg.lines().skip(1)).find(|(_, text)| *text == "2.1").expect("a label").0;
    let drawn_x: f64 = label.split(['"']).nth(1).and_then(|x| x.parse().ok()).expect("a place");
    assert!((drawn_x / 4.0 - x).abs() <= 0.6, "{drawn_x} {x}");
}

#[test]
fn sizes_that_make_no_picture_are_refused() {
    let spec = ChartSpec::new(Kind::Lines);
    for size in
        [Size::new(0, 100), Size::new(100, 20), Size::new(100_000, 100), Size { scale: 9.0, ..Size::new(100, 100) }]
    {
        assert!(draw_trend(&small_trend(), &spec, size, &LIGHT).is_err(), "{size:?}");
    }
    assert!(sparkline(&[1.0], Slot::Other, Size::new(3, 3), &LIGHT).is_err());
}

#[test]
fn sparklines_stand_on_zero() {
    let draw = |values: &[f64]| sparkline(values, Slot::Series(0), Size::new(60, 20), &LIGHT).expect("a picture");
    check(
        &draw(&[0.0, 2.0, 1.0]),
        expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" viewBox="0 0 240 80" stroke-linejoin="round">
        <polygon opacity="0.12" fill="#0072B2" points="10,70 120,10 230,40 230,70 10,70 "/>
        <polyline fill="none" stroke="#0072B2" stroke-width="6" points="10,70 120,10 230,40 "/>
        <circle cx="230" cy="40" r="8" fill="#0072B2" stroke="none" stroke-width="0"/>
        </svg>
    "##]],
    );
    assert!(!draw(&[]).contains("circle"));
    assert!(draw(&[f64::NAN, -1.0]).contains("circle"));
}
