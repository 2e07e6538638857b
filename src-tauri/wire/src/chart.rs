//! A picture and where its parts lie.

use crate::{Asked, Trend, TrendQuery, mirror_enum, string_enum, wire_type};
use hearback_app::{self as app, draw as chart, draw::Size};
use hearback_domain::{
    self as model,
    error::{Error, Result},
};

string_enum! {
    pub enum ChartKind { Lines, Stacked, Ranking }
    pub enum ChartTheme { Light, Dark }
    pub enum ChartFile { Svg, Png, Csv }
}

wire_type! {
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
        /// What the values count; in a ranking they are of the whole span.
        pub axis: String,
        pub trend: Trend,
    }

    /// All numbers in CSS pixels of the drawn size, from the top left.
    pub struct Geometry {
        pub width: f64,
        pub height: f64,
        /// Where the data lie.
        pub plot: Frame,
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

mirror_enum! {
    ChartKind = chart::Kind { Lines, Stacked, Ranking }
}

pub fn draw_trend(asked: &Asked<'_>, request: ChartRequest) -> Result<ChartPicture> {
    let drawn = asked.workspace.draw(&(&request).try_into()?)?;
    Ok(ChartPicture::new(&request, drawn))
}

impl TryFrom<&ChartRequest> for app::ChartRequest {
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
    pub fn new(request: &ChartRequest, drawn: app::DrawnTrend) -> Self {
        Self {
            axis: model::Measure::from(request.query.measure)
                .axis((request.kind != ChartKind::Ranking).then_some(drawn.answer.bucket)),
            trend: Trend::new(&request.query, &drawn.answer),
            geometry: Geometry::new(&drawn.picture.geometry),
            svg: drawn.picture.svg,
        }
    }
}

impl Geometry {
    fn new(geometry: &chart::Geometry) -> Self {
        Self {
            width: geometry.width,
            height: geometry.height,
            plot: geometry.frame.into(),
            points: geometry.points.iter().filter_map(ChartPoint::new).collect(),
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
    fn new(point: &chart::PointGeometry) -> Option<Self> {
        Some(Self {
            series: index(point.series),
            point: point.point.map(index),
            x: point.x,
            y: point.y?,
            bar: point.rect.map(Frame::from),
        })
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
