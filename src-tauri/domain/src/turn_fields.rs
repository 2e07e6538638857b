//! Which fields does a turn have? This list says it; what holds, keeps, reads, writes or shows them is made of it.
//!
//! A line is a field: its name, what it holds (`record::kind`), where it is shown, on which records of the canonical format
//! it may stand (`On` of `ingest/src/formats/canonical/fields.rs`), and what it means, for people:
//!
//! ```text
//! prompt_name: word, trail, TurnAndFeedback, "the prompt template";
//! ```
//!
//! This line becomes
//!
//! - `pub prompt_name: Option<String>` of `TurnRecord` (`record.rs`), with the meaning as its documentation;
//! - the column `prompt_name` of the table `turns`, how it is filled and how it is read (`store/src/tables/turns.rs`);
//! - the canonical field `prompt_name`, with its row in the documentation, its reader and its writer
//!   (`ingest/src/formats/canonical/{fields,read,write}.rs`);
//! - since it is shown on a `trail`, `pub prompt_name: Option<String>` of `TrailTurn` (`wire/src/trail.rs`); were it shown on
//!   `rows`, also of both `FeedbackRow`s (`rows.rs` and `wire/src/feedback.rs`, read in `store/src/query/rows.rs`);
//! - a value of the examples that tests make.
//!
//! | shown | |
//! |---|---|
//! | `apart` | in a way of its own, made by hand where it is shown, or not at all |
//! | `trail` | on the turn, where its session is laid out |
//! | `rows` | there, and on each row of feedback about the turn |
//! | `facts` | there, too, but as it is counted: the table `facts` has it, from the feedback itself or from its turn |
//!
//! The order is that of the fields wherever they are shown or written. By hand is what a turn has beside: `id`, `aliases`,
//! `weight`, `metadata`.

/// Hands fields of a turn to the macro `$then`, line by line: `all` of them, or those that are shown on a `trail` or on
/// `rows` of feedback.
#[macro_export]
macro_rules! turn_fields {
    ($which:ident => $then:ident) => {
        $crate::pick_fields! { $which => $then []
            session_id: word, apart, TurnAndFeedback, "the conversation that it belongs to";
            created_at: moment, apart, Every, "when; RFC 3339, or a date and time taken as UTC, or Unix time";
            position: whole, apart, Turn, "place in the session, where created_at does not tell";
            query: text, apart, TurnAndFeedback, "what the user asked";
            system_context: text, apart, TurnAndFeedback, "the system prompt";
            documents: documents, apart, TurnAndFeedback, "retrieved documents: texts, or objects with content, id, title, score";
            output: text, apart, TurnAndFeedback, "what the model answered";
            model: word, facts, TurnAndFeedback, "the model's name";
            model_version: word, facts, TurnAndFeedback, "the version by which trends are split";
            prompt_name: word, trail, TurnAndFeedback, "the prompt template";
            prompt_version: word, facts, TurnAndFeedback, "its version";
            release: word, facts, TurnAndFeedback, "the release of the application";
            environment: word, facts, Every, "production, staging, dev, …";
            user_id: word, apart, Every, "who, as a pseudonym";
            user_role: word, facts, Every, "the user's role or plan";
            latency_ms: whole, trail, TurnAndFeedback, "time to answer in milliseconds";
            input_tokens: whole, trail, TurnAndFeedback, "tokens that went into the model";
            output_tokens: whole, trail, TurnAndFeedback, "tokens that came out of it";
            tags: words, facts, TurnAndFeedback, "a list of words";
        }
    };
}

/// Looks at one field after the other: it is left out, or put behind those that were picked before.
#[doc(hidden)]
#[macro_export]
macro_rules! pick_fields {
    // Each was looked at.
    ($which:ident => $then:ident [$($picked:tt)*]) => {
        $then! { $($picked)* }
    };
    (trail => $then:ident [$($picked:tt)*] $n:ident: $k:ident, apart, $o:ident, $m:literal; $($rest:tt)*) => {
        $crate::pick_fields! { trail => $then [$($picked)*] $($rest)* }
    };
    (rows => $then:ident [$($picked:tt)*] $n:ident: $k:ident, apart, $o:ident, $m:literal; $($rest:tt)*) => {
        $crate::pick_fields! { rows => $then [$($picked)*] $($rest)* }
    };
    (rows => $then:ident [$($picked:tt)*] $n:ident: $k:ident, trail, $o:ident, $m:literal; $($rest:tt)*) => {
        $crate::pick_fields! { rows => $then [$($picked)*] $($rest)* }
    };
    ($which:ident => $then:ident [$($picked:tt)*] $n:ident: $k:ident, $s:ident, $o:ident, $m:literal; $($rest:tt)*) => {
        $crate::pick_fields! { $which => $then [$($picked)* $n: $k, $s, $o, $m;] $($rest)* }
    };
}
