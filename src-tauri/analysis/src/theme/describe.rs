//! What are the themes about? Names, keywords, examples and the order they are shown in.

use super::{
    Keyword, Matrix, Member, SubTheme, ThemeFound, dot,
    group::Group,
    name,
    terms::{self, Said},
};
use hearback_domain::{
    TextHash,
    error::Result,
    job::{Job, Step, Unit},
    rows::TextRow,
};

/// Orders groups by feedback, and gives them what can be read. `similarity` is each text's to its group's centre.
pub(super) fn describe(
    rows: Matrix<'_>,
    texts: &[TextRow],
    mut groups: Vec<Group>,
    similarity: &[f32],
    job: &Job,
) -> Result<(Vec<ThemeFound>, Vec<Member>)> {
    for group in &mut groups {
        // Members that came later stand in their place.
        group.members.sort_by(|&a, &b| similarity[b].total_cmp(&similarity[a]).then(texts[a].hash.cmp(&texts[b].hash)));
        sort(texts, &mut group.subgroups);
    }
    sort(texts, &mut groups);
    job.progress(Step::NamingThemes, Unit::Themes, 0, Some(groups.len() as u64));
    let described = words(texts, &groups, None);
    let mut themes = Vec::with_capacity(groups.len());
    let member =
        |(text, &similarity): (&TextRow, &f32)| Member { hash: text.hash, theme: None, subtheme: None, similarity };
    let mut members: Vec<Member> = texts.iter().zip(similarity).map(member).collect();
    for (id, (group, (name, keywords))) in groups.iter().zip(described).enumerate() {
        job.check()?;
        group.members.iter().for_each(|&index| members[index].theme = Some(id));
        let mut subthemes = Vec::with_capacity(group.subgroups.len());
        for (position, (part, (name, keywords))) in
            group.subgroups.iter().zip(words(texts, &group.subgroups, Some(&name))).enumerate()
        {
            part.members.iter().for_each(|&index| members[index].subtheme = Some(position));
            subthemes.push(SubTheme {
                name,
                keywords,
                size: part.members.len(),
                feedback: feedback(texts, part),
                centroid: part.centroid.clone(),
                examples: examples(rows, texts, part),
            });
        }
        themes.push(ThemeFound {
            id,
            name,
            keywords,
            size: group.members.len(),
            feedback: feedback(texts, group),
            centroid: group.centroid.clone(),
            examples: examples(rows, texts, group),
            cohesion: group.cohesion,
            reach: group.reach,
            leaf: group.leaf,
            subthemes,
        });
        job.progress(Step::NamingThemes, Unit::Themes, id as u64 + 1, Some(groups.len() as u64));
    }
    Ok((themes, members))
}

fn feedback(texts: &[TextRow], group: &Group) -> u64 {
    group.members.iter().map(|&index| texts[index].feedback).sum()
}

/// The most feedback first, then the most texts, then the hash of the most central one.
fn sort(texts: &[TextRow], groups: &mut [Group]) {
    groups.sort_by_cached_key(|group| {
        let first = group.members.first().map(|&index| texts[index].hash);
        (std::cmp::Reverse(feedback(texts, group)), std::cmp::Reverse(group.members.len()), first)
    });
}

/// Name and keywords of each group; `whole` is the name of what they are parts of.
fn words(texts: &[TextRow], groups: &[Group], whole: Option<&str>) -> Vec<(String, Vec<Keyword>)> {
    let said = |&index: &usize| Said { text: &texts[index].text, feedback: texts[index].feedback };
    let words: Vec<Vec<Said<'_>>> = groups.iter().map(|group| group.members.iter().map(said).collect()).collect();
    let terms = terms::by_theme(&words);
    let names = name::names(&words, &terms, whole);
    names.into_iter().zip(terms.into_iter().map(|terms| terms.keywords)).collect()
}

/// Typical members that differ: maximal marginal relevance (J. Carbonell, J. Goldstein, "The use of MMR", SIGIR 1998)
/// among the more central half.
fn examples(rows: Matrix<'_>, texts: &[TextRow], group: &Group) -> Vec<TextHash> {
    const EXAMPLES: usize = 5;
    const RELEVANCE: f32 = 0.8;
    const MOST_CANDIDATES: usize = 300;
    let indices = &group.members;
    let half = indices.len().div_ceil(2).clamp(EXAMPLES.min(indices.len()), MOST_CANDIDATES);
    let candidate = |&index: &usize| (index, dot(rows.row(index), &group.centroid), 0.0_f32);
    let mut candidates: Vec<(usize, f32, f32)> = indices[..half].iter().map(candidate).collect();
    let mut chosen: Vec<TextHash> = Vec::new();
    while chosen.len() < EXAMPLES && !candidates.is_empty() {
        // Candidates are ordered by relevance and hash: `>` keeps the first among equals.
        let mut best = (0, f32::MIN);
        for (position, &(_, relevance, closest)) in candidates.iter().enumerate() {
            let score = RELEVANCE * relevance - (1.0 - RELEVANCE) * closest;
            if score > best.1 {
                best = (position, score);
            }
        }
        let (index, ..) = candidates.remove(best.0);
        for (other, _, closest) in &mut candidates {
            *closest = closest.max(dot(rows.row(*other), rows.row(index)));
        }
        chosen.push(texts[index].hash);
    }
    chosen
}
