use std::fmt::Write;

use super::*;
use crate::{Components, ImportOptions};
use hearback_domain::{Condition, Dimension, Subject, filter::Exclude};
use hearback_store::SavedView;

const NOW: Timestamp = Timestamp::from_micros(1_780_000_000_000_000);

/// A workspace with feedback of three kinds, each text with a vector near those of its kind.
struct Drawn {
    folder: tempfile::TempDir,
    workspace: Workspace,
    model: StoredModel,
}

impl Drawn {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let components = Components::at(folder.path().join("assets"));
        let workspace = Workspace::open(&folder.path().join("test.hearback"), components).unwrap();
        let model = StoredModel {
            id: "made up".to_owned(),
            name: "made up".to_owned(),
            digest: String::new(),
            pooling: "mean".to_owned(),
            max_length: 256,
            dimension: 8,
        };
        Self { folder, workspace, model }
    }

    /// Feedback number `from` to `to`, of kind `number % 3`, two of each text.
    fn say(&self, from: usize, to: usize) {
        let mut lines = String::new();
        for number in from..to {
            for twice in 0..2 {
                let score = usize::from(number % 3 == 0);
                writeln!(
                    lines,
                    r#"{{"kind":"feedback","feedback_type":"thumb","score_name":"thumbs","id":"f{number}-{twice}","comment":"text {number}","score":{score},"model_version":"v{}","created_at":"2026-05-04T10:00:00Z"}}"#,
                    number % 2
                )
                .unwrap();
            }
        }
        let path = self.folder.path().join(format!("from{from}.jsonl"));
        std::fs::write(&path, lines).unwrap();
        let options = ImportOptions { format: Some("canonical".to_owned()), ..ImportOptions::new(NOW) };
        self.workspace.import(&[path], &options, &Job::quiet()).unwrap();
        let workspace = &self.workspace.store;
        workspace.collect_texts(Subject::Said, &to.to_string(), |words| words.comment.clone(), &Job::quiet()).unwrap();
        let missing = workspace.texts_without_vector(&self.model.id, Subject::Said, None, u32::MAX).unwrap();
        let hashes: Vec<TextHash> = missing.iter().map(|row| row.hash).collect();
        let values = missing.iter().flat_map(|row| {
            let number: usize = row.text.trim_start_matches("text ").parse().unwrap();
            (0..8).map(
                move |place| if place == number % 3 { 1.0 } else { ((number * 7 + place * 13) % 11) as f32 / 40.0 },
            )
        });
        workspace.add_vectors(&self.model, &hashes, values.collect()).unwrap();
        // Facts name their texts from here on.
        workspace.refresh_themes().unwrap();
    }

    fn draw(&self) -> MapOutcome {
        self.workspace.draw_map(&MapDrawing::new(NOW), &Job::quiet()).unwrap()
    }

    fn places(&self) -> BTreeMap<TextHash, (u32, [u32; 2])> {
        let points = self.workspace.map(&Filter::default()).unwrap().points;
        points.iter().map(|point| (point.hash, (point.point, [point.x.to_bits(), point.y.to_bits()]))).collect()
    }
}

fn only(dimension: Dimension, value: &str) -> Filter {
    let values = vec![Some(value.to_owned())];
    Filter { conditions: vec![Condition { dimension, values, exclude: Exclude::No }], ..Filter::default() }
}

#[test]
fn a_map_is_drawn_once_and_kept_up_with_newcomers_that_move_nobody() {
    let drawn = Drawn::new();
    assert_eq!(
        drawn.workspace.draw_map(&MapDrawing::new(NOW), &Job::quiet()).unwrap_err().kind,
        hearback_domain::error::Kind::NotFound
    );
    assert_eq!(drawn.workspace.map(&Filter::default()).unwrap(), MapAnswer::default());

    drawn.say(0, 60);
    assert_eq!(drawn.draw(), MapOutcome { texts: 60, placed: 0, unchanged: false });
    assert!(drawn.draw().unchanged);
    let before = drawn.places();

    drawn.say(60, 75);
    assert_eq!(drawn.workspace.map(&Filter::default()).unwrap().missing, 15);
    assert_eq!(drawn.draw(), MapOutcome { texts: 75, placed: 15, unchanged: false });
    let after = drawn.places();
    assert_eq!(after.len(), 75);
    assert!(before.iter().all(|(hash, place)| after.get(hash) == Some(place)));
    let (map, _) = drawn.workspace.map(&Filter::default()).unwrap().map.unwrap();
    assert_eq!((map.texts, map.placed), (75, 15));

    // Anew, and with more newcomers than old ones, all of it is drawn again.
    let anew = MapDrawing { anew: true, ..MapDrawing::new(NOW) };
    assert_eq!(
        drawn.workspace.draw_map(&anew, &Job::quiet()).unwrap(),
        MapOutcome { texts: 75, placed: 0, unchanged: false }
    );
    drawn.say(75, 160);
    assert_eq!(drawn.draw(), MapOutcome { texts: 160, placed: 0, unchanged: false });
    let other = drawn.places();
    assert!(before.iter().any(|(hash, place)| other[hash].1 != place.1));

    let job = Job::quiet();
    job.cancel_handle().cancel();
    assert!(drawn.workspace.draw_map(&anew, &job).is_err_and(|error| error.is_cancelled()));
    assert_eq!(drawn.places(), other, "the old one stands");
}

#[test]
fn the_filter_says_what_counts_at_each_point_and_chosen_points_are_a_filter() {
    let drawn = Drawn::new();
    drawn.say(0, 30);
    drawn.draw();
    let all = drawn.workspace.map(&Filter::default()).unwrap();
    assert!(all.points.iter().all(|point| point.feedback == 2 && point.negative + point.positive == 2));
    let odd = drawn.workspace.map(&only(Dimension::ModelVersion, "v1")).unwrap();
    let inside: Vec<&MapPoint> = odd.points.iter().filter(|point| point.feedback > 0).collect();
    assert_eq!((odd.points.len(), inside.len()), (30, 15));
    assert!(inside.iter().all(|point| point.version.as_deref() == Some("v1")));

    let (map, _) = odd.map.as_ref().unwrap();
    let detail = drawn.workspace.map_point(map.id, inside[0].point, &Filter::default()).unwrap();
    assert_eq!((detail.feedback, detail.latest.unwrap().comment), (2, Some(detail.text)));
    let outside = odd.points.iter().find(|point| point.feedback == 0).unwrap();
    let filter = only(Dimension::ModelVersion, "v1");
    let detail = drawn.workspace.map_point(map.id, outside.point, &filter).unwrap();
    assert!(detail.feedback == 0 && detail.latest.is_some());
    assert!(drawn.workspace.map_point(map.id, 9_999, &filter).is_err());

    let chosen: Vec<u32> = all.points[..7].iter().map(|point| point.point).collect();
    let selection = drawn.workspace.select_points(map.id, &chosen, NOW).unwrap();
    assert_eq!((selection.texts, selection.name.as_str()), (7, "7 texts of the map"));
    let again: Vec<u32> = chosen.iter().rev().copied().collect();
    assert_eq!(drawn.workspace.select_points(map.id, &again, NOW).unwrap(), selection, "the same set, the same number");
    let filter = only(Dimension::Selection, &selection.id.to_string());
    assert_eq!(drawn.workspace.store.totals(&filter).unwrap().sums.n, 14);
    let values = drawn.workspace.store.filter_values(Dimension::Selection, &Filter::default(), "", 9).unwrap();
    assert_eq!(values.iter().map(|value| value.n).sum::<u64>(), 60, "the rest has none: {values:?}");
    assert_eq!(values.iter().find(|value| value.value.is_some()).unwrap().label, selection.name);
    let mut rest = filter.clone();
    rest.conditions[0].exclude = Exclude::Yes;
    assert_eq!(drawn.workspace.store.totals(&rest).unwrap().sums.n, 46);
    assert!(drawn.workspace.select_points(map.id, &[9_999], NOW).is_err());
}

#[test]
fn what_was_drawn_long_ago_is_forgotten_unless_a_view_names_it() {
    let drawn = Drawn::new();
    drawn.say(0, 70);
    drawn.draw();
    let map = drawn.workspace.map(&Filter::default()).unwrap().map.unwrap().0.id;
    let workspace = &drawn.workspace.store;
    let select = |point: u32| drawn.workspace.select_points(map, &[point], NOW).unwrap().id;
    let said = |id: i64| workspace.totals(&only(Dimension::Selection, &id.to_string())).unwrap().sums.n;
    let (first, second) = (select(0), select(1));
    let filter = format!(r#"{{"conditions":[{{"dimension":"selection","values":["{second}"],"exclude":false}}]}}"#);
    let view = SavedView { id: 0, name: "Mine".into(), view: "map".into(), filter, options: "{}".into() };
    workspace.save_view(&view).unwrap();
    for point in 2..60 {
        select(point);
    }
    let newest = select(60);
    assert_eq!((said(first), said(second), said(newest), said(newest - 49)), (0, 2, 2, 2));
}
