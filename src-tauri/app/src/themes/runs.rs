//! From what a run found to what is shown: ids of earlier runs, then the user's edits.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    Workspace,
    themes::{
        memory::ThemeMemory,
        records::{line, stored, stored_hierarchy, stored_line},
    },
};
use hearback_analysis::theme::{
    self, Cut, Hierarchy, ThemeFound, ThemeInput, Themes,
    edits::{self, Assigned, Replayed},
    identity::{self, FoundTheme, RequestedName},
};
use hearback_domain::{
    Subject, TextHash, Timestamp,
    error::{Error, NextStep, Result},
    job::Job,
    rows::{TextRow, VectorSet},
    theme::{Edit, Event},
};
use hearback_store::{
    HistoryEntry, KnownTheme, NamedBy, NewThemeRun, PlacedBy, Placement, Shown, ShownMember, Snapshot, StoredTheme,
    ThemeRun,
};

/// The texts of a subject that have a vector, and their vectors, in the order of their hash.
pub(crate) struct EmbeddedTexts {
    pub texts: Vec<TextRow>,
    pub vectors: VectorSet,
}

impl EmbeddedTexts {
    pub fn input(&self) -> ThemeInput<'_> {
        ThemeInput { vectors: &self.vectors, texts: &self.texts }
    }
}

/// Those of the texts that are wanted.
pub(crate) fn restricted_to(embedded_texts: &EmbeddedTexts, wanted: impl Fn(&TextHash) -> bool) -> EmbeddedTexts {
    let mut vectors = VectorSet { dimension: embedded_texts.vectors.dimension, ..VectorSet::default() };
    for (index, hash) in embedded_texts.vectors.hashes.iter().enumerate().filter(|(_, hash)| wanted(hash)) {
        vectors.hashes.push(*hash);
        vectors.values.extend_from_slice(embedded_texts.vectors.row(index));
    }
    EmbeddedTexts { texts: embedded_texts.texts.iter().filter(|text| wanted(&text.hash)).cloned().collect(), vectors }
}

/// A run that found its themes, and is about to be kept.
pub(crate) struct NewRun<'a> {
    /// Without id and counts.
    pub run: ThemeRun,
    pub hierarchy: &'a Hierarchy,
    /// The stored hierarchy was cut otherwise.
    pub recut: bool,
    /// When it was cut; the run was made when its hierarchy was found.
    pub at: Timestamp,
    pub embedded_texts: Arc<EmbeddedTexts>,
    pub found: Themes,
    /// Texts that came after the hierarchy was found, with the found theme that each is placed in.
    pub later: Vec<Placement>,
}

/// What a run or an edit made of the themes.
pub(crate) struct EditedThemes {
    pub shown: Shown,
    pub replayed: Replayed,
}

impl Workspace {
    /// The texts and vectors of a subject.
    pub(crate) fn embedded_texts(
        &self,
        snapshot: &Snapshot<'_>,
        model: &str,
        subject: Subject,
        job: &Job,
    ) -> Result<EmbeddedTexts> {
        let mut texts = snapshot.texts(subject)?;
        let vectors = snapshot.vectors_about(model, subject, job)?;
        if vectors.is_empty() && !texts.is_empty() {
            let name = snapshot.model(model)?.map_or_else(|| model.to_owned(), |model| model.name);
            return Err(Error::not_found(format!(
                "these themes were found with the embedding model {name}, whose vectors are no longer in the workspace"
            ))
            .hint("Find them again")
            .next(NextStep::Analyse));
        }
        // Every vector has its text; a text may be without its vector.
        texts.retain(|text| vectors.hashes.binary_search(&text.hash).is_ok());
        Ok(EmbeddedTexts { texts, vectors })
    }

    /// Gives what was found the ids of the themes it is, applies the user's edits, and keeps the run. In `later`, `line`
    /// is the position among the found themes. The caller holds the lock of the themes.
    pub(crate) fn keep_run(&self, new_run: NewRun<'_>, job: &Job) -> Result<ThemeRun> {
        let NewRun { mut run, hierarchy, recut, at, embedded_texts, found, later } = new_run;
        let subject = run.subject;
        let snapshot = self.store.snapshot()?;
        let before = snapshot.theme_run_of(subject)?.map(|run| run.id);
        let placed_before = snapshot.placements(subject)?;
        let lines_before = snapshot.known_themes(subject)?;
        let cut = Cut { resolution: run.resolution, unclustered_at_most: run.unclustered_at_most };
        let memory = self.theme_memory(&snapshot, subject, hierarchy, cut)?;
        let known =
            self.known_themes(&snapshot, &lines_before, before, &placed_before, |gone| memory.texts(hierarchy, gone))?;

        let weight = weights(&embedded_texts.texts);
        let mut found_texts: Vec<Vec<(TextHash, u64)>> = vec![Vec::new(); found.themes.len()];
        for member in &found.members {
            if let Some(theme) = member.theme {
                found_texts[theme].push((member.hash, weight.get(&member.hash).copied().unwrap_or(1)));
            }
        }
        let candidates: Vec<FoundTheme<'_>> = found
            .themes
            .iter()
            .zip(found_texts)
            .map(|(theme, texts)| {
                let was = memory.of(theme).map(|was| was.line);
                FoundTheme { centroid: &theme.centroid, texts, was }
            })
            .collect();
        let knew = |hash: TextHash| placed_before.binary_search_by_key(&hash, |placement| placement.hash).is_ok();
        let mut matched = identity::match_themes(&known, &candidates, knew, snapshot.next_theme_id()?);
        for (theme, change) in found.themes.iter().zip(&mut matched.found) {
            // Whoever comes back to a choice finds what was there: nothing became of it.
            if recut && memory.was_here(theme, cut) {
                (change.event, change.others) = (Event::Kept, Vec::new());
            }
        }
        job.check()?;

        let mut lines: BTreeMap<i64, KnownTheme> = lines_before.into_iter().map(|line| (line.id, line)).collect();
        let mut own: Vec<KnownTheme> = found
            .themes
            .iter()
            .zip(&matched.found)
            .map(|(theme, change)| line(theme, change.id, change.event, change.others.clone()))
            .collect();
        let ranks: Vec<u8> =
            own.iter_mut().zip(&found.themes).map(|(line, theme)| choose_name(line, theme, &memory, &lines)).collect();
        let requests: Vec<RequestedName<'_>> = own
            .iter()
            .zip(ranks)
            .map(|(line, rank)| RequestedName { name: &line.name, keywords: &line.keywords, rank })
            .collect();
        let names = identity::unique_names(&requests);
        own.iter_mut().zip(names).for_each(|(line, name)| line.name = name);
        lines.extend(own.iter().map(|line| (line.id, line.clone())));

        let id_of = |theme: usize| matched.found[theme].id;
        let mut placements: Vec<Placement> = hierarchy
            .texts
            .iter()
            .zip(&found.members)
            .map(|(placed, member)| Placement {
                hash: placed.hash,
                leaf: placed.leaf,
                inside: placed.inside,
                similarity: placed.similarity,
                nearness: placed.nearness,
                line: member.theme.map(id_of),
                line_similarity: member.similarity,
                subtheme: member.subtheme.map(|position| position as u32),
                later: false,
            })
            .collect();
        let found_id = |line: i64| usize::try_from(line).ok().map(id_of);
        placements.extend(later.into_iter().map(|text| Placement { line: text.line.and_then(found_id), ..text }));
        placements.sort_by_key(|placement| placement.hash);

        let gone: BTreeSet<i64> = matched.gone.iter().map(|change| change.id).collect();
        let remembered = known
            .iter()
            .filter(|theme| gone.contains(&theme.id))
            .map(|theme| (theme.id, identity::sample(theme.texts.iter().copied())))
            .collect();
        let history = matched
            .found
            .iter()
            .chain(&matched.gone)
            .map(|change| HistoryEntry {
                theme: change.id,
                run: 0,
                at,
                recut,
                event: change.event,
                others: change.others.clone(),
                size: change.size,
                size_before: change.before,
                alike: change.alike,
            })
            .collect();

        let edits: Vec<Edit> = snapshot.theme_edits(subject)?.into_iter().map(|stored| stored.edit).collect();
        let run_input = RunInput {
            lines: &lines,
            placements: &placements,
            hierarchy,
            resolution: run.resolution,
            texts: &embedded_texts.texts,
        };
        let edited = apply_edits(&run_input, &edits, &|| Ok(Arc::clone(&embedded_texts)), job)?;

        let placed: Vec<&Placement> = placements.iter().filter(|text| !text.later).collect();
        run.texts = placed.len() as u64;
        let outside = |text: &&&Placement| text.line.is_none() && !run_input.is_short_answer(text);
        run.unclustered = placed.iter().filter(outside).count() as u64;
        let inside: Vec<f64> =
            placed.iter().filter(|text| text.line.is_some()).map(|text| f64::from(text.line_similarity)).collect();
        run.similarity = inside.iter().sum::<f64>() / inside.len().max(1) as f64;
        run.pulled_in = found.pulled_in.texts;
        run.pulled_in_similarity = found.pulled_in.mean_similarity;
        drop(snapshot);
        let id = self.store.put_theme_run(&NewThemeRun {
            run: run.clone(),
            at,
            hierarchy: (!recut).then(|| stored_hierarchy(hierarchy)),
            tree: memory.tree,
            lines: own,
            leaves: found.themes.iter().map(|theme| theme.leaf).collect(),
            gone: remembered,
            placements,
            shown: edited.shown,
            history,
            next_theme_id: matched.next_id,
        })?;
        Ok(ThemeRun { id, ..run })
    }

    /// `cuts` gives the texts of those gone themes that another cut of the same hierarchy had.
    fn known_themes(
        &self,
        snapshot: &Snapshot<'_>,
        lines: &[KnownTheme],
        run: Option<i64>,
        placements: &[Placement],
        cuts: impl FnOnce(&BTreeSet<i64>) -> BTreeMap<i64, Vec<TextHash>>,
    ) -> Result<Vec<identity::KnownTheme>> {
        let mut texts = snapshot.remembered_texts()?;
        let (living, gone): (Vec<&KnownTheme>, Vec<&KnownTheme>) = lines.iter().partition(|line| Some(line.run) == run);
        let ids = |lines: Vec<&KnownTheme>| lines.into_iter().map(|line| line.id).collect::<BTreeSet<i64>>();
        let (living, gone) = (ids(living), ids(gone));
        texts.extend(cuts(&gone));
        for placement in placements {
            if let Some(line) = placement.line.filter(|line| living.contains(line)) {
                texts.entry(line).or_default().push(placement.hash);
            }
        }
        let known = |line: &KnownTheme| identity::KnownTheme {
            id: line.id,
            centroid: line.centroid.clone(),
            size: line.feedback,
            texts: texts.remove(&line.id).unwrap_or_default(),
            gone: !living.contains(&line.id),
        };
        Ok(lines.iter().map(known).collect())
    }
}

/// Gives a line the name that it had as the same node of the same hierarchy, or the one from before where that still
/// fits; else it stays as found. Says how early it is served among those that want the same name.
fn choose_name(
    line: &mut KnownTheme,
    theme: &ThemeFound,
    memory: &ThemeMemory,
    before: &BTreeMap<i64, KnownTheme>,
) -> u8 {
    if let Some(was) = memory.of(theme).filter(|was| was.line == line.id) {
        line.name.clone_from(&was.name);
        line.named_by = was.named_by;
        return 0;
    }
    let Some(old) = before.get(&line.id) else { return 2 };
    if old.name != line.name && identity::name_still_fits(&old.name, &old.keywords, &line.keywords) {
        line.name.clone_from(&old.name);
        line.named_by = NamedBy::Before;
    }
    1
}

/// What edits are applied to.
pub(crate) struct RunInput<'a> {
    /// Those of the run, and those that are gone.
    pub lines: &'a BTreeMap<i64, KnownTheme>,
    /// In the order of the hash.
    pub placements: &'a [Placement],
    pub hierarchy: &'a Hierarchy,
    pub resolution: f64,
    /// Of the subject, in the order of the hash.
    pub texts: &'a [TextRow],
}

impl RunInput<'_> {
    /// Where the run has each text that somebody still says, with how many do.
    pub fn assigned(&self) -> (Vec<Assigned>, Vec<&Placement>, Vec<u64>) {
        let weight = weights(self.texts);
        let (mut assigned, mut present, mut feedback) = (Vec::new(), Vec::new(), Vec::new());
        for placement in self.placements {
            if let Some(&weight) = weight.get(&placement.hash) {
                assigned.push(Assigned { hash: placement.hash, theme: placement.line, leaf: placement.leaf });
                present.push(placement);
                feedback.push(weight);
            }
        }
        (assigned, present, feedback)
    }

    /// Whether the run left it out because it says no more than good or bad.
    fn is_short_answer(&self, placement: &Placement) -> bool {
        // Whatever has a leaf was looked at as a text.
        placement.leaf.is_none()
            && self
                .texts
                .binary_search_by_key(&placement.hash, |text| text.hash)
                .is_ok_and(|position| theme::is_short_answer(&self.texts[position].text))
    }
}

/// Applies the edits. What they leave as the run found it is shown as the run described it; what they make is described
/// anew, from the vectors that `embedded_texts` reads. The same run and edits give the same answer, whatever was shown before.
pub(crate) fn apply_edits(
    run_input: &RunInput<'_>,
    edits: &[Edit],
    embedded_texts: &dyn Fn() -> Result<Arc<EmbeddedTexts>>,
    job: &Job,
) -> Result<EditedThemes> {
    let (assigned, present, feedback) = run_input.assigned();
    let replayed = edits::replay(&assigned, edits);
    let mut groups: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, (theme, text)) in replayed.themes.iter().zip(&assigned).enumerate() {
        if let Some(theme) = theme {
            groups.entry(*theme).or_default().push(index);
        }
        if let Some(line) = text.theme {
            *found.entry(line).or_default() += 1;
        }
    }
    let as_found = |id: &i64, members: &[usize]| {
        run_input.lines.contains_key(id)
            && found.get(id) == Some(&members.len())
            && members.iter().all(|&index| assigned[index].theme == Some(*id))
    };
    let changed: BTreeSet<i64> =
        groups.iter().filter(|(id, members)| !as_found(id, members)).map(|(id, _)| *id).collect();

    let mut members: Vec<ShownMember> = present
        .iter()
        .zip(&replayed.themes)
        .map(|(text, theme)| ShownMember {
            hash: text.hash,
            theme: *theme,
            similarity: text.line_similarity,
            subtheme: theme.and(text.subtheme),
            placed_by: match () {
                () if replayed.by_hand.contains(&text.hash) => PlacedBy::Hand,
                () if theme.is_none() && run_input.is_short_answer(text) => PlacedBy::Short,
                () if text.later => PlacedBy::Near,
                () => PlacedBy::Run,
            },
        })
        .collect();
    let described = if changed.is_empty() {
        BTreeMap::new()
    } else {
        describe(run_input, &changed, &mut members, &*embedded_texts()?, job)?
    };

    let part_names: BTreeMap<i64, &str> = edits
        .iter()
        .filter_map(|edit| match &edit.change {
            theme::edits::Change::Split { parts, .. } => Some(parts),
            _ => None,
        })
        .flatten()
        .map(|part| (part.id, part.name.as_str()))
        .collect();
    let mut themes: Vec<(u8, StoredTheme)> = groups
        .iter()
        .filter_map(|(id, indices)| {
            let line = run_input.lines.get(id);
            let mut theme = match described.get(id) {
                Some(theme) => stored(theme, *id),
                None => stored_line(line?),
            };
            let mut rank = 2;
            if let Some(line) = line.filter(|line| {
                !described.contains_key(id) || identity::name_still_fits(&line.name, &line.keywords, &theme.keywords)
            }) {
                theme.name.clone_from(&line.name);
                theme.named_by = line.named_by;
                rank = 1;
            } else if let Some(name) = part_names.get(id).filter(|name| !name.is_empty()) {
                theme.name = (*name).to_owned();
                rank = 1;
            }
            if let Some(name) = replayed.names.get(id) {
                theme.name.clone_from(name);
                theme.named_by = NamedBy::User;
                rank = 0;
            }
            theme.texts = indices.len() as u64;
            theme.feedback = indices.iter().map(|&index| feedback[index]).sum();
            theme.pinned = replayed.pinned.contains(id);
            theme.note = replayed.notes.get(id).cloned().unwrap_or_default();
            Some((rank, theme))
        })
        .collect();
    themes.sort_by(|a, b| b.1.feedback.cmp(&a.1.feedback).then(a.1.id.cmp(&b.1.id)));
    let requests: Vec<RequestedName<'_>> = themes
        .iter()
        .map(|(rank, theme)| RequestedName { name: &theme.name, keywords: &theme.keywords, rank: *rank })
        .collect();
    let names = identity::unique_names(&requests);
    themes.iter_mut().zip(names).for_each(|((_, theme), name)| theme.name = name);
    let mut themes: Vec<StoredTheme> = themes.into_iter().map(|(_, theme)| theme).collect();
    themes.sort_by_key(|theme| theme.id);
    Ok(EditedThemes { shown: Shown { themes, members }, replayed })
}

/// Describes what the edits made, and puts the similarity and the sub-theme of its texts right.
fn describe(
    run_input: &RunInput<'_>,
    changed: &BTreeSet<i64>,
    members: &mut [ShownMember],
    embedded_texts: &EmbeddedTexts,
    job: &Job,
) -> Result<BTreeMap<i64, ThemeFound>> {
    let ids: Vec<i64> = members.iter().filter_map(|member| member.theme).collect::<BTreeSet<_>>().into_iter().collect();
    let shown = |hash: &TextHash| members.binary_search_by_key(hash, |member| member.hash).ok();
    let place: Vec<Option<usize>> = embedded_texts.texts.iter().map(|text| shown(&text.hash)).collect();
    let group_of: Vec<Option<usize>> =
        place.iter().map(|place| ids.binary_search(&members[(*place)?].theme?).ok()).collect();
    let leaf = |text: &TextRow| {
        let position = run_input.placements.binary_search_by_key(&text.hash, |placement| placement.hash).ok()?;
        run_input.placements[position].leaf
    };
    let leaf_of: Vec<Option<u32>> = embedded_texts.texts.iter().map(leaf).collect();
    let found =
        theme::regroup(run_input.hierarchy, &embedded_texts.input(), run_input.resolution, &group_of, &leaf_of, job)?;
    let mut id_of: BTreeMap<usize, i64> = BTreeMap::new();
    for (member, group) in found.members.iter().zip(&group_of) {
        if let (Some(theme), Some(group)) = (member.theme, group) {
            id_of.insert(theme, ids[*group]);
        }
    }
    for (member, place) in found.members.iter().zip(&place) {
        if let Some(shown) = place.map(|place| &mut members[place])
            && shown.theme.is_some_and(|theme| changed.contains(&theme))
        {
            shown.similarity = member.similarity;
            shown.subtheme = member.subtheme.map(|position| position as u32);
        }
    }
    let described = found.themes.into_iter().filter_map(|theme| Some((*id_of.get(&theme.id)?, theme)));
    Ok(described.filter(|(id, _)| changed.contains(id)).collect())
}

fn weights(texts: &[TextRow]) -> BTreeMap<TextHash, u64> {
    texts.iter().map(|text| (text.hash, text.feedback)).collect()
}
