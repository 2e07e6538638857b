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
            "19 Jan" 382,339
            #E69F00 0.4 140,295 140,204
            #E69F00 0.12 382,204 503,190 624,178 624,304 503,288 382,295
            #0072B2 0.12 140,218 261,153 261,238 140,282
            #0072B2 0.12 503,92 624,95 624,241 503,190
            #E69F00 0.5 140,250 261,195 382,250
            #E69F00 1 382,250 503,239
            #E69F00 1 503,239 515,240
            #E69F00 1 527,241 539,242
            #E69F00 1 551,243 563,244
            #E69F00 1 575,245 587,246
            #E69F00 1 599,247 611,248
            #E69F00 1 623,249 624,250
            #E69F00 1 140,235 155,260 125,260
            #E69F00 1 382,235 397,260 367,260
            #E69F00 1 503,224 518,250 488,250
            #E69F00 1 624,235 639,260 609,260
            #0072B2 1 140,250 261,195
            #0072B2 1 503,141 515,143
            #0072B2 1 526,146 538,149
            #0072B2 1 550,151 562,154
            #0072B2 1 573,157 585,159
            #0072B2 1 597,162 608,164
            #0072B2 1 620,167 624,168
            "2.1" 724,151
            "25.0\u{202f}%" 805,151
            #E69F00 1 688,233 705,262 671,262
            "2.0" 724,232
            "10.0\u{202f}%" 815,232
        "#]],
    );
}

#[test]
fn the_geometry_says_where_points_lie() {
    let drawn = picture(&small_trend(), &ChartSpec::new(Kind::Lines), 240, 100);
    let mut text = format!("{:?}\n", drawn.geometry.frame);
    for point in &drawn.geometry.points {
        let _ = writeln!(text, "{} {:?} {} {:?}", point.series, point.point, point.x, point.y);
    }
    for label in &drawn.geometry.labels {
        let _ = writeln!(text, "{} {:?} {:?}", label.series, label.text, label.rect);
    }
    check(
        &text,
        expect![[r#"
            Rect { x: 35.0, y: 8.0, width: 121.0, height: 68.0 }
            0 Some(0) 35 Some(62.4)
            0 Some(1) 65.3 Some(48.8)
            0 Some(2) 95.5 None
            0 Some(3) 125.8 Some(35.2)
            0 Some(4) 156 Some(42.0)
            1 Some(0) 35 Some(62.4)
            1 Some(1) 65.3 Some(48.8)
            1 Some(2) 95.5 Some(62.4)
            1 Some(3) 125.8 Some(59.7)
            1 Some(4) 156 Some(62.4)
            0 "2.1 25.0\u{202f}%" Rect { x: 168.0, y: 35.0, width: 69.5, height: 14.0 }
            1 "2.0 10.0\u{202f}%" Rect { x: 168.0, y: 55.4, width: 70.1, height: 14.0 }
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
    assert!((geometry.reach - 40.0).abs() < 1e-9);
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
    assert!(geometry.reach <= 0.2, "{}", geometry.reach);
    // The wild one lies at the upper edge.
    let at_the_edge = |point: &PointGeometry| point.y.is_some_and(|y| (y - geometry.frame.y).abs() < 0.11);
    let wild: Vec<usize> = (0..20).filter(|&at| at_the_edge(&geometry.points[at])).collect();
    assert_eq!(wild, [7]);
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
}

#[test]
fn a_label_says_the_value_at_which_its_line_ends() {
    // The last week is unfinished: 8 of 20, drawn dashed. The label stands at its end, and says so many.
    let shares = trend(Measure::NegativeShare, &[("a", vec![(100, 10), (100, 10), (20, 8)])]);
    let geometry = picture(&shares, &ChartSpec::new(Kind::Lines), 360, 200).geometry;
    let (label, end) = (&geometry.labels[0], &geometry.points[2]);
    assert_eq!(label.text, "a 40.0\u{202f}%");
    assert!((label.rect.y + label.rect.height / 2.0 - end.y.expect("a value")).abs() < 0.11);

    // One that ended earlier is led to from its end.
    let gone = trend(Measure::NegativeShare, &[("a", vec![(100, 10), (100, 20), (0, 0), (0, 0)])]);
    let drawn = picture(&gone, &ChartSpec::new(Kind::Lines), 360, 200);
    assert_eq!(drawn.geometry.labels[0].text, "a 20.0\u{202f}%");
    // In short dashes; axes, grid and the line itself are a dozen strokes.
    assert!(drawn.svg.matches("<polyline").count() > 20);

    let volume = trend(Measure::Volume, &[("a", vec![(30, 0), (12, 0)]), ("b", vec![(10, 0), (4, 0)])]);
    let geometry = picture(&volume, &ChartSpec::new(Kind::Stacked), 360, 200).geometry;
    let texts: Vec<&str> = geometry.labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(texts, ["b 4", "a 12"]);
}
