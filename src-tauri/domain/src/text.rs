//! When are two texts the same text? When their 128-bit BLAKE3 digests agree.
//!
//! A text is stored and embedded once per model, whoever says it and how often.

use std::fmt;

use super::feedback::string_enum;

string_enum! {
    /// Which of the words around a feedback stand for it.
    #[derive(Default)]
    Subject {
        #[default]
        /// What the user said about the answer.
        Said = "said",
        /// What the user had asked.
        Asked = "asked",
        Both = "both",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextHash([u8; 16]);

impl TextHash {
    pub fn of(text: &str) -> Self {
        let digest = blake3::hash(text.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.as_bytes()[..16]);
        Self(bytes)
    }

    /// Reads the 32 hexadecimal digits that [`fmt::Display`] writes.
    pub fn parse(hex: &str) -> Option<Self> {
        u128::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 32).map(|value| Self(value.to_be_bytes()))
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_survives_its_text_form() {
        let hash = TextHash::of("It told me 60 days");
        assert_eq!(TextHash::parse(&hash.to_string()), Some(hash));
        assert_ne!(hash, TextHash::of("It told me 30 days"));
        assert_eq!(TextHash::parse("abc"), None);
    }
}
