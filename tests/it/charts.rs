//! Does a picture say where each number lies, and is it the same for the same input?

use std::collections::BTreeMap;

use hearback_analysis::trend::SeriesChoice;
use hearback_app::{ChartRequest, TrendQuery};
use hearback_domain::{Bucket, Dimension, Filter, Measure, Timestamp, error::Kind};
use hearback_draw::{self as chart, ChartSpec, Size, Title};

use crate::shared::{is, only, sample};

fn request(by: &[Dimension], measure: Measure, kind: chart::Kind) -> ChartRequest {
    let query = TrendQuery {
        filter: Filter::default(),
        by: by.to_vec(),
        measure,
        bucket: Some(Bucket::Week),
        series: SeriesChoice::default(),
    };
    ChartRequest { query, spec: ChartSpec::new(kind), size: Size::new(720, 320), theme: chart::LIGHT }
}

#[test]
fn a_chart_says_where_each_number_lies() {
    let scratch = sample().open();
    for (measure, kind) in [
        (Measure::NegativeShare, chart::Kind::Lines),
        (Measure::MeanScore, chart::Kind::Lines),
        (Measure::Volume, chart::Kind::Lines),
        (Measure::Volume, chart::Kind::Stacked),
    ] {
        let drawn = scratch.workspace.draw(&request(&[Dimension::ModelVersion], measure, kind)).unwrap();
        let (geometry, trend) = (&drawn.picture.geometry, drawn.answer.trend.unwrap());
        let points: Vec<_> = trend
            .series
            .iter()
            .enumerate()
            .flat_map(|(index, series)| series.points.iter().map(move |point| (index, point)))
            .collect();
        assert_eq!(geometry.points.len(), points.len(), "{measure} {kind:?}");
        let max = geometry.reach;
        let frame = geometry.frame;
        let y = |value: f64| frame.bottom() - frame.height * value / max;
        let mut below: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for (drawn, (series, point)) in geometry.points.iter().zip(points) {
            assert_eq!(drawn.series, series);
            assert_eq!(trend.series[series].points[drawn.point.unwrap()].start, point.start);
            assert!(drawn.x >= frame.x - 0.1 && drawn.x <= frame.right() + 0.1, "{drawn:?}");
            if kind == chart::Kind::Stacked {
                let floor = below.entry(point.start).or_default();
                let rect = drawn.rect.unwrap();
                assert!((rect.bottom() - y(*floor)).abs() < 0.3, "{drawn:?}");
                *floor += point.sums.n as f64;
                assert!((rect.y - y(*floor)).abs() < 0.3, "{drawn:?}");
            } else {
                assert_eq!(drawn.y.is_some(), point.value.is_some());
                if let (Some(place), Some(value)) = (drawn.y, point.value) {
                    // What is beyond lies at the edge.
                    let wanted = y(value.min(max));
                    assert!((place - wanted).abs() < 0.1, "{drawn:?} should be at {wanted}");
                }
            }
        }
        // Buckets run from left to right, equally spaced.
        let xs: Vec<f64> = geometry.points.iter().filter(|point| point.series == 0).map(|point| point.x).collect();
        let step = (xs[xs.len() - 1] - xs[0]) / (xs.len() - 1) as f64;
        assert!(xs.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() < 0.2), "{xs:?}");
        for label in &geometry.labels {
            assert!(
                trend.series[label.series].label.starts_with(label.text.trim_end_matches('…').trim())
                    || label.text.contains(&trend.series[label.series].label),
                "{label:?}"
            );
        }
    }
}

#[test]
fn a_chart_is_svg_and_the_same_input_gives_the_same_bytes() {
    let scratch = sample().open();
    let again = sample().open();
    for kind in [chart::Kind::Lines, chart::Kind::Stacked, chart::Kind::Ranking] {
        let mut request = request(&[Dimension::Environment], Measure::NegativeShare, kind);
        request.spec.title = Some(Title { title: "Negative <share> & more".into(), subtitle: None });
        let svg = scratch.workspace.draw(&request).unwrap().picture.svg;
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{}", &svg[..80]);
        assert!(svg.contains("Negative &lt;share&gt; &amp; more"));
        assert!(svg.contains("production") && !svg.contains("<script") && !svg.contains("style="));
        assert_eq!(svg, again.workspace.draw(&request).unwrap().picture.svg, "{kind:?}");
        assert!(
            scratch.workspace.draw_png(&request).unwrap() == again.workspace.draw_png(&request).unwrap(),
            "{kind:?}"
        );
        let dark = ChartRequest { theme: chart::DARK, ..request };
        assert_ne!(svg, scratch.workspace.draw(&dark).unwrap().picture.svg);
    }
}

#[test]
fn a_png_has_the_size_that_was_asked_for() {
    let scratch = sample().open();
    for (width, height, scale) in [(720, 320, 2.0), (400, 200, 1.0)] {
        let size = Size { scale, ..Size::new(width, height) };
        let request =
            ChartRequest { size, ..request(&[Dimension::ModelVersion], Measure::NegativeShare, chart::Kind::Lines) };
        let png = scratch.workspace.draw_png(&request).unwrap();
        assert_eq!(png[..8], [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        assert_eq!(&png[12..16], b"IHDR");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), ((f64::from(width) * scale) as u32, (f64::from(height) * scale) as u32));
    }
    let tiny = ChartRequest { size: Size::new(10, 10), ..request(&[], Measure::Volume, chart::Kind::Lines) };
    assert_eq!(scratch.workspace.draw_png(&tiny).unwrap_err().kind, Kind::Input);
}

#[test]
fn an_empty_selection_is_an_empty_picture() {
    let scratch = sample().open();
    let mut request = request(&[Dimension::ModelVersion], Measure::NegativeShare, chart::Kind::Lines);
    request.query.filter = only(vec![is(Dimension::Environment, "nowhere")]);
    let drawn = scratch.workspace.draw(&request).unwrap();
    assert!(drawn.answer.trend.is_none() && drawn.picture.geometry.empty);
    assert!(drawn.picture.svg.contains(chart::EMPTY_TEXT));
}
