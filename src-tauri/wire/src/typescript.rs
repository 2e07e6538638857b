//! The window's view of these types, as one TypeScript file.

use ts_rs::{Config, TS};

/// The content of `ui/src/wire/index.ts`. Numbers are `number`: nothing here passes 2^53.
pub fn generate() -> String {
    let config = Config::default().with_large_int("number");
    let mut out = String::from("// Written from the Rust crate hearback-wire by `cargo xtask types`. Do not edit.\n");
    macro_rules! declare {
        ($($name:ident)*) => {
            $(
                out.push_str("\nexport ");
                out.push_str(&crate::$name::decl(&config));
                out.push('\n');
            )*
        };
    }
    declare! {
        FailureKind Failure
        FeedbackType Polarity Author Authors Dimension Measure Bucket Filter Condition FilterValue
        Appearance Treatment WorkspaceInfo AppState RecentWorkspace Settings PersonalData SignalRule SavedView
        WatchedFolder WatchResult WatchEvent
        ImportCounts Source MappingEntry ImportReport SkippedFile ReasonCount SourceUnmapped UnmappedField Reject RejectPage
        ScoreRule ScoreChoice UnjoinedRow UnjoinedPage MappingProfile
        PreviewRequest FileChoice Preview FormatName PreviewFile PreviewColumn Evidence ColumnSuggestion PreviewRecords PreviewSession PreviewTurn
        PreviewFeedback PreviewReject PreviewScore ImportRequest
        SeriesKind Direction TrendQuery Aggregate Value TrendPoint TrendSeries Trend
        Comparison Headline Mover Overview
        ChartKind ChartTheme ChartFile ChartRequest ChartPicture Geometry Frame Tick ChartPoint ChartLabel
        Subject ThemeEvent NamedBy ThemeRun Drift ThemeList ThemeRow Subtheme ThemeHistoryEntry ThemeDetail Breakdown
        BreakdownValue AnalysisRequest AnalysisReport Placing ThemeEdit ThemeEditRow ThemeEditReport ThemeCut
        MapInfo MapLabel MapTheme MapVersion MapLegend MapRequest MapReport MapPointQuery MapPointDetail MapSelection
        MapText MapExport
        ModelState ModelPooling ModelList ModelEntry
        SortBy SortOrder SpanTarget FeedbackRow Span FeedbackQuery FeedbackPage
        ChangeKind TrailQuery Trail TrailTurn Segment Change Document
        Similarity SimilarQuery SimilarCase Correction SearchQuery SearchAnswer FoundCase KnownProblem KnownTheme
        Step Unit Progress JobEvent Outcome
    }
    out
}

#[cfg(test)]
mod tests {
    /// `UPDATE_TYPES=1 cargo test -p hearback-wire` writes the file; without it, a difference fails.
    #[test]
    fn the_windows_types_are_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/wire/index.ts");
        let generated = super::generate();
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &generated).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == generated, "ui/src/wire/index.ts is out of date: run `cargo xtask types`");
    }
}
