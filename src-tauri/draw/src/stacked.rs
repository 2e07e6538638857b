//! How much feedback is there, and what is it made of? Bars from zero, the largest series at the bottom.

use super::{
    ChartSpec, Geometry, PointGeometry, Size, Theme,
    geometry::{Rect, tenth},
    panel::{Panel, Plan},
    scene::{Ink, Mark, Scene},
    time_axis::BucketPlace,
};
use hearback_domain::{Measure, Trend, number};

/// Part of a bucket's width that its bar takes.
const BAR: f64 = 0.78;
/// Of an unfinished bucket's bar.
const UNFINISHED_OPACITY: f64 = 0.45;
/// Between the parts of a bar, so that neighbours of like lightness stay apart; only where parts are high enough.
const SEAM: f64 = 0.75;

pub fn compose(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> (Scene, Geometry) {
    let buckets = trend.series.first().map_or(0, |series| series.points.len());
    let volume = |series: usize, at: usize| trend.series[series].points.get(at).map_or(0, |point| point.sums.n) as f64;
    let total = |at: usize| (0..trend.series.len()).map(|series| volume(series, at)).sum::<f64>();
    // The last bar, beside which the direct labels stand.
    let labelled = buckets.saturating_sub(1);
    let plan = Plan {
        max: (0..buckets).map(total).fold(0.0, f64::max),
        measure: Measure::Volume,
        place: BucketPlace::Middle,
        values: (0..trend.series.len()).map(|series| number::count(volume(series, labelled))).collect(),
    };
    let mut panel = Panel::open(trend, spec, size, theme, plan);

    let step = panel.time.step();
    let width = (step * BAR).clamp(1.0, 48.0);
    let mut points = Vec::new();
    let mut floors = vec![0.0; buckets];
    let mut wanted = vec![panel.frame.bottom(); trend.series.len()];
    for (series, one) in trend.series.iter().enumerate() {
        for (at, point) in one.points.iter().enumerate() {
            let centre = panel.time.x(at);
            let (low, high) = (floors[at], floors[at] + volume(series, at));
            floors[at] = high;
            let (bottom, top) = (panel.y(low), panel.y(high));
            let rect = Rect { x: centre - width / 2.0, y: top, width, height: bottom - top };
            if high > low {
                let seam = if series > 0 && rect.height > 3.0 { SEAM } else { 0.0 };
                let opacity = if point.unfinished { UNFINISHED_OPACITY } else { 1.0 };
                panel.scene.marks.push(Mark::Rect {
                    from: (rect.x, rect.y),
                    to: (rect.right(), rect.bottom() - seam),
                    ink: Ink { colour: panel.colour(series), opacity },
                });
            }
            if at == labelled {
                wanted[series] = (bottom + top) / 2.0;
            }
            points.push(PointGeometry {
                series,
                point: Some(at),
                x: tenth(centre),
                y: Some(tenth(top)),
                rect: Some(rect.rounded()),
            });
        }
    }
    panel.finish(&wanted, points)
}
