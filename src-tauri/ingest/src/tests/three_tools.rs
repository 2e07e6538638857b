//! MLflow, TruLens and Opik among all others: is anything taken for what it is not, and what do broken files cost?

use super::*;

/// Whatever other tools wrote, no reader of these three takes it.
#[test]
fn no_file_is_taken_for_another_tools() {
    let Some(folder) = shared("data/real_tools") else { return };
    let mut seen = 0;
    for root in [folder, fixture("")] {
        for path in expand(std::slice::from_ref(&root)).unwrap() {
            let Ok(recognised) = recognise(&path, &ReadOptions::default()) else { continue };
            let below = path.strip_prefix(&root).unwrap();
            for tool in ["mlflow", "trulens", "opik"] {
                let is_export = below.starts_with(tool)
                    && !matches!(below.file_name().and_then(|name| name.to_str()), Some("expected.json" | "README.md"));
                assert_eq!(recognised.format.name() == tool, is_export, "{} is {recognised:?}", path.display());
                seen += usize::from(is_export);
            }
        }
    }
    assert!(seen >= 17 + 4, "{seen}");
}

/// Cut anywhere, or with a byte turned: no panic, and what is read was there.
#[test]
fn broken_files_cost_what_is_broken() {
    for (name, step) in [
        ("mlflow/assessments.jsonl", 97),
        ("mlflow/rest_trace_get_1.json", 331),
        ("mlflow/ui_trace_artifact_1.json", 331),
        ("trulens/people_and_judges.csv", 61),
        ("opik/trace_0190a1.json", 151),
        ("opik/trace_0190a1.csv", 151),
        ("opik/traces_page.json", 61),
    ] {
        let path = fixture(name);
        let bytes = std::fs::read(&path).unwrap();
        let whole = recognise(&path, &ReadOptions::default()).unwrap();
        for place in (1..bytes.len()).step_by(step) {
            let mut turned = bytes.clone();
            turned[place] = b"{}[]\",:'\\\xff0"[place % 11];
            for broken in [&bytes[..place], &turned] {
                let file = written("broken", broken);
                let mut collected = Collected::default();
                // Read as what it was, whatever it looks like now.
                let _ = read(&file.path, &whole, &mut collected, &Job::quiet());
            }
        }
    }
}

/// Values of another kind than expected, in every place.
#[test]
fn odd_values_are_rejected_or_kept() {
    let odd =
        ["null", "0", "-1.5e300", "\"\"", "\"x\"", "[]", "[[[1]]]", "{}", "{\"a\":{\"value\":[]}}", "true", "1e999"];
    let shapes = [
        r#"{"info":{"trace_id":"t","trace_metadata":ODD,"tags":ODD,"request_time":ODD,"assessments":ODD,"state":ODD},"data":ODD}"#,
        r#"{"info":{"trace_id":"t","trace_metadata":{}},"data":{"spans":[ODD,{"span_id":"a","attributes":ODD,"start_time_unix_nano":ODD,"events":ODD,"status":ODD}]}}"#,
        r#"{"info":{"trace_id":"t","trace_metadata":{},"assessments":[{"assessment_name":ODD,"source":ODD,"feedback":{"value":ODD,"error":ODD},"metadata":ODD,"overrides":ODD}]},"data":{}}"#,
        r#"{"record_id":"r","app_id":"a","cost_json":ODD,"record_json":ODD,"input":ODD,"ts":null,"x":ODD,"x_calls":ODD,"x direction":ODD}"#,
        r#"{"trace":{"id":"t","input":ODD,"metadata":ODD,"usage":ODD,"feedback_scores":ODD,"comments":ODD,"error_info":ODD},"spans":ODD,"downloaded_at":ODD}"#,
        r#"{"trace":{"id":"t","metadata":{"opik_prompts":ODD},"feedback_scores":[{"name":"n","value":ODD,"value_by_author":ODD}]},"spans":[{"id":"s","trace_id":"t","type":"llm","input":ODD,"output":ODD}],"project_name":"p"}"#,
    ];
    for shape in shapes {
        for value in odd {
            let file = written("odd.jsonl", shape.replace("ODD", value));
            let Ok(recognised) = recognise(&file.path, &ReadOptions::default()) else { continue };
            let mut collected = Collected::default();
            let report = read(&file.path, &recognised, &mut collected, &Job::quiet()).unwrap();
            assert!(report.read >= 1, "{shape} {value}");
            assert!(!collected.records.is_empty() || !collected.rejects.is_empty(), "{shape} {value}");
        }
    }
}
