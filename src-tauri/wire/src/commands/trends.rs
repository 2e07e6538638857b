use hearback_domain::error::Result;

use super::Asked;
use crate::{ChartPicture, ChartRequest, Comparison, Dimension, Filter, FilterValue, Overview, Trend, TrendQuery};

pub fn overview(asked: &Asked<'_>, filter: Filter, comparison: Comparison) -> Result<Overview> {
    let overview = asked.workspace.overview(&(&filter).try_into()?, &(&comparison).into())?;
    Ok(Overview::new(&comparison, &overview))
}

pub fn trend(asked: &Asked<'_>, query: TrendQuery) -> Result<Trend> {
    let answer = asked.workspace.trend(&(&query).try_into()?)?;
    Ok(Trend::new(&query, &answer))
}

pub fn draw_trend(asked: &Asked<'_>, request: ChartRequest) -> Result<ChartPicture> {
    let drawn = asked.workspace.draw(&(&request).try_into()?)?;
    Ok(ChartPicture::new(&request, drawn))
}

pub fn filter_values(
    asked: &Asked<'_>,
    dimension: Dimension,
    filter: Filter,
    search: String,
    limit: u32,
) -> Result<Vec<FilterValue>> {
    let values = asked.workspace.filter_values(dimension.into(), &(&filter).try_into()?, &search, limit)?;
    Ok(values.into_iter().map(FilterValue::from).collect())
}
