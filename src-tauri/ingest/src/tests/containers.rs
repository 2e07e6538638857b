//! Archives, workbooks, encodings, and what tells one container from another.

use std::path::PathBuf;

use expect_test::expect;

use super::{
    pack::{Packed, member, stored, workbook, zip},
    *,
};
use crate::{Container, container::Delimiter, limits, privacy::Privacy};

const FIRST: &str = "{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}\n";
const SECOND: &str = "id,feedback_type,comment\n2,comment,b\n";

fn names(root: &Path, paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/")).collect()
}

#[test]
fn what_lies_in_an_archive_is_read_by_its_path() {
    let inner = zip(&[member("deep/c.jsonl", FIRST), member("lost.zip", zip(&[member("d.jsonl", FIRST)]))]);
    let file = written(
        "set.zip",
        zip(&[
            member("b.csv", SECOND),
            stored("folder/a.jsonl", FIRST),
            member("folder/", ""),
            member("__MACOSX/folder/._a.jsonl", "x"),
            member(".hidden", "x"),
            member("../../up.jsonl", FIRST),
            member("/abs\\olute.jsonl", FIRST),
            member("b.csv", SECOND),
            member("e.jsonl.gz", gzip(FIRST.as_bytes())),
            member("inner.zip", inner),
            member("table.xlsx", workbook(&[("One", "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")])),
        ]),
    );
    let root = file.path.parent().unwrap();
    let paths = expand(&[root.to_owned()]).unwrap();
    expect![[r#"
        [
            "set.zip/__/__/up.jsonl",
            "set.zip/abs/olute.jsonl",
            "set.zip/b.csv",
            "set.zip/b.csv (2)",
            "set.zip/e.jsonl.gz",
            "set.zip/folder/a.jsonl",
            "set.zip/inner.zip/deep/c.jsonl",
            "set.zip/inner.zip/lost.zip",
            "set.zip/table.xlsx/One",
        ]
    "#]]
    .assert_debug_eq(&names(root, &paths));
    assert_eq!(expand(&paths).unwrap(), paths, "what expand says it takes");
    let set = recognise_all(&paths);
    let titles: Vec<_> = set.files.iter().map(|(_, recognised)| recognised.title.as_str()).collect();
    assert_eq!(titles.len(), 7, "{titles:?}");
    let unknown: Vec<_> =
        set.unknown.iter().map(|(_, error)| error.to_string().replace(&root.display().to_string(), "")).collect();
    expect![[r#"
        [
            "/set.zip/inner.zip/lost.zip is an archive that is not looked into here (at most one lies within another, and none within gzip)",
            "/set.zip/table.xlsx/One holds no records",
        ]
    "#]]
    .assert_debug_eq(&unknown);
    for (input, _) in &set.files {
        assert_eq!(read_file(input.path()).feedback().len(), 1, "{input:?}");
    }
    let plain = written("a.jsonl", FIRST);
    let packed = file.path.join("folder/a.jsonl");
    assert_eq!(digest(&packed).unwrap(), digest(&plain.path).unwrap());
    assert_eq!(Input::open(&packed).unwrap().size(), FIRST.len() as u64);
    let gone = expand(&[file.path.join("gone.csv")]).unwrap_err();
    assert!(gone.message.ends_with("gone.csv is not there"), "{gone}");
    assert!(expand(&[plain.path.join("gone.csv")]).unwrap_err().message.ends_with("is not there"));
}

#[test]
fn a_file_is_opened_once_and_stays_the_one_that_was_meant() {
    let file = written("a.jsonl", FIRST);
    let input = Input::open(&file.path).unwrap();
    let recognised = crate::recognise(&input, &ReadOptions::default()).unwrap();
    // Whatever comes under its name meanwhile is another file.
    std::fs::remove_file(&file.path).unwrap();
    std::fs::write(&file.path, SECOND).unwrap();
    let mut collected = Collected::default();
    let report = crate::read(&input, &recognised, Privacy::KEEPS_ALL, &mut collected, &Job::quiet()).unwrap();
    assert_eq!((collected.records.len(), report.bytes), (1, FIRST.len() as u64));
    assert_eq!(report.digest, input.digest(&Job::quiet()).unwrap());
}

#[test]
fn an_archive_that_changes_while_it_is_read_says_so() {
    let file = written("a.zip", zip(&[member("a.jsonl", FIRST), member("b.jsonl", FIRST)]));
    let inputs = crate::expand(std::slice::from_ref(&file.path)).unwrap();
    crate::recognise(&inputs[0], &ReadOptions::default()).unwrap();
    std::fs::write(&file.path, zip(&[member("a.jsonl", SECOND)])).unwrap();
    let error = crate::recognise(&inputs[1], &ReadOptions::default()).unwrap_err();
    assert!(error.message.ends_with("a.zip changed while it was being read"), "{error}");
}

#[test]
fn names_in_an_archive_need_not_be_utf8() {
    let mut bytes = zip(&[Packed { flags: 0, ..member("caf?.jsonl", FIRST) }]);
    let at: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"caf?")).collect();
    assert_eq!(at.len(), 2);
    at.into_iter().for_each(|at| bytes[at + 3] = 0x82);
    let file = written("a.zip", bytes);
    let paths = expand(std::slice::from_ref(&file.path)).unwrap();
    assert_eq!(names(&file.path, &paths), ["café.jsonl"]);
    assert_eq!(read_file(&paths[0]).feedback().len(), 1);
}

#[test]
fn an_archive_that_changed_is_read_anew() {
    let file = written("a.zip", zip(&[member("a.jsonl", FIRST)]));
    let path = file.path.join("a.jsonl");
    assert_eq!(read_file(&path).feedback()[0].id, "1");
    std::fs::write(&file.path, zip(&[stored("z.jsonl", ""), member("a.jsonl", FIRST.replace("\"1\"", "\"99\""))]))
        .unwrap();
    assert_eq!(read_file(&path).feedback()[0].id, "99");
}

#[test]
fn an_archive_that_lies_says_which_lie() {
    let honest = || member("a.jsonl", FIRST);
    let message = |members: &[Packed]| {
        let file = written("a.zip", zip(members));
        let path = expand(std::slice::from_ref(&file.path)).unwrap().swap_remove(0);
        let error = try_read(&path, &ReadOptions::default()).map(|_| ()).unwrap_err();
        error.message.replace(&file.path.parent().unwrap().display().to_string(), "")
    };
    let blanks = FIRST.to_owned() + &" ".repeat((limits::RATIO_FREE * 2) as usize);
    let told = [
        message(&[Packed { flags: 1, ..honest() }]),
        message(&[Packed { method: 14, ..honest() }]),
        message(&[Packed { checksum: 7, ..honest() }]),
        message(&[Packed { size: 7, ..honest() }]),
        message(&[Packed { size: 7000, ..honest() }]),
        message(&[Packed { bytes: vec![7; 20], ..honest() }]),
        message(&[honest(), Packed { header: Some(0), ..honest() }]),
        message(&[Packed { header: Some(u32::MAX - 1), ..honest() }]),
        message(&[Packed { size: u32::MAX - 1, bytes: vec![0; 1 << 20], ..honest() }, member("b.jsonl", "")]),
        message(&[member("a.jsonl", &blanks)]),
        message(&(0..20).map(|_| Packed { size: u32::MAX - 1, ..honest() }).collect::<Vec<_>>()),
        message(&[member(".hidden", FIRST)]),
        message(&[]),
        message(&[member("mimetype", "application/epub+zip"), honest()]),
    ];
    expect![[r#"
        /a.zip/a.jsonl is encrypted
        /a.zip/a.jsonl is packed by a method that is not read (Lzma)
        /a.zip/a.jsonl is damaged: it cannot be unpacked
        /a.zip/a.jsonl is damaged: it cannot be unpacked
        /a.zip/a.jsonl ends too early: it was cut off or not fully downloaded
        /a.zip/a.jsonl is damaged: it cannot be unpacked
        /a.zip is a zip archive whose members overlap: it is damaged or made to do harm
        /a.zip is a zip archive whose members overlap: it is damaged or made to do harm
        /a.zip/a.jsonl is damaged: it cannot be unpacked
        /a.zip/a.jsonl unpacks to more than 400 times its size, which no export does: it is made to do harm
        /a.zip would unpack to more than 64 GiB
        /a.zip is an archive that holds no files
        /a.zip is an archive that holds no files
        /a.zip is a document, not an export"#]]
    .assert_eq(&told.join("\n"));

    let whole = zip(&[honest()]);
    for end in [whole.len() - 1, whole.len() - 30, 10, 4] {
        let error = error_of("a.zip", &whole[..end]);
        assert!(error.message.ends_with("is a zip archive that is damaged or was cut off"), "{error}");
    }
    let too_many = "holds more than 10000 files, or a table of contents of more than 16 MiB";
    let nothing = stored("a.jsonl", "");
    let error = error_of("a.zip", zip(&vec![nothing.clone(); limits::ARCHIVE_MEMBERS + 1]));
    assert!(error.message.ends_with(too_many), "{error}");
    let long = Packed { name: "x".repeat(60_000), ..nothing };
    let error = error_of("a.zip", zip(&vec![long; 300]));
    assert!(error.message.ends_with(too_many), "{error}");
    // A table of contents that says that it has more entries than it has.
    let mut more = zip(&[honest()]);
    let end = more.len() - 22;
    more[end + 8..end + 12].copy_from_slice(&[0xff, 0x20, 0xff, 0x20]);
    let error = error_of("a.zip", &more);
    assert!(error.message.ends_with("is a zip archive that is damaged or was cut off"), "{error}");
    let program = [b"#!/bin/sh\nexit\n".as_slice(), &whole].concat();
    assert!(expand(&[written("a.zip", program).path.clone()]).is_ok());
}

/// Sizes beyond four bytes stand in an extra field; small ones may, too (streaming writers do so).
#[test]
fn large_archives_have_their_sizes_elsewhere() {
    let mut bytes = zip(&[member("a.jsonl", FIRST)]);
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let (packed, plain) = (bytes[directory + 20..directory + 24].to_vec(), FIRST.len() as u64);
    let mut extra = vec![1, 0, 16, 0];
    extra.extend(plain.to_le_bytes());
    extra.extend([packed, vec![0; 4]].concat());
    bytes[directory + 20..directory + 28].fill(0xff);
    bytes[directory + 30] = extra.len() as u8;
    let end = bytes.len() - 22;
    bytes.splice(end..end, extra.clone());
    let end = end + extra.len();
    let size = (end - directory) as u32;
    bytes[end + 12..end + 16].copy_from_slice(&size.to_le_bytes());
    let file = written("a.zip", bytes);
    let paths = expand(std::slice::from_ref(&file.path)).unwrap();
    assert_eq!(read_file(&paths[0]).feedback().len(), 1);
}

#[test]
fn the_sheets_of_a_workbook_are_tables() {
    let rows = r##"<row r="3"><c r="B3" t="inlineStr"><is><t>comment</t></is></c><c r="C3" t="inlineStr"><is><t>score</t></is></c><c r="D3" t="inlineStr"><is><t>when</t></is></c><c r="E3"/><c r="F3" t="inlineStr"><is><t>score</t></is></c></row>
        <row r="4"><c r="B4" t="s"><v>0</v></c><c r="C4"><v>4</v></c><c r="D4" s="1"><v>46205.5</v></c><c r="E4" t="b"><v>1</v></c><c r="F4" t="e"><v>#N/A</v></c></row>
        <row r="5"/>
        <row r="6"><c r="B6" t="s"><v>1</v></c><c r="C6"><v>0.25</v></c><c r="D6" s="1"><v>46205</v></c><c r="XFD6"><v>1782983643120</v></c></row>"##;
    let file = written("book.xlsx", workbook(&[("Answers / 1", rows), ("Empty", ""), ("Answers _ 1", rows)]));
    let paths = expand(std::slice::from_ref(&file.path)).unwrap();
    assert_eq!(names(&file.path, &paths), ["Answers _ 1", "Answers _ 1 (2)"]);
    let (container, rows) = first_rows(&paths[0]).unwrap();
    assert_eq!(container, Container::Worksheet);
    let told: Vec<Vec<String>> =
        rows.iter().map(|row| row.cells().map(|(key, cell)| format!("{key}={cell:?}")).collect()).collect();
    expect![[r##"
        [
            [
                "comment=Text(\"shared\")",
                "score=Number(\"4\")",
                "when=Text(\"2026-07-02T12:00:00\")",
                "column 5=Bool(true)",
                "score (2)=Text(\"#N/A\")",
            ],
            [
                "comment=Text(\"rich\")",
                "score=Number(\"0.25\")",
                "when=Text(\"2026-07-02\")",
                "score (2)=Null",
                "column 16384=Number(\"1782983643120\")",
            ],
        ]
    "##]]
    .assert_debug_eq(&told);
    let outcome = try_read(&paths[1], &mapped("comment=comment,score=score,created_at=when")).unwrap();
    assert_eq!(outcome.recognised.title, "Table (XLSX)");
    assert_eq!(outcome.feedback().len(), 2);
    assert_ne!(digest(&paths[0]).unwrap(), digest(&paths[1]).unwrap());
    let nowhere = recognise(&file.path.join("Nowhere"), &ReadOptions::default()).unwrap_err();
    assert!(nowhere.message.ends_with("is not there"), "{nowhere}");
    let damaged = workbook(&[("A", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9")]);
    let file = written("book.xlsx", damaged);
    let paths = expand(std::slice::from_ref(&file.path)).unwrap();
    let error = recognise(&paths[0], &ReadOptions::default()).unwrap_err();
    assert!(error.message.ends_with("is not a workbook that can be read"), "{error}");
}

#[test]
fn every_encoding_is_read_and_named() {
    let text = "feedback_type;id;comment\ncomment;1;André “sagt” 5 €\ncomment;2;plain\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let (western, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    for (title, bytes) in [
        ("CSV with semicolons", text.as_bytes().to_vec()),
        ("CSV with semicolons", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("CSV with semicolons, UTF-16", utf16(u16::to_le_bytes)),
        ("CSV with semicolons, UTF-16", [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat()),
        ("CSV with semicolons, Windows-1252", western.to_vec()),
    ] {
        for packed in [bytes.clone(), gzip(&bytes)] {
            let outcome = read_bytes("x.csv", packed);
            assert_eq!(outcome.recognised.title, format!("Hearback canonical ({title})"));
            assert_eq!(outcome.feedback()[0].comment.as_deref(), Some("André “sagt” 5 €"), "{title}");
            assert!(outcome.collected.records[1].0.byte.is_some());
        }
    }
    let mut broken: Vec<u8> = "\u{feff}{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}\n{\"kind\":\"feedback\",\"id\":\"2\",\"comment\":\"?\"}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mark = broken.iter().rposition(|byte| *byte == b'?').unwrap();
    broken[mark + 1] = 0xd8;
    let outcome = read_bytes("x.jsonl", broken);
    assert_eq!((outcome.feedback().len(), outcome.report.rejected), (1, 1));
    assert!(outcome.rejects().contains("not valid UTF-8"), "{}", outcome.rejects());
}

#[test]
fn a_late_letter_decides_for_the_whole_file() {
    let head = "feedback_type;id;comment\n".to_owned() + &"comment;1;plain\n".repeat(20_000);
    let western = [head.as_bytes(), b"comment;2;caf\xe9\ncomment;3;na\xefve\n"].concat();
    let outcome = read_bytes("x.csv", &western);
    assert_eq!(outcome.rejects(), "");
    assert_eq!(outcome.feedback()[20_001].comment.as_deref(), Some("naïve"));
    let broken = [head.as_bytes(), b"comment;2;caf\xe9\n", "comment;3;naïve\n".as_bytes()].concat();
    let outcome = read_bytes("x.csv", &broken);
    assert_eq!(outcome.report.rejected, 1);
    assert_eq!(outcome.feedback()[20_000].comment.as_deref(), Some("naïve"));
}

fn container_of(name: &str, content: impl AsRef<[u8]>) -> Container {
    crate::container::sniff(&Input::open(&written(name, content).path).unwrap()).unwrap()
}

#[test]
fn lines_are_lines_however_long_the_first() {
    let long = "x".repeat(limits::HEAD_BYTES);
    let first = format!("{{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"{long}\"}}");
    let outcome = read_bytes("x.jsonl", format!("{first}\n{{broken\n{FIRST}"));
    assert_eq!(outcome.recognised.container, Container::JsonLines);
    assert_eq!((outcome.feedback().len(), outcome.report.rejected), (2, 1));
    let chat = format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{long}\"}}]}}\n");
    assert_eq!(container_of("x.jsonl", chat.repeat(2)), Container::JsonLines);
    assert_eq!(container_of("x.json", format!("{{\"data\":[{first}]}}")), Container::Json);
    assert_eq!(container_of("x.json", format!("{{\"answers\":[{first}]}}")), Container::Json);
    assert_eq!(container_of("x.json", first.repeat(2)), Container::JsonLines);

    let outcome = read_bytes("x.jsonl", format!("\u{feff}// made by hand\n\n{FIRST}\r\n\n{}", FIRST.replace('1', "2")));
    assert_eq!((outcome.feedback().len(), outcome.report.rejected), (2, 1));
    let outcome = read_bytes("x.json", format!("[{}] and so on", FIRST.trim()));
    assert_eq!((outcome.feedback().len(), outcome.report.rejected), (1, 1));
}

#[test]
fn the_list_that_wraps_the_records_need_not_be_known() {
    let record = FIRST.trim();
    for envelope in [
        format!("{{\"exported\":\"2026\",\"Antworten\":[{record},{record}],\"more\":{{\"pages\":[1]}}}}"),
        format!("{{\n \"Antworten\": [\n{record},\n{record}\n]}}\n"),
        "{\"documents\":[{\"name\":\"projects/p/1\",\"fields\":{}}],\"nextPageToken\":\"\"}".to_owned(),
    ] {
        let file = written("x.json", &envelope);
        let (container, rows) = first_rows(&file.path).unwrap();
        assert_eq!(container, Container::Json);
        assert!(rows.iter().all(|row| row.has("kind") || row.has("fields")), "{envelope}");
    }
    for record in [
        "{\"ids\":[\"a\"],\"documents\":[\"b\"],\"embeddings\":[[1]]}",
        "{\"messages\":[{\"role\":\"user\"}]}",
        "{\"comment\":\"a\",\"documents\":[{\"content\":\"b\"}]}",
        "{\"a\":[{\"x\":1}],\"b\":[{\"y\":1}]}",
        "{\"id\":1,\"answers\":[{\"x\":1}]}",
    ] {
        let (_, rows) = first_rows(&written("x.json", record).path).unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].cells().count() > 0 && record.contains(rows[0].cells().next().unwrap().0), "{record}");
        assert!(!rows[0].has("x") && !rows[0].has("role") && !rows[0].has("content"), "{record}");
    }
    let (_, rows) = first_rows(&written("x.jsonl", "{\"a\":[{\"x\":1}]}\n{\"a\":[{\"x\":2}]}\n").path).unwrap();
    assert!(rows.len() == 2 && rows[0].has("a"), "of several, each is a record");
}

#[test]
fn tables_announce_quote_and_repeat() {
    let outcome = read_bytes("x.csv", "sep=;\r\nfeedback_type;id;comment\r\ncomment;1;a, b\r\ncomment;2\r\n");
    assert_eq!(outcome.recognised.container, Container::Table(Delimiter::Semicolon));
    assert_eq!(outcome.feedback()[0].comment.as_deref(), Some("a, b"));
    assert_eq!(outcome.rejects(), "2 @49 the row has 2 cells, the table 3 columns | \"comment;2\"\n");

    let (_, rows) =
        first_rows(&written("x.csv", "\"What,\nand why?\",,score,score, score \n\"a\nb\",c,1,2,3\nd,,4,5,6\n").path)
            .unwrap();
    let keys = |row: &crate::Row<'_>| row.cells().map(|(key, _)| key.to_owned()).collect::<Vec<_>>();
    assert_eq!(keys(&rows[0]), ["What,\nand why?", "column 2", "score", "score (2)", "score (3)"]);
    assert_eq!(keys(&rows[1]), ["What,\nand why?", "score", "score (2)", "score (3)"], "an empty cell without a name");

    let quoted = "text;n\n\"a, b, c\";1\n\"d, e, f\";2\n\"g, h, i\";3\n";
    assert_eq!(container_of("x.csv", quoted), Container::Table(Delimiter::Semicolon));
}
