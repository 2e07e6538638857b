//! A measure over time, as numbers and as a picture.

use super::{Project, lock};
use crate::{
    chart::{self, ChartSpec, Picture, Size, Slot, Theme},
    error::{Error, Result},
    model::{Bucket, Dimension, Filter, Measure, Polarity, trend::Trend},
    store::{Statement, label},
    trend::{self, SeriesChoice, TrendSpec},
};

#[derive(Clone, Debug, PartialEq)]
pub struct TrendQuery {
    pub filter: Filter,
    /// None, one or two dimensions.
    pub by: Vec<Dimension>,
    pub measure: Measure,
    /// `None`: by the length of the span.
    pub bucket: Option<Bucket>,
    pub series: SeriesChoice,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrendAnswer {
    /// `None` where the selection is empty and has no span of its own.
    pub trend: Option<Trend>,
    /// Of each series.
    pub slots: Vec<Slot>,
    pub statement: Statement,
    pub bucket: Bucket,
}

#[derive(Clone, Debug)]
pub struct ChartRequest {
    pub query: TrendQuery,
    pub spec: ChartSpec,
    pub size: Size,
    pub theme: Theme,
}

#[derive(Clone, Debug)]
pub struct DrawnTrend {
    pub picture: Picture,
    pub answer: TrendAnswer,
}

impl Project {
    /// # Errors
    /// [`crate::error::Kind::Input`] for more than two dimensions, or more buckets than can be shown.
    pub fn trend(&self, query: &TrendQuery) -> Result<TrendAnswer> {
        if query.by.len() > 2 {
            return Err(Error::input("a trend can be split by two dimensions at most"));
        }
        let Some((from, to)) = self.span(&query.filter)? else {
            let bucket = query.bucket.unwrap_or(Bucket::Week);
            let statement = self.workspace.trend_rows(&query.filter, &query.by, bucket)?.statement;
            return Ok(TrendAnswer { trend: None, slots: Vec::new(), statement, bucket });
        };
        let bucket = query.bucket.unwrap_or_else(|| trend::bucket::pick(from, to));
        let counts = self.workspace.trend_rows(&query.filter, &query.by, bucket)?;
        let last = self.workspace.last_moment()?.map_or(to, |last| last.plus_micros(1));
        let mut trend = trend::assemble(
            &counts.rows,
            &TrendSpec {
                measure: query.measure,
                bucket,
                from,
                to,
                dimensions: query.by.len(),
                series: query.series.clone(),
                known_until: last.min(to),
            },
        )?;
        self.name_series(&mut trend, &query.by)?;
        let scope = query.by.iter().map(|dimension| dimension.word()).collect::<Vec<_>>().join(",");
        let slots = match query.by.as_slice() {
            [Dimension::Polarity] => trend.series.iter().map(|series| polarity_slot(&series.key)).collect(),
            _ => lock(&self.slots).assign(&scope, &trend.series),
        };
        Ok(TrendAnswer { trend: Some(trend), slots, statement: counts.statement, bucket })
    }

    /// Ids of themes and sources become their names.
    fn name_series(&self, trend: &mut Trend, by: &[Dimension]) -> Result<()> {
        let names = by.iter().map(|&dimension| self.workspace.names(dimension)).collect::<Result<Vec<_>>>()?;
        for series in trend.series.iter_mut().filter(|series| !series.key.is_empty()) {
            let parts: Vec<String> = series
                .key
                .iter()
                .zip(by)
                .zip(&names)
                .map(|((value, &dimension), names)| label(dimension, value.as_deref(), names))
                .collect();
            series.label = parts.join(" · ");
        }
        Ok(())
    }

    /// # Errors
    /// As [`Project::trend`], and for a size that cannot be drawn.
    pub fn draw(&self, request: &ChartRequest) -> Result<DrawnTrend> {
        let answer = self.trend(&request.query)?;
        let spec = self.coloured(request, &answer);
        let empty = empty_trend(&request.query, answer.bucket);
        let picture = chart::draw_trend(answer.trend.as_ref().unwrap_or(&empty), &spec, request.size, &request.theme)?;
        Ok(DrawnTrend { picture, answer })
    }

    /// The same picture as a PNG file's bytes.
    pub fn draw_png(&self, request: &ChartRequest) -> Result<Vec<u8>> {
        let answer = self.trend(&request.query)?;
        let spec = self.coloured(request, &answer);
        let empty = empty_trend(&request.query, answer.bucket);
        chart::png(answer.trend.as_ref().unwrap_or(&empty), &spec, request.size, &request.theme)
    }

    fn coloured(&self, request: &ChartRequest, answer: &TrendAnswer) -> ChartSpec {
        ChartSpec { slots: answer.slots.clone(), ..request.spec.clone() }
    }
}

/// Polarity means the same colour everywhere: vermilion is bad, grey is neither, green is good.
fn polarity_slot(key: &[Option<String>]) -> Slot {
    match key.first().and_then(|word| Polarity::from_word(word.as_deref()?)) {
        Some(Polarity::Negative) => Slot::Series(5),
        Some(Polarity::Positive) => Slot::Series(2),
        Some(Polarity::Neutral) | None => Slot::Other,
    }
}

fn empty_trend(query: &TrendQuery, bucket: Bucket) -> Trend {
    let nothing = crate::model::Timestamp::from_micros(0);
    Trend { measure: query.measure, bucket, from: nothing, to: nothing, series: Vec::new(), rows: 0 }
}
