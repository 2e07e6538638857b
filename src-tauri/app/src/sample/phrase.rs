//! Words for one conversation: templates filled in, and written as people write.

use super::{
    random::Chance,
    templates::{CLOSERS, NEGATIVE_SHORT, NOISE, OPENERS, POSITIVE_SHORT, PRAISE, PRAISE_TAILS, Theme, slots},
};

/// Fills templates; a slot keeps its word as long as the filler lives.
#[derive(Default)]
pub struct Filler {
    words: Vec<(String, String)>,
}

impl Filler {
    pub fn set(&mut self, slot: &str, word: &str) {
        self.words.retain(|(name, _)| name != slot);
        self.words.push((slot.to_owned(), word.to_owned()));
    }

    pub fn fill(&mut self, template: &str, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some(place) = rest.find(['[', '{']) {
            text.push_str(&rest[..place]);
            let (open, inside) = rest[place..].split_at(1);
            let close = if open == "[" { ']' } else { '}' };
            let end = inside.find(close).unwrap_or(inside.len());
            if open == "[" {
                let options: Vec<&str> = inside[..end].split('|').collect();
                let option = chance.pick(&options).unwrap_or_default().to_owned();
                text.push_str(&self.fill(&option, chance));
            } else {
                text.push_str(&self.word(&inside[..end], chance));
            }
            rest = inside.get(end + 1..).unwrap_or_default();
        }
        text.push_str(rest);
        text
    }

    fn word(&mut self, slot: &str, chance: &mut Chance) -> String {
        if let Some((_, word)) = self.words.iter().find(|(name, _)| name == slot) {
            return word.clone();
        }
        let word = chance.pick(slots(slot)).unwrap_or_default().to_owned();
        self.set(slot, &word);
        word
    }

    fn any(&mut self, templates: &[&str], chance: &mut Chance) -> String {
        let template = chance.pick(templates).unwrap_or_default().to_owned();
        self.fill(&template, chance)
    }

    /// A complaint of the theme, sometimes two of its sentences.
    pub fn complaint(&mut self, theme: &Theme, chance: &mut Chance) -> String {
        let mut text = if chance.happens(0.15) { self.any(OPENERS, chance) } else { String::new() };
        let first = chance.below(theme.complaints.len());
        text.push_str(&self.fill(theme.complaints.get(first).copied().unwrap_or_default(), chance));
        if chance.happens(0.12) && theme.complaints.len() > 1 {
            // Another sentence, not the same one in other words.
            let second = (first + 1 + chance.below(theme.complaints.len() - 1)) % theme.complaints.len();
            text.push_str(if chance.happens(0.5) { ". " } else { ", " });
            text.push_str(&self.fill(theme.complaints[second], chance));
        }
        if chance.happens(0.2) {
            if !text.ends_with(['?', '!', '.']) {
                text.push('.');
            }
            text.push_str(&self.any(CLOSERS, chance));
        }
        written_by_hand(text, chance)
    }

    pub fn praise(&mut self, chance: &mut Chance) -> String {
        let mut text = self.any(PRAISE, chance);
        if chance.happens(0.35) {
            text.push_str(&self.any(PRAISE_TAILS, chance));
        }
        written_by_hand(text, chance)
    }

    pub fn noise(&mut self, chance: &mut Chance) -> String {
        let text = self.any(NOISE, chance);
        written_by_hand(text, chance)
    }

    pub fn short(&mut self, good: bool, chance: &mut Chance) -> String {
        self.any(if good { POSITIVE_SHORT } else { NEGATIVE_SHORT }, chance)
    }
}

/// Small letters, a slip of the keys, missing or too many signs.
fn written_by_hand(text: String, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.trim().chars().collect();
    if chance.happens(0.3) {
        letters = letters.iter().flat_map(|letter| letter.to_lowercase()).collect();
    }
    let slips = if chance.happens(0.14) { 1 + chance.below(2) } else { 0 };
    for _ in 0..slips {
        // Between two letters, so that numbers and names of codes stay whole.
        let place = chance.below(letters.len().saturating_sub(1));
        let in_a_word =
            letters.get(place..place + 2).is_some_and(|pair| pair.iter().all(|letter| letter.is_lowercase()));
        if !in_a_word {
            continue;
        }
        match chance.below(3) {
            0 => letters.swap(place, place + 1),
            1 => drop(letters.remove(place)),
            _ => letters.insert(place, letters[place]),
        }
    }
    let mut text: String = letters.into_iter().collect();
    let ended = text.ends_with(['.', '?', '!']) || !text.ends_with(char::is_alphanumeric);
    match chance.below(10) {
        0 if !ended => text.push_str("!!"),
        1 | 2 if !ended => text.push('.'),
        3 if !ended => text.push_str("..."),
        _ => {}
    }
    text
}
