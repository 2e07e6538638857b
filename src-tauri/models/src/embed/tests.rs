//! The real model, which `cargo xtask setup` puts into `assets/`.

use std::{path::Path, sync::LazyLock};

use super::*;
use hearback_domain::{
    error::{Error, Kind, NextStep, Result},
    job::{CancelHandle, Job},
};

fn files() -> ModelFiles {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    ModelFiles::in_folder(&assets.join("models/all-MiniLM-L6-v2"), assets.join("native/libonnxruntime.so.1.31.1"))
}

fn embedder() -> &'static Embedder {
    static EMBEDDER: LazyLock<Embedder> = LazyLock::new(|| match Embedder::load(&files(), 2) {
        Ok(embedder) => embedder,
        Err(error) => panic!("{error}. {}", error.hint.clone().unwrap_or_default()),
    });
    &EMBEDDER
}

fn embed(embedder: &Embedder, texts: &[String], job: &Job) -> Result<Vec<Vec<f32>>> {
    let mut vectors = vec![Vec::new(); texts.len()];
    embedder.embed(texts, job, &mut |positions, values| {
        assert_eq!(values.len(), positions.len() * embedder.dimension());
        for (&position, row) in positions.iter().zip(values.chunks(embedder.dimension())) {
            assert!(vectors[position].is_empty(), "text {position} came twice");
            vectors[position] = row.to_vec();
        }
        Ok(())
    })?;
    Ok(vectors)
}

fn cosine(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// Some texts of very different lengths.
fn varied(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("Answer {number} is wrong {}", "again and again ".repeat(number % 13))).collect()
}

#[test]
fn vectors_are_those_of_pythons_onnxruntime() {
    // The beginnings of vectors by Python: tokenizers + onnxruntime 1.31.1 on the same file, truncated to 256 tokens,
    // mean over the attention mask, normalised.
    let cases: [(String, [f32; 8]); 3] = [
        (
            "It told me the refund period is 60 days".to_owned(),
            [-0.051508, 0.029204, 0.056852, 0.044778, -0.005272, 0.024544, -0.018329, -0.021321],
        ),
        (
            "Résumé: 退款太慢 👍".to_owned(),
            [-0.044674, 0.074859, 0.06164, 0.007635, 0.031732, 0.091658, 0.034554, 0.028341],
        ),
        ("word ".repeat(400), [-0.008124, -0.095586, -0.038673, 0.049662, -0.043794, 0.02372, -0.018142, -0.020207]),
    ];
    let texts: Vec<String> = cases.iter().map(|(text, _)| text.clone()).collect();
    let vectors = embed(embedder(), &texts, &Job::quiet()).unwrap();
    for ((text, expected), vector) in cases.iter().zip(&vectors) {
        for (value, expected) in vector.iter().zip(expected) {
            assert!((value - expected).abs() < 2e-5, "{text:.30}: {value} instead of {expected}");
        }
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
    }
}

#[test]
fn what_means_the_same_is_nearer_than_what_does_not() {
    let groups = [
        ["It told me the refund period is 60 days", "The number of days for getting my money back is wrong"],
        ["I cannot log in to my account", "Signing in keeps failing"],
        ["The answer took forever to load", "Responses are far too slow"],
    ];
    let texts: Vec<String> = groups.iter().flatten().map(|text| (*text).to_owned()).collect();
    let vectors = embed(embedder(), &texts, &Job::quiet()).unwrap();
    for (number, vector) in vectors.iter().enumerate() {
        let paraphrase = cosine(vector, &vectors[number ^ 1]);
        for (other, vector_of_other) in vectors.iter().enumerate().filter(|(other, _)| other / 2 != number / 2) {
            let unrelated = cosine(vector, vector_of_other);
            assert!(paraphrase > unrelated + 0.1, "{}: {paraphrase} / {}: {unrelated}", texts[number], texts[other]);
        }
    }
}

#[test]
fn the_number_of_sessions_changes_no_bit_and_the_company_hardly_any() {
    let texts = varied(150);
    let two = embed(embedder(), &texts, &Job::quiet()).unwrap();
    let one = embed(&Embedder::load(&files(), 1).unwrap(), &texts, &Job::quiet()).unwrap();
    assert_eq!(one, two);
    for number in [0, 1, 77, 149] {
        let alone = embedder().embed_one(&texts[number]).unwrap();
        assert!(alone.iter().zip(&two[number]).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

#[test]
fn no_text_is_lost_and_some_are_empty_or_huge() {
    let mut texts = varied(40);
    texts.extend([String::new(), " ".to_owned(), "ß".repeat(40_000), "line\n".repeat(30_000)]);
    let vectors = embed(embedder(), &texts, &Job::quiet()).unwrap();
    assert!(vectors.iter().all(|vector| vector.len() == 384 && (cosine(vector, vector) - 1.0).abs() < 1e-5));
    assert!(embed(embedder(), &[], &Job::quiet()).unwrap().is_empty());
}

#[test]
fn cancelling_keeps_what_is_done() {
    let texts = varied(400);
    let cancel = CancelHandle::default();
    let stopper = cancel.clone();
    // Cancelled by whoever watches, after the first part of the work.
    let job = Job::new(cancel, move |progress| {
        if progress.done > 0 {
            stopper.cancel();
        }
    });
    let mut kept = 0;
    let outcome = embedder().embed(&texts, &job, &mut |positions, _| {
        kept += positions.len();
        Ok(())
    });
    assert!(outcome.unwrap_err().is_cancelled());
    assert!(kept > 0 && kept < texts.len(), "{kept}");
}

#[test]
fn an_error_while_keeping_results_ends_the_work() {
    let outcome = embedder().embed(&varied(300), &Job::quiet(), &mut |_, _| Err(Error::workspace("The disk is full")));
    assert_eq!(outcome.unwrap_err().kind, Kind::Workspace);
}

#[test]
fn progress_ends_at_the_number_of_texts() {
    let (send, receive) = std::sync::mpsc::channel();
    let job = Job::new(CancelHandle::default(), move |progress| {
        let _ = send.send((progress.done, progress.total));
    });
    embed(embedder(), &varied(100), &job).unwrap();
    let seen: Vec<_> = receive.try_iter().collect();
    assert_eq!((seen.first(), seen.last()), (Some(&(0, Some(100))), Some(&(100, Some(100)))));
    assert!(seen.is_sorted());
}

#[test]
fn the_id_says_which_vectors_can_be_compared() {
    let id = embedder().id();
    assert_eq!((id.name.as_str(), id.dimension, id.max_length), ("all-MiniLM-L6-v2", 384, 256));
    assert_eq!(id.key(), format!("all-MiniLM-L6-v2/{}/mean/256/384", id.digest));
    assert_eq!(id.digest.len(), 32);
}

#[test]
fn a_missing_or_broken_file_is_named_with_the_command_that_fetches_it() {
    let _ = embedder(); // so that the library is there, whichever test comes first
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.onnx");
    std::fs::write(&broken, b"not a model").unwrap();
    let missing = |name: &str| folder.path().join(name);
    let cases = [
        (ModelFiles { onnx: missing("model.onnx"), ..files() }, "model.onnx"),
        (ModelFiles { tokenizer: missing("tokenizer.json"), ..files() }, "tokenizer.json"),
        (ModelFiles { onnx: broken, ..files() }, "broken.onnx"),
    ];
    for (files, name) in cases {
        let error = Embedder::load(&files, 1).err().unwrap();
        assert_eq!(error.kind, Kind::Component);
        assert!(error.message.contains(name), "{error}");
        assert_eq!(error.next, Some(NextStep::SetUp));
    }
}

/// ort keeps the first library that it could load, so a process that never loaded one is needed: this test runs itself
/// in one.
#[test]
fn a_library_that_is_missing_or_is_none_is_an_error_and_no_panic() {
    const ALONE: &str = "HEARBACK_TEST_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let name = "embed::tests::a_library_that_is_missing_or_is_none_is_an_error_and_no_panic";
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && printed.contains("1 passed"), "{printed}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let runtime = folder.path().join("libonnxruntime.so.1.31.1");
    let load = || Embedder::load(&ModelFiles { runtime: runtime.clone(), ..files() }, 1).err().unwrap();
    for content in [None, Some("no library")] {
        if let Some(content) = content {
            std::fs::write(&runtime, content).unwrap();
        }
        let error = load();
        assert_eq!((error.kind, error.next), (Kind::Component, Some(NextStep::SetUp)));
        assert!(error.message.contains("libonnxruntime.so.1.31.1"), "{error}");
    }
    // After the failures the right one is still found.
    assert_eq!(embedder().dimension(), 384);
}

#[test]
fn what_is_finished_is_handed_over_within_a_slice() {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };
    // Texts of one length, so that progress counts them exactly.
    let texts: Vec<String> =
        (0..1_500).map(|number| format!("case {} again{}", number % 10, " and again".repeat(8))).collect();
    let handed = Arc::new(AtomicU64::new(0));
    let most_pending = Arc::new(AtomicU64::new(0));
    let job = {
        let (handed, most_pending) = (Arc::clone(&handed), Arc::clone(&most_pending));
        Job::new(CancelHandle::default(), move |progress| {
            let pending = progress.done - handed.load(Ordering::Relaxed);
            most_pending.fetch_max(pending, Ordering::Relaxed);
        })
    };
    let mut slices = 0;
    for (before, page) in [(0, &texts[..1_000]), (1_000, &texts[1_000..])] {
        let page_of = Page { before, total: 1_500 };
        embedder()
            .embed_page(page, page_of, &job, &mut |positions, _| {
                slices += 1;
                handed.fetch_add(positions.len() as u64, Ordering::Relaxed);
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(handed.load(Ordering::Relaxed), 1_500);
    // 21 tokens each, with those that begin and end a text.
    let (tokens, pending) = (21, most_pending.load(Ordering::Relaxed));
    assert!(slices > 3 && pending > 0 && pending * tokens < 8192 + 384, "{pending} were pending, in {slices} slices");
}

#[test]
fn pooling_and_prefix_make_other_vectors_and_other_ids() {
    let load = |files: ModelFiles| Embedder::load(&files, 1).unwrap();
    let text = "The refund never arrived";
    let plain = embedder().embed_one(text).unwrap();
    let cls = load(ModelFiles { pooling: Pooling::Cls, ..files() });
    assert!(cls.id().key().contains("/cls/") && cosine(&plain, &cls.embed_one(text).unwrap()) < 0.99);
    let prefixed = load(ModelFiles { prefix: "query: ".to_owned(), ..files() });
    assert_eq!(prefixed.id().key(), format!("{}/query: ", embedder().id().key()));
    // Stored texts and questions alike.
    let by_hand = embedder().embed_one(&format!("query: {text}")).unwrap();
    assert_eq!(prefixed.embed_one(text).unwrap(), by_hand);
    assert_eq!(embed(&prefixed, &[text.to_owned()], &Job::quiet()).unwrap()[0], by_hand);
    let short = load(ModelFiles { max_length: 8, ..files() });
    let long = "again and again ".repeat(30);
    assert!(cosine(&short.embed_one(&long).unwrap(), &embedder().embed_one(&long).unwrap()) < 0.999);
}

#[test]
fn a_model_that_is_not_what_it_was_is_refused() {
    assert_eq!(files().computed_digest().unwrap(), embedder().id().digest);
    let error = Embedder::load(&ModelFiles { digest: Some("0".repeat(32)), ..files() }, 1).err().unwrap();
    assert!(error.kind == Kind::Component && error.message.contains("is not what it was"), "{error}");
}
