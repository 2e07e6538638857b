//! Do themes stay what they are when others come, and when one thing is said a thousand times?

use super::*;

/// The theme of each text, and which texts share one.
fn by_hash(themes: &Themes) -> BTreeMap<TextHash, Option<usize>> {
    themes.members.iter().map(|member| (member.hash, member.theme)).collect()
}

#[test]
fn newcomers_are_looked_at_from_where_the_themes_were() {
    let all = planted(6, 40, 3);
    let mut early = Set::new(48);
    for index in (0..all.texts.len()).filter(|index| index % 10 != 3) {
        early.push(all.texts[index].text.clone(), 1, all.vectors.row(index).to_vec());
    }
    let earlier = early.explore();
    let options = ThemeOptions::default();
    let later = |set: &Set| {
        let hierarchy = explore_from(&earlier, &set.input(), &options, &Job::quiet()).unwrap();
        set.cut(&hierarchy, 2.0, None)
    };
    let (before, now) = (early.cut(&earlier, 2.0, None), later(&all));
    assert_eq!((before.themes.len(), now.themes.len()), (6, 6));
    let now_of = by_hash(&now);
    let mut became: BTreeMap<usize, BTreeMap<Option<usize>, usize>> = BTreeMap::new();
    for (hash, theme) in by_hash(&before) {
        if let Some(theme) = theme {
            *became.entry(theme).or_default().entry(now_of[&hash]).or_default() += 1;
        }
    }
    assert!(became.values().all(|places| places.len() == 1), "{became:?}");
    // In any order, and on one thread.
    assert_eq!(by_hash(&later(&all.shuffled(8))), now_of);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one_thread.install(|| later(&all)), now);
    // Where nothing is known of any text there is nothing to begin with.
    let strangers = explore_from(&Hierarchy::default(), &all.input(), &options, &Job::quiet()).unwrap();
    assert!(strangers == all.explore());
}

#[test]
fn what_is_said_a_thousand_times_is_one_theme_and_hides_nobody() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut set = planted(4, 40, 0);
    let mut noisy = |direction: usize, noise: f32| -> Vec<f32> {
        let mut vector: Vec<f32> = (0..48).map(|_| random.gen_range(-noise..noise)).collect();
        vector[direction] += 1.0;
        vector
    };
    // Nearly the same to the model: a form letter with another number in each.
    for number in 0..700 {
        set.push(format!("Your order {number} could not be delivered"), 1, noisy(20, 0.02));
    }
    // The same in other letters, whatever the model makes of them.
    for number in 0..300 {
        let text = format!("{}no  sources{}", " ".repeat(number % 7), "!?.".repeat(1 + number / 7));
        set.push(if number % 2 == 0 { text } else { text.to_uppercase() }, 2, noisy(25, 0.15));
    }
    let found = set.discover();
    let sizes: Vec<(usize, u64)> = found.themes.iter().map(|theme| (theme.size, theme.feedback)).collect();
    assert_eq!(sizes, [(700, 700), (300, 600), (40, 40), (40, 40), (40, 40), (40, 40)]);
}
