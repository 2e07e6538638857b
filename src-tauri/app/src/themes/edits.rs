//! The user's hand: merge, split, move, rename, pin and note, and take it back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    Workspace, lock,
    themes::{
        assignment::RunView,
        runs::{EditedThemes, apply_edits},
    },
};
use hearback_analysis::theme::edits;
use hearback_domain::{
    TextHash, Timestamp,
    error::{Error, NextStep, Result},
    job::Job,
    theme::{Change, Edit, Part},
};
use hearback_store::{Snapshot, StoredTheme, ThemeRun};

/// What the user wants.
#[derive(Clone, Debug, PartialEq)]
pub enum ThemeEdit {
    Merge {
        into: i64,
        from: Vec<i64>,
    },
    Split {
        theme: i64,
        by: SplitBy,
    },
    /// The texts of these feedbacks, and with them whoever said the same; to none with `None`.
    Move {
        feedback: Vec<String>,
        to: Option<i64>,
    },
    Rename {
        theme: i64,
        name: String,
    },
    Pin {
        theme: i64,
        pinned: bool,
    },
    /// An empty note takes it away.
    Note {
        theme: i64,
        note: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum SplitBy {
    /// Along the hierarchy: each sub-theme but the largest becomes a theme.
    Subthemes,
    /// The texts of these feedbacks become a theme.
    Feedback(Vec<String>),
}

/// An edit as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeEditRow {
    pub id: i64,
    pub at: Timestamp,
    pub change: Change,
    /// In words.
    pub description: String,
    /// Why it changes nothing at present.
    pub dormant: Option<&'static str>,
    /// Later edits that stand on it: while there are any, it cannot be taken back.
    pub built_on: Vec<i64>,
}

/// What an edit did.
#[derive(Clone, Debug, PartialEq)]
pub struct EditOutcome {
    /// The edit's id, to take it back by.
    pub id: i64,
    /// Themes that it made.
    pub made: Vec<i64>,
}

impl Workspace {
    /// Changes the themes of the subject that is counted, for good: every later run starts from it.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] for themes and feedback that are not there, `Input` for what makes no sense.
    pub fn edit_themes(&self, edit: &ThemeEdit, now: Timestamp, job: &Job) -> Result<EditOutcome> {
        let run = self.current_run()?;
        let _held = lock(&self.themes);
        let snapshot = self.store.snapshot()?;
        let state = self.state(&snapshot, &run, job)?;
        let shown = Present::of(&state, &run, snapshot.themes_of(run.subject)?);
        let mut next_id = snapshot.next_theme_id()?;
        let mut change = match edit {
            ThemeEdit::Merge { into, from } => shown.merge(*into, from)?,
            ThemeEdit::Split { theme, by: SplitBy::Subthemes } => {
                let subtheme: BTreeMap<TextHash, u32> = snapshot
                    .theme_members_of(*theme)?
                    .into_iter()
                    .filter_map(|member| Some((member.hash, member.subtheme?)))
                    .collect();
                shown.split(*theme, |hash| subtheme.get(&hash).copied(), &mut next_id)?
            }
            ThemeEdit::Split { theme, by: SplitBy::Feedback(ids) } => {
                let chosen: BTreeSet<TextHash> = texts_of_feedback(&snapshot, ids)?.into_iter().collect();
                shown.split_off(*theme, &chosen, &mut next_id)?
            }
            ThemeEdit::Move { feedback, to } => {
                if let Some(theme) = to {
                    shown.theme(*theme)?;
                }
                Change::Move { texts: shown.known(texts_of_feedback(&snapshot, feedback)?)?, to: *to }
            }
            ThemeEdit::Rename { theme, name } => shown.rename(*theme, name)?,
            ThemeEdit::Pin { theme, pinned } => {
                shown.theme(*theme)?;
                Change::Pin { theme: *theme, pinned: *pinned }
            }
            ThemeEdit::Note { theme, note } => {
                shown.theme(*theme)?;
                Change::Note { theme: *theme, note: note.trim().to_owned() }
            }
        };
        let mut edited = self.with(&snapshot, &run, &state, &change, job)?;
        if let Change::Split { parts, .. } = &mut change {
            // What it is called when it is made, it stays: the name of the user's own theme does not follow the runs.
            for part in parts.iter_mut() {
                let named = edited.shown.themes.iter().find(|theme| theme.id == part.id);
                part.name = named.map(|theme| theme.name.clone()).unwrap_or_default();
            }
            edited = self.with(&snapshot, &run, &state, &change, job)?;
        }
        let made = change.made();
        drop(snapshot);
        let id = self.store.add_theme_edit(&run, &change, now, &edited.shown, next_id)?;
        Ok(EditOutcome { id, made })
    }

    /// Takes an edit back, the last one where none is named. Gives the edit.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is none; `Input` while later edits stand on it.
    pub fn undo_theme_edit(&self, id: Option<i64>, job: &Job) -> Result<ThemeEditRow> {
        let run = self.current_run()?;
        let _held = lock(&self.themes);
        let snapshot = self.store.snapshot()?;
        let rows = self.theme_edits_in(&snapshot)?;
        let row = match id {
            Some(id) => rows.into_iter().find(|row| row.id == id),
            None => rows.into_iter().last(),
        };
        let row = row.ok_or_else(|| Error::not_found("there is no such edit of the themes to take back"))?;
        if !row.built_on.is_empty() {
            let later: Vec<String> = row.built_on.iter().map(ToString::to_string).collect();
            return Err(Error::input(format!("later edits stand on this one: {}", later.join(", ")))
                .hint("Take those back first, the last one first"));
        }
        let state = self.state(&snapshot, &run, job)?;
        let rest: Vec<Edit> = state.edits.iter().filter(|edit| edit.id != row.id).cloned().collect();
        let embedded_texts = || self.embedded_texts(&snapshot, &run.model_id, run.subject, job).map(Arc::new);
        let edited = apply_edits(&state.run_input(&run), &rest, &embedded_texts, job)?;
        drop(snapshot);
        self.store.remove_theme_edit(&run, row.id, &edited.shown)?;
        Ok(row)
    }

    /// The edits of the subject that is counted, in the order in which they were made.
    pub fn theme_edits(&self) -> Result<Vec<ThemeEditRow>> {
        self.theme_edits_in(&self.store.snapshot()?)
    }

    fn theme_edits_in(&self, snapshot: &Snapshot<'_>) -> Result<Vec<ThemeEditRow>> {
        let Some(run) = snapshot.theme_run()? else { return Ok(Vec::new()) };
        let stored = snapshot.theme_edits(run.subject)?;
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let state = self.state(snapshot, &run, &Job::quiet())?;
        let (assigned, ..) = state.run_input(&run).assigned();
        let replayed = edits::replay(&assigned, &state.edits);
        let mut names: BTreeMap<i64, String> = state.lines.values().map(|line| (line.id, line.name.clone())).collect();
        names.extend(snapshot.themes_of(run.subject)?.into_iter().map(|theme| (theme.id, theme.name)));
        Ok(stored
            .into_iter()
            .map(|stored| ThemeEditRow {
                id: stored.edit.id,
                at: stored.at,
                description: describe(&stored.edit.change, &names),
                dormant: replayed.dormant.get(&stored.edit.id).map(|why| why.sentence()),
                built_on: edits::built_on(&state.edits, stored.edit.id),
                change: stored.edit.change,
            })
            .collect())
    }

    /// Those that name a theme.
    pub(crate) fn theme_edits_of(&self, snapshot: &Snapshot<'_>, theme: i64) -> Result<Vec<ThemeEditRow>> {
        let subject = snapshot.theme_subject()?;
        let names = |change: &Change| change.themes().contains(&theme) || change.made().contains(&theme);
        // Whether they hold takes long to say.
        if !snapshot.theme_edits(subject)?.iter().any(|stored| names(&stored.edit.change)) {
            return Ok(Vec::new());
        }
        Ok(self.theme_edits_in(snapshot)?.into_iter().filter(|row| names(&row.change)).collect())
    }

    fn with(
        &self,
        snapshot: &Snapshot<'_>,
        run: &ThemeRun,
        state: &RunView,
        change: &Change,
        job: &Job,
    ) -> Result<EditedThemes> {
        let mut all = state.edits.clone();
        let id = all.last().map_or(1, |edit| edit.id + 1);
        all.push(Edit { id, change: change.clone() });
        let embedded_texts = || self.embedded_texts(snapshot, &run.model_id, run.subject, job).map(Arc::new);
        let edited = apply_edits(&state.run_input(run), &all, &embedded_texts, job)?;
        match edited.replayed.dormant.get(&id) {
            Some(why) => Err(Error::input(format!("this changes nothing: {}", why.sentence()))),
            None => Ok(edited),
        }
    }
}

fn texts_of_feedback(snapshot: &Snapshot<'_>, ids: &[String]) -> Result<Vec<TextHash>> {
    let mut hashes = BTreeSet::new();
    for id in ids {
        let text = snapshot.text_of(id)?.ok_or_else(|| {
            Error::not_found(format!("there is no feedback {id:?} with words in these themes")).next(NextStep::Feedback)
        })?;
        hashes.insert(text.hash);
    }
    if hashes.is_empty() {
        return Err(Error::input("no feedback was named"));
    }
    Ok(hashes.into_iter().collect())
}

/// The themes as they are shown, with their texts.
struct Present {
    themes: BTreeMap<i64, StoredTheme>,
    texts: BTreeMap<i64, Vec<TextHash>>,
    all: BTreeSet<TextHash>,
}

impl Present {
    fn of(state: &RunView, run: &ThemeRun, themes: Vec<StoredTheme>) -> Self {
        let (assigned, ..) = state.run_input(run).assigned();
        let replayed = edits::replay(&assigned, &state.edits);
        let mut texts: BTreeMap<i64, Vec<TextHash>> = BTreeMap::new();
        for (text, theme) in assigned.iter().zip(&replayed.themes) {
            if let Some(theme) = theme {
                texts.entry(*theme).or_default().push(text.hash);
            }
        }
        let themes = themes.into_iter().map(|theme| (theme.id, theme)).collect();
        Self { themes, texts, all: assigned.iter().map(|text| text.hash).collect() }
    }

    fn theme(&self, id: i64) -> Result<&[TextHash]> {
        self.texts
            .get(&id)
            .map(Vec::as_slice)
            .ok_or_else(|| Error::not_found(format!("there is no theme {id}")).next(NextStep::Themes))
    }

    /// Texts that the themes know: whatever waits for its place cannot be moved.
    fn known(&self, texts: Vec<TextHash>) -> Result<Vec<TextHash>> {
        if texts.iter().all(|hash| self.all.contains(hash)) {
            return Ok(texts);
        }
        Err(Error::not_found("some of this feedback is not in the themes yet").hint("Run the analysis first"))
    }

    fn merge(&self, into: i64, from: &[i64]) -> Result<Change> {
        let from: BTreeSet<i64> = from.iter().copied().filter(|theme| *theme != into).collect();
        if from.is_empty() {
            return Err(Error::input("merging takes two themes or more"));
        }
        let mut texts = self.theme(into)?.to_vec();
        for theme in &from {
            texts.extend_from_slice(self.theme(*theme)?);
        }
        texts.sort_unstable();
        Ok(Change::Merge { into, from: from.into_iter().collect(), texts })
    }

    fn split(&self, theme: i64, part_of: impl Fn(TextHash) -> Option<u32>, next_id: &mut i64) -> Result<Change> {
        let mut parts: BTreeMap<u32, Vec<TextHash>> = BTreeMap::new();
        let mut rest = Vec::new();
        for hash in self.theme(theme)? {
            match part_of(*hash) {
                Some(part) => parts.entry(part).or_default().push(*hash),
                None => rest.push(*hash),
            }
        }
        if parts.len() < 2 {
            return Err(Error::input("this theme has no sub-themes to fall into")
                .hint("Look at the themes more finely, or name the feedback that is to be split off"));
        }
        let largest = parts.iter().max_by_key(|(part, texts)| (texts.len(), std::cmp::Reverse(**part)));
        if let Some(stays) = largest.map(|(part, _)| *part) {
            rest.extend(parts.remove(&stays).unwrap_or_default());
            rest.sort_unstable();
        }
        let parts = parts.into_values().map(|texts| new_part(texts, next_id)).collect();
        Ok(Change::Split { theme, parts, rest })
    }

    fn split_off(&self, theme: i64, chosen: &BTreeSet<TextHash>, next_id: &mut i64) -> Result<Change> {
        let (texts, rest): (Vec<TextHash>, Vec<TextHash>) =
            self.theme(theme)?.iter().partition(|hash| chosen.contains(hash));
        if texts.len() < chosen.len() {
            return Err(Error::input(format!("some of this feedback is not in theme {theme}")));
        }
        if rest.is_empty() {
            return Err(Error::input("that is the whole theme").hint("Rename it instead"));
        }
        Ok(Change::Split { theme, parts: vec![new_part(texts, next_id)], rest })
    }

    fn rename(&self, theme: i64, name: &str) -> Result<Change> {
        self.theme(theme)?;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(Error::input("a theme needs a name"));
        }
        let taken = |other: &&StoredTheme| other.id != theme && other.name.to_lowercase() == name.to_lowercase();
        if let Some(other) = self.themes.values().find(taken) {
            return Err(Error::input(format!("theme {} has this name already", other.id))
                .hint("Merge the two, or choose another name"));
        }
        Ok(Change::Rename { theme, name })
    }
}

fn new_part(texts: Vec<TextHash>, next_id: &mut i64) -> Part {
    *next_id += 1;
    Part { id: *next_id - 1, name: String::new(), texts }
}

/// An edit in words.
fn describe(change: &Change, names: &BTreeMap<i64, String>) -> String {
    let named = |id: &i64| match names.get(id) {
        Some(name) => format!("“{name}” ({id})"),
        None => format!("theme {id}"),
    };
    let list = |ids: &[i64]| ids.iter().map(named).collect::<Vec<_>>().join(", ");
    let texts = |count: usize| if count == 1 { "1 text".to_owned() } else { format!("{count} texts") };
    match change {
        Change::Merge { into, from, .. } => format!("Merged {} into {}", list(from), named(into)),
        Change::Split { theme, parts, .. } => {
            format!("Split {} off {}", list(&parts.iter().map(|part| part.id).collect::<Vec<_>>()), named(theme))
        }
        Change::Move { texts: moved, to: Some(to) } => format!("Moved {} to {}", texts(moved.len()), named(to)),
        Change::Move { texts: moved, to: None } => format!("Took {} out of their theme", texts(moved.len())),
        Change::Rename { theme, name } => format!("Named theme {theme} “{name}”"),
        Change::Pin { theme, pinned: true } => format!("Pinned {}", named(theme)),
        Change::Pin { theme, pinned: false } => format!("Unpinned {}", named(theme)),
        Change::Note { theme, note } if note.is_empty() => format!("Took the note off {}", named(theme)),
        Change::Note { theme, .. } => format!("Wrote a note on {}", named(theme)),
    }
}
