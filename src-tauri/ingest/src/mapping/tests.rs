use expect_test::expect;

use super::*;

#[test]
fn a_suggestion_says_what_it_rests_on() {
    let file = crate::tests::written("x.csv", "Review,когда\nslow and wrong,2026-05-04\nfine,2026-05-05\n");
    let (_, rows) = crate::tests::first_rows(&file.path).unwrap();
    let found = super::suggested(&crate::columns(&rows), &rows);
    let of = |column: &str| found.iter().find(|one| one.column == column).map(|one| (one.target.as_str(), one.by));
    assert_eq!(of("Review"), Some(("comment", super::Evidence::Name)));
    assert_eq!(of("когда"), Some(("created_at", super::Evidence::Values)));
    assert_eq!(of("none"), None);
}

#[test]
fn a_mapping_is_read_and_written() {
    let text = "comment=content,score=score,environment=\"pro, \"\"x\"\"\",label=[What, and why?],metadata.country=cc";
    let mapping = Mapping::parse(text).unwrap();
    assert_eq!(mapping.to_string(), text);
    assert_eq!(Mapping::parse(&mapping.to_string()).unwrap(), mapping);
    assert_eq!(mapping.entries().nth(2), Some(("environment", &Value::Constant("pro, \"x\"".into()))));
}

#[test]
fn a_wrong_mapping_names_what_there_is() {
    let error = |text: &str| Mapping::parse(text).unwrap_err();
    assert_eq!(error("remark=content").message, "there is no field \"remark\" to map to");
    assert!(error("remark=content").hint.is_some_and(|hint| hint.contains("comment, correction")));
    assert_eq!(error("comment").message, "\"comment\" in the mapping is not FIELD=COLUMN");
    assert_eq!(error("comment=").message, "comment is mapped to no column");
    assert_eq!(error("comment=a,comment=b").message, "comment is mapped twice");
    assert_eq!(error("comment=\"a").message, "a quote or bracket in the mapping never closes: \"comment=\\\"a\"");
    assert_eq!(error("feedback_type=\"stars\"").message, "there is no feedback type \"stars\"");
    assert_eq!(error(" , ").message, "the mapping is empty");
}

#[test]
fn names_and_values_suggest_a_mapping() {
    let rows: Vec<Row<'_>> = [
        r#"{"reviewId":"a","content":"very good","score":"5","at":"2025-03-29 12:40:17","appVersion":"1.2"}"#,
        r#"{"reviewId":"b","content":"no","score":"1","at":"2025-03-30 12:40:17","appVersion":"1.2"}"#,
    ]
    .iter()
    .map(|text| Row::from_json_text(text).unwrap())
    .collect();
    let columns = ["reviewId", "content", "score", "at", "appVersion"];
    assert_eq!(
        suggest(&columns, &rows).to_string(),
        "created_at=at,score=score,comment=content,model_version=appVersion,id=reviewId"
    );
    // Messages of a machine, and structures, are nobody's comment.
    let rows = [Row::from_json_text(r#"{"status_message":"it failed","body":{"a":1}}"#).unwrap()];
    assert!(suggest(&["status_message", "body"], &rows).is_empty());
    // A score that is no score, a time that is no time.
    let rows = [Row::from_json_text(r#"{"score":"12345","at":"work","name":"x"}"#).unwrap()];
    assert!(suggest(&["score", "at", "name"], &rows).is_empty());
}

/// The records that a row becomes, a line each.
fn rows(mapping: &str, json: &str) -> String {
    let mut row = Row::from_json_text(json).unwrap();
    let line = |row: &Row<'_>| {
        let cells = row.cells().filter(|(_, cell)| !cell.is_null());
        cells.map(|(key, cell)| format!("{key}={}", cell.to_json())).collect::<Vec<_>>().join(" ") + "\n"
    };
    Mapping::parse(mapping).unwrap().rows(&mut row).unwrap().iter().map(line).collect()
}

const SURVEY: &str = r#"{"id":"r","who":{"plan":"pro","city":"Ulm"},
    "answers":[{"n":4,"text":"fine"},{"n":1,"text":"no","x":{"y":[1]}}]}"#;

#[test]
fn a_list_is_taken_apart_for_what_a_record_has_one_of() {
    expect![[r#"
        score=4 comment="fine" user_role="pro" metadata.who.city="Ulm" id="r-1"
        score=1 comment="no" user_role="pro" metadata.answers.x.y=[1] metadata.who.city="Ulm" id="r-2"
    "#]]
    .assert_eq(&rows("id=id,score=answers[].n,comment=answers[].text,user_role=who.plan", SURVEY));
    // The id of an element is the record's own.
    let own = r#"{"survey":"s","a":{"items":[{"id":"x","n":1},{"id":"y","n":2}]}}"#;
    expect![[r#"
        score_name="s" id="x" score=1
        score_name="s" id="y" score=2
    "#]]
    .assert_eq(&rows("id=a.items[].id,score=a.items[].n,score_name=survey", own));
    // Nothing to take apart: the row is still a record.
    expect![[r#"
        id="r"
    "#]]
    .assert_eq(&rows("id=id,score=answers[].n", r#"{"id":"r","answers":[]}"#));
}

#[test]
fn texts_and_lists_are_joined() {
    expect![[r#"
        id="r" metadata.who={"city":"Ulm","plan":"pro"} comment="fine\nno" reasons=[4,1] metadata.all=["fine","no"] metadata.answers=[{},{"x":{"y":[1]}}]
    "#]]
        .assert_eq(&rows("id=id,comment=answers[].text,reasons=answers[].n,metadata.all=answers[].text", SURVEY));
    let error = Mapping::parse("score=a[].n,label=b[].n").unwrap_err();
    assert_eq!(error.message, "records are made of a, so label has no one value in b");
    assert!(Mapping::parse("score=a[].n,reasons=b[].n").is_ok());
}

#[test]
fn objects_in_the_cells_of_a_table_are_reached() {
    let mut row = Row::new(vec![
        ("data".into(), Cell::Text("{'rating': 2, 'why': ['slow'], 'who': None}".into())),
        ("a.b".into(), Cell::Text("column of that name".into())),
    ]);
    let mapped = Mapping::parse("score=data.rating,comment=a.b").unwrap().rows(&mut row).unwrap();
    let cells: Vec<_> = mapped[0].cells().map(|(key, cell)| format!("{key}={}", cell.to_json())).collect();
    assert_eq!(cells, ["comment=\"column of that name\"", "score=2", "metadata.data.why=[\"slow\"]"]);
}

#[test]
fn a_list_without_end_is_not_multiplied() {
    let long = format!(r#"{{"text":"{}","a":[{}]}}"#, "x".repeat(100_000), vec![r#"{"n":1}"#; 2000].join(","));
    let mut row = Row::from_json_text(&long).unwrap();
    let reason = Mapping::parse("score=a[].n").unwrap().rows(&mut row).unwrap_err();
    assert_eq!(reason, "a list of 2000 is too long to make records of in so large a row");
}

#[test]
fn a_file_holds_a_mapping() {
    let mapping = Mapping::from_file_text(
        "\u{feff}# ours, since May\r\ncomment=[What, and why?]\r\n\r\n  score=data.stars, id=[#]\nenvironment=\"a#b\"\n",
    );
    assert_eq!(mapping.unwrap().to_string(), "comment=[What, and why?],score=data.stars,id=#,environment=\"a#b\"");
    let error = |text: &str| Mapping::from_file_text(text).unwrap_err().message;
    assert_eq!(error("comment=a\n\nremark=b"), "line 3: there is no field \"remark\" to map to");
    assert_eq!(error("# nothing\n"), "the mapping is empty");
    let lists = "score=answers[].n,reasons=[a,b[].c]";
    assert_eq!(Mapping::parse(lists).unwrap().to_string(), lists);
}

#[test]
fn tables_with_the_same_header_have_the_same_fingerprint() {
    let of = columns_fingerprint;
    assert_eq!(of(&["b", "a"]), of(&["a", "b"]));
    assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    assert_eq!(of(&[]).len(), 64);
}

fn suggested(lines: &[&str]) -> String {
    let rows: Vec<Row<'_>> = lines.iter().map(|line| Row::from_json_text(line).unwrap()).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (key, _) in rows.iter().flat_map(Row::cells) {
        if !columns.contains(&key) {
            columns.push(key);
        }
    }
    suggest(&columns, &rows).to_string()
}

#[test]
fn fields_of_objects_and_lists_are_suggested() {
    assert_eq!(
        suggested(&[
            r#"{"id":"1","data":{"rating":-1,"comment":"no","tags":["a"]},"meta":{"chat_id":"c","model":{"name":"m"}},"user":{"id":"u"}}"#
        ]),
        "score=data.rating,comment=data.comment,model=meta.model.name,session_id=meta.chat_id,id=id,user_id=user.id,tags=data.tags"
    );
    assert_eq!(
        suggested(&[r#"{"id":"1","answers":[{"rating":4,"text":"fine"},{"rating":2,"text":"so so"}]}"#]),
        "score=answers[].rating,comment=answers[].text,id=id"
    );
    // A conversation is nobody's comment, an error's text neither.
    assert_eq!(
        suggested(&[r#"{"messages":[{"role":"user","content":"hi"}],"error":{"text":"it broke","value":3}}"#]),
        ""
    );
}

#[test]
fn values_speak_where_names_do_not() {
    let line = |stars: u8, sign: &str, day: u8, text: &str| {
        format!(r#"{{"q1":{stars},"q2":"{sign}","d":"2026-05-0{day} 10:00","q3":"{text}","n":7}}"#)
    };
    let lines = [
        line(1, "up", 1, "It told me the wrong price"),
        line(4, "down", 2, "I had to ask three times"),
        line(5, "up", 3, "quick and to the point"),
        line(2, "up", 4, "what a lovely machine"),
        line(3, "down", 5, "nobody can read this"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(suggested(&lines), "score=q2,comment=q3,created_at=d");
    let stars: Vec<String> = lines.iter().map(|line| line.replace("\"up\"", "7").replace("\"down\"", "8")).collect();
    let stars: Vec<&str> = stars.iter().map(String::as_str).collect();
    assert_eq!(suggested(&stars), "score=q1,comment=q3,created_at=d");
    // Few labels beside a text are its labels; countries are not.
    let labelled: Vec<String> = (0..12)
        .map(|number| {
            format!(
                r#"{{"text":"question {number} of a user","country":"de","k":"{}"}}"#,
                ["bug", "praise"][number % 2]
            )
        })
        .collect();
    let labelled: Vec<&str> = labelled.iter().map(String::as_str).collect();
    assert_eq!(suggested(&labelled), "comment=text,label=k");
    // A list of customers is no feedback, whatever its columns hold.
    let customers: Vec<String> = (1..9)
        .map(|number| format!(r#"{{"name":"Mrs {number}","address":"{number} Long Street, Town","since":"2020-01-0{number}","visits":{number}}}"#))
        .collect();
    let customers: Vec<&str> = customers.iter().map(String::as_str).collect();
    assert_eq!(suggested(&customers), "");
}

#[test]
fn versions_of_prompts_and_roles_of_messages_are_not_mistaken() {
    assert_eq!(
        suggested(&[r#"{"comment":"a b","prompt_version":"3","schema_version":"1","role":"assistant"}"#]),
        "comment=comment,prompt_version=prompt_version"
    );
}

#[test]
fn a_mapping_of_any_names_reads_back_as_it_was_written() {
    let names = [
        "plain",
        "What, and why?",
        "a=b",
        " edges ",
        "say \"hi\"",
        "answers[].text",
        "odd] one",
        "[x",
        "b\",metadq\r why?],s=b\"",
        "{braces}",
        "tab\tand\nline",
        "back\\slash]",
        "ends with ]",
        "[]",
        "[].text",
        "מה, למה?",
    ];
    for name in names {
        for target in ["comment".to_owned(), format!("metadata.{name}")] {
            let mut mapping = Mapping::default();
            mapping.set(&target, Value::Column(name.to_owned())).unwrap();
            mapping.set("environment", Value::Constant(name.to_owned())).unwrap();
            let text = mapping.to_string();
            assert_eq!(Mapping::parse(&text).unwrap(), mapping, "{text}");
        }
    }
}
