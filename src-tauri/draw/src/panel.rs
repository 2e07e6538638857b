//! What do all charts over time have in common? Title, value grid, time axis, release lines, direct labels.

use super::{
    ChartSpec, EMPTY_TEXT, Marker, Size, Slot, TEXT_SIZE, TITLE_SIZE, Theme,
    font::{self, Weight},
    geometry::{Geometry, LabelGeometry, PointGeometry, Rect},
    labels, marker,
    scale::Scale,
    scene::{Anchor, Ink, Mark, Scene, Text},
    time_axis::{self, BucketPlace, TimeScale, Years},
};
use hearback_domain::{Measure, Trend};

/// Around a picture that goes to a file; on screen the window's own padding does.
const FILE_PADDING: f64 = 16.0;
const TITLE_HEIGHT: f64 = 24.0;
const SUBTITLE_HEIGHT: f64 = 18.0;
/// Half a line, so that the topmost tick's label is not cut.
const TOP: f64 = 8.0;
const TIME_AXIS_HEIGHT: f64 = 24.0;
const AXIS_GAP: f64 = 8.0;
const RELEASE_ROW: f64 = 14.0;
/// Between the frame and the direct labels; leaders run here.
const LABEL_GAP: f64 = 12.0;
const SHAPE_WIDTH: f64 = 13.0;
const VALUE_GAP: f64 = 6.0;
const LABEL_SPACING: f64 = 14.0;
const LEAST_NAME: f64 = 24.0;
/// From a text's middle to its baseline, in ems of Inter: half the height of its capitals.
const MIDDLE_TO_BASELINE: f64 = 0.364;
const RULE: f64 = 1.0;

/// What a chart over time asks of its panel.
pub struct Plan {
    /// What the value axis has to reach.
    pub max: f64,
    pub measure: Measure,
    pub place: BucketPlace,
    /// What stands after each series' name.
    pub values: Vec<String>,
}

pub struct Panel<'a> {
    pub trend: &'a Trend,
    pub spec: &'a ChartSpec,
    pub theme: &'a Theme,
    pub scene: Scene,
    pub frame: Rect,
    pub scale: Scale,
    pub time: TimeScale<'a>,
    entries: Vec<Entry>,
}

/// A direct label, as far as it is known before the lines are.
struct Entry {
    name: String,
    value: String,
}

impl<'a> Panel<'a> {
    /// Lays the panel out and draws what lies behind the data.
    pub fn open(trend: &'a Trend, spec: &'a ChartSpec, size: Size, theme: &'a Theme, plan: Plan) -> Self {
        let (scene, area) = page(spec, size, theme);
        let points = trend.series.first().map(|series| series.points.as_slice()).unwrap_or_default();

        let top = area.y + if spec.markers.is_empty() { 0.0 } else { RELEASE_ROW };
        let height = (area.bottom() - TIME_AXIS_HEIGHT - top).max(20.0);
        let scale = Scale::reaching(plan.max, steps(height), plan.measure);
        let axis = scale.ticks.iter().map(|tick| width(&scale.label(*tick))).fold(0.0, f64::max) + AXIS_GAP;
        let (entries, column) = label_column(trend, &plan.values, area.width);
        let frame = Rect {
            x: (area.x + axis).ceil(),
            y: top,
            width: (area.width - axis - column).max(20.0).floor(),
            height: height.floor(),
        };
        let time = TimeScale { points, left: frame.x, width: frame.width, place: plan.place };

        let mut panel = Self { trend, spec, theme, frame, time, entries, scene, scale };
        panel.value_axis();
        panel.time_axis();
        panel.releases();
        panel
    }

    pub fn y(&self, value: f64) -> f64 {
        self.frame.bottom() - self.frame.height * (value / self.scale.max()).clamp(0.0, 1.0)
    }

    pub fn slot(&self, index: usize) -> Slot {
        self.spec.slot(index, self.trend)
    }

    pub fn colour(&self, index: usize) -> &'static str {
        self.slot(index).colour(self.theme)
    }

    fn value_axis(&mut self) {
        for tick in self.scale.ticks.clone() {
            let y = crisp(self.y(tick));
            let ends = vec![(self.frame.x, y), (self.frame.right(), y)];
            let colour = if tick > 0.0 { self.theme.line } else { self.theme.faint };
            self.scene.line(ends, colour, 1.0, RULE);
            let label = self.scale.label(tick);
            let place = (self.frame.x - AXIS_GAP, middle(y));
            self.scene.text(Text::new(label, place, Anchor::End, self.theme.dim));
        }
    }

    fn time_axis(&mut self) {
        let years = if self.spec.title.is_some() { Years::Always } else { Years::WhereNeeded };
        let ticks = time_axis::ticks(&self.time, self.trend.bucket, years, self.frame.right() + LABEL_GAP);
        let bottom = self.frame.bottom();
        let ticks = if self.time.points.is_empty() {
            time_axis::ends(self.trend.from, self.trend.to, self.frame.x, self.frame.right())
        } else {
            ticks
        };
        for tick in ticks {
            let x = crisp(tick.position);
            self.scene.line(vec![(x, bottom), (x, bottom + 4.0)], self.theme.faint, 1.0, RULE);
            // A lone label at the edge stays inside of the picture.
            let half = width(&tick.label) / 2.0;
            let right = f64::from(self.scene.size.width) - 1.0 - half;
            let place = (tick.position.min(right).max(half), bottom + 17.0);
            self.scene.text(Text::new(tick.label, place, Anchor::Middle, self.theme.dim));
        }
    }

    /// A dotted line at each moment, with its name above where names do not touch.
    fn releases(&mut self) {
        let mut free_from = f64::NEG_INFINITY;
        let mut markers: Vec<&Marker> = self.spec.markers.iter().collect();
        markers.sort_by(|a, b| a.moment.cmp(&b.moment).then_with(|| a.label.cmp(&b.label)));
        for marker in markers {
            let Some(x) = self.time.x_of(marker.moment).map(crisp) else { continue };
            let (top, bottom) = (self.frame.y - 4.0, self.frame.bottom());
            self.scene.dashed(&[(x, top), (x, bottom)], self.theme.dim, 0.7, RULE);
            let label = font::ellipsis(&marker.label, 90.0, TEXT_SIZE, Weight::Regular);
            let half = width(&label) / 2.0;
            let centre = x.min(self.frame.right() - half).max(self.frame.x + half);
            if centre - half >= free_from {
                let place = (centre, self.frame.y - 8.0);
                self.scene.text(Text::new(label, place, Anchor::Middle, self.theme.dim));
                free_from = centre + half + 8.0;
            }
        }
    }

    /// Writes the direct labels, each as near as possible to its wanted height, and hands everything over.
    pub fn finish(mut self, wanted: &[f64], points: Vec<PointGeometry>) -> (Scene, Geometry) {
        let half = LABEL_SPACING / 2.0;
        let placed = labels::spread(wanted, LABEL_SPACING, self.frame.y + half - 4.0, self.frame.bottom() - half + 4.0);
        let mut boxes = Vec::new();
        for (index, (&y, &from)) in placed.iter().zip(wanted).enumerate() {
            let Some(entry) = self.entries.get(index) else { continue };
            let x = self.frame.right() + LABEL_GAP;
            let colour = self.colour(index);
            if (y - from).abs() > 3.0 {
                let leader = vec![(self.frame.right() + 2.0, from), (x - 2.0, y)];
                self.scene.line(leader, colour, 0.55, RULE);
            }
            let slot = self.spec.slot(index, self.trend);
            marker::draw(&mut self.scene, slot, (x + 4.0, y), 3.6, Ink::solid(colour));
            let name = Text::new(entry.name.clone(), (x + SHAPE_WIDTH, middle(y)), Anchor::Start, self.theme.text);
            let gap = if name.text.is_empty() || entry.value.is_empty() { 0.0 } else { VALUE_GAP };
            let after = x + SHAPE_WIDTH + width(&name.text) + gap;
            let value = Text::new(entry.value.clone(), (after, middle(y)), Anchor::Start, self.theme.dim);
            let text = [name.text.as_str(), value.text.as_str()].join(" ").trim().to_owned();
            let right = after + width(&value.text);
            let rect = Rect { x, y: y - half, width: right - x, height: LABEL_SPACING }.rounded();
            boxes.push(LabelGeometry { series: index, text, rect });
            self.scene.text(name);
            self.scene.text(value);
        }
        boxes.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y).then(a.series.cmp(&b.series)));

        let geometry = Geometry {
            width: f64::from(self.scene.size.width),
            height: f64::from(self.scene.size.height),
            empty: false,
            frame: self.frame.rounded(),
            reach: self.scale.max(),
            points,
            labels: boxes,
        };
        (self.scene, geometry)
    }
}

/// Axes, and a sentence in the middle.
pub fn empty(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> (Scene, Geometry) {
    let plan = Plan { max: 0.0, measure: trend.measure, place: BucketPlace::Start, values: Vec::new() };
    let mut panel = Panel::open(trend, spec, size, theme, plan);
    let text = font::ellipsis(EMPTY_TEXT, panel.frame.width, 13.0, Weight::Regular);
    let frame = panel.frame;
    let (x, y) = (frame.x + frame.width / 2.0, frame.y + frame.height / 2.0);
    let half = font::width(&text, 13.0, Weight::Regular) / 2.0 + 8.0;
    let paper = Ink::solid(theme.bg);
    panel.scene.marks.push(Mark::Rect { from: (x - half, y - 12.0), to: (x + half, y + 12.0), ink: paper });
    let place = (x, y + 13.0 * MIDDLE_TO_BASELINE);
    panel.scene.text(Text { size: 13.0, ..Text::new(text, place, Anchor::Middle, theme.dim) });
    let (scene, geometry) = panel.finish(&[], Vec::new());
    (scene, Geometry { empty: true, ..geometry })
}

/// A scene with the title, and the area below it.
pub fn page(spec: &ChartSpec, size: Size, theme: &Theme) -> (Scene, Rect) {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let mut scene = Scene { size, background: None, marks: Vec::new() };
    let Some(title) = &spec.title else {
        // One pixel at the right, where the last glyph of a label may reach over its advance.
        return (scene, Rect { x: 0.0, y: TOP, width: width - 1.0, height: height - TOP });
    };
    scene.background = Some(theme.bg);
    let room = width - 2.0 * FILE_PADDING;
    let mut top = FILE_PADDING + TITLE_HEIGHT;
    let heading = font::ellipsis(&font::one_line(&title.title), room, TITLE_SIZE, Weight::SemiBold);
    scene.text(Text {
        size: TITLE_SIZE,
        weight: Weight::SemiBold,
        ..Text::new(heading, (FILE_PADDING, FILE_PADDING + 14.0), Anchor::Start, theme.text)
    });
    if let Some(subtitle) = &title.subtitle {
        let line = font::ellipsis(&font::one_line(subtitle), room, TEXT_SIZE, Weight::Regular);
        scene.text(Text::new(line, (FILE_PADDING, top + 7.0), Anchor::Start, theme.dim));
        top += SUBTITLE_HEIGHT;
    }
    let top = top + TOP;
    (scene, Rect { x: FILE_PADDING, y: top, width: room, height: (height - top - FILE_PADDING / 2.0).max(20.0) })
}

/// Names shortened to what the column may take, with the column's width including its gap.
fn label_column(trend: &Trend, values: &[String], available: f64) -> (Vec<Entry>, f64) {
    if values.is_empty() {
        return (Vec::new(), LABEL_GAP);
    }
    let room = (available * 0.36).clamp(56.0, 240.0) - LABEL_GAP - SHAPE_WIDTH;
    let names: Vec<String> = trend.series.iter().map(|series| font::one_line(&series.label)).collect();
    // Either every label has its value or none has: where a name would keep less than this, names go first.
    let least = |name: &str| width(name).min(LEAST_NAME);
    let roomy = names.iter().zip(values).all(|(name, value)| least(name) + VALUE_GAP + width(value) <= room);
    let entries: Vec<Entry> = names
        .iter()
        .zip(values)
        .map(|(name, value)| {
            let value = if roomy { value.clone() } else { String::new() };
            let taken = if roomy { width(&value) + VALUE_GAP } else { 0.0 };
            Entry { name: font::telling_part(name, &names, room - taken, TEXT_SIZE, Weight::Regular), value }
        })
        .collect();
    let widest = entries
        .iter()
        .map(|entry| width(&entry.name) + if entry.value.is_empty() { 0.0 } else { VALUE_GAP + width(&entry.value) })
        .fold(0.0, f64::max);
    (entries, LABEL_GAP + SHAPE_WIDTH + widest.ceil())
}

/// How many steps a value axis of this height has: one for every two and a half lines of text.
fn steps(height: f64) -> usize {
    ((height / 36.0) as usize).clamp(1, 6)
}

pub fn width(text: &str) -> f64 {
    font::width(text, TEXT_SIZE, Weight::Regular)
}

/// The baseline of a text whose middle is at `y`.
pub fn middle(y: f64) -> f64 {
    y + TEXT_SIZE * MIDDLE_TO_BASELINE
}

/// Where a line of one pixel covers one row of pixels, not two halves.
pub fn crisp(position: f64) -> f64 {
    (position - 0.5).round() + 0.5
}
