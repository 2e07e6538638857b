//! Themes as a whole, on made-up vectors; on real texts with the model in [`quality`].

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use hearback_domain::error::Kind;

mod cuts;
mod quality;
mod stays;

/// [`explore`] and [`cut`] at once.
fn discover(input: &ThemeInput<'_>, options: &ThemeOptions, job: &Job) -> Result<Themes> {
    let hierarchy = explore(input, options, job)?;
    cut(&hierarchy, input, &Cut { resolution: options.resolution, unclustered_at_most: None }, job)
}

/// Texts and vectors that belong together, in one order.
struct Set {
    texts: Vec<TextRow>,
    vectors: VectorSet,
}

impl Set {
    fn new(dimension: usize) -> Self {
        Self { texts: Vec::new(), vectors: VectorSet { dimension, ..VectorSet::default() } }
    }

    fn push(&mut self, text: impl Into<String>, feedback: u64, mut vector: Vec<f32>) {
        let text = text.into();
        normalise(&mut vector);
        let hash = TextHash::of(&text);
        self.texts.push(TextRow { hash, text, feedback });
        self.vectors.hashes.push(hash);
        self.vectors.values.extend(vector);
    }

    fn shuffled(&self, seed: u64) -> Self {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        let mut other = Self::new(self.vectors.dimension);
        for index in order {
            other.texts.push(self.texts[index].clone());
            other.vectors.hashes.push(self.vectors.hashes[index]);
            other.vectors.values.extend_from_slice(self.vectors.row(index));
        }
        other
    }

    fn discover_with(&self, options: &ThemeOptions) -> Themes {
        discover(&ThemeInput { vectors: &self.vectors, texts: &self.texts }, options, &Job::quiet()).unwrap()
    }

    fn input(&self) -> ThemeInput<'_> {
        ThemeInput { vectors: &self.vectors, texts: &self.texts }
    }

    fn explore(&self) -> Hierarchy {
        explore(&self.input(), &ThemeOptions::default(), &Job::quiet()).unwrap()
    }

    fn cut(&self, hierarchy: &Hierarchy, resolution: f64, unclustered_at_most: Option<f64>) -> Themes {
        cut(hierarchy, &self.input(), &Cut { resolution, unclustered_at_most }, &Job::quiet()).unwrap()
    }

    fn discover(&self) -> Themes {
        self.discover_with(&ThemeOptions::default())
    }
}

const TOPICS: [&str; 6] =
    ["refund window", "login error", "slow answers", "wrong contract", "missing invoice", "rude tone"];

/// `each` texts around each of `topics` directions, and `strangers` that are near nothing.
fn planted(topics: usize, each: usize, strangers: usize) -> Set {
    const DIMENSION: usize = 48;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    let mut set = Set::new(DIMENSION);
    for number in 0..topics * each {
        let topic = number % topics;
        let mut vector: Vec<f32> = (0..DIMENSION).map(|_| random.gen_range(-0.12..0.12)).collect();
        vector[topic] += 1.0;
        set.push(format!("The {} bothers me, case {number}", TOPICS[topic]), 1, vector);
    }
    for number in 0..strangers {
        let vector = (0..DIMENSION).map(|place| if place == 47 - number { 1.0 } else { 0.0 }).collect();
        set.push(format!("Stranger number {number}"), 1, vector);
    }
    set
}

#[test]
fn planted_groups_are_found_and_named() {
    let set = planted(6, 40, 0);
    let found = set.discover();
    assert_eq!(found.themes.len(), 6);
    let names: Vec<String> = found.themes.iter().map(|theme| theme.name.to_lowercase()).collect();
    for topic in TOPICS {
        assert!(names.iter().any(|name| name.contains(topic)), "{topic} in {names:?}");
    }
    for theme in &found.themes {
        assert_eq!((theme.size, theme.feedback, theme.examples.len()), (40, 40, 5));
        assert!(theme.cohesion > 0.7 && theme.reach < theme.cohesion);
        assert!((dot(&theme.centroid, &theme.centroid) - 1.0).abs() < 1e-4);
        assert!(theme.keywords.iter().any(|keyword| TOPICS.iter().any(|topic| topic.contains(&keyword.text))));
    }
    for (index, member) in found.members.iter().enumerate() {
        assert_eq!(member.hash, set.texts[index].hash);
        assert_eq!(member.theme, found.members[index % 6].theme);
    }
}

#[test]
fn neither_order_nor_threads_change_the_result() {
    let set = planted(5, 60, 3);
    let by_hash = |themes: &Themes| themes.members.iter().map(|m| (m.hash, m.theme)).collect::<BTreeMap<_, _>>();
    let first = set.discover();
    let again = set.shuffled(4).discover();
    assert_eq!(by_hash(&first), by_hash(&again));
    assert_eq!(first.themes, again.themes);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(first, one_thread.install(|| set.discover()));
}

#[test]
fn strangers_stay_unclustered_unless_many_say_the_same() {
    let mut set = planted(4, 30, 5);
    let mut vector = vec![0.0; 48];
    vector[20] = 1.0;
    set.push("The export button is gone", 25, vector);
    let found = set.discover();
    let theme_of = |text: &str| {
        let hash = TextHash::of(text);
        found.members.iter().find(|member| member.hash == hash).unwrap().theme
    };
    for number in 0..5 {
        assert_eq!(theme_of(&format!("Stranger number {number}")), None);
    }
    let popular = &found.themes[theme_of("The export button is gone").unwrap()];
    assert_eq!((popular.size, popular.feedback), (1, 25));
    assert_eq!(popular.name, "The export button is gone");
    assert_eq!(found.themes.len(), 5);
}

#[test]
fn feedback_counts_decide_the_order() {
    let mut set = planted(3, 20, 0);
    for row in set.texts.iter_mut().filter(|row| row.text.contains("slow answers")) {
        row.feedback = 7;
    }
    let found = set.discover();
    assert!(found.themes[0].name.contains("slow answers"));
    assert_eq!((found.themes[0].size, found.themes[0].feedback), (20, 140));
    assert_eq!(found.themes.iter().map(|theme| theme.id).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn texts_without_words_are_in_no_theme() {
    let mut set = planted(4, 20, 0);
    for number in 0..30 {
        let mut vector = vec![0.01; 48];
        vector[30] = 1.0;
        set.push("👍".repeat(number + 1), 9, vector);
    }
    let found = set.discover();
    assert_eq!(found.themes.len(), 4);
    assert!(found.members[80..].iter().all(|member| member.theme.is_none()));
}

#[test]
fn few_texts_are_handled() {
    assert_eq!(Set::new(0).discover(), Themes::default());
    assert_eq!(Set::new(48).discover(), Themes::default());

    let one = planted(1, 1, 0).discover();
    assert_eq!((one.themes.len(), one.members.len(), one.members[0].theme), (0, 1, None));

    let five = planted(1, 5, 0).discover();
    assert_eq!(five.themes.iter().map(|theme| theme.size).collect::<Vec<_>>(), [5]);

    let twenty = planted(3, 7, 0).discover();
    assert_eq!(twenty.themes.iter().map(|theme| theme.size).collect::<Vec<_>>(), [7, 7, 7]);
}

#[test]
fn equal_vectors_are_one_theme() {
    let mut set = Set::new(16);
    for number in 0..120 {
        set.push(format!("Too slow, said {number}"), 1, vec![0.25; 16]);
    }
    let found = set.discover();
    assert_eq!(found.themes.iter().map(|theme| (theme.size, theme.feedback)).collect::<Vec<_>>(), [(120, 120)]);
    assert_eq!(found.themes[0].name, "Too slow");
    assert!((found.themes[0].cohesion - 1.0).abs() < 1e-4);
}

#[test]
fn vectors_that_are_not_numbers_harm_nobody() {
    let mut set = planted(3, 20, 0);
    let count = set.texts.len();
    for (number, value) in [f32::NAN, f32::INFINITY, 0.0].into_iter().enumerate() {
        set.push(format!("broken vector {number}"), 1, vec![0.0; 48]);
        let start = set.vectors.values.len() - 48;
        set.vectors.values[start..].fill(value);
    }
    let found = set.discover();
    assert_eq!(found.themes.len(), 3);
    assert!(found.members[count..].iter().all(|member| member.theme.is_none() && member.similarity == 0.0));
    assert!(found.themes.iter().all(|theme| theme.centroid.iter().all(|value| value.is_finite())));
}

#[test]
fn a_sample_makes_the_same_themes_and_the_rest_finds_its_place() {
    let set = planted(6, 100, 4);
    let whole = set.discover();
    let sampled = set.discover_with(&ThemeOptions { sample: 200, ..ThemeOptions::default() });
    assert_eq!(sampled.themes.len(), 6);
    let placed = sampled.members.iter().filter(|member| member.theme.is_some()).count();
    assert!(placed > 500, "{placed} of 600");
    let topic =
        |themes: &Themes, index: usize| themes.members[index].theme.map(|theme| themes.themes[theme].name.clone());
    for index in 0..600 {
        if let Some(name) = topic(&sampled, index) {
            assert!(name.contains(TOPICS[index % 6]), "{name}");
        }
        assert!(topic(&whole, index).is_some_and(|name| name.contains(TOPICS[index % 6])));
    }
    assert!(sampled.members[600..].iter().all(|member| member.theme.is_none()));
}

#[test]
fn a_finer_resolution_gives_no_fewer_themes() {
    let set = planted(6, 60, 0);
    let count = |resolution| set.discover_with(&ThemeOptions { resolution, ..ThemeOptions::default() }).themes.len();
    let counts = [count(0.3), count(1.0), count(2.0), count(8.0)];
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(counts[3] > counts[0], "{counts:?}");
}

#[test]
fn senseless_input_is_refused_and_cancelling_stops() {
    let set = planted(2, 10, 0);
    let input = ThemeInput { vectors: &set.vectors, texts: &set.texts };
    let kind =
        |input: &ThemeInput<'_>, options: ThemeOptions| discover(input, &options, &Job::quiet()).unwrap_err().kind;
    let default = ThemeOptions::default;
    assert_eq!(kind(&input, ThemeOptions { resolution: f64::NAN, ..default() }), Kind::Input);
    assert_eq!(kind(&input, ThemeOptions { resolution: 0.0, ..default() }), Kind::Input);
    assert_eq!(kind(&input, ThemeOptions { sample: 0, ..default() }), Kind::Input);
    assert_eq!(kind(&ThemeInput { texts: &set.texts[1..], ..input }, default()), Kind::Input);
    let swapped = set.shuffled(1);
    assert_eq!(kind(&ThemeInput { texts: &swapped.texts, ..input }, default()), Kind::Input);

    let job = Job::quiet();
    job.cancel_handle().cancel();
    assert!(discover(&input, &default(), &job).unwrap_err().is_cancelled());
}

#[test]
fn fingerprints_follow_options() {
    let fine = ThemeOptions { resolution: 3.0, ..ThemeOptions::default() };
    assert_ne!(fine.fingerprint(), ThemeOptions::default().fingerprint());
}

#[test]
fn the_versions_on_record_are_those_that_are_built_with() {
    let lock = include_str!("../../../../Cargo.lock");
    for (name, version) in library_versions() {
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")), "{name} {version}");
    }
}
