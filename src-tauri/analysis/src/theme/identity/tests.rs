use super::*;

fn hashes(range: std::ops::Range<u32>) -> Vec<TextHash> {
    range.map(|number| TextHash::of(&number.to_string())).collect()
}

fn known(id: i64, range: std::ops::Range<u32>) -> KnownTheme {
    let texts = hashes(range);
    KnownTheme { id, centroid: vec![1.0, 0.0], size: texts.len() as u64, texts, gone: false }
}

fn found(ranges: &[std::ops::Range<u32>]) -> Vec<FoundTheme<'static>> {
    let texts = |range: &std::ops::Range<u32>| hashes(range.clone()).into_iter().map(|hash| (hash, 1)).collect();
    ranges.iter().map(|range| FoundTheme { centroid: &[1.0, 0.0], texts: texts(range), was: None }).collect()
}

fn told(matched: &Matched) -> Vec<(i64, &'static str, Vec<i64>)> {
    let all = matched.found.iter().chain(&matched.gone);
    all.map(|change| (change.id, change.event.word(), change.others.clone())).collect()
}

#[test]
fn each_event_has_its_word() {
    let before = [known(1, 0..100), known(2, 100..200), known(3, 200..300), known(4, 300..340), known(5, 400..450)];
    let now = found(&[
        100..150, // half of 2, which keeps the id
        150..200, // the other half
        0..100,   // 1 as it was
        200..340, // 3 and 4
        500..550, // unknown texts
    ]);
    let matched = match_themes(&before, &now, |_| true, 6);
    assert_eq!(
        told(&matched),
        [
            (2, "split", vec![2]),
            (6, "split", vec![2]),
            (1, "kept", vec![]),
            (3, "merged", vec![3, 4]),
            (7, "new", vec![]),
            (4, "gone", vec![3]),
            (5, "gone", vec![]),
        ]
    );
    assert_eq!(matched.next_id, 8);
}

#[test]
fn what_arrived_makes_a_theme_larger_and_not_another_one() {
    let before = [known(7, 0..40), known(8, 40..80)];
    let knew = |hash: TextHash| hashes(0..80).contains(&hash);
    let mut now = found(&[0..40, 40..70]);
    // Five times as much as before, none of which anybody knew.
    now[0].texts.extend(hashes(1000..1200).into_iter().map(|hash| (hash, 1)));
    let matched = match_themes(&before, &now, knew, 9);
    assert_eq!(told(&matched), [(7, "grew", vec![]), (8, "shrank", vec![])]);
    assert_eq!((matched.found[0].before, matched.found[0].size), (40, 240));
    assert!((matched.found[0].alike - 1.0).abs() < 1e-9);
}

#[test]
fn feedback_weighs() {
    // Half of the texts went, but hardly any of the feedback.
    let before = [known(1, 0..10)];
    let mut now = found(&[0..1, 1..10]);
    now[0].texts[0].1 = 1000;
    assert_eq!(match_themes(&before, &now, |_| true, 2).found[0].id, 1);
}

#[test]
fn a_theme_that_was_gone_comes_back_under_its_id() {
    let mut gone = known(4, 0..2000);
    gone.texts = sample(gone.texts);
    gone.gone = true;
    assert_eq!(gone.texts.len(), SAMPLE);
    let whole = known(9, 0..4000);
    let now = found(&[0..2000, 2000..4000]);
    let matched = match_themes(&[gone.clone(), whole], &now, |_| true, 10);
    assert_eq!((matched.found[0].id, matched.found[1].id), (4, 9), "{matched:?}");
    // Something that has a fifth of it is not it.
    let other = match_themes(&[gone], &found(std::slice::from_ref(&(1600..3600))), |_| true, 10);
    assert_eq!(told(&other), [(10, "new", vec![])]);
}

#[test]
fn what_was_cut_the_same_way_is_what_it_was() {
    // 2 shrank in a fine cut and was swallowed by 1 in a coarse one: by its texts nobody would know it again.
    let mut gone = known(2, 100..110);
    gone.gone = true;
    let before = [known(1, 0..200), gone];
    let mut now = found(&[0..100, 100..200]);
    assert_eq!(told(&match_themes(&before, &now, |_| true, 3))[1].0, 3);
    (now[0].was, now[1].was) = (Some(1), Some(2));
    let matched = match_themes(&before, &now, |_| true, 3);
    assert_eq!(matched.found.iter().map(|change| change.id).collect::<Vec<_>>(), [1, 2]);
    assert!((matched.found[1].alike - 0.1).abs() < 1e-9, "{matched:?}");
    assert_eq!((matched.next_id, matched.gone.len()), (3, 0));
    // Also against what is more alike; an id that nobody knows is no id, and no id is given twice.
    (now[0].was, now[1].was) = (Some(2), Some(1));
    assert_eq!(told(&match_themes(&before, &now, |_| true, 3)).iter().map(|of| of.0).collect::<Vec<_>>(), [2, 1]);
    (now[0].was, now[1].was) = (Some(9), Some(9));
    assert_eq!(match_themes(&before, &now, |_| true, 3).found[0].id, 1);
    (now[0].was, now[1].was) = (Some(2), Some(2));
    assert_eq!(told(&match_themes(&before, &now, |_| true, 3)).iter().map(|of| of.0).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn without_common_texts_the_direction_decides() {
    let before = [known(3, 0..10)];
    let now = found(std::slice::from_ref(&(20..30)));
    assert_eq!(match_themes(&before, &now, |_| false, 4).found[0].id, 3);
    let mut away = known(3, 0..10);
    away.centroid = vec![0.0, 1.0];
    assert_eq!(match_themes(&[away], &now, |_| false, 4).found[0].id, 4);
    // Another model: its vectors cannot be compared.
    let mut other = known(3, 0..10);
    other.centroid = vec![1.0; 3];
    assert_eq!(match_themes(&[other], &now, |_| false, 4).found[0].id, 4);
}

#[test]
fn order_changes_nothing() {
    let before = [known(1, 0..50), known(2, 50..90), known(3, 90..120)];
    let one = match_themes(&before, &found(&[0..50, 50..120, 200..220]), |_| true, 4);
    let back: Vec<KnownTheme> = before.iter().rev().cloned().collect();
    let other = match_themes(&back, &found(&[200..220, 50..120, 0..50]), |_| true, 4);
    let ids = |matched: &Matched| matched.found.iter().map(|change| change.id).collect::<Vec<_>>();
    assert_eq!(ids(&one), [1, 2, 4]);
    assert_eq!(ids(&other), [4, 2, 1]);
    assert_eq!(one.gone, other.gone);
}

#[test]
fn names_differ_and_the_users_come_first() {
    let refund = ["refund".to_owned(), "window".to_owned()];
    let request = |name, rank| RequestedName { name, keywords: &refund, rank };
    let all = [
        request("Refund", 2),
        request("refund", 0),
        request("Refund", 1),
        request("Refund window", 2),
        request("REFUND", 2),
    ];
    assert_eq!(unique_names(&all), ["Refund (2)", "refund", "Refund (window)", "Refund window", "REFUND (3)"]);
}

#[test]
fn a_name_stays_while_its_words_are_the_themes() {
    let keywords = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let before = keywords(&["refund window", "refund", "60 days", "policy"]);
    let name = "The bot says the refund window is 60 days";
    assert!(name_still_fits(name, &before, &keywords(&["refunds", "30 days", "window", "late"])));
    assert!(!name_still_fits(name, &before, &keywords(&["login", "password", "policy"])));
    assert!(name_still_fits("Untitled", &before, &keywords(&["refund", "window", "60"])));
    assert!(!name_still_fits("Untitled", &before, &keywords(&["login"])));
    assert!(name_still_fits("返金", &keywords(&["返金", "期間"]), &keywords(&["返金"])));
    assert!(name_still_fits("Anything", &[], &[]));
}
