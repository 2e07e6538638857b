//! A picture and where its parts lie.

use crate::{Trend, TrendQuery, wire, words};

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
