//! Is this a known problem?

use std::collections::BTreeMap;

use super::{
    super::{Workspace, themes::negative_share},
    Done, Question, SimilarCase, SimilarTo,
};
use hearback_analysis::recall::{Closeness, Hit, RELATED};
use hearback_domain::{
    Dimension, Filter, Measured, TextHash,
    error::{Error, Result},
    job::Job,
    rows::FeedbackRow,
};
use hearback_store::{Correction, Snapshot, Totals};

/// How many near texts are looked at: themes with none among them are further away than all of those.
const LOOKED_AT: usize = 200;
const THEMES: usize = 3;
const CASES: usize = 5;
/// Members of a theme, most central first, among which a correction is looked for where the near ones have none.
const MEMBERS: usize = 200;

#[derive(Clone, Debug, PartialEq)]
pub struct KnownProblem {
    /// How near the nearest case is; `None` where there is nothing to compare with. [`Closeness::Distant`] says that
    /// nothing is near.
    pub nearest: Option<(f32, Closeness)>,
    /// Those with a text that is at least related, the one with the nearest first.
    pub themes: Vec<KnownTheme>,
    /// The nearest cases that are at least related, whatever their theme.
    pub cases: Vec<SimilarCase>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct KnownTheme {
    pub id: i64,
    pub name: String,
    pub keywords: Vec<String>,
    /// Of its nearest text.
    pub similarity: f32,
    pub closeness: Closeness,
    /// The latest feedback that says its nearest text.
    pub example: FeedbackRow,
    /// Feedbacks of the theme that say something at least related, of the nearest 200 texts.
    pub near: u64,
    /// All of the theme in the selection: how often, how much of it negative, since when, when last.
    pub totals: Totals,
    pub negative_share: Measured,
    /// The correction is the one given nearest to the question; where none of its near texts has one, the most frequent
    /// of the theme.
    pub done: Done,
}

impl Workspace {
    /// The themes and cases that speak of what `text` says.
    ///
    /// # Errors
    /// As [`Workspace::similar`].
    pub fn known(&self, text: &str, filter: &Filter, job: &Job) -> Result<KnownProblem> {
        if text.trim().is_empty() {
            return Err(Error::input("there is no text to look for").hint("Paste a complaint or a prompt"));
        }
        let question: Question = self.question(SimilarTo::Text(text), job)?;
        let (mut hits, snapshot) = self.nearest(&question, LOOKED_AT, filter, job)?;
        let nearest = hits.first().map(|hit| (hit.similarity, hit.closeness()));
        hits.retain(|hit| hit.similarity >= RELATED);
        let cases = self.cases(&snapshot, &hits[..hits.len().min(CASES)], filter, &[])?;
        Ok(KnownProblem { nearest, themes: self.nearest_themes(&snapshot, &hits, filter)?, cases })
    }

    fn nearest_themes(&self, snapshot: &Snapshot<'_>, hits: &[Hit], filter: &Filter) -> Result<Vec<KnownTheme>> {
        let hashes: Vec<TextHash> = hits.iter().map(|hit| hit.hash).collect();
        let said = snapshot.said(filter, &hashes, &[])?;
        let mut order: Vec<i64> = Vec::new();
        let mut near: BTreeMap<i64, Vec<(Hit, u64)>> = BTreeMap::new();
        for hit in hits {
            let Some(said) = said.get(&hit.hash) else { continue };
            let Some(theme) = said.theme else { continue };
            if !order.contains(&theme) {
                order.push(theme);
            }
            near.entry(theme).or_default().push((*hit, said.count));
        }
        order.truncate(THEMES);
        let mut totals = snapshot.theme_totals(filter, &order)?;
        let mut stored: BTreeMap<i64, _> = snapshot.themes()?.into_iter().map(|theme| (theme.id, theme)).collect();
        let mut themes = Vec::new();
        for id in order {
            let (Some(theme), Some(totals), Some(near)) = (stored.remove(&id), totals.remove(&id), near.get(&id))
            else {
                continue;
            };
            let Some((nearest, _)) = near.first() else { continue };
            let Some(said) = said.get(&nearest.hash) else { continue };
            let Some(example) = snapshot.feedback_by_id(std::slice::from_ref(&said.feedback))?.pop() else {
                continue;
            };
            themes.push(KnownTheme {
                id,
                name: theme.name,
                keywords: theme.keywords,
                similarity: nearest.similarity,
                closeness: nearest.closeness(),
                example,
                near: near.iter().map(|(_, count)| count).sum(),
                negative_share: negative_share(
                    &filter.with_value(Dimension::Theme, Some(&id.to_string())),
                    &totals.sums,
                ),
                totals,
                done: Done {
                    correction: self.best_correction(snapshot, id, near, filter)?,
                    note: Some(theme.note).filter(|note| !note.is_empty()),
                },
            });
        }
        Ok(themes)
    }

    fn best_correction(
        &self,
        snapshot: &Snapshot<'_>,
        theme: i64,
        near: &[(Hit, u64)],
        filter: &Filter,
    ) -> Result<Option<Correction>> {
        let hashes: Vec<TextHash> = near.iter().map(|(hit, _)| hit.hash).collect();
        let mut given = snapshot.corrections(filter, &hashes)?;
        if let Some(nearest) = hashes.iter().find_map(|hash| given.remove(hash)) {
            return Ok(nearest.into_iter().next());
        }
        let members: Vec<TextHash> =
            snapshot.theme_members(Some(theme))?.into_iter().take(MEMBERS).map(|(hash, _)| hash).collect();
        let given = snapshot.corrections(filter, &members)?;
        // The most frequent; among equals that of the most central member.
        let mut best: Option<Correction> = None;
        for correction in members.iter().filter_map(|hash| given.get(hash)).flatten() {
            if best.as_ref().is_none_or(|best| correction.times > best.times) {
                best = Some(correction.clone());
            }
        }
        Ok(best)
    }
}
