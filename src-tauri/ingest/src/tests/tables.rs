use std::{fs::File, sync::Arc};

use parquet::{
    data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use super::*;
use hearback_domain::{FeedbackType, Timestamp};

const REVIEWS: &str = "reviewId,content,score,at,appVersion,thumbsUpCount\r\n\
    r1,\"it says \"\"no\"\", then\nit says yes\",2,2025-03-29 12:40:17,1.2025.077,0\r\n\
    r2,good,5,2025-03-30 00:00:00,,3\r\n";

#[test]
fn a_mapping_makes_feedback_of_a_table() {
    let file = written("reviews.csv", REVIEWS);
    let outcome = try_read(
        &file.path,
        &mapped(
            "comment=content,score=score,created_at=at,model_version=appVersion,id=reviewId,environment=\"android\"",
        ),
    )
    .unwrap();
    let feedback = outcome.feedback();
    assert_eq!(feedback.len(), 2);
    assert_eq!(feedback[0].id, "r1");
    assert_eq!(feedback[0].feedback_type, FeedbackType::Rating);
    assert_eq!(feedback[0].score, Some(2.0));
    assert_eq!(feedback[0].comment.as_deref(), Some("it says \"no\", then\nit says yes"));
    assert_eq!(feedback[0].created_at, Timestamp::parse("2025-03-29T12:40:17Z"));
    assert_eq!(feedback[0].environment.as_deref(), Some("android"));
    assert_eq!(feedback[1].model_version, None);
    assert_eq!(feedback[1].metadata["thumbsUpCount"], "3");
    assert_eq!(outcome.report.unmapped, []);
}

#[test]
fn names_are_enough_where_they_are_plain() {
    let outcome = read_bytes("reviews.csv", REVIEWS);
    assert_eq!(outcome.recognised.format.name(), "table");
    assert_eq!(
        outcome.recognised.reason,
        "columns were matched by name and content: created_at=at,score=score,comment=content,model_version=appVersion,id=reviewId"
    );
    assert_eq!(outcome.feedback().len(), 2);
    let outcome = read_bytes("x.tsv", "comment\tscore\tcreated_at\nbad\t1\t2026-01-05\n");
    assert_eq!(outcome.recognised.format.name(), "canonical");
}

#[test]
fn rows_without_ids_keep_theirs_when_the_file_grows() {
    let options = mapped("comment=text");
    let ids = |content: &str| -> Vec<String> {
        let file = written("x.csv", content);
        let outcome = try_read(&file.path, &options).unwrap();
        outcome.feedback().iter().map(|feedback| feedback.id.clone()).collect()
    };
    let first = ids("text,who\nthanks,a\nthanks,a\nwrong,b\n");
    assert_eq!(first.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    assert_eq!(ids("text,who\nnew,c\nthanks,a\nthanks,a\nwrong,b\n")[1..], first[..]);
    assert_eq!(ids("who,text\na,thanks\na,thanks\nb,wrong\n"), first, "the order of columns does not matter");
}

#[test]
fn nested_fields_are_reached_by_path() {
    let file = written(
        "x.json",
        r#"[{"id":1,"data":{"rating":-1,"why":["slow","vague"],"answers":[{"text":"no"}]}},{"id":2,"data":{}}]"#,
    );
    let outcome = try_read(
        &file.path,
        &mapped("id=id,score=data.rating,reasons=data.why,comment=data.answers.0.text,feedback_type=\"thumb\""),
    )
    .unwrap();
    let feedback = outcome.feedback();
    assert_eq!(feedback[0].score, Some(-1.0));
    assert_eq!(feedback[0].reasons, ["slow", "vague"]);
    assert_eq!(feedback[0].comment.as_deref(), Some("no"));
    assert_eq!(feedback[0].feedback_type, FeedbackType::Thumb);
}

#[test]
fn a_row_of_another_width_is_rejected_as_it_stands() {
    let file = written("x.csv", "\u{feff}text;score\r\n\"a; b\";1\r\nc;2;3\r\n\"only\r\none\"\r\nd;x\r\ne;4,5\r\n");
    let outcome = try_read(&file.path, &mapped("comment=text,score=score")).unwrap();
    expect_test::expect![[r#"
        2 @25 the row has 3 cells, the table 2 columns | "c;2;3"
        3 @32 the row has 1 cells, the table 2 columns | "\"only\r\none\""
        4 @45 score is not a number: "x" | "d;x"
    "#]]
    .assert_eq(&outcome.rejects());
    assert_eq!(outcome.feedback().iter().map(|feedback| feedback.score).collect::<Vec<_>>(), [Some(1.0), Some(4.5)]);
}

#[test]
fn a_mapping_to_a_column_that_is_not_there_is_a_slip() {
    let file = written("x.csv", REVIEWS);
    let error = try_read(&file.path, &mapped("comment=contents")).map(|_| ()).unwrap_err();
    assert!(error.message.ends_with("has no column \"contents\""), "{error}");
    assert!(error.hint.is_some_and(|hint| hint.contains("reviewId, content, score")));
}

fn parquet() -> Written {
    let file = written("x.parquet", "");
    let schema = Arc::new(
        parse_message_type(
            "message m { optional binary id (UTF8); optional binary comment (UTF8); optional double score; \
             optional int64 created_at (TIMESTAMP_MICROS); optional group tags (LIST) { repeated group list { optional binary element (UTF8); } } }",
        )
        .unwrap(),
    );
    let sink = File::create(&file.path).unwrap();
    let mut writer = SerializedFileWriter::new(sink, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let texts = |values: &[&str]| values.iter().map(|text| ByteArray::from(*text)).collect::<Vec<_>>();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts(&["a", "b"]), Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts(&[""]), Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[1.5, -2.0], Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1_782_983_643_120_001, 0], Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts(&["x", "y;z"]), Some(&[3, 3, 0]), Some(&[0, 1, 0])).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn parquet_is_read_by_its_columns() {
    let file = parquet();
    let outcome = read_file(&file.path);
    assert_eq!(outcome.recognised.title, "Hearback canonical (Parquet)");
    let feedback = outcome.feedback();
    assert_eq!(feedback[0].score, Some(1.5));
    assert_eq!(feedback[0].created_at, Some(Timestamp::from_micros(1_782_983_643_120_001)));
    assert_eq!(feedback[0].tags, ["x", "y;z"]);
    assert_eq!(feedback[0].comment.as_deref(), Some(""), "columns tell empty from missing");
    assert_eq!((feedback[1].comment.as_deref(), feedback[1].score), (None, Some(-2.0)));
    assert_eq!(outcome.collected.records[1].0, hearback_domain::Origin { record: 2, byte: None });
}

#[test]
fn parquet_is_read_out_of_gzip_and_archives() {
    let file = parquet();
    let expected = read_file(&file.path).records();
    let bytes = std::fs::read(&file.path).unwrap();
    assert_eq!(read_bytes("x.parquet.gz", gzip(&bytes)).records(), expected);
    let packed = written("x.zip", pack::zip(&[pack::member("a/x.parquet", &bytes)]));
    assert_eq!(read_file(&packed.path.join("a/x.parquet")).records(), expected);
}

/// Whatever the footer claims, the answer is records or an error: no panic that ends the import, no endless rows.
#[test]
fn a_footer_that_lies() {
    let bytes = std::fs::read(&parquet().path).unwrap();
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    let footer = bytes.len() - 8 - length;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    let (mut read, mut refused) = (0, 0);
    for place in (0..footer).step_by(7).chain(footer..bytes.len()) {
        for value in [0xff, bytes[place] ^ 1] {
            let mut damaged = bytes.clone();
            damaged[place] = value;
            std::fs::write(&path, damaged).unwrap();
            match try_read(&path, &ReadOptions::default()) {
                Ok(_) => read += 1,
                Err(error) => {
                    assert!(!error.message.is_empty());
                    refused += 1;
                }
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 0 && refused > 0);
}

#[test]
fn ten_thousand_real_reviews() {
    let Some(path) = shared("data/chatgpt_reviews/chatgpt_reviews_before_2025-05.csv") else { return };
    let options = mapped("comment=content,score=score,created_at=at,model_version=appVersion,id=reviewId");
    let outcome = try_read(&path, &options).unwrap();
    let mut lines = csv::Reader::from_path(&path).unwrap();
    let rows: Vec<csv::StringRecord> = lines.records().map(|row| row.unwrap()).collect();
    assert_eq!(outcome.feedback().len(), rows.len());
    assert_eq!(outcome.rejects(), "");
    for (feedback, row) in outcome.feedback().iter().zip(&rows) {
        assert_eq!(feedback.comment.as_deref().unwrap_or_default(), &row[1]);
        assert_eq!(feedback.score, row[2].parse().ok());
        assert!(feedback.created_at.is_some());
    }
    println!("{} reviews, recognised without a mapping as {:?}", rows.len(), read_file(&path).recognised.reason);
}
