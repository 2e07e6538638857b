//! A picture and where its parts lie.

use crate::{Trend, TrendQuery, twins, wire, words};
use hearback_engine::{
    chart::{self, Size},
    error::{Error, Result},
    pipeline,
};

words! {
    pub enum ChartKind { Lines, Stacked, Ranking }
    pub enum ChartTheme { Light, Dark }
    pub enum ChartFile { Svg, Png, Csv }
}

wire! {
    pub struct ChartRequest {
        pub query: TrendQuery,
        pub kind: ChartKind,
        /// CSS pixels.
        pub width: u32,
        pub height: u32,
        pub theme: ChartTheme,
    }

    pub struct ChartPicture {
        pub svg: String,
        pub geometry: Geometry,
        pub trend: Trend,
    }

    /// All numbers in CSS pixels of the drawn size, from the top left.
    pub struct Geometry {
        pub width: f64,
        pub height: f64,
        /// Where the data lie.
        pub plot: Frame,
        pub x_ticks: Vec<Tick>,
        pub y_ticks: Vec<Tick>,
        pub points: Vec<ChartPoint>,
        /// The direct labels at line ends.
        pub labels: Vec<ChartLabel>,
    }

    pub struct Frame {
        pub x: f64,
        pub y: f64,
        pub width: f64,
        pub height: f64,
    }

    pub struct Tick {
        pub at: f64,
        pub label: String,
    }

    /// A point or a bar, and what it selects: `trend.series[series].points[point]`.
    pub struct ChartPoint {
        pub series: u32,
        /// Index into the series' points; `null` in a ranking, whose bars are whole series.
        pub point: Option<u32>,
        pub x: f64,
        pub y: f64,
        /// The drawn bar, where it is one.
        pub bar: Option<Frame>,
    }

    pub struct ChartLabel {
        pub series: u32,
        pub frame: Frame,
    }
}

twins! {
    ChartKind = chart::Kind { Lines, Stacked, Ranking }
}

impl TryFrom<&ChartRequest> for pipeline::ChartRequest {
    type Error = Error;

    fn try_from(request: &ChartRequest) -> Result<Self> {
        Ok(Self {
            query: (&request.query).try_into()?,
            spec: chart::ChartSpec::new(request.kind.into()),
            size: Size::new(request.width, request.height),
            theme: match request.theme {
                ChartTheme::Light => chart::LIGHT,
                ChartTheme::Dark => chart::DARK,
            },
        })
    }
}

impl ChartPicture {
    pub fn new(request: &ChartRequest, drawn: pipeline::DrawnTrend) -> Self {
        Self {
            trend: Trend::new(&request.query, &drawn.answer),
            geometry: Geometry::new(&drawn),
            svg: drawn.picture.svg,
        }
    }
}

impl Geometry {
    fn new(drawn: &pipeline::DrawnTrend) -> Self {
        let geometry = &drawn.picture.geometry;
        let ticks = |axis: &chart::Axis| {
            axis.ticks.iter().map(|tick| Tick { at: tick.position, label: tick.label.clone() }).collect()
        };
        Self {
            width: geometry.width,
            height: geometry.height,
            plot: geometry.frame.into(),
            x_ticks: ticks(&geometry.x),
            y_ticks: ticks(&geometry.y),
            points: geometry.points.iter().filter_map(|point| ChartPoint::new(point, drawn)).collect(),
            labels: geometry
                .labels
                .iter()
                .map(|label| ChartLabel { series: index(label.series), frame: label.rect.into() })
                .collect(),
        }
    }
}

impl From<chart::Rect> for Frame {
    fn from(rect: chart::Rect) -> Self {
        Self { x: rect.x, y: rect.y, width: rect.width, height: rect.height }
    }
}

impl ChartPoint {
    /// `None` for a bucket without a value: there is nothing to point at.
    fn new(point: &chart::PointGeometry, drawn: &pipeline::DrawnTrend) -> Option<Self> {
        let series = drawn.answer.trend.as_ref()?.series.get(point.series)?;
        let place = series.points.iter().position(|one| one.start == point.start && one.end == point.end);
        Some(Self {
            series: index(point.series),
            point: place.map(index),
            x: point.x,
            y: point.y?,
            bar: point.rect.map(Frame::from),
        })
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
