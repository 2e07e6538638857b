//! What leaves the process, for the window and for `--json` alike?
//!
//! Twins of engine types that can be serialized; the engine's own are not. Moments are ISO 8601 text in UTC,
//! fields are camelCase, words of enums are those of the engine (`model_version`), and nothing is renamed
//! without a line in the CHANGELOG: scripts read this. [`typescript`] writes the window's types.

mod asked;
mod chart;
mod clock;
pub mod commands;
mod failure;
mod feedback;
mod filter;
mod import;
mod job;
mod map;
mod model;
mod personal_data;
mod preview;
mod recall;
mod score;
mod signal;
mod source;
mod theme;
mod theme_edit;
mod trail;
mod trend;
pub mod typescript;
mod workspace;

pub use asked::*;
pub use chart::*;
pub use clock::now;
pub use failure::*;
pub use feedback::*;
pub use filter::*;
pub use import::*;
pub use job::*;
pub use map::*;
pub use model::*;
pub use personal_data::*;
pub use preview::*;
pub use recall::*;
pub use score::*;
pub use signal::*;
pub use source::*;
pub use theme::*;
pub use theme_edit::*;
pub use trail::*;
pub use trend::*;
pub use workspace::*;

/// Derives what every wire type has.
macro_rules! wire_type {
    ($($item:item)*) => {
        $(
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase")]
            $item
        )*
    };
}
pub(crate) use wire_type;

/// Enums whose words are the engine's: snake_case.
macro_rules! string_enum {
    ($($item:item)*) => {
        $(
            #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "snake_case")]
            $item
        )*
    };
}
pub(crate) use string_enum;

/// Enums with content: the variant stands in a tag, in the engine's words.
macro_rules! tagged_enum {
    ($($item:item)*) => {
        $(
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "snake_case")]
            $item
        )*
    };
}
pub(crate) use tagged_enum;

/// Conversions between an engine enum and its twin, variant by variant, both ways.
macro_rules! mirror_enum {
    ($($name:ident = $engine:path { $($variant:ident),+ $(,)? })*) => {
        $(
            impl From<$engine> for $name {
                fn from(value: $engine) -> Self {
                    match value { $(<$engine>::$variant => Self::$variant),+ }
                }
            }

            impl From<$name> for $engine {
                fn from(value: $name) -> Self {
                    match value { $($name::$variant => Self::$variant),+ }
                }
            }
        )*
    };
}
pub(crate) use mirror_enum;

/// ISO 8601 in UTC.
pub(crate) fn moment(moment: Option<hearback_domain::Timestamp>) -> Option<String> {
    moment.map(|moment| moment.to_string())
}
