//! What came since the themes were found: where does it belong, and is it worth finding them again?

use crate::{
    Workspace,
    embedding_models::stored_model,
    lock,
    themes::{
        records::hierarchy,
        runs::{EmbeddedTexts, RunInput, apply_edits, restricted_to},
    },
};
use hearback_analysis::theme::{self, Hierarchy, Near, Themes};
use hearback_domain::{
    error::{Error, Kind, Result},
    job::{Job, Step, Unit},
    rows::TextRow,
    theme::Edit,
};
use hearback_store::{KnownTheme, Placement, RunCoverage, Snapshot, ThemeRun};
use std::{collections::BTreeMap, sync::Arc};

/// What became of texts that are new since the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// Distinct texts that are new.
    pub new: u64,
    /// Of those, within reach of a theme, or of none; the rest are short answers, or wait.
    pub placed: u64,
    pub unclustered: u64,
    /// Of those, not looked at yet, and why.
    pub waiting: u64,
    pub reason: Option<String>,
}

/// How far the data has moved away from the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    pub coverage: RunCoverage,
    /// A full run would be worth its time.
    pub worth_a_run: bool,
    /// Why, or why not, in words.
    pub reason: String,
}

/// Below so many new texts nothing can be told about them.
const TEXTS_WORTH_A_RUN: u64 = 20;
/// The share of new or removed texts from which the run is of other data.
const SHARE_WORTH_A_RUN: f64 = 0.2;
/// By how much the unclustered share may rise, and the similarity fall.
const MORE_OUTSIDE: f64 = 0.15;
const LESS_ALIKE: f64 = 0.08;

impl Workspace {
    /// Places texts that came since the run of the subject that is counted: in the nearest theme, where that is within
    /// reach; else they are unclustered. Only new texts are embedded. `None` without a run.
    ///
    /// # Errors
    /// Cancelled; a missing model is no error, but the reason that texts wait.
    pub fn assign_new_texts(&self, job: &Job) -> Result<Option<Assignment>> {
        let Some(run) = self.store.theme_run()? else { return Ok(None) };
        self.collect_texts(run.subject, job)?;
        let new = self.store.texts_not_placed(run.subject)?;
        let count = new.len() as u64;
        let done = if new.is_empty() { Ok(Assignment::default()) } else { self.place(&run, job) };
        let placing = match done {
            Err(error) if error.kind == Kind::Component => {
                Assignment { new: count, waiting: count, reason: Some(error.message), ..Assignment::default() }
            }
            other => other?,
        };
        if placing.new == placing.waiting {
            // Their words are known by now, if not what they mean.
            self.store.refresh_themes()?;
        }
        Ok(Some(placing))
    }

    fn place(&self, run: &ThemeRun, job: &Job) -> Result<Assignment> {
        if let Some((before, now)) = self.other_model(&self.store.snapshot()?, &run.model_id)? {
            return Err(Error::component(format!(
                "the themes were found with the embedding model {before}, and {now} is chosen now: find them again"
            )));
        }
        job.progress(Step::LoadingModel, Unit::Texts, 0, None);
        let embedder = self.embedder()?;
        let model = stored_model(&embedder);
        if model.id != run.model_id {
            return Err(Error::component("the themes were found with another model"));
        }
        self.embed_new_texts(&embedder, &model, run.subject, job)?;
        let _held = lock(&self.themes);
        let snapshot = self.store.snapshot()?;
        let state = self.state(&snapshot, run, job)?;
        let vectors = snapshot.vectors_not_placed(&run.model_id, run.subject, job)?;
        let mut texts = snapshot.texts_not_placed(run.subject)?;
        texts.retain(|text| vectors.hashes.binary_search(&text.hash).is_ok());
        let new = EmbeddedTexts { texts, vectors };
        let living: Vec<&KnownTheme> = state.lines.values().filter(|line| line.run == run.id).collect();
        let near =
            theme::nearest(living.iter().map(|line| (line.centroid.as_slice(), line.reach as f32)), &new.input());
        let leaves = leaves_near(&state.hierarchy, &new);
        let placed: Vec<Placement> = later(&new, &near, &leaves)
            .zip(&near)
            .map(|(text, near)| Placement {
                line: near.group.filter(|_| near.within).map(|group| living[group].id),
                ..text
            })
            .collect();
        let mut placements = state.placements.clone();
        placements.extend(&placed);
        placements.sort_by_key(|placement| placement.hash);
        let run_input = RunInput { placements: &placements, ..state.run_input(run) };
        let embedded_texts = || self.embedded_texts(&snapshot, &run.model_id, run.subject, job).map(Arc::new);
        let edited = apply_edits(&run_input, &state.edits, &embedded_texts, job)?;
        drop(snapshot);
        self.store.place_texts(run, &placed, &edited.shown)?;
        let count = |wanted: &dyn Fn(&Placement) -> bool| placed.iter().filter(|text| wanted(text)).count() as u64;
        Ok(Assignment {
            new: placed.len() as u64,
            placed: count(&|text| text.line.is_some()),
            unclustered: count(&|text| text.line.is_none() && text.leaf.is_some()),
            ..Assignment::default()
        })
    }

    /// How far the data has moved away from a run.
    pub fn drift(&self, run: &ThemeRun) -> Result<Drift> {
        self.drift_in(&self.store.snapshot()?, run)
    }

    pub(crate) fn drift_in(&self, snapshot: &Snapshot<'_>, run: &ThemeRun) -> Result<Drift> {
        let coverage = if snapshot.data_version()? == run.data_version {
            RunCoverage { at_run: run.texts, similarity_at_run: run.similarity, ..RunCoverage::default() }
        } else {
            snapshot.run_coverage(run.subject)?
        };
        Ok(match self.other_model(snapshot, &run.model_id)? {
            Some((before, now)) => Drift {
                coverage,
                worth_a_run: true,
                reason: format!("the themes were found with the embedding model {before}, and {now} is chosen now"),
            },
            None => drift(coverage, run.unclustered),
        })
    }

    /// All that the themes of a run follow from.
    pub(crate) fn state(&self, snapshot: &Snapshot<'_>, run: &ThemeRun, job: &Job) -> Result<RunView> {
        let placements = snapshot.placements(run.subject)?;
        let stored = snapshot.hierarchy(run.subject, job)?.unwrap_or_default();
        let lines = snapshot.known_themes(run.subject)?;
        let edits = snapshot.theme_edits(run.subject)?;
        Ok(RunView {
            hierarchy: hierarchy(stored, &placements),
            lines: lines.into_iter().map(|line| (line.id, line)).collect(),
            edits: edits.into_iter().map(|stored| stored.edit).collect(),
            texts: snapshot.texts(run.subject)?,
            placements,
        })
    }
}

pub(crate) struct RunView {
    pub lines: BTreeMap<i64, KnownTheme>,
    pub placements: Vec<Placement>,
    pub hierarchy: Hierarchy,
    pub edits: Vec<Edit>,
    pub texts: Vec<TextRow>,
}

impl RunView {
    pub fn run_input(&self, run: &ThemeRun) -> RunInput<'_> {
        RunInput {
            lines: &self.lines,
            placements: &self.placements,
            hierarchy: &self.hierarchy,
            resolution: run.resolution,
            texts: &self.texts,
        }
    }
}

/// Places texts that came after the hierarchy was found among themes that were just cut from it; `line` is the
/// position among them.
pub(crate) fn assign_later_texts(
    found: &Themes,
    texts: &[Placement],
    embedded_texts: &EmbeddedTexts,
) -> Vec<Placement> {
    if texts.is_empty() {
        return Vec::new();
    }
    let of = restricted_to(embedded_texts, |hash| texts.binary_search_by_key(hash, |text| text.hash).is_ok());
    let groups = found.themes.iter().map(|theme| (theme.centroid.as_slice(), theme.reach));
    let near = theme::nearest(groups, &of.input());
    texts
        .iter()
        .zip(near)
        .map(|(text, near)| Placement {
            line: near.group.filter(|_| near.within).map(|group| group as i64),
            line_similarity: near.similarity,
            subtheme: None,
            ..*text
        })
        .collect()
}

fn leaves_near(hierarchy: &Hierarchy, of: &EmbeddedTexts) -> Vec<Near> {
    theme::nearest(hierarchy.leaves.iter().map(|leaf| (leaf.centroid.as_slice(), leaf.reach)), &of.input())
}

fn later<'a>(of: &'a EmbeddedTexts, near: &'a [Near], leaves: &'a [Near]) -> impl Iterator<Item = Placement> + 'a {
    of.texts.iter().zip(near).zip(leaves).map(|((text, near), leaf)| Placement {
        hash: text.hash,
        leaf: leaf.group.map(|leaf| leaf as u32),
        inside: leaf.within,
        similarity: leaf.similarity,
        nearness: 0.0,
        line: None,
        line_similarity: near.similarity,
        subtheme: None,
        later: true,
    })
}

fn drift(coverage: RunCoverage, unclustered_at_run: u64) -> Drift {
    let RunCoverage { at_run, placed, unclustered, similarity, similarity_at_run, waiting, removed } = coverage;
    let new = placed + unclustered + waiting;
    let looked_at = placed + unclustered;
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let (outside, outside_at_run) = (share(unclustered, looked_at), share(unclustered_at_run, at_run));
    let (worth_a_run, reason) = if new >= TEXTS_WORTH_A_RUN && share(new, at_run) >= SHARE_WORTH_A_RUN {
        (true, format!("{new} texts came since, {} of what the run knew", percent(share(new, at_run))))
    } else if removed >= TEXTS_WORTH_A_RUN && share(removed, at_run) >= SHARE_WORTH_A_RUN {
        (true, format!("{removed} of the {at_run} texts that the run knew are gone"))
    } else if looked_at >= TEXTS_WORTH_A_RUN && outside >= outside_at_run + MORE_OUTSIDE {
        (
            true,
            format!(
                "{} of the {looked_at} texts that came since belong to no theme; when the themes were found it was {}",
                percent(outside),
                percent(outside_at_run)
            ),
        )
    } else if looked_at >= TEXTS_WORTH_A_RUN && similarity <= similarity_at_run - LESS_ALIKE {
        (
            true,
            format!(
                "the {looked_at} texts that came since are less like the themes than those before: {similarity:.2} \
                 against {similarity_at_run:.2}"
            ),
        )
    } else if waiting > 0 {
        (false, format!("{waiting} new texts wait for the model"))
    } else if new > 0 {
        (false, format!("{placed} of {new} new texts found their theme"))
    } else if removed > 0 {
        (false, format!("{removed} texts that the run knew are gone"))
    } else {
        (false, "nothing came since".to_owned())
    };
    Drift { coverage, worth_a_run, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_offered_when_it_is_worth_it_and_the_reason_says_why() {
        let calm = RunCoverage { at_run: 1000, similarity_at_run: 0.7, ..RunCoverage::default() };
        let check = |coverage: RunCoverage| {
            let drift = drift(coverage, 50);
            (drift.worth_a_run, drift.reason)
        };
        assert_eq!(check(calm), (false, "nothing came since".to_owned()));
        let few = RunCoverage { placed: 10, unclustered: 5, similarity: 0.1, ..calm };
        assert_eq!(check(few), (false, "10 of 15 new texts found their theme".to_owned()));
        let cases = [
            (RunCoverage { placed: 190, unclustered: 10, similarity: 0.7, ..calm }, "200 texts came since, 20 %"),
            (RunCoverage { removed: 300, ..calm }, "300 of the 1000 texts"),
            (RunCoverage { placed: 60, unclustered: 20, similarity: 0.7, ..calm }, "25 % of the 80 texts"),
            (RunCoverage { placed: 80, similarity: 0.55, ..calm }, "less like the themes"),
        ];
        for (coverage, words) in cases {
            let (worth, reason) = check(coverage);
            assert!(worth && reason.contains(words), "{reason}");
        }
        assert_eq!(check(RunCoverage { waiting: 3, ..calm }), (false, "3 new texts wait for the model".to_owned()));
    }
}
