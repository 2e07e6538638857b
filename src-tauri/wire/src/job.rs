//! Long work as seen from outside.

use crate::{
    AnalysisReport, Failure, ImportReport, MapReport, ModelEntry, Preview, WorkspaceInfo, mirror_enum, string_enum,
    tagged_enum, wire_type,
};
use hearback_domain::job;

string_enum! {
    pub enum Step {
        Reading,
        Joining,
        Saving,
        CollectingTexts,
        LoadingModel,
        Embedding,
        FindingNeighbours,
        DrawingMap,
        FindingThemes,
        NamingThemes,
        Exporting,
        Downloading,
        Copying,
    }
    pub enum Unit { Bytes, Records, Texts, Themes }
}

wire_type! {
    pub struct Progress {
        pub step: Step,
        pub unit: Unit,
        pub done: u64,
        pub total: Option<u64>,
        /// Units per second.
        pub rate: Option<f64>,
        pub seconds_left: Option<f64>,
    }
}

tagged_enum! {
    /// What a job's channel carries: any number of `progress`, then exactly one of the others.
    #[serde(tag = "event")]
    pub enum JobEvent {
        Progress { progress: Progress },
        Finished { outcome: Outcome },
        /// Stopped by the user; the workspace is as each operation promises.
        Cancelled,
        Failed { failure: Failure },
    }
}

tagged_enum! {
    #[serde(tag = "kind")]
    pub enum Outcome {
        Import { report: ImportReport },
        Analysis { report: AnalysisReport },
        /// What files would become; nothing was written.
        Preview { preview: Preview },
        Map { report: MapReport },
        /// The model was downloaded or added, and can be chosen.
        Model { model: ModelEntry },
        /// The sample workspace was made and is open.
        Sample { workspace: WorkspaceInfo },
    }
}

/// How a command that takes long hands over what it became.
macro_rules! outcomes {
    ($($kind:ident { $field:ident: $type:ty })*) => {
        $(
            impl From<$type> for Outcome {
                fn from($field: $type) -> Self {
                    Self::$kind { $field }
                }
            }
        )*
    };
}

outcomes! {
    Import { report: ImportReport }
    Analysis { report: AnalysisReport }
    Preview { preview: Preview }
    Map { report: MapReport }
    Model { model: ModelEntry }
}

mirror_enum! {
    Step = job::Step {
        Reading, Joining, Saving, CollectingTexts, LoadingModel, Embedding, FindingNeighbours, DrawingMap,
        FindingThemes, NamingThemes, Exporting, Downloading, Copying,
    }
    Unit = job::Unit { Bytes, Records, Texts, Themes }
}

impl From<job::Progress> for Progress {
    fn from(progress: job::Progress) -> Self {
        let seconds_left = progress
            .total
            .zip(progress.rate)
            .filter(|(_, rate)| *rate > 0.0)
            .map(|(total, rate)| total.saturating_sub(progress.done) as f64 / rate);
        Self {
            step: progress.step.into(),
            unit: progress.unit.into(),
            done: progress.done,
            total: progress.total,
            rate: progress.rate,
            seconds_left,
        }
    }
}
