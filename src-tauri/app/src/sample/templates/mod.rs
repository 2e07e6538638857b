//! What is said in the invented shop: by users, by the assistant, by annotators.
//!
//! Data only. In a template `[a|b]` is one of the alternatives and `{name}` a word from [`slots`]; within one
//! conversation a slot keeps its word, so that question, answer and complaint speak of the same thing.

mod areas;
mod complaints;
mod small_talk;

pub use areas::AREAS;
pub use complaints::THEMES;
pub use small_talk::{
    CLOSERS, FOREIGN, LONG_WINDED, NEGATIVE_SHORT, NOISE, OPENERS, POSITIVE_SHORT, PRAISE, PRAISE_TAILS, SYSTEM_PROMPTS,
};

/// What users ask about.
pub struct Area {
    pub name: &'static str,
    /// Of 100 questions, so many are about it.
    pub weight: u32,
    pub queries: &'static [&'static str],
    /// Answers that are right.
    pub answers: &'static [&'static str],
    /// Title and content.
    pub documents: &'static [(&'static str, &'static str)],
}

/// What users complain about.
pub struct Theme {
    pub name: &'static str,
    /// Where it comes up: the name of an area, or everywhere.
    pub area: Option<&'static str>,
    /// Words that nearly only complaints of this theme use.
    pub key_phrases: &'static [&'static str],
    /// The label that a user would choose.
    pub reason: &'static str,
    /// The share of answers (in its area) that give reason to complain, where nothing is planted.
    pub rate: f64,
    pub fault: Fault,
    pub complaints: &'static [&'static str],
    /// Better answers, in the user's words.
    pub corrections: &'static [&'static str],
}

/// How the answer is wrong.
pub enum Fault {
    /// It says one of these.
    Says(&'static [&'static str]),
    /// The right answer, wrapped in far too many words.
    LongWinded,
    /// The right answer, after half a minute.
    Slow,
    /// In a language that nobody used.
    Foreign,
    /// The answer is right: the product around it is at fault.
    Product,
}

/// The words for a slot.
pub fn slots(name: &str) -> &'static [&'static str] {
    match name {
        "item" => &[
            "rain jacket",
            "trail shoes",
            "desk lamp",
            "espresso grinder",
            "backpack",
            "wool sweater",
            "headphones",
            "office chair",
            "kettle",
            "tent",
            "yoga mat",
            "bike light",
            "rug",
            "coffee table",
            "winter boots",
            "blender",
            "phone case",
            "sleeping bag",
            "bookshelf",
            "running vest",
        ],
        "city" => {
            &["Leeds", "Porto", "Austin", "Ghent", "Cork", "Malmö", "Denver", "Lyon", "Bristol", "Toronto", "Graz"]
        }
        "order" => &["48213", "50977", "61140", "73302", "58841", "90215", "44086", "67519", "81924", "39470"],
        "weekday" => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        "code" => &["SPRING15", "HELLO10", "FRIENDS20", "BIRTHDAY", "LOYAL5", "STUDENT", "SUMMER25"],
        "size" => &["S", "M", "L", "XL", "38", "40", "42", "44", "9", "10"],
        "price" => &["19.90", "34.50", "59", "79.95", "120", "249", "12.40", "88"],
        "weeks" => &["two weeks", "three weeks", "a month", "ten days", "five weeks", "twelve days"],
        "language" => &["German", "French", "Spanish"],
        "device" => &["phone", "laptop", "tablet", "iPad", "old Android", "work computer"],
        "person" => &["my mother", "my colleague", "a customer", "my husband", "our team", "my daughter", "a friend"],
        _ => &[],
    }
}
