//! Small files of annotation, survey and support tools, a vector store and a document store: what they become.

use expect_test::expect;

use super::*;
use crate::{canonical, formats::firestore};

#[test]
fn typeform_responses_of_the_api() {
    check(
        "typeform/responses.json",
        &expect![[r#"
            Typeform responses (JSON), 3 records
            {"kind":"feedback","id":"21085286190ffad1248d17c4135ee56f/helpful","created_at":"2026-07-02T09:38:22Z","session_id":"s4","turn_id":"tr9","feedback_type":"rating","author":"human","score_name":"helpful","score":2.0,"comment":"It invented a rule\r\n\"60 days\" =SUM(A1)\nsecond text","model":"gpt-4o","model_version":"gpt-4o","environment":"prod","user_role":"admin","metadata":{"calculated_score":"3","consent":"true","platform":"mobile","referer":"https://form.example/to/x","seats":"40","shop":"de","variable_cohort":"b"}}
            {"kind":"feedback","id":"21085286190ffad1248d17c4135ee56f/recommend","created_at":"2026-07-02T09:38:22Z","session_id":"s4","turn_id":"tr9","feedback_type":"rating","author":"human","score_name":"recommend","score":6.0,"model":"gpt-4o","model_version":"gpt-4o","environment":"prod","user_role":"admin","metadata":{"calculated_score":"3","consent":"true","platform":"mobile","referer":"https://form.example/to/x","seats":"40","shop":"de","variable_cohort":"b"}}
            {"kind":"feedback","id":"21085286190ffad1248d17c4135ee56f/why","created_at":"2026-07-02T09:38:22Z","session_id":"s4","turn_id":"tr9","feedback_type":"category","author":"human","score_name":"why","reasons":["Invented","Too long","Rude 🙄"],"model":"gpt-4o","model_version":"gpt-4o","environment":"prod","user_role":"admin","metadata":{"calculated_score":"3","consent":"true","platform":"mobile","referer":"https://form.example/to/x","seats":"40","shop":"de","variable_cohort":"b"}}
            {"kind":"feedback","id":"21085286190ffad1248d17c4135ee56f/solved","created_at":"2026-07-02T09:38:22Z","session_id":"s4","turn_id":"tr9","feedback_type":"thumb","author":"human","score_name":"solved","score":0.0,"label":"no","score_type":"boolean","model":"gpt-4o","model_version":"gpt-4o","environment":"prod","user_role":"admin","metadata":{"calculated_score":"3","consent":"true","platform":"mobile","referer":"https://form.example/to/x","seats":"40","shop":"de","variable_cohort":"b"}}
            {"kind":"feedback","id":"21085286190ffad1248d17c4135ee56f/better_answer","created_at":"2026-07-02T09:38:22Z","session_id":"s4","turn_id":"tr9","feedback_type":"correction","author":"human","score_name":"better_answer","correction":"30 days","model":"gpt-4o","model_version":"gpt-4o","environment":"prod","user_role":"admin","metadata":{"calculated_score":"3","consent":"true","platform":"mobile","referer":"https://form.example/to/x","seats":"40","shop":"de","variable_cohort":"b"}}
            {"kind":"feedback","id":"b/comment","created_at":"2026-07-02T09:41:00Z","feedback_type":"comment","author":"human","score_name":"tell-us","comment":"no score here"}
            {"kind":"feedback","id":"c/thumb","created_at":"2026-07-02T09:41:00Z","turn_id":"c:turn","feedback_type":"thumb","author":"human","score_name":"thumb","label":"👎","query":"Refund after 60 days?","output":""}
            {"kind":"turn","id":"c:turn","weight":"fill","query":"Refund after 60 days?","output":""}
            no place for answers (email) (1)
            no place for email (1)
        "#]],
    );
}

#[test]
fn typeform_responses_as_a_table() {
    check(
        "typeform/responses.csv",
        &expect![[r#"
            Typeform responses (CSV), 3 records
            {"kind":"feedback","id":"a1","created_at":"2026-07-02T09:31:00Z","turn_id":"tr1","feedback_type":"rating","author":"human","score_name":"How helpful was the answer, from 0 to 10?","score":2.0,"reasons":["Invented things"],"comment":"It said \"60 days\", wrongly","environment":"prod","tags":["beta"],"metadata":{"Response Type":"completed","Start Date (UTC)":"2026-07-02 09:30:00"}}
            {"kind":"feedback","id":"a2","created_at":"2026-07-02T10:31:00Z","turn_id":"tr2","feedback_type":"rating","author":"human","score_name":"How helpful was the answer, from 0 to 10?","score":9.0,"comment":"quick and to the point","environment":"prod","metadata":{"Response Type":"completed","Start Date (UTC)":"2026-07-02 10:30:00"}}
            {"kind":"feedback","id":"a3","created_at":"2026-07-02T11:31:00Z","turn_id":"tr3","feedback_type":"rating","author":"human","score_name":"How helpful was the answer, from 0 to 10?","score":0.0,"reasons":["Too slow","Invented things"],"environment":"staging","metadata":{"Response Type":"completed","Start Date (UTC)":"2026-07-02 11:30:00"}}
        "#]],
    );
}

#[test]
fn chameleon_responses() {
    check(
        "chameleon/responses.json",
        &expect![[r#"
            Chameleon responses (JSON), 3 records
            {"kind":"feedback","id":"5f3c4232c712de665632a6d5","created_at":"2026-07-02T09:20:09Z","session_id":"s 4","turn_id":"tr9","feedback_type":"thumb","author":"human","score_name":"5f3a","label":"👎","reasons":["Incorrect"],"comment":"slow and wrong","user_id":"5e3b","user_role":"admin","metadata":{"button_id":"5e3c","button_order":"1","page":"https://app.example/chat","plan_name":"pro","utm":"x"}}
            {"kind":"feedback","id":"5f3c4232c712de665632a6d6","created_at":"2026-07-02T09:21:00Z","feedback_type":"rating","author":"human","score_name":"5f3b","score":4.0,"label":"4","user_id":"5e3d","metadata":{"button_id":"5e3e","button_order":"3","page":"https://app.example/"}}
            3 @846 nothing was pressed, chosen or written | "{\"id\": \"5f3c4232c712de665632a6d7\", \"crea"
            no place for email (1)
        "#]],
    );
}

#[test]
fn zendesk_ratings() {
    check(
        "zendesk/satisfaction_ratings.json",
        &expect![[r#"
        Zendesk satisfaction ratings (JSON), 4 records
        {"kind":"feedback","id":"zendesk-rating-35436","created_at":"2026-07-02T22:55:29Z","session_id":"zendesk-ticket-208","feedback_type":"thumb","author":"human","score_name":"satisfaction","label":"bad","polarity":"negative","reasons":["The issue was not resolved"],"comment":"The bot \"closed\" it\r\nagain 🙁","user_id":"7881","metadata":{"assignee_id":"135","group_id":"44","reason_id":"12","url":"https://x.example/api/v2/satisfaction_ratings/35436.json"}}
        {"kind":"feedback","id":"zendesk-rating-35437","created_at":"2026-07-03T08:00:00Z","session_id":"zendesk-ticket-209","feedback_type":"thumb","author":"human","score_name":"satisfaction","label":"good","polarity":"positive","user_id":"7882"}
        4 @704 a rating has no score "superb": good, bad, offered or unoffered | "{\"id\": 35439, \"requester_id\": 7883, \"tic"
    "#]],
    );
}

#[test]
fn zendesk_survey_responses() {
    check(
        "zendesk/survey_responses.json",
        &expect![[r#"
            Zendesk CSAT responses (JSON), 2 records
            {"kind":"feedback","id":"zendesk-survey-01J1WB51MG6HXTYWE6Q0C93RNW/csat","created_at":"2026-07-03T09:00:05Z","session_id":"zendesk-ticket-208","feedback_type":"rating","author":"human","score_name":"csat","score":2.0,"reasons":["It took too long"],"comment":"three days","user_id":"7881","metadata":{"survey":"01J58KJ9RAE0D2EK7HRVM7Z8F2","survey_version":"3"}}
        "#]],
    );
}

#[test]
fn zendesk_tickets() {
    check(
        "zendesk/tickets.jsonl",
        &expect![[r#"
        Zendesk tickets (JSON lines), 3 records
        {"kind":"turn","id":"zendesk-ticket-208/1","session_id":"zendesk-ticket-208","created_at":"2026-07-01T10:00:00Z","position":0,"query":"Where is my refund?","output":"Within 60 days.","user_id":"7881","tags":["billing","bot"]}
        {"kind":"turn","id":"zendesk-ticket-208/2","session_id":"zendesk-ticket-208","created_at":"2026-07-01T11:05:00Z","position":1,"output":"Sorry, 30 days.","user_id":"7881","tags":["billing","bot"]}
        {"kind":"turn","id":"zendesk-ticket-208/3","session_id":"zendesk-ticket-208","created_at":"2026-07-01T12:00:00Z","position":2,"query":"=SUM(1) thanks","user_id":"7881","tags":["billing","bot"]}
        {"kind":"feedback","id":"zendesk-rating-35436","created_at":"2026-07-02T22:55:29Z","session_id":"zendesk-ticket-208","feedback_type":"thumb","author":"human","score_name":"satisfaction","label":"bad","polarity":"negative","reasons":["The issue was not resolved"],"comment":"The bot \"closed\" it\r\nagain 🙁","user_id":"7881","tags":["billing","bot"]}
        {"kind":"session","id":"zendesk-ticket-208","started_at":"2026-07-01T10:00:00Z","user_id":"7881","metadata":{"channel":"web","field_360":"tr9","status":"solved","subject":"Refund"}}
        {"kind":"turn","id":"zendesk-ticket-209/1","session_id":"zendesk-ticket-209","created_at":"2026-07-01T10:00:00Z","position":0,"query":"にゃー","user_id":"7882"}
        {"kind":"session","id":"zendesk-ticket-209","started_at":"2026-07-01T10:00:00Z","user_id":"7882","metadata":{"priority":"high","status":"open","subject":"ぬこ"}}
        {"kind":"turn","id":"zendesk-ticket-210/1","session_id":"zendesk-ticket-210","created_at":"2026-07-01T10:00:00Z","position":0,"query":"y","user_id":"7882"}
        {"kind":"session","id":"zendesk-ticket-210","started_at":"2026-07-01T10:00:00Z","user_id":"7882","metadata":{"priority":"high","status":"open","subject":"x"}}
        no place for comments (internal) (1)
    "#]],
    );
}

#[test]
fn firestore_documents() {
    let query = check(
        "firestore/query.json",
        &expect![[r#"
        Firestore documents (JSON), 4 records
        {"kind":"feedback","id":"F1","created_at":"2026-07-02T09:20:00Z","turn_id":"tr9","feedback_type":"rating","author":"human","score":1.0,"comment":"It invented \"a\" rule\r\n👎","model":"gpt-4o","environment":"prod","tags":["beta","7"],"metadata":{"collection":"feedback","latitude":"1.5","longitude":"2","name":"Anna"}}
        {"kind":"turn","id":"T1","session_id":"C1","created_at":"2026-07-02T09:20:01Z","query":"{\"looks\":\"like JSON\"}","output":"","metadata":{"collection":"turns"}}
        3 @1037 the document speaks neither of feedback nor of a turn | "{\"document\": {\"name\": \"projects/p/databa"
    "#]],
    );
    assert_eq!(read_records("firestore/list.json"), query.records());
}

#[test]
fn firestore_dumps() {
    check(
        "firestore/dump.json",
        &expect![[r#"
        Firestore documents (JSON), 3 records
        {"kind":"turn","id":"T1","session_id":"C1","created_at":"2026-07-02T09:20:00.000005Z","query":"{\"looks\":\"like JSON\"}","output":"","metadata":{"collection":"turns","parent_document":"C1"}}
        {"kind":"feedback","id":"F1","created_at":"2026-07-02T09:20:00Z","turn_id":"tr9","feedback_type":"rating","author":"human","score":1.0,"comment":"It invented \"a\" rule\r\n👎","model":"gpt-4o","environment":"prod","tags":["beta","7"],"metadata":{"collection":"feedback","name":"Anna"}}
    "#]],
    );
    check(
        "firestore/map.json",
        &expect![[r#"
        Firestore documents (JSON), 2 records
        {"kind":"feedback","id":"F1","created_at":"2026-07-02T09:20:00Z","feedback_type":"rating","author":"human","score":1.0,"comment":"no","metadata":{"collection":"feedback"}}
        {"kind":"feedback","id":"F2","session_id":"s1","feedback_type":"thumb","author":"human","score":1.0,"label":"up","metadata":{"collection":"feedback"}}
    "#]],
    );
    assert!(!firestore::is_managed_export(&std::fs::read(fixture("firestore/map.json")).unwrap()));
}

#[test]
fn argilla_records() {
    check(
        "argilla/records_v2.json",
        &expect![[r#"
        Argilla records (JSON), 2 records
        {"kind":"vector","model":"argilla-minilm-2","text":"Refund after 60 days?","vector":[0.5,1.0]}
        {"kind":"feedback","id":"r1/u1/best","session_id":"s1","turn_id":"r1","feedback_type":"preference","author":"human","score_name":"best","label":"reply-2","metadata":{"annotator":"u1","ranking":"[{\"rank\":1,\"value\":\"reply-2\"},{\"rank\":2,\"value\":\"reply-1\"}]"}}
        {"kind":"feedback","id":"r1/u1/better_answer","session_id":"s1","turn_id":"r1","feedback_type":"correction","author":"human","score_name":"better_answer","correction":"30 days","metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u1/comment","session_id":"s1","turn_id":"r1","feedback_type":"comment","author":"human","score_name":"comment","comment":"no","metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u1/issues","session_id":"s1","turn_id":"r1","feedback_type":"category","author":"human","score_name":"issues","label":"made up","reasons":["made up"],"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u1/issues/2","session_id":"s1","turn_id":"r1","feedback_type":"category","author":"human","score_name":"issues","label":"too long","reasons":["too long"],"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u1/quality","session_id":"s1","turn_id":"r1","feedback_type":"rating","author":"human","score_name":"quality","score":1.0,"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u2/quality","session_id":"s1","turn_id":"r1","feedback_type":"rating","author":"human","score_name":"quality","score":5.0,"metadata":{"annotator":"u2"}}
        {"kind":"feedback","id":"r1/u1/spans","session_id":"s1","turn_id":"r1","feedback_type":"annotation","author":"human","score_name":"spans","label":"wrong","reasons":["wrong"],"span":{"target":"output","start":7,"end":14,"quote":"60 days"},"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/u1/thumbs","session_id":"s1","turn_id":"r1","feedback_type":"thumb","author":"human","score_name":"thumbs","label":"👎","metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"r1/suggestion/quality","session_id":"s1","turn_id":"r1","feedback_type":"rating","author":"judge","score_name":"quality","score":4.0,"confidence":0.9,"metadata":{"agent":"judge-1"}}
        {"kind":"turn","id":"r1","session_id":"s1","query":"Refund after 60 days?","output":"Yes 🎉, 60 days.","model":"gpt-4o","model_version":"gpt-4o","metadata":{"record_status":"completed","split":"train"}}
        {"kind":"turn","id":"r2","output":"only one text","metadata":{"record_status":"pending"}}
        no place for _server_id (2)
    "#]],
    );
    check(
        "argilla/records_v1.jsonl",
        &expect![[r#"
        Argilla records (JSON lines), 1 records
        {"kind":"feedback","id":"e1/u1/label","turn_id":"e1","feedback_type":"category","author":"human","score_name":"label","label":"bad","reasons":["bad"],"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"e1/u1/quality","turn_id":"e1","feedback_type":"rating","author":"human","score_name":"quality","score":1.0,"metadata":{"annotator":"u1"}}
        {"kind":"feedback","id":"e1/suggestion/label","turn_id":"e1","feedback_type":"category","author":"judge","score_name":"label","label":"bad","reasons":["bad"],"confidence":0.7,"metadata":{"agent":"m"}}
        {"kind":"turn","id":"e1","query":"Refund after 60 days?","output":"Yes"}
    "#]],
    );
}

#[test]
fn label_studio_tasks() {
    check(
        "label_studio/tasks.json",
        &expect![[r#"
            Label Studio tasks (JSON), 2 records
            {"kind":"feedback","id":"label-studio-task-7/70/good?","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"thumb","author":"human","score_name":"good?","label":"thumbs_down","comment":"not sure","metadata":{"annotator":"3","comment_control":"why","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/stars","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"rating","author":"human","score_name":"stars","score":2.0,"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/issue","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"issue","label":"vague","reasons":["vague"],"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/issue/2","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"issue","label":"long","reasons":["long"],"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/rewrite","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"correction","author":"human","score_name":"rewrite","correction":"yes","metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/mark","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"annotation","author":"human","score_name":"mark","label":"wrong","reasons":["wrong"],"comment":"see wiki","span":{"target":"output","start":3,"end":6,"quote":"yes"},"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/mark/2","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"annotation","author":"human","score_name":"mark","label":"odd","reasons":["odd"],"span":{"target":"query","start":3,"end":4,"quote":"🎉"},"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/mark/3","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"annotation","author":"human","score_name":"mark","label":"source","reasons":["source"],"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","region":"{\"end\":\"/div[1]/text()[1]\",\"endOffset\":3,\"labels\":[\"source\"],\"start\":\"/div[1]/text()[1]\",\"startOffset\":0,\"text\":\"Doc\"}","to_name":"doc"}}
            {"kind":"feedback","id":"label-studio-task-7/70/tax","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"tax","label":"Billing > Refund","reasons":["Billing > Refund"],"metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/remark","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"comment","author":"human","score_name":"remark","comment":"on its own","metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/70/remark/2","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"comment","author":"human","score_name":"remark","comment":"and another","metadata":{"annotator":"3","ground_truth":"true","lead_time":"3.5","to_name":"txt"}}
            {"kind":"feedback","id":"label-studio-task-7/prediction/9","created_at":"2026-05-01T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"rating","author":"judge","score_name":"judge-x","score":0.25,"comment":"made up"}
            {"kind":"turn","id":"label-studio-task-7","session_id":"c1","query":"is 🎉 it?","documents":[{"id":"k","content":"Doc"}],"output":"🎉🎉 yes, it is\r\n\"fine\"","model":"m-1","model_version":"m-1","metadata":{"batch":"b","project":"1","task":"7","topic":"x"}}
            {"kind":"feedback","id":"label-studio-task-8/80/sentiment","created_at":"2026-05-02T00:00:00Z","turn_id":"label-studio-task-8","feedback_type":"category","author":"human","score_name":"sentiment","label":"Negative","reasons":["Negative"],"metadata":{"annotator":"4","to_name":"text"}}
            {"kind":"turn","id":"label-studio-task-8","output":"one text to judge","metadata":{"task":"8"}}
            no place for annotations.result (videorectangle) (1)
        "#]],
    );
}

#[test]
fn label_studio_rows() {
    check(
        "label_studio/min.json",
        &expect![[r#"
            Label Studio annotations (JSON), 3 records
            {"kind":"feedback","id":"label-studio-task-7/70/good?","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"thumb","author":"human","score_name":"good?","label":"thumbs_down","comment":"not sure about that one","metadata":{"annotator":"3","comment_control":"why","lead_time":"1.5"}}
            {"kind":"feedback","id":"label-studio-task-7/70/stars","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"rating","author":"human","score_name":"stars","score":2.0,"metadata":{"annotator":"3","lead_time":"1.5"}}
            {"kind":"feedback","id":"label-studio-task-7/70/issue","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"issue","label":"vague","reasons":["vague"],"metadata":{"annotator":"3","lead_time":"1.5"}}
            {"kind":"feedback","id":"label-studio-task-7/70/issue/2","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"issue","label":"long","reasons":["long"],"metadata":{"annotator":"3","lead_time":"1.5"}}
            {"kind":"feedback","id":"label-studio-task-7/70/mark","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"annotation","author":"human","score_name":"mark","label":"wrong","reasons":["wrong"],"span":{"target":"output","start":3,"end":6,"quote":"yes"},"metadata":{"annotator":"3","lead_time":"1.5"}}
            {"kind":"turn","id":"label-studio-task-7","session_id":"c1","query":"is 🎉 it?","documents":[{"id":"k","content":"Doc"}],"output":"🎉🎉 yes, it is\n\"fine\"","model":"m-1","model_version":"m-1","metadata":{"task":"7","topic":"x"}}
            {"kind":"feedback","id":"label-studio-task-7/72/issue","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"category","author":"human","score_name":"issue","label":"vague","reasons":["vague"],"metadata":{"annotator":"4","lead_time":"1.5"}}
            {"kind":"feedback","id":"label-studio-task-7/72/stars","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"rating","author":"human","score_name":"stars","score":5.0,"metadata":{"annotator":"4","lead_time":"1.5"}}
            {"kind":"turn","id":"label-studio-task-7","session_id":"c1","query":"is 🎉 it?","documents":[{"id":"k","content":"Doc"}],"output":"🎉🎉 yes, it is\n\"fine\"","model":"m-1","model_version":"m-1","metadata":{"task":"7","topic":"x"}}
            {"kind":"feedback","id":"label-studio-task-7/73/good?","created_at":"2026-05-02T00:00:00Z","session_id":"c1","turn_id":"label-studio-task-7","feedback_type":"thumb","author":"human","score_name":"good?","label":"thumbs_up","metadata":{"annotator":"5","lead_time":"1.5"}}
            {"kind":"turn","id":"label-studio-task-7","session_id":"c1","query":"is 🎉 it?","documents":[{"id":"k","content":"Doc"}],"output":"🎉🎉 yes, it is\n\"fine\"","model":"m-1","model_version":"m-1","metadata":{"task":"7","topic":"x"}}
        "#]],
    );
    // Alphabetical columns and JSON in cells come to the same feedback.
    let mut sets = ["label_studio/flat.csv", "label_studio/min.json"].map(|name| {
        let mut lines: Vec<String> = read_records(name).iter().map(canonical::write).collect();
        lines.sort();
        lines
    });
    assert_eq!(sets[0].len(), sets[1].len());
    sets.iter_mut().for_each(|lines| lines.retain(|line| line.contains("\"feedback\"")));
    assert_eq!(sets[0], sets[1]);
}

#[test]
fn chroma_collections() {
    let whole = check(
        "chroma/get.json",
        &expect![[r#"
        Chroma collection (JSON), 6 records
        {"kind":"turn","id":"t1","weight":"fill","session_id":"s1","created_at":"2026-05-02T00:00:00Z","query":"q\r\n\"1\"","output":"","model":"m","model_version":"m"}
        {"kind":"feedback","id":"c0","created_at":"2026-05-02T00:00:00Z","session_id":"s1","turn_id":"t1","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":0.0,"label":"down","comment":"no 🎉","query":"q\r\n\"1\"","output":"","model":"m","metadata":{"annotator_kind":"HUMAN","document":"down | q"}}
        {"kind":"vector","model":"chroma-2","text":"down | q","vector":[0.5,-1.0]}
        {"kind":"feedback","id":"c1","turn_id":"t1","feedback_type":"rating","author":"judge","score_name":"faithfulness","score":0.9,"metadata":{"annotator_kind":"LLM","document":"judge"}}
        {"kind":"vector","model":"chroma-2","text":"judge","vector":[0.0,1.0]}
        {"kind":"feedback","id":"c2","session_id":"s1","feedback_type":"implicit","author":"human","score_name":"user_action","score":1.0,"label":"copy","metadata":{"annotator_kind":"CODE","document":"copied"}}
        {"kind":"vector","model":"chroma-2","text":"copied","vector":[1.0,0.0]}
        {"kind":"feedback","id":"c3","feedback_type":"rating","author":"human","score":4.0,"comment":"quick and clear"}
        {"kind":"vector","model":"chroma-2","text":"quick and clear","vector":[0.25,0.25]}
        {"kind":"turn","id":"c4","weight":"fill","session_id":"s1","query":"what is it?","model":"m","model_version":"m"}
        {"kind":"vector","model":"chroma-2","text":"what is it?","vector":[0.5,0.5]}
        {"kind":"vector","model":"chroma-2","text":"handbook","vector":[0.0,0.125]}
    "#]],
    );
    assert_eq!(read_records("chroma/get.csv").len(), whole.records().len());
    check(
        "chroma/query.json",
        &expect![[r#"
        Chroma collection (JSON), 2 records
        {"kind":"turn","id":"t1","weight":"fill","session_id":"s1","created_at":"2026-05-02T00:00:00Z","query":"q\r\n\"1\"","output":"","model":"m","model_version":"m"}
        {"kind":"feedback","id":"c0","created_at":"2026-05-02T00:00:00Z","session_id":"s1","turn_id":"t1","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":0.0,"label":"down","comment":"no 🎉","query":"q\r\n\"1\"","output":"","model":"m","metadata":{"annotator_kind":"HUMAN","document":"down | q"}}
        {"kind":"feedback","id":"c3","feedback_type":"rating","author":"human","score":4.0,"comment":"quick and clear"}
        no place for distances (1)
    "#]],
    );
}

fn read_records(name: &str) -> Vec<Record> {
    let path = fixture(name);
    let recognised = recognise(&path, &ReadOptions::default()).unwrap();
    let mut collected = Collected::default();
    read(&path, &recognised, &mut collected, &Job::quiet()).unwrap();
    collected.records.into_iter().map(|(_, record)| record).collect()
}

/// What documentation and test suites of the tools show is known for what it is.
#[test]
fn samples_from_elsewhere_are_recognised() {
    for (name, format, count) in
        [("typeform_response_item1.json", "typeform", 7), ("zendesk_tickets.json", "zendesk", 0)]
    {
        let Some(path) = shared(&format!("data/export_other_docs/{name}")) else { return };
        let outcome = read_file(&path);
        assert_eq!(outcome.recognised.format.name(), format);
        assert_eq!((outcome.feedback().len(), outcome.rejects()), (count, String::new()), "{name}");
    }
}

/// Files of other tools are not taken for these.
#[test]
fn other_tools_are_left_alone() {
    const OURS: &[&str] =
        &["argilla", "chameleon", "chroma", "delighted", "firestore", "label-studio", "typeform", "zendesk"];
    let Some(folder) = shared("data/real_tools") else { return };
    let paths = expand(&[folder]).unwrap();
    assert!(paths.len() > 30);
    for (input, recognised) in recognise_all(&paths).files {
        let path = input.path();
        let of = path.components().any(|part| matches!(part.as_os_str().to_str(), Some("chroma" | "label_studio")));
        let told = path.file_name().is_some_and(|name| name == "expected.json");
        assert!(of && !told || !OURS.contains(&recognised.format.name()), "{}: {recognised:?}", path.display());
    }
}

/// Values of every wrong kind: a record is rejected or kept in part, and nothing falls over.
#[test]
fn values_of_the_wrong_kind_are_survived() {
    let mut found = String::new();
    for (format, text) in [
        (
            "label-studio",
            r#"[{"id":1,"data":{"query":"q","answer":"a"},"annotations":[{"id":1,"result":[{"type":"labels","value":{"start":18446744073709551615,"end":18446744073709551615,"labels":["x"]}},{"value":[]},5,{"value":{"choices":null,"text":{"a":1}}}]},7,null,"x"],"predictions":"none"},{"id":2,"data":{"a":1},"annotations":{}},{"id":3,"data":{},"annotations":[]}]"#,
        ),
        ("chroma", r#"{"ids":["a",null,{"x":1}],"documents":5,"metadatas":[[1],"x"],"embeddings":[[],["x"]]}"#),
        ("chroma", r#"{"ids":["a",null,{"x":1}],"documents":["d"],"metadatas":[[1],"x"],"embeddings":[[],["x"]]}"#),
        (
            "firestore",
            r#"{"__collections__":{"a":{"b":5,"c":{"__collections__":{"d":[1]}},"e":{"at":{"seconds":9223372036854775807,"nanoseconds":1},"rating":1}}}}"#,
        ),
        (
            "firestore",
            r#"{"documents":[{"name":"x/documents/a/b","fields":{"r":{"integerValue":"x"},"s":5,"t":{}}},{"name":5},7]}"#,
        ),
        (
            "typeform",
            r#"{"items":[{"landing_id":"x","answers":[1,{"type":"number"},{"field":{"type":"rating"},"type":"number","number":"x"},{"type":"choice","choice":5}],"hidden":[]},{"landing_id":"y","answers":null}]}"#,
        ),
        (
            "zendesk",
            r#"{"id":1,"subject":5,"description":[],"requester_id":{},"status":1,"priority":1,"comments":[5,{"body":{}}],"satisfaction_rating":{"score":5}}"#,
        ),
        ("delighted", r#"{"id":1,"survey_type":5,"score":"x","person_properties":[],"additional_answers":{}}"#),
        (
            "argilla",
            r#"[{"id":"r","fields":{"a":1},"responses":[5,{"values":5}],"suggestions":[[]],"vectors":[1]},{"id":"s","fields":{},"responses":{"q":[{"value":[{"start":9,"end":2},{"rank":"x"}]}]},"suggestions":{"q":null}}]"#,
        ),
        (
            "chameleon",
            r#"{"id":1,"survey_id":[],"profile_id":{},"button_order":{},"button_text":[],"href":"%zz?%f=%e2%82&=&a","profile":5}"#,
        ),
    ] {
        let file = written("x.json", text);
        let options = ReadOptions { format: Some(format.into()), ..ReadOptions::default() };
        let recognised = recognise(&file.path, &options).unwrap();
        let mut collected = Collected::default();
        let report = read(&file.path, &recognised, &mut collected, &Job::quiet()).unwrap();
        found += &format!("{format}: {} read, {} records\n", report.read, collected.records.len());
        for reject in &collected.rejects {
            found += &format!("  {}\n", reject.reason);
        }
    }
    expect![[r#"
        label-studio: 3 read, 1 records
          predictions is no list: expected ident at line 1 column 2
          annotations is no list: invalid type: map, expected a sequence at line 1 column 0
        chroma: 1 read, 0 records
          documents is no list
        chroma: 4 read, 0 records
          the embedding is empty or not finite
          its metadata speaks neither of feedback nor of a turn, and it has no vector
          an entry needs an id
          its metadata speaks neither of feedback nor of a turn, and it has no vector
        firestore: 3 read, 1 records
          a document is no object
        firestore: 3 read, 0 records
          the document speaks neither of feedback nor of a turn
          the record is a single value, not an object
        typeform: 2 read, 0 records
          hidden: the record is a list, not an object
        zendesk: 1 read, 0 records
          a rating has no score "5": good, bad, offered or unoffered
        delighted: 1 read, 0 records
          score is not a number: "x"
        argilla: 2 read, 3 records
        chameleon: 1 read, 1 records
    "#]]
    .assert_eq(&found);
}
