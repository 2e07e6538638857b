//! What do the values of a column look like?

use std::collections::HashSet;

use super::vocabulary::{LONGEST_WORD, Looks, is_message_role, is_sign};
use crate::{row::Cell, time};
use hearback_domain::{FeedbackType, TextHash, lexicon};

/// What is seen of the values of one column.
pub(super) struct Profile {
    count: usize,
    distinct: usize,
    times: usize,
    /// Times written as such, not as numbers.
    dates: usize,
    numbers: usize,
    /// Whole numbers from 1 to 5.
    stars: usize,
    lowest: f64,
    highest: f64,
    signs: usize,
    thumbs: usize,
    roles: usize,
    types: usize,
    longest: usize,
    /// Characters of all values.
    length: usize,
    /// Values of several words.
    sentences: usize,
    /// Lists and objects.
    nested: usize,
}

impl Profile {
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c Cell<'c>>) -> Self {
        let mut profile = Profile {
            count: 0,
            distinct: 0,
            times: 0,
            dates: 0,
            numbers: 0,
            stars: 0,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            signs: 0,
            thumbs: 0,
            roles: 0,
            types: 0,
            longest: 0,
            length: 0,
            sentences: 0,
            nested: 0,
        };
        let mut distinct = HashSet::new();
        for cell in cells {
            profile.nested += usize::from(matches!(cell, Cell::Nested(_)));
            let Some(text) = cell.clone().into_text() else { continue };
            if text.trim().is_empty() {
                continue;
            }
            profile.see(&text);
            distinct.insert(TextHash::of(&text));
        }
        profile.distinct = distinct.len();
        profile
    }

    fn see(&mut self, text: &str) {
        let characters = text.chars().count();
        self.count += 1;
        self.longest = self.longest.max(characters);
        self.length += characters;
        self.sentences += usize::from(text.split_whitespace().nth(2).is_some());
        let is_time = time::parse(text).is_some();
        self.times += usize::from(is_time);
        if let Ok(number) = text.trim().parse::<f64>() {
            self.numbers += 1;
            self.lowest = self.lowest.min(number);
            self.highest = self.highest.max(number);
            self.stars += usize::from((1.0..=5.0).contains(&number) && number.fract() == 0.0);
        } else {
            self.dates += usize::from(is_time);
        }
        self.signs += usize::from(is_sign(text));
        self.thumbs += usize::from(lexicon::is_thumb(text));
        self.roles += usize::from(is_message_role(text));
        self.types += usize::from(FeedbackType::from_word(text.trim()).is_some());
    }

    pub(super) fn fits(&self, looks: Looks) -> bool {
        let all = |count: usize| self.count > 0 && count == self.count;
        // Words, or lists of them.
        let is_list = self.count > 0 && self.numbers < self.count && self.times < self.count;
        let is_word = self.count > 0 && self.nested == 0 && self.longest <= LONGEST_WORD;
        match looks {
            Looks::Time => all(self.times),
            Looks::Score => all(self.signs) || all(self.numbers) && self.lowest >= -10.0 && self.highest <= 100.0,
            Looks::Text => is_list && self.nested == 0,
            Looks::Message | Looks::List => is_list,
            Looks::Word => is_word,
            Looks::Unique => is_word && self.distinct == self.count,
            Looks::Whole => all(self.numbers) && self.lowest >= 0.0,
            Looks::Type => all(self.types),
            Looks::Role => is_word && self.roles < self.count,
        }
    }

    pub(super) fn is_thumbs(&self) -> bool {
        self.count > 0 && self.thumbs == self.count
    }

    pub(super) fn is_stars(&self) -> bool {
        const ROWS: usize = 5;
        self.count >= ROWS && self.stars == self.count && self.distinct >= 2
    }

    /// Sentences, nearly all of them different.
    pub(super) fn is_written(&self) -> bool {
        self.count > 0
            && self.nested == 0
            && self.dates == 0
            && self.sentences * 2 >= self.count
            && self.distinct * 5 >= self.count * 4
    }

    pub(super) fn mean_length(&self) -> usize {
        self.length / self.count.max(1)
    }

    /// Few different short words.
    pub(super) fn is_labels(&self) -> bool {
        const LONGEST: usize = 40;
        const MOST: usize = 12;
        self.nested == 0
            && self.numbers == 0
            && self.times == 0
            && self.distinct >= 2
            && self.distinct <= MOST
            && self.distinct * 3 <= self.count
            && self.longest <= LONGEST
    }

    pub(super) fn is_dates(&self) -> bool {
        self.count > 0 && self.dates == self.count
    }
}
