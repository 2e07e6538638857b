//! What a cut promises, whatever the texts are.

use super::*;

/// Whether all members of each finer theme are in one coarser theme.
fn nested(fine: &Themes, coarse: &Themes) -> bool {
    let mut parent = BTreeMap::new();
    fine.members.iter().zip(&coarse.members).all(|(fine, coarse)| match (fine.theme, coarse.theme) {
        (Some(fine), Some(coarse)) => *parent.entry(fine).or_insert(coarse) == coarse,
        // What is placed in a finer theme is in one of the coarser ones.
        (Some(_), None) => false,
        (None, _) => true,
    })
}

#[test]
fn coarser_themes_are_made_of_finer_ones() {
    // Groups within groups, so that there is something to nest.
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let mut set = Set::new(48);
    for number in 0..600 {
        let mut vector: Vec<f32> = (0..48).map(|_| random.gen_range(-0.12..0.12)).collect();
        vector[number % 4] += 1.0;
        vector[4 + number % 12] += 0.6;
        vector[16 + number % 24] += 0.3;
        set.push(format!("The {} bothers me, case {number}", TOPICS[number % 4]), 1, vector);
    }
    let hierarchy = set.explore();
    assert!(hierarchy.merges.is_sorted_by(|a, b| a.resolution >= b.resolution));
    let cuts: Vec<Themes> =
        [0.2, 0.5, 1.0, 2.0, 3.0, 5.0].map(|resolution| set.cut(&hierarchy, resolution, None)).into();
    let counts: Vec<usize> = cuts.iter().map(|cut| cut.themes.len()).collect();
    assert!(counts[0] < counts[5], "{counts:?}");
    for pair in cuts.windows(2) {
        assert!(nested(&pair[1], &pair[0]), "{counts:?}");
    }
    for theme in cuts.iter().flat_map(|cut| &cut.themes) {
        assert_ne!(theme.subthemes.len(), 1);
        assert!(theme.subthemes.iter().map(|part| part.size).sum::<usize>() <= theme.size);
    }
    // A text's sub-theme is one of its theme's.
    for cut in &cuts {
        for member in &cut.members {
            let parts = member.theme.map_or(0, |theme| cut.themes[theme].subthemes.len());
            assert!(member.subtheme.is_none_or(|part| part < parts));
        }
    }
}

#[test]
fn names_are_unique_and_those_of_parts_differ_from_the_whole() {
    let set = planted(6, 60, 0);
    for resolution in [0.5, 2.0, 6.0] {
        let found = set.cut(&set.explore(), resolution, None);
        let mut names: Vec<String> = found.themes.iter().map(|theme| theme.name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), found.themes.len());
        for theme in &found.themes {
            let mut names: Vec<&String> = theme.subthemes.iter().map(|part| &part.name).collect();
            names.push(&theme.name);
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }
}

#[test]
fn no_more_than_asked_stay_unclustered_and_the_cost_is_said() {
    let mut set = planted(4, 30, 20);
    for number in 0..6 {
        set.push("👍".repeat(number + 1), 3, vec![0.2; 48]);
    }
    let hierarchy = set.explore();
    let honest = set.cut(&hierarchy, 2.0, None);
    let unclustered = |themes: &Themes| themes.members.iter().filter(|member| member.theme.is_none()).count();
    assert_eq!((unclustered(&honest), honest.pulled_in), (26, PulledIn::default()));
    // Shares are of what could be somewhere: short answers are not left out of anything.
    let total = 140.0;
    for (share, left) in [(1.0, 26), (14.0 / total, 20), (4.9 / total, 10), (0.5 / total, 6), (0.0, 6)] {
        let found = set.cut(&hierarchy, 2.0, Some(share));
        assert_eq!(unclustered(&found), left, "at most {share}");
        let pulled_in = found.pulled_in;
        assert_eq!((pulled_in.texts, pulled_in.feedback), (26 - left as u64, 26 - left as u64));
        // Words first: what has none is pulled in nowhere.
        assert!(found.members[140..].iter().all(|member| member.theme.is_none()));
        let pulled: Vec<&Member> = found.members[120..140].iter().filter(|member| member.theme.is_some()).collect();
        let mean = pulled.iter().map(|member| f64::from(member.similarity)).sum::<f64>() / pulled.len().max(1) as f64;
        assert!((mean - pulled_in.mean_similarity).abs() < 1e-5);
        // The nearest come first, and nobody else moves.
        let out = found.members[120..140].iter().filter(|member| member.theme.is_none());
        let farthest = pulled.iter().map(|member| member.similarity).fold(1.0, f32::min);
        assert!(out.into_iter().all(|member| member.similarity <= farthest + 1e-6));
        assert_eq!(found.themes.len(), honest.themes.len());
        for (theme, before) in found.themes.iter().zip(&honest.themes) {
            let same = honest.themes.iter().any(|other| other.centroid == theme.centroid);
            assert!(same && theme.size >= 30 && before.size == 30);
        }
    }
}

#[test]
fn a_cut_without_sense_or_of_other_texts_is_refused() {
    let set = planted(3, 20, 0);
    let hierarchy = set.explore();
    let kind = |hierarchy: &Hierarchy, resolution: f64, unclustered_at_most| {
        let chosen = Cut { resolution, unclustered_at_most };
        cut(hierarchy, &set.input(), &chosen, &Job::quiet()).unwrap_err().kind
    };
    assert_eq!(kind(&hierarchy, 0.0, None), Kind::Input);
    assert_eq!(kind(&hierarchy, f64::INFINITY, None), Kind::Input);
    assert_eq!(kind(&hierarchy, 1.0, Some(1.5)), Kind::Input);
    assert_eq!(kind(&hierarchy, 1.0, Some(f64::NAN)), Kind::Input);
    assert_eq!(kind(&planted(2, 20, 0).explore(), 1.0, None), Kind::Input);
    let mut broken = hierarchy.clone();
    broken.merges[0].left = 10_000;
    assert_eq!(kind(&broken, 1.0, None), Kind::Input);
    let mut broken = hierarchy.clone();
    broken.texts[0].leaf = Some(10_000);
    assert_eq!(kind(&broken, 1.0, None), Kind::Input);
}

#[test]
fn the_tree_does_not_depend_on_order_or_threads() {
    let set = planted(5, 60, 3);
    let (first, other) = (set.explore(), set.shuffled(9));
    let again = other.explore();
    assert_eq!((&first.leaves, &first.merges), (&again.leaves, &again.merges));
    let by_hash = |tree: &Hierarchy| tree.texts.iter().map(|t| (t.hash, *t)).collect::<BTreeMap<_, _>>();
    assert!(by_hash(&first).values().eq(by_hash(&again).values()));
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(first, one_thread.install(|| set.explore()));
}

#[test]
fn a_theme_is_known_by_its_node_and_the_tree_by_its_digest() {
    let set = planted(6, 60, 10);
    let hierarchy = set.explore();
    for resolution in [0.5, 2.0, 6.0] {
        let nodes = hierarchy.nodes(resolution);
        let honest = set.cut(&hierarchy, resolution, None);
        let leaves: std::collections::BTreeSet<u32> =
            honest.themes.iter().map(|theme| theme.leaf.expect("it is a node")).collect();
        assert_eq!(leaves.len(), honest.themes.len());
        for leaf in leaves {
            assert!(nodes[..leaf as usize].iter().all(|node| *node != nodes[leaf as usize]), "the first of its node");
        }
        // However complete the cut is, the same node is the same theme.
        let complete = set.cut(&hierarchy, resolution, Some(0.0));
        for theme in &complete.themes {
            let same = honest.themes.iter().find(|other| other.leaf == theme.leaf).expect("it is there");
            assert_eq!(same.centroid, theme.centroid);
        }
    }
    let digest = hierarchy.digest();
    assert_eq!(digest, set.shuffled(4).explore().digest());
    let mut fewer = hierarchy.clone();
    fewer.texts.pop();
    assert_eq!(digest, fewer.digest(), "texts may go");
    let mut other = hierarchy.clone();
    other.merges[0].resolution += 1e-9;
    assert_ne!(digest, other.digest());
    let mut other = hierarchy;
    other.leaves[0].reach += 1e-3;
    assert_ne!(digest, other.digest());
}
