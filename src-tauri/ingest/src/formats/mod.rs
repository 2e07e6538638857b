//! One folder (or file) per format.

pub mod argilla;
pub mod canonical;
pub mod chameleon;
pub mod chats;
pub mod chroma;
pub mod delighted;
pub mod firestore;
pub(crate) mod generic;
pub mod helicone;
pub mod label_studio;
pub mod langfuse;
pub mod langsmith;
mod metadata_keys;
pub mod mlflow;
pub mod opik;
pub mod otlp;
pub mod phoenix;
pub mod posthog;
mod spans;
pub mod table;
pub mod trulens;
pub mod typeform;
pub mod zendesk;

use crate::format::Format;

/// Every format, in no particular order: the most confident one reads.
pub static FORMATS: &[&dyn Format] = &[
    &canonical::Canonical,
    &langfuse::Langfuse,
    &otlp::Otlp,
    &phoenix::Phoenix,
    &mlflow::Mlflow,
    &opik::Opik,
    &trulens::Trulens,
    &langfuse::ScoreColumns,
    &langsmith::LangSmith,
    &posthog::PostHog,
    &helicone::Helicone,
    &chats::ARENA,
    &chats::CHATGPT,
    &chats::FASTCHAT,
    &chats::HH_RLHF,
    &chats::LMSYS_CHAT,
    &chats::OPEN_ASSISTANT,
    &chats::OPEN_WEBUI,
    &chats::OPENAI_CHAT,
    &chats::OPENAI_PREFERENCE,
    &chats::RED_TEAM,
    &chats::SHAREGPT,
    &chats::TRL,
    &chats::WILDCHAT,
    &label_studio::LabelStudio,
    &chroma::Chroma,
    &argilla::Argilla,
    &typeform::Typeform,
    &chameleon::Chameleon,
    &zendesk::Zendesk,
    &delighted::Delighted,
    &firestore::Firestore,
    &table::Table,
];
