//! Which of them is largest over the whole span? A bar each, with its interval as a whisker.

use super::{
    ChartSpec, Geometry, PointGeometry, Size, TEXT_SIZE, Theme,
    font::{self, Weight},
    geometry::{LabelGeometry, Rect, tenth},
    panel,
    scale::Scale,
    scene::{Anchor, Ink, Mark, Scene, Text},
};
use hearback_domain::{Series, SeriesKind, Trend, number};

const ROW: std::ops::RangeInclusive<f64> = 17.0..=32.0;
const AXIS_HEIGHT: f64 = 20.0;
const MORE_HEIGHT: f64 = 14.0;
const NAME_GAP: f64 = 8.0;
const VALUE_GAP: f64 = 10.0;
const SMALL_OPACITY: f64 = 0.4;
const BAR: f64 = 0.62;

pub fn compose(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> (Scene, Geometry) {
    let (mut scene, area) = panel::page(spec, size, theme);
    let order = order(trend);
    let room = area.height - AXIS_HEIGHT;
    let all_fit = order.len() as f64 * ROW.start() <= room;
    let shown = if all_fit { order.len() } else { (((room - MORE_HEIGHT) / ROW.start()) as usize).max(1) };
    let row = ((if all_fit { room } else { room - MORE_HEIGHT }) / shown as f64).clamp(*ROW.start(), *ROW.end());

    let names: Vec<String> = order[..shown]
        .iter()
        .map(|&index| {
            font::ellipsis(&font::one_line(&trend.series[index].label), area.width * 0.38, TEXT_SIZE, Weight::Regular)
        })
        .collect();
    let values: Vec<String> = order[..shown].iter().map(|&index| value_text(trend, &trend.series[index])).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| panel::width(text)).fold(0.0, f64::max).ceil();
    let left = area.x + widest(&names) + NAME_GAP;
    let right = area.right() - widest(&values) - VALUE_GAP;
    let frame = Rect { x: left, y: area.y, width: (right - left).max(20.0), height: row * shown as f64 };

    let reach = order[..shown]
        .iter()
        .map(|&index| &trend.series[index])
        .filter_map(|series| series.interval.filter(|_| !series.small).map(|(_, high)| high).or(series.value))
        .fold(0.0, f64::max);
    let scale = Scale::reaching(reach, ((frame.width / 56.0) as usize).clamp(1, 5), trend.measure);
    let x = |value: f64| frame.x + frame.width * (value / scale.max()).clamp(0.0, 1.0);

    let mut free_from = f64::NEG_INFINITY;
    for tick in &scale.ticks {
        let position = panel::crisp(x(*tick));
        let colour = if *tick > 0.0 { theme.line } else { theme.faint };
        scene.line(vec![(position, frame.y), (position, frame.bottom() + 3.0)], colour, 1.0, 1.0);
        let label = scale.label(*tick);
        let half = panel::width(&label) / 2.0;
        if position - half >= free_from {
            scene.text(Text::new(label, (position, frame.bottom() + 15.0), Anchor::Middle, theme.dim));
            free_from = position + half + 8.0;
        }
    }

    let mut points = Vec::new();
    let mut labels = Vec::new();
    for (place, &index) in order[..shown].iter().enumerate() {
        let series = &trend.series[index];
        let y = frame.y + (place as f64 + 0.5) * row;
        let height = (row * BAR).round();
        let end = x(series.value.unwrap_or(0.0));
        let rect = Rect { x: frame.x, y: y - height / 2.0, width: end - frame.x, height };
        let opacity = if series.small { SMALL_OPACITY } else { 0.85 };
        let ink = Ink { colour: spec.slot(index, trend).colour(theme), opacity };
        if rect.width > 0.0 {
            scene.marks.push(Mark::Rect { from: (rect.x, rect.y), to: (end, rect.bottom()), ink });
        }
        if let Some((low, high)) = series.interval {
            whisker(&mut scene, x(low), x(high), y, theme);
        }
        let (name, value) = (&names[place], &values[place]);
        scene.text(Text::new(name.clone(), (left - NAME_GAP, panel::middle(y)), Anchor::End, theme.text));
        scene.text(Text::new(value.clone(), (area.right(), panel::middle(y)), Anchor::End, theme.dim));

        let name_width = panel::width(name);
        let name_box = Rect { x: left - NAME_GAP - name_width, y: y - row / 2.0, width: name_width, height: row };
        labels.push(LabelGeometry {
            series: index,
            text: format!("{name} {value}").trim().to_owned(),
            rect: name_box.rounded(),
        });
        points.push(PointGeometry {
            series: index,
            point: None,
            x: tenth(end),
            y: series.value.is_some().then(|| tenth(y)),
            rect: Some(rect.rounded()),
        });
    }
    if shown < order.len() {
        let text = format!("{} more", number::count((order.len() - shown) as f64));
        let place = (left - NAME_GAP, frame.bottom() + AXIS_HEIGHT + MORE_HEIGHT - 6.0);
        scene.text(Text::new(text, place, Anchor::End, theme.dim));
    }

    let geometry = Geometry {
        width: f64::from(size.width),
        height: f64::from(size.height),
        empty: false,
        frame: frame.rounded(),
        reach: scale.max(),
        points,
        labels,
    };
    (scene, geometry)
}

/// Largest value first; those that rest on few feedbacks, or on none, after the others; *Other* last.
fn order(trend: &Trend) -> Vec<usize> {
    let mut order: Vec<usize> = (0..trend.series.len()).collect();
    let last = |index: usize| matches!(trend.series[index].kind, SeriesKind::Other { .. });
    order.sort_by(|&a, &b| {
        let (one, two) = (&trend.series[a], &trend.series[b]);
        let value = |series: &Series| series.value.unwrap_or(f64::NEG_INFINITY);
        last(a)
            .cmp(&last(b))
            .then_with(|| one.small.cmp(&two.small))
            .then_with(|| value(two).total_cmp(&value(one)))
            .then_with(|| a.cmp(&b))
    });
    order
}

fn value_text(trend: &Trend, series: &Series) -> String {
    series.value.map_or_else(|| "–".to_owned(), |value| trend.measure.write(value))
}

fn whisker(scene: &mut Scene, low: f64, high: f64, y: f64, theme: &Theme) {
    let y = panel::crisp(y);
    for places in
        [vec![(low, y), (high, y)], vec![(low, y - 3.0), (low, y + 3.0)], vec![(high, y - 3.0), (high, y + 3.0)]]
    {
        scene.line(places, theme.text, 0.75, 1.25);
    }
}
