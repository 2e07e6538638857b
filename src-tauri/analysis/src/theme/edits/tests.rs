use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::theme::identity::{self, FoundTheme, KnownTheme};

fn hash(number: usize) -> TextHash {
    TextHash::of(&number.to_string())
}

fn hashes(numbers: impl IntoIterator<Item = usize>) -> Vec<TextHash> {
    let mut all: Vec<TextHash> = numbers.into_iter().map(hash).collect();
    all.sort_unstable();
    all
}

/// Text `n` is in theme `theme(n)` and leaf `n / 5`.
fn run(count: usize, theme: impl Fn(usize) -> Option<i64>) -> Vec<Assigned> {
    let text = |number| Assigned { hash: hash(number), theme: theme(number), leaf: Some((number / 5) as u32) };
    let mut texts: Vec<Assigned> = (0..count).map(text).collect();
    texts.sort_by_key(|text| text.hash);
    texts
}

fn edits(changes: Vec<Change>) -> Vec<Edit> {
    changes.into_iter().enumerate().map(|(index, change)| Edit { id: index as i64 + 1, change }).collect()
}

fn members(texts: &[Assigned], replayed: &Replayed, theme: i64) -> Vec<TextHash> {
    let of = texts.iter().zip(&replayed.themes);
    of.filter(|(_, own)| **own == Some(theme)).map(|(text, _)| text.hash).collect()
}

fn tens(number: usize) -> Option<i64> {
    Some(number as i64 / 10)
}

#[test]
fn what_is_merged_stays_merged_however_the_next_run_draws_the_lines() {
    let merge = edits(vec![Change::Merge { into: 0, from: vec![1], texts: hashes(0..20) }]);
    let texts = run(40, tens);
    let replayed = replay(&texts, &merge);
    assert_eq!(members(&texts, &replayed, 0), hashes(0..20));
    assert!(replayed.dormant.is_empty());

    // The next run makes three of them, one of which is new, and has ten more texts.
    let drawn = run(50, |number| Some(if (5..15).contains(&number) { 9 } else { number as i64 / 10 }));
    let replayed = replay(&drawn, &merge);
    assert_eq!(members(&drawn, &replayed, 0), hashes(0..20));
    assert_eq!(members(&drawn, &replayed, 3), hashes(30..40));

    // Neither of them is there, under any id: the edit sleeps, and wakes with them.
    let elsewhere = run(40, |number| Some(if number < 20 { 2 } else { number as i64 / 10 }));
    assert_eq!(members(&elsewhere, &replay(&elsewhere, &merge), 0).len(), 30, "two thirds of it are what was merged");
    let away: Vec<Assigned> = run(40, tens).into_iter().filter(|text| text.theme > Some(1)).collect();
    assert_eq!(replay(&away, &merge).dormant[&1], Dormant::ThemeGone);
    assert!(replay(&texts, &merge).dormant.is_empty());
}

#[test]
fn what_is_split_stays_split_and_newcomers_go_with_their_kin() {
    let split = edits(vec![Change::Split {
        theme: 0,
        parts: vec![Part { id: 7, texts: hashes(5..8), ..Part::default() }],
        rest: hashes(0..5),
    }]);
    let texts = run(20, tens);
    let replayed = replay(&texts, &split);
    // 8 and 9 came since: they are of the leaf of 5, 6, 7.
    assert_eq!(members(&texts, &replayed, 7), hashes(5..10));
    assert_eq!(members(&texts, &replayed, 0), hashes(0..5));

    // The next run draws them apart by itself, under an id of its own: the user's id stays.
    let apart = run(20, |number| Some(if (5..10).contains(&number) { 12 } else { number as i64 / 10 }));
    let replayed = replay(&apart, &split);
    assert_eq!(members(&apart, &replayed, 7), hashes(5..10));
    assert!(members(&apart, &replayed, 12).is_empty());

    let gone: Vec<Assigned> = run(20, tens).into_iter().filter(|text| text.theme != Some(0)).collect();
    assert_eq!(replay(&gone, &split).dormant[&1], Dormant::ThemeGone);
}

#[test]
fn a_moved_text_goes_where_the_user_put_it_and_what_is_said_of_a_theme_is_the_last_word() {
    let list = edits(vec![
        Change::Move { texts: hashes([3, 99]), to: Some(1) },
        Change::Move { texts: hashes([4]), to: None },
        Change::Move { texts: hashes([5]), to: Some(77) },
        Change::Rename { theme: 1, name: "first".into() },
        Change::Rename { theme: 1, name: "last".into() },
        Change::Pin { theme: 1, pinned: true },
        Change::Note { theme: 1, note: "look into it".into() },
        Change::Note { theme: 50, note: "long gone".into() },
    ]);
    let texts = run(20, tens);
    let replayed = replay(&texts, &list);
    assert!(members(&texts, &replayed, 1).contains(&hash(3)));
    let place = |number: usize| texts.iter().position(|text| text.hash == hash(number)).unwrap();
    assert_eq!((replayed.themes[place(4)], replayed.themes[place(5)]), (None, Some(0)));
    assert_eq!(replayed.by_hand, hashes([3, 4]).into_iter().collect());
    assert_eq!(replayed.names[&1], "last");
    assert!(replayed.pinned.contains(&1) && replayed.notes[&1] == "look into it");
    assert_eq!(replayed.dormant.keys().copied().collect::<Vec<_>>(), [3, 8]);
}

#[test]
fn nothing_is_pulled_from_under_a_later_edit() {
    let list = edits(vec![
        Change::Split {
            theme: 0,
            parts: vec![Part { id: 7, texts: hashes(5..10), ..Part::default() }],
            rest: hashes(0..5),
        },
        Change::Rename { theme: 7, name: "part".into() },
        Change::Merge { into: 1, from: vec![2], texts: hashes(10..30) },
        Change::Rename { theme: 1, name: "both".into() },
        Change::Split {
            theme: 1,
            parts: vec![Part { id: 8, texts: hashes(10..12), ..Part::default() }],
            rest: hashes(12..30),
        },
    ]);
    assert_eq!(built_on(&list, 1), [2]);
    assert_eq!(built_on(&list, 3), [5]);
    for free in [2, 4, 5] {
        assert!(built_on(&list, free).is_empty(), "{free}");
    }
}

/// A workspace in the small: what the last run found, by which ids, and the edits.
struct World {
    dice: Xoshiro256PlusPlus,
    /// The group of each text, as a run finds it; redrawn in part by each run.
    truth: Vec<usize>,
    /// The id of each group in the last run.
    texts: Vec<Assigned>,
    known: Vec<KnownTheme>,
    edits: Vec<Edit>,
    next_id: i64,
    next_edit: i64,
}

impl World {
    fn below(&mut self, sides: usize) -> usize {
        self.dice.gen_range(0..sides)
    }

    /// Some texts change sides, some come, and everything is found anew.
    fn run(&mut self) {
        for _ in 0..self.truth.len() / 20 {
            let (text, group) = (self.below(self.truth.len()), self.below(8));
            self.truth[text] = group;
        }
        for _ in 0..self.below(6) {
            let group = self.below(9);
            self.truth.push(group);
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (text, group) in self.truth.iter().enumerate().filter(|(_, group)| **group < 8) {
            groups.entry(*group).or_default().push(text);
        }
        let found: Vec<FoundTheme<'_>> = groups
            .values()
            .map(|texts| FoundTheme {
                centroid: &[1.0],
                texts: texts.iter().map(|text| (hash(*text), 1 + *text as u64 % 3)).collect(),
                was: None,
            })
            .collect();
        let knew: BTreeSet<TextHash> = self.texts.iter().map(|text| text.hash).collect();
        let matched = identity::match_themes(&self.known, &found, |hash| knew.contains(&hash), self.next_id);
        self.next_id = matched.next_id;
        let ids: BTreeSet<i64> = matched.found.iter().map(|passage| passage.id).collect();
        assert_eq!(ids.len(), found.len(), "an id was given twice");
        let mut theme = vec![None; self.truth.len()];
        for (passage, texts) in matched.found.iter().zip(groups.values()) {
            texts.iter().for_each(|text| theme[*text] = Some(passage.id));
        }
        self.texts = run(self.truth.len(), |text| theme[text]);
        let mut known: Vec<KnownTheme> = self.known.iter().filter(|old| !ids.contains(&old.id)).cloned().collect();
        for old in &mut known {
            old.gone = true;
            old.texts = identity::sample(old.texts.clone());
        }
        known.extend(matched.found.iter().zip(&found).map(|(passage, theme)| KnownTheme {
            id: passage.id,
            centroid: vec![1.0],
            size: passage.size,
            texts: theme.texts.iter().map(|(hash, _)| *hash).collect(),
            gone: false,
        }));
        self.known = known;
    }

    fn edit(&mut self) {
        let now = replay(&self.texts, &self.edits);
        let themes: Vec<i64> = now.themes.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        if themes.len() < 3 {
            return;
        }
        let first = self.below(themes.len());
        let second = (first + 1 + self.below(themes.len() - 1)) % themes.len();
        let (first, second) = (themes[first], themes[second]);
        let own = members(&self.texts, &now, first);
        let change = match self.below(6) {
            0 => {
                let mut texts = [own, members(&self.texts, &now, second)].concat();
                texts.sort_unstable();
                Change::Merge { into: first, from: vec![second], texts }
            }
            1 if own.len() > 3 => {
                let (part, rest) = own.split_at(1 + self.below(own.len() - 1));
                self.next_id += 1;
                let part = Part { id: self.next_id - 1, texts: part.to_vec(), ..Part::default() };
                Change::Split { theme: first, parts: vec![part], rest: rest.to_vec() }
            }
            2 | 3 => Change::Move { texts: vec![own[self.below(own.len())]], to: Some(second).filter(|id| id % 4 > 0) },
            4 => Change::Rename { theme: first, name: format!("name {}", self.next_edit) },
            _ => Change::Pin { theme: first, pinned: self.below(2) == 0 },
        };
        self.edits.push(Edit { id: self.next_edit, change });
        self.next_edit += 1;
    }

    fn check(&self) -> Replayed {
        let now = replay(&self.texts, &self.edits);
        // One theme a text or none, by construction of the answer; every one of them an id that was given.
        assert_eq!(now.themes.len(), self.texts.len());
        assert!(now.themes.iter().flatten().all(|id| *id > 0 && *id < self.next_id));
        let has: BTreeSet<i64> = now.themes.iter().flatten().copied().collect();
        assert!(now.names.keys().chain(&now.pinned).chain(now.notes.keys()).all(|id| has.contains(id)));
        now
    }
}

#[test]
fn edits_runs_and_undos_in_any_order_leave_every_text_in_at_most_one_theme() {
    for seed in 0..40 {
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
        let truth = (0..120).map(|_| dice.gen_range(0..9)).collect();
        let mut world = World { dice, truth, texts: vec![], known: vec![], edits: vec![], next_id: 1, next_edit: 1 };
        world.run();
        for _ in 0..30 {
            match world.below(5) {
                0 => world.run(),
                1 if !world.edits.is_empty() => {
                    let chosen = world.below(world.edits.len());
                    if built_on(&world.edits, world.edits[chosen].id).is_empty() {
                        world.edits.remove(chosen);
                    }
                }
                _ => {
                    let (before, count) = (world.check(), world.edits.len());
                    world.edit();
                    world.check();
                    if world.edits.len() > count && world.below(3) == 0 {
                        world.edits.pop();
                        assert_eq!(world.check(), before, "seed {seed}: taking the last edit back is exact");
                    }
                }
            }
            world.check();
        }
        // Without edits there is the run, as it was found.
        world.edits.clear();
        let bare = world.check();
        assert_eq!(bare.themes, world.texts.iter().map(|text| text.theme).collect::<Vec<_>>(), "seed {seed}");
    }
}
