//! What kinds of feedback are there, who gave it, and was it good or bad?

#[macro_export]
macro_rules! string_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in the workspace file, in exports and on the command line.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word().eq_ignore_ascii_case(word))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub use string_enum;

string_enum! {
    /// The form in which feedback was given.
    FeedbackType {
        Thumb = "thumb",
        Rating = "rating",
        Category = "category",
        Correction = "correction",
        Comment = "comment",
        Implicit = "implicit",
        Annotation = "annotation",
        Preference = "preference",
    }
}

string_enum! {
    /// Derived from score, scale, type and labels by a rule that the user can see and change: [`super::polarity`].
    Polarity {
        Negative = "negative",
        Neutral = "neutral",
        Positive = "positive",
        /// Nothing says it: a comment without a score, a label or a score whose meaning nobody has told. Such feedback
        /// is counted beside the others and is no part of any share of negative or positive feedback.
        Unknown = "unknown",
    }
}

string_enum! {
    /// Who gave it. Judges (models, code) are kept and marked, and stay out of every measure unless asked for.
    Author {
        Human = "human",
        Judge = "judge",
        Derived = "derived",
    }
}
