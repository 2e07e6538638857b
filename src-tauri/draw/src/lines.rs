//! One line per series, with what is uncertain about it in plain sight: bands, grey points, dashes, gaps.

use super::{
    ChartSpec, Geometry, PointGeometry, Size, Slot, Theme,
    geometry::tenth,
    marker,
    panel::{Panel, Plan},
    scene::{Ink, Mark, Place, Scene},
    time_axis::BucketPlace,
};
use hearback_domain::{Point, Series, Trend};

const STROKE: f64 = 1.75;
/// Up to so many points each gets its shape: a line of few points is read point by point.
const FEW_POINTS: usize = 8;
/// Of lines between points that rest on few feedbacks.
const SMALL_OPACITY: f64 = 0.5;
/// Of the way from where a line ended to its label.
const LEADER_OPACITY: f64 = 0.35;
/// Bands of more series than this are drawn fainter: they lie over one another.
const CLEAR_BANDS: usize = 3;
/// How much higher points that rest on few feedbacks may make the picture.
const FURTHER: f64 = 1.6;

pub fn compose(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> (Scene, Geometry) {
    let values = trend.series.iter().map(|series| last_value(trend, series)).collect();
    let plan = Plan { max: reach(trend), measure: trend.measure, place: BucketPlace::Start, values };
    let mut panel = Panel::open(trend, spec, size, theme, plan);

    // The largest series is drawn last, on top.
    for (index, series) in trend.series.iter().enumerate().rev() {
        band(&mut panel, index, &series.points);
    }
    for (index, series) in trend.series.iter().enumerate() {
        leader(&mut panel, index, &series.points);
    }
    for (index, series) in trend.series.iter().enumerate().rev() {
        strokes(&mut panel, index, &series.points);
        shapes(&mut panel, index, &series.points);
    }

    let wanted: Vec<f64> = trend
        .series
        .iter()
        .map(|series| end(&series.points).map_or(panel.frame.bottom(), |(_, value)| panel.y(value)))
        .collect();
    let points = geometry(&panel, trend);
    panel.finish(&wanted, points)
}

/// Values and intervals of all points that rest on enough, and the other values where these do not reach much
/// further: a few wild points leave the picture rather than squeeze everything else flat.
fn reach(trend: &Trend) -> f64 {
    let all = || trend.series.iter().flat_map(|series| &series.points);
    let firm =
        all().filter(|point| !point.small).filter_map(|point| point.interval.map(|(_, high)| high).or(point.value));
    let firm = firm.fold(0.0, f64::max);
    let values = all().filter_map(|point| point.value).fold(0.0, f64::max);
    if firm == 0.0 || values <= firm * FURTHER { values.max(firm) } else { firm }
}

/// The last point with a value, finished or not: where the line ends, which is what its direct label says and stands at.
fn end(points: &[Point]) -> Option<(usize, f64)> {
    points.iter().enumerate().rev().find_map(|(at, point)| Some((at, point.value?)))
}

/// From the end of a line that ends before the picture does to the edge where its label stands.
fn leader(panel: &mut Panel<'_>, index: usize, points: &[Point]) {
    let Some((at, value)) = end(points).filter(|(at, _)| at + 1 < points.len()) else { return };
    let y = panel.y(value);
    let ends = [(panel.time.x(at), y), (panel.frame.right(), y)];
    panel.scene.dashed(&ends, panel.colour(index), LEADER_OPACITY, 1.0);
}

fn last_value(trend: &Trend, series: &Series) -> String {
    end(&series.points).map_or_else(|| "–".to_owned(), |(_, value)| trend.measure.write(value))
}

/// Where points rest on enough: elsewhere the interval is so wide that it would only cover the others.
fn band(panel: &mut Panel<'_>, index: usize, points: &[Point]) {
    let many = panel.trend.series.len() > CLEAR_BANDS;
    let opacity = panel.theme.band_opacity * if many { 0.65 } else { 1.0 };
    let ink = Ink { colour: panel.colour(index), opacity };
    let mut at = 0;
    while at < points.len() {
        let run = points[at..].iter().take_while(|point| firm(point)).count();
        if run > 1 {
            let edge = |pick: fn((f64, f64)) -> f64| {
                points[at..at + run]
                    .iter()
                    .enumerate()
                    .filter_map(move |(offset, point)| Some((at + offset, pick(point.interval?))))
            };
            let place = |(index, value): (usize, f64)| (panel.time.x(index), panel.y(value));
            let mut places: Vec<Place> = edge(|interval| interval.1).map(place).collect();
            let mut back: Vec<Place> = edge(|interval| interval.0).map(place).collect();
            back.reverse();
            places.extend(back);
            panel.scene.marks.push(Mark::Area { places, ink });
        } else if let Some((low, high)) = points[at].interval.filter(|_| run == 1) {
            // A point without neighbours has a whisker instead of a band.
            let x = panel.time.x(at);
            let ends = vec![(x, panel.y(low)), (x, panel.y(high))];
            panel.scene.line(ends, ink.colour, 0.4, 1.5);
        }
        at += run.max(1);
    }
}

fn firm(point: &Point) -> bool {
    point.interval.is_some() && !point.small
}

/// Lines between neighbours that both have a value, cut off at the upper edge.
fn strokes(panel: &mut Panel<'_>, index: usize, points: &[Point]) {
    let max = panel.scale.max();
    let mut runs: Vec<(bool, bool, Vec<Place>)> = Vec::new();
    for (at, pair) in points.windows(2).enumerate() {
        let (Some(from), Some(to)) = (pair[0].value, pair[1].value) else { continue };
        let Some((start, end)) = below(from, to, max) else { continue };
        let place = |part: f64| {
            let x = panel.time.x(at) + part * panel.time.step();
            (x, panel.y(from + (to - from) * part))
        };
        let (start, end) = (place(start), place(end));
        let dashed = pair[0].unfinished || pair[1].unfinished;
        let small = pair[0].small || pair[1].small;
        match runs.last_mut() {
            Some((d, s, run)) if (*d, *s) == (dashed, small) && run.last() == Some(&start) => run.push(end),
            _ => runs.push((dashed, small, vec![start, end])),
        }
    }
    let colour = panel.colour(index);
    for (dashed, small, run) in runs {
        let opacity = if small { SMALL_OPACITY } else { 1.0 };
        if dashed {
            panel.scene.dashed(&run, colour, opacity, STROKE);
        } else {
            panel.scene.line(run, colour, opacity, STROKE);
        }
    }
}

/// Which part of the way from `from` to `to` lies at most at `max`, as fractions of the way.
fn below(from: f64, to: f64, max: f64) -> Option<(f64, f64)> {
    match (from <= max, to <= max) {
        (true, true) => Some((0.0, 1.0)),
        (false, false) => None,
        (true, false) => Some((0.0, (max - from) / (to - from))),
        (false, true) => Some(((max - from) / (to - from), 1.0)),
    }
}

/// Hollow grey rings where few feedbacks stand behind a point; the series' shape where no line says it.
fn shapes(panel: &mut Panel<'_>, index: usize, points: &[Point]) {
    let slot = panel.slot(index);
    let colour = panel.colour(index);
    let has_value = |at: usize| points.get(at).is_some_and(|point| point.value.is_some());
    for (at, point) in points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        if value > panel.scale.max() {
            // Something is above: a small arrow at the edge.
            let ink = Ink::solid(panel.theme.faint);
            let place = (panel.time.x(at), panel.frame.y - 3.0);
            marker::draw(&mut panel.scene, Slot::Series(1), place, 2.5, ink);
            continue;
        }
        let place = (panel.time.x(at), panel.y(value));
        let alone = !has_value(at + 1) && (at == 0 || !has_value(at - 1));
        if point.small {
            panel.scene.marks.push(Mark::Disc { centre: place, radius: 2.75, ink: Ink::solid(panel.theme.faint) });
            panel.scene.marks.push(Mark::Disc { centre: place, radius: 1.5, ink: Ink::solid(panel.theme.bg) });
        } else if alone || points.len() <= FEW_POINTS {
            marker::draw(&mut panel.scene, slot, place, 3.2, Ink::solid(colour));
        }
    }
}

fn geometry(panel: &Panel<'_>, trend: &Trend) -> Vec<PointGeometry> {
    let mut found = Vec::new();
    for (series, one) in trend.series.iter().enumerate() {
        for (at, point) in one.points.iter().enumerate() {
            found.push(PointGeometry {
                series,
                point: Some(at),
                x: tenth(panel.time.x(at)),
                y: point.value.map(|value| tenth(panel.y(value))),
                rect: None,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_where_they_leave_the_picture() {
        assert_eq!(below(0.1, 0.3, 0.4), Some((0.0, 1.0)));
        assert_eq!(below(0.0, 1.0, 0.25), Some((0.0, 0.25)));
        assert_eq!(below(1.0, 0.0, 0.25), Some((0.75, 1.0)));
        assert_eq!(below(0.9, 1.0, 0.25), None);
    }
}
