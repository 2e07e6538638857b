//! Every field that there is, where it belongs, and what it means. Those of a turn are the list of
//! `domain/src/turn_fields.rs`. The mapping of tables and `docs/canonical-format.md` use this list; a test writes the
//! document's table.

/// Which kinds of record have the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Every,
    Session,
    Turn,
    Feedback,
    /// What a text means to a model: `kind` is vector.
    Vector,
    /// Of the turn; may stand on a feedback, which then brings its turn along or overrides it.
    TurnAndFeedback,
}

#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub on: On,
    pub meaning: &'static str,
}

const fn field(name: &'static str, on: On, meaning: &'static str) -> Field {
    Field { name, on, meaning }
}

macro_rules! fields {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        pub static FIELDS: &[Field] = &[
            field("kind", On::Every, "session, turn, feedback or vector; feedback if missing"),
            field("id", On::Every, "the id in the tool that it came from; a feedback without one gets one from its content"),
            $(field(stringify!($name), On::$on, $meaning),)*
            field("metadata", On::Every, "an object of further keys; in tables columns named metadata.KEY"),
            field("aliases", On::Turn, "further ids by which feedback may name this turn, such as those of its spans"),
            field("weight", On::Turn, "full (the turn itself, the default) or fill (only fills gaps of another record)"),
            field("started_at", On::Session, "when the conversation began; created_at means the same"),
            field("turn_id", On::Feedback, "the turn that it is about; none if it is about the whole session"),
            field("feedback_type", On::Feedback, "thumb, rating, category, correction, comment, implicit, annotation or preference"),
            field("author", On::Feedback, "human (the default), judge or derived"),
            field("score_name", On::Feedback, "the name of the score or question; its scale hangs on it"),
            field("score", On::Feedback, "the number on the scale of score_name"),
            field("score_type", On::Feedback, "numeric (as where it is missing), boolean or categorical"),
            field("label", On::Feedback, "the chosen label"),
            field("polarity", On::Feedback, "negative, neutral or positive, where the source itself says so"),
            field("reasons", On::Feedback, "a list of chosen reasons"),
            field("comment", On::Feedback, "free text"),
            field("correction", On::Feedback, "a better answer in the user's words"),
            field("confidence", On::Feedback, "how sure the author is, 0 to 1"),
            field("span", On::Feedback, "the marked stretch: target (query or output), start, end in Unicode characters, quote"),
            field("text", On::Vector, "the text that the vector stands for; model names the model"),
            field("vector", On::Vector, "a list of numbers; those of one model have one size"),
        ];
    };
}
hearback_domain::turn_fields!(all => fields);

pub(super) fn is_field(name: &str) -> bool {
    name.starts_with("metadata.") || name.starts_with("span.") || FIELDS.iter().any(|field| field.name == name)
}
