//! What the formats of chats and preferences become, record by record.

use expect_test::{Expect, expect};

use super::*;
use crate::canonical;

/// Format, title, counts, then every record as canonical JSON, then what was rejected and what found no place.
fn check(name: &str, expected: &Expect) {
    let outcome = read_file(&fixture(name));
    let mut told =
        format!("{} | {} | {} read\n", outcome.recognised.format.name(), outcome.recognised.title, outcome.report.read);
    for record in outcome.records() {
        told += &canonical::write(&record);
        told.push('\n');
    }
    told += &outcome.rejects();
    for field in &outcome.report.unmapped {
        told += &format!("unmapped {} x{}\n", field.field, field.count);
    }
    // A character that turns the line round must not stand in this source.
    expected.assert_eq(&told.replace('\u{202e}', "\\u202e"));
}

#[test]
fn openai_chat() {
    check(
        "chats/openai_chat.jsonl",
        &expect![[r#"
            openai-chat | OpenAI chat messages (JSON lines) | 6 read
            {"kind":"session","id":"227731c05032442a05352ac3d2c04296","metadata":{"n":"1","shop":"north","tools":"[{\"type\":\"function\",\"function\":{\"name\":\"search\"}}]"}}
            {"kind":"turn","id":"227731c05032442a05352ac3d2c04296/1","session_id":"227731c05032442a05352ac3d2c04296","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"Be brief.\n\nNo prices.","documents":[{"id":"kb-1","title":"Hours","content":"Open 9 to 5.","score":0.9}],"output":"From 9 to 5.","metadata":{"steps":"[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"search\",\"arguments\":\"{\\\"q\\\":\\\"hours\\\"}\"}}]},{\"documents\":1,\"role\":\"tool\",\"tool_call_id\":\"call_1\"}]"}}
            {"kind":"turn","id":"227731c05032442a05352ac3d2c04296/2","session_id":"227731c05032442a05352ac3d2c04296","position":2,"query":"And this?","system_context":"Be brief.\n\nNo prices.","output":"","metadata":{"content_parts":"[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}}]"}}
            {"kind":"turn","id":"227731c05032442a05352ac3d2c04296/3","session_id":"227731c05032442a05352ac3d2c04296","position":3,"query":"Hello?","system_context":"Be brief.\n\nNo prices."}
            {"kind":"feedback","id":"c2/feedback","created_at":"2026-07-02T13:46:40.25Z","session_id":"c2","turn_id":"c2/1","feedback_type":"rating","author":"human","score_name":"rating","score":2.0,"comment":"Not what I asked","user_id":"u7"}
            {"kind":"session","id":"c2","started_at":"2026-07-02T13:46:40.25Z","user_id":"u7"}
            {"kind":"turn","id":"c2/1","session_id":"c2","created_at":"2026-07-02T13:46:40.25Z","position":1,"query":"One","output":"1","model":"gpt-4o","model_version":"2024-08-06","user_id":"u7","tags":["math"],"metadata":{"weight":"0"}}
            {"kind":"feedback","id":"c3/2/feedback","session_id":"c3","turn_id":"c3/2","feedback_type":"thumb","author":"human","score_name":"thumb","label":"up","reasons":["clear","short"],"comment":"good"}
            {"kind":"session","id":"c3"}
            {"kind":"turn","id":"c3/1","session_id":"c3","position":1,"output":"Welcome!"}
            {"kind":"turn","id":"c3/2","session_id":"c3","position":2,"query":"null","output":"null"}
            {"kind":"feedback","id":"c4/feedback/1","session_id":"c4","turn_id":"c4/1","feedback_type":"thumb","author":"human","score_name":"rating","score":1.0,"score_type":"boolean","user_id":"a"}
            {"kind":"feedback","id":"c4/feedback/2","session_id":"c4","turn_id":"c4/1","feedback_type":"thumb","author":"human","score_name":"rating","score":0.0,"score_type":"boolean","correction":"Sunny.","user_id":"b"}
            {"kind":"session","id":"c4"}
            {"kind":"turn","id":"c4/1","session_id":"c4","position":1,"query":"Weather?","output":"I cannot say.","tags":["refusal"],"metadata":{"steps":"[{\"role\":\"assistant\",\"content\":\"Let me look.\",\"tool_calls\":[1]},{\"role\":\"tool\",\"content\":\"sunny\"}]"}}
            {"kind":"session","id":"614116fdbffd4439a9b38dcba30a6d4f"}
            {"kind":"turn","id":"614116fdbffd4439a9b38dcba30a6d4f/1","session_id":"614116fdbffd4439a9b38dcba30a6d4f","position":1,"query":"same","output":"same"}
            {"kind":"session","id":"614116fdbffd4439a9b38dcba30a6d4f-2"}
            {"kind":"turn","id":"614116fdbffd4439a9b38dcba30a6d4f-2/1","session_id":"614116fdbffd4439a9b38dcba30a6d4f-2","position":1,"query":"same","output":"same"}
        "#]],
    );
}

#[test]
fn openai_preference() {
    check(
        "chats/openai_preference.jsonl",
        &expect![[r#"
        openai-preference | OpenAI preferences (JSON lines) | 2 read
        {"kind":"turn","id":"bae7e6b294ff438e35662c4afd472c41/1","session_id":"bae7e6b294ff438e35662c4afd472c41","position":1,"query":"Hi","system_context":"S","output":"Hello"}
        {"kind":"turn","id":"bae7e6b294ff438e35662c4afd472c41/preferred_output","session_id":"bae7e6b294ff438e35662c4afd472c41","position":2,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"S","output":"Better\r\n"}
        {"kind":"turn","id":"bae7e6b294ff438e35662c4afd472c41/non_preferred_output","session_id":"bae7e6b294ff438e35662c4afd472c41","position":2,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"S","output":"Worse"}
        {"kind":"feedback","id":"bae7e6b294ff438e35662c4afd472c41/preferred_output","session_id":"bae7e6b294ff438e35662c4afd472c41","turn_id":"bae7e6b294ff438e35662c4afd472c41/preferred_output","feedback_type":"preference","author":"human","label":"preferred","polarity":"positive","metadata":{"compared_with":"bae7e6b294ff438e35662c4afd472c41/non_preferred_output"}}
        {"kind":"feedback","id":"bae7e6b294ff438e35662c4afd472c41/non_preferred_output","session_id":"bae7e6b294ff438e35662c4afd472c41","turn_id":"bae7e6b294ff438e35662c4afd472c41/non_preferred_output","feedback_type":"preference","author":"human","label":"non_preferred","polarity":"negative","correction":"Better\r\n","metadata":{"compared_with":"bae7e6b294ff438e35662c4afd472c41/preferred_output"}}
        {"kind":"turn","id":"45581c74c647701e5753af15eba23c77/preferred_output","session_id":"45581c74c647701e5753af15eba23c77","position":1,"query":"Q","output":""}
        {"kind":"turn","id":"45581c74c647701e5753af15eba23c77/non_preferred_output","session_id":"45581c74c647701e5753af15eba23c77","position":1,"query":"Q","output":"\"\""}
        {"kind":"feedback","id":"45581c74c647701e5753af15eba23c77/preferred_output","session_id":"45581c74c647701e5753af15eba23c77","turn_id":"45581c74c647701e5753af15eba23c77/preferred_output","feedback_type":"preference","author":"human","label":"preferred","polarity":"positive","metadata":{"annotator":"a1","compared_with":"45581c74c647701e5753af15eba23c77/non_preferred_output"}}
        {"kind":"feedback","id":"45581c74c647701e5753af15eba23c77/non_preferred_output","session_id":"45581c74c647701e5753af15eba23c77","turn_id":"45581c74c647701e5753af15eba23c77/non_preferred_output","feedback_type":"preference","author":"human","label":"non_preferred","polarity":"negative","correction":"","metadata":{"annotator":"a1","compared_with":"45581c74c647701e5753af15eba23c77/preferred_output"}}
        unmapped input.parallel_tool_calls x1
    "#]],
    );
}

#[test]
fn trl() {
    check(
        "chats/trl.jsonl",
        &expect![[r#"
        trl-dpo | TRL preferences (JSON lines) | 5 read
        {"kind":"turn","id":"f3b879aef8970455438ad41c0d5d3ef2/chosen","session_id":"f3b879aef8970455438ad41c0d5d3ef2","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":" yes"}
        {"kind":"turn","id":"f3b879aef8970455438ad41c0d5d3ef2/rejected","session_id":"f3b879aef8970455438ad41c0d5d3ef2","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"[1, 2]"}
        {"kind":"feedback","id":"f3b879aef8970455438ad41c0d5d3ef2/chosen","session_id":"f3b879aef8970455438ad41c0d5d3ef2","turn_id":"f3b879aef8970455438ad41c0d5d3ef2/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"f3b879aef8970455438ad41c0d5d3ef2/rejected","score_chosen":"9","score_rejected":"3.5"}}
        {"kind":"feedback","id":"f3b879aef8970455438ad41c0d5d3ef2/rejected","session_id":"f3b879aef8970455438ad41c0d5d3ef2","turn_id":"f3b879aef8970455438ad41c0d5d3ef2/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":" yes","metadata":{"compared_with":"f3b879aef8970455438ad41c0d5d3ef2/chosen","score_chosen":"9","score_rejected":"3.5"}}
        {"kind":"turn","id":"p2/1","session_id":"p2","position":1,"query":"A","output":"B"}
        {"kind":"turn","id":"p2/chosen","session_id":"p2","position":2,"query":"C","output":"D"}
        {"kind":"turn","id":"p2/rejected","session_id":"p2","position":2,"query":"C","output":"E"}
        {"kind":"feedback","id":"p2/chosen","session_id":"p2","turn_id":"p2/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"p2/rejected"}}
        {"kind":"feedback","id":"p2/rejected","session_id":"p2","turn_id":"p2/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":"D","metadata":{"compared_with":"p2/chosen"}}
        {"kind":"turn","id":"fe94365b70e8e8f6a4997781d227376d/chosen","session_id":"fe94365b70e8e8f6a4997781d227376d","position":1,"query":"Q","output":"good"}
        {"kind":"turn","id":"fe94365b70e8e8f6a4997781d227376d/rejected","session_id":"fe94365b70e8e8f6a4997781d227376d","position":1,"query":"Q","output":"bad"}
        {"kind":"feedback","id":"fe94365b70e8e8f6a4997781d227376d/chosen","session_id":"fe94365b70e8e8f6a4997781d227376d","turn_id":"fe94365b70e8e8f6a4997781d227376d/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"fe94365b70e8e8f6a4997781d227376d/rejected"}}
        {"kind":"feedback","id":"fe94365b70e8e8f6a4997781d227376d/rejected","session_id":"fe94365b70e8e8f6a4997781d227376d","turn_id":"fe94365b70e8e8f6a4997781d227376d/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":"good","metadata":{"compared_with":"fe94365b70e8e8f6a4997781d227376d/chosen"}}
        {"kind":"turn","id":"p4/chosen","session_id":"p4","position":1,"query":"Q","output":"same"}
        {"kind":"turn","id":"p4/rejected","session_id":"p4","position":1,"query":"Q","output":"same"}
        {"kind":"feedback","id":"p4/chosen","session_id":"p4","turn_id":"p4/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"p4/rejected"}}
        {"kind":"feedback","id":"p4/rejected","session_id":"p4","turn_id":"p4/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","metadata":{"compared_with":"p4/chosen"}}
        {"kind":"turn","id":"p5/chosen","session_id":"p5","position":1,"query":"H","system_context":"S","output":"1"}
        {"kind":"turn","id":"p5/rejected","session_id":"p5","position":1,"query":"H","system_context":"S","output":""}
        {"kind":"feedback","id":"p5/chosen","session_id":"p5","turn_id":"p5/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"p5/rejected"}}
        {"kind":"feedback","id":"p5/rejected","session_id":"p5","turn_id":"p5/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":"1","metadata":{"compared_with":"p5/chosen"}}
    "#]],
    );
}

#[test]
fn sharegpt() {
    check(
        "chats/sharegpt.json",
        &expect![[r#"
        sharegpt | ShareGPT conversations (JSON) | 3 read
        {"kind":"session","id":"sg_1"}
        {"kind":"turn","id":"sg_1/1","session_id":"sg_1","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"You are a pirate.","output":"Arr","model":"GPT-4","model_version":"GPT-4","metadata":{"steps":"[{\n    \"from\": \"function_call\",\n    \"value\": \"{\\\"name\\\":\\\"sea\\\"}\"\n   },{\n    \"from\": \"observation\",\n    \"value\": \"calm\"\n   }]"}}
        {"kind":"turn","id":"sg_1/2","session_id":"sg_1","position":2,"query":"More","system_context":"You are a pirate.","output":"","model":"GPT-4","model_version":"GPT-4"}
        {"kind":"session","id":"sg_2"}
        {"kind":"turn","id":"sg_2/1","session_id":"sg_2","position":1,"system_context":"S2","output":"How can I help?"}
        {"kind":"turn","id":"sg_2/2","session_id":"sg_2","position":2,"query":"Not at all","system_context":"S2"}
        {"kind":"session","id":"a86f5b114aa8a5486c20519bdcdf1586"}
        {"kind":"turn","id":"a86f5b114aa8a5486c20519bdcdf1586/1","session_id":"a86f5b114aa8a5486c20519bdcdf1586","position":1,"query":"no id","output":"none"}
    "#]],
    );
}

#[test]
fn arena() {
    check(
        "chats/arena.jsonl",
        &expect![[r#"
            lmsys-arena | LMSYS arena votes (JSON lines) | 5 read
            {"kind":"turn","id":"58210e39b3fd4441a2bd4a518bb44c2d/a","session_id":"58210e39b3fd4441a2bd4a518bb44c2d","created_at":"2023-04-24T15:53:11.1322Z","position":1,"query":"Hi","output":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","model":"chatglm-6b","model_version":"chatglm-6b","user_id":"arena_user_973","tags":["toxic"]}
            {"kind":"turn","id":"58210e39b3fd4441a2bd4a518bb44c2d/b","session_id":"58210e39b3fd4441a2bd4a518bb44c2d","created_at":"2023-04-24T15:53:11.1322Z","position":1,"query":"Hi","output":"Hello, how are you?","model":"koala-13b","model_version":"koala-13b","user_id":"arena_user_973","tags":["toxic"]}
            {"kind":"feedback","id":"58210e39b3fd4441a2bd4a518bb44c2d/a","created_at":"2023-04-24T15:53:11.1322Z","session_id":"58210e39b3fd4441a2bd4a518bb44c2d","turn_id":"58210e39b3fd4441a2bd4a518bb44c2d/a","feedback_type":"preference","author":"human","score_name":"winner","label":"model_b","polarity":"negative","correction":"Hello, how are you?","model":"chatglm-6b","model_version":"chatglm-6b","user_id":"arena_user_973","tags":["toxic"],"metadata":{"anony":"true","compared_model":"koala-13b","compared_with":"58210e39b3fd4441a2bd4a518bb44c2d/b","language":"English","openai_moderation":"{\"categories\":{\"hate\":false},\"flagged\":false}","toxic_chat_tag":"{\"roberta-large\":{\"flagged\":true,\"probability\":0.9},\"t5-large\":{\"flagged\":false,\"score\":0.1}}","turn":"1"}}
            {"kind":"feedback","id":"58210e39b3fd4441a2bd4a518bb44c2d/b","created_at":"2023-04-24T15:53:11.1322Z","session_id":"58210e39b3fd4441a2bd4a518bb44c2d","turn_id":"58210e39b3fd4441a2bd4a518bb44c2d/b","feedback_type":"preference","author":"human","score_name":"winner","label":"model_b","polarity":"positive","model":"koala-13b","model_version":"koala-13b","user_id":"arena_user_973","tags":["toxic"],"metadata":{"anony":"true","compared_model":"chatglm-6b","compared_with":"58210e39b3fd4441a2bd4a518bb44c2d/a","language":"English","openai_moderation":"{\"categories\":{\"hate\":false},\"flagged\":false}","toxic_chat_tag":"{\"roberta-large\":{\"flagged\":true,\"probability\":0.9},\"t5-large\":{\"flagged\":false,\"score\":0.1}}","turn":"1"}}
            {"kind":"turn","id":"aa/1","session_id":"aa","created_at":"2023-04-24T15:53:20Z","position":1,"query":"Q1","output":"A1","model":"gpt-4","model_version":"0613","user_id":"arena_user_1","tags":["flagged"]}
            {"kind":"turn","id":"aa/a","session_id":"aa","created_at":"2023-04-24T15:53:20Z","position":2,"query":"Q2","output":"A2","model":"gpt-4","model_version":"0613","user_id":"arena_user_1","tags":["flagged"]}
            {"kind":"turn","id":"aa/b","session_id":"aa","created_at":"2023-04-24T15:53:20Z","position":2,"query":"Q2","output":"B2","model":"vicuna-13b","model_version":"v1.5","user_id":"arena_user_1","tags":["flagged"]}
            {"kind":"feedback","id":"aa/a","created_at":"2023-04-24T15:53:20Z","session_id":"aa","turn_id":"aa/a","feedback_type":"preference","author":"human","score_name":"winner","label":"tie","polarity":"neutral","model":"gpt-4","model_version":"0613","user_id":"arena_user_1","tags":["flagged"],"metadata":{"anony":"false","compared_model":"vicuna-13b","compared_with":"aa/b","language":"German","openai_moderation":"{\"flagged\":true}","turn":"2"}}
            {"kind":"feedback","id":"aa/b","created_at":"2023-04-24T15:53:20Z","session_id":"aa","turn_id":"aa/b","feedback_type":"preference","author":"human","score_name":"winner","label":"tie","polarity":"neutral","model":"vicuna-13b","model_version":"v1.5","user_id":"arena_user_1","tags":["flagged"],"metadata":{"anony":"false","compared_model":"gpt-4","compared_with":"aa/a","language":"German","openai_moderation":"{\"flagged\":true}","turn":"2"}}
            {"kind":"turn","id":"bb/a","session_id":"bb","created_at":"2023-04-24T15:55:00Z","position":1,"query":"Q","output":"x","model":"m","model_version":"m","user_id":"arena_user_2"}
            {"kind":"turn","id":"bb/b","session_id":"bb","created_at":"2023-04-24T15:55:00Z","position":1,"query":"Q","output":"x","model":"m","model_version":"m","user_id":"arena_user_2"}
            {"kind":"feedback","id":"bb/a","created_at":"2023-04-24T15:55:00Z","session_id":"bb","turn_id":"bb/a","feedback_type":"preference","author":"human","score_name":"winner","label":"tie (bothbad)","polarity":"negative","model":"m","model_version":"m","user_id":"arena_user_2","metadata":{"compared_model":"m","compared_with":"bb/b","turn":"1"}}
            {"kind":"feedback","id":"bb/b","created_at":"2023-04-24T15:55:00Z","session_id":"bb","turn_id":"bb/b","feedback_type":"preference","author":"human","score_name":"winner","label":"tie (bothbad)","polarity":"negative","model":"m","model_version":"m","user_id":"arena_user_2","metadata":{"compared_model":"m","compared_with":"bb/a","turn":"1"}}
            {"kind":"turn","id":"81/6761dee83297a6ee31ceb718630bc4c8/a","session_id":"81/6761dee83297a6ee31ceb718630bc4c8","position":1,"query":"Q","output":"a","model":"alpaca-13b","model_version":"alpaca-13b","user_id":"[\"gpt-4\",\"pair-v2\"]"}
            {"kind":"turn","id":"81/6761dee83297a6ee31ceb718630bc4c8/b","session_id":"81/6761dee83297a6ee31ceb718630bc4c8","position":1,"query":"Q","output":"b","model":"gpt-3.5-turbo","model_version":"gpt-3.5-turbo","user_id":"[\"gpt-4\",\"pair-v2\"]"}
            {"kind":"feedback","id":"81/6761dee83297a6ee31ceb718630bc4c8/a","session_id":"81/6761dee83297a6ee31ceb718630bc4c8","turn_id":"81/6761dee83297a6ee31ceb718630bc4c8/a","feedback_type":"preference","author":"judge","score_name":"winner","label":"model_a","polarity":"positive","model":"alpaca-13b","model_version":"alpaca-13b","user_id":"[\"gpt-4\",\"pair-v2\"]","metadata":{"compared_model":"gpt-3.5-turbo","compared_with":"81/6761dee83297a6ee31ceb718630bc4c8/b","question_id":"81","turn":"1"}}
            {"kind":"feedback","id":"81/6761dee83297a6ee31ceb718630bc4c8/b","session_id":"81/6761dee83297a6ee31ceb718630bc4c8","turn_id":"81/6761dee83297a6ee31ceb718630bc4c8/b","feedback_type":"preference","author":"judge","score_name":"winner","label":"model_a","polarity":"negative","correction":"a","model":"gpt-3.5-turbo","model_version":"gpt-3.5-turbo","user_id":"[\"gpt-4\",\"pair-v2\"]","metadata":{"compared_model":"alpaca-13b","compared_with":"81/6761dee83297a6ee31ceb718630bc4c8/a","question_id":"81","turn":"1"}}
            {"kind":"turn","id":"e5/a","session_id":"e5","created_at":"2025-06-10T09:00:00.5Z","position":1,"query":"parts","output":"l","model":"x-1","model_version":"x-1"}
            {"kind":"turn","id":"e5/b","session_id":"e5","created_at":"2025-06-10T09:00:00.5Z","position":1,"query":"parts","output":"r","model":"y-2","model_version":"y-2"}
            {"kind":"feedback","id":"e5/a","created_at":"2025-06-10T09:00:00.5Z","session_id":"e5","turn_id":"e5/a","feedback_type":"preference","author":"human","score_name":"winner","label":"both_bad","polarity":"negative","model":"x-1","model_version":"x-1","metadata":{"compared_model":"y-2","compared_with":"e5/b"}}
            {"kind":"feedback","id":"e5/b","created_at":"2025-06-10T09:00:00.5Z","session_id":"e5","turn_id":"e5/b","feedback_type":"preference","author":"human","score_name":"winner","label":"both_bad","polarity":"negative","model":"y-2","model_version":"y-2","metadata":{"compared_model":"x-1","compared_with":"e5/a"}}
        "#]],
    );
}

#[test]
fn fastchat() {
    check(
        "chats/fastchat.jsonl",
        &expect![[r#"
            fastchat | FastChat log (JSON lines) | 10 read
            {"kind":"turn","id":"cv1/1","session_id":"cv1","created_at":"2023-05-02T04:00:00Z","position":1,"query":"Hi","system_context":"A chat.","output":"Hello","model":"vicuna-13b","model_version":"v1.5","latency_ms":1250,"metadata":{"gen_params":"{\"temperature\":0.7}","template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cv1/1","session_id":"cv1","position":1,"query":"Hi","system_context":"A chat.","output":"Hello","model":"vicuna-13b","model_version":"v1.5"}
            {"kind":"turn","id":"cv1/2","session_id":"cv1","created_at":"2023-05-02T04:00:09Z","position":2,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"A chat.","output":"","model":"vicuna-13b","model_version":"v1.5","latency_ms":1250,"metadata":{"gen_params":"{\"temperature\":0.7}","template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cv1/1","weight":"fill","session_id":"cv1","position":1,"query":"Hi","system_context":"A chat.","output":"Hello","model":"vicuna-13b","model_version":"v1.5"}
            {"kind":"turn","id":"cv1/2","weight":"fill","session_id":"cv1","created_at":"2023-05-02T04:00:11Z","position":2,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"A chat.","output":"","model":"vicuna-13b","model_version":"v1.5","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cv1/2/downvote","created_at":"2023-05-02T04:00:11Z","session_id":"cv1","turn_id":"cv1/2","feedback_type":"thumb","author":"human","score_name":"vote","score":0.0,"label":"downvote","model":"vicuna-13b","model_version":"v1.5"}
            {"kind":"turn","id":"cv1/1","weight":"fill","session_id":"cv1","created_at":"2023-05-02T04:00:12Z","position":1,"query":"Hi","system_context":"A chat.","output":"Hello","model":"vicuna-13b","model_version":"v1.5","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cv1/1/upvote","created_at":"2023-05-02T04:00:12Z","session_id":"cv1","turn_id":"cv1/1","feedback_type":"thumb","author":"human","score_name":"vote","score":1.0,"label":"upvote","model":"vicuna-13b","model_version":"v1.5"}
            {"kind":"feedback","id":"cl/1/leftvote","created_at":"2023-05-02T04:00:20Z","session_id":"cl","turn_id":"cl/1","feedback_type":"preference","author":"human","score_name":"vote","label":"leftvote","polarity":"positive","model":"gpt-4","model_version":"0613","metadata":{"compared_model":"claude-1","compared_with":"cr/1"}}
            {"kind":"feedback","id":"cr/1/leftvote","created_at":"2023-05-02T04:00:20Z","session_id":"cr","turn_id":"cr/1","feedback_type":"preference","author":"human","score_name":"vote","label":"leftvote","polarity":"negative","correction":"L","model":"claude-1","model_version":"claude-1","metadata":{"compared_model":"gpt-4","compared_with":"cl/1"}}
            {"kind":"turn","id":"cl/1","weight":"fill","session_id":"cl","created_at":"2023-05-02T04:00:20Z","position":1,"query":"Q","system_context":"A chat.","output":"L","model":"gpt-4","model_version":"0613","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cr/1","weight":"fill","session_id":"cr","created_at":"2023-05-02T04:00:20Z","position":1,"query":"Q","system_context":"A chat.","output":"R","model":"claude-1","model_version":"claude-1","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cl2/1/bothbad_vote","created_at":"2023-05-02T04:00:21Z","session_id":"cl2","turn_id":"cl2/1","feedback_type":"preference","author":"human","score_name":"vote","label":"bothbad_vote","polarity":"negative","model":"a","model_version":"a","metadata":{"compared_model":"b","compared_with":"cr2/1"}}
            {"kind":"feedback","id":"cr2/1/bothbad_vote","created_at":"2023-05-02T04:00:21Z","session_id":"cr2","turn_id":"cr2/1","feedback_type":"preference","author":"human","score_name":"vote","label":"bothbad_vote","polarity":"negative","model":"b","model_version":"b","metadata":{"compared_model":"a","compared_with":"cl2/1"}}
            {"kind":"turn","id":"cl2/1","weight":"fill","session_id":"cl2","created_at":"2023-05-02T04:00:21Z","position":1,"query":"Look","system_context":"A chat.","output":"L","model":"a","model_version":"a","metadata":{"content_parts":"[[\"img\"]]","template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cr2/1","weight":"fill","session_id":"cr2","created_at":"2023-05-02T04:00:21Z","position":1,"query":"Look","system_context":"A chat.","model":"b","model_version":"b","metadata":{"content_parts":"[[\"img\"]]","template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cl3/1/tievote","created_at":"2023-05-02T04:00:22Z","session_id":"cl3","turn_id":"cl3/1","feedback_type":"preference","author":"human","score_name":"vote","label":"tievote","polarity":"neutral","model":"a","model_version":"a","metadata":{"compared_model":"b","compared_with":"cr3/1"}}
            {"kind":"feedback","id":"cr3/1/tievote","created_at":"2023-05-02T04:00:22Z","session_id":"cr3","turn_id":"cr3/1","feedback_type":"preference","author":"human","score_name":"vote","label":"tievote","polarity":"neutral","model":"b","model_version":"b","metadata":{"compared_model":"a","compared_with":"cl3/1"}}
            {"kind":"turn","id":"cl3/1","weight":"fill","session_id":"cl3","created_at":"2023-05-02T04:00:22Z","position":1,"query":"T","system_context":"A chat.","output":"same","model":"a","model_version":"a","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cr3/1","weight":"fill","session_id":"cr3","created_at":"2023-05-02T04:00:22Z","position":1,"query":"T","system_context":"A chat.","output":"same","model":"b","model_version":"b","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cl4/1/rightvote","created_at":"2023-05-02T04:00:23Z","session_id":"cl4","turn_id":"cl4/1","feedback_type":"preference","author":"human","score_name":"vote","label":"rightvote","polarity":"negative","correction":"2","model":"a","model_version":"a","metadata":{"compared_model":"b","compared_with":"cr4/1"}}
            {"kind":"feedback","id":"cr4/1/rightvote","created_at":"2023-05-02T04:00:23Z","session_id":"cr4","turn_id":"cr4/1","feedback_type":"preference","author":"human","score_name":"vote","label":"rightvote","polarity":"positive","model":"b","model_version":"b","metadata":{"compared_model":"a","compared_with":"cl4/1"}}
            {"kind":"turn","id":"cl4/1","weight":"fill","session_id":"cl4","created_at":"2023-05-02T04:00:23Z","position":1,"query":"T","system_context":"A chat.","output":"1","model":"a","model_version":"a","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cr4/1","weight":"fill","session_id":"cr4","created_at":"2023-05-02T04:00:23Z","position":1,"query":"T","system_context":"A chat.","output":"2","model":"b","model_version":"b","metadata":{"template_name":"vicuna_v1.1"}}
            {"kind":"turn","id":"cf/1","weight":"fill","session_id":"cf","created_at":"2023-05-02T04:00:24Z","position":1,"query":"bad?","system_context":"A chat.","output":"very","model":"a","model_version":"a","metadata":{"examples":"[[\"Human\",\"few\"],[\"Assistant\",\"shot\"]]","template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cf/1/flag","created_at":"2023-05-02T04:00:24Z","session_id":"cf","turn_id":"cf/1","feedback_type":"category","author":"human","score_name":"flag","label":"flag","polarity":"negative","reasons":["flag"],"model":"a","model_version":"a"}
            {"kind":"turn","id":"cf/1","weight":"fill","session_id":"cf","created_at":"2023-05-02T04:00:25Z","position":1,"query":"bad?","system_context":"A chat.","output":"very","model":"a","model_version":"a","metadata":{"examples":"[[\"Human\",\"few\"],[\"Assistant\",\"shot\"]]","template_name":"vicuna_v1.1"}}
            {"kind":"feedback","id":"cf/1/share","created_at":"2023-05-02T04:00:25Z","session_id":"cf","turn_id":"cf/1","feedback_type":"implicit","author":"human","score_name":"event","label":"share","model":"a","model_version":"a"}
        "#]],
    );
}

#[test]
fn lmsys_chat() {
    check(
        "chats/lmsys_chat.jsonl",
        &expect![[r#"
        lmsys-chat | LMSYS-Chat conversations (JSON lines) | 2 read
        {"kind":"session","id":"f6a2","metadata":{"language":"English","openai_moderation":"[{\"categories\":{\"hate\":false},\"flagged\":false},{\"categories\":{\"hate\":true},\"flagged\":true}]","redacted":"true","turn":"2"}}
        {"kind":"turn","id":"f6a2/1","session_id":"f6a2","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"ok","model":"wizardlm-13b","model_version":"wizardlm-13b","tags":["redacted","flagged"]}
        {"kind":"turn","id":"f6a2/2","session_id":"f6a2","position":2,"query":"and?","output":"so","model":"wizardlm-13b","model_version":"wizardlm-13b","tags":["redacted","flagged"]}
        {"kind":"session","id":"f6a3","metadata":{"language":"unknown","redacted":"false","turn":"1"}}
        {"kind":"turn","id":"f6a3/1","session_id":"f6a3","position":1,"query":"NAME_1?","output":"","model":"gpt-4","model_version":"gpt-4"}
    "#]],
    );
}

#[test]
fn wildchat() {
    check(
        "chats/wildchat.jsonl",
        &expect![[r#"
            wildchat | WildChat conversations (JSON lines) | 3 read
            {"kind":"session","id":"cf12-101001","started_at":"2023-04-09T00:03:17Z","user_id":"22fd87","metadata":{"conversation_hash":"cf12","country":"Norway","detoxify_moderation":"[{\"toxicity\":0.9}]","header":"{\"accept-language\":\"nb\",\"user-agent\":\"Mozilla/5.0\"}","language":"English","openai_moderation":"[{\"flagged\":true}]","redacted":"false","state":"Oslo","toxic":"true","turn":"2"}}
            {"kind":"turn","id":"cf12/101001","session_id":"cf12-101001","created_at":"2023-04-09T00:03:17Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"fine","model":"gpt-3.5-turbo","model_version":"0301","user_id":"22fd87","metadata":{"language":"English"}}
            {"kind":"turn","id":"cf12/101002","session_id":"cf12-101001","created_at":"2023-04-09T00:03:17Z","position":2,"query":"rude","output":"no","model":"gpt-3.5-turbo","model_version":"0301","user_id":"22fd87","tags":["toxic"],"metadata":{"language":"English"}}
            {"kind":"session","id":"cf12-101009","started_at":"2023-04-09T00:03:17Z","user_id":"aa","metadata":{"conversation_hash":"cf12","country":"Norway","header":"{}","language":"English","redacted":"true","state":"Oslo","toxic":"false","turn":"1"}}
            {"kind":"turn","id":"cf12/101009","session_id":"cf12-101009","created_at":"2023-04-09T00:03:17Z","position":1,"query":"the same hash","output":"another talk","model":"gpt-3.5-turbo","model_version":"0301","user_id":"aa","tags":["redacted"],"metadata":{"hashed_ip":"22fd87","header":"{\"accept-language\":\"nb\",\"user-agent\":\"Mozilla/5.0\"}","language":"English"}}
            {"kind":"session","id":"nt1","started_at":"2023-06-01T00:00:00Z","metadata":{"conversation_hash":"nt1","language":"English","redacted":"true","toxic":"false","turn":"1"}}
            {"kind":"turn","id":"nt1/1","session_id":"nt1","created_at":"2023-06-01T00:00:00Z","position":1,"query":"older","output":"set","model":"gpt-4","model_version":"gpt-4","tags":["redacted"]}
        "#]],
    );
}

#[test]
fn oasst_trees() {
    check(
        "chats/oasst_trees.jsonl",
        &expect![[r#"
            openassistant | OpenAssistant trees (JSON lines) | 2 read
            {"kind":"session","id":"m1","started_at":"2023-02-05T14:23:50.983374Z","user_id":"u-m1","metadata":{"tree_state":"ready_for_export"}}
            {"kind":"turn","id":"m2","aliases":["m1"],"session_id":"m1","created_at":"2023-02-05T14:23:50.983374Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"Best\n","user_id":"u-m1","metadata":{"answered_by":"u-m2","labels.quality":"0.75","labels.quality.count":"3","labels.spam":"0","labels.spam.count":"3","labels.toxicity":"0","labels.toxicity.count":"3","lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"turn","id":"m3","session_id":"m1","created_at":"2023-02-05T14:23:50.983374Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"Worse","user_id":"u-m1","metadata":{"answered_by":"u-m3","labels.quality":"0.75","labels.quality.count":"3","labels.spam":"0","labels.spam.count":"3","lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"turn","id":"m5","aliases":["m4"],"session_id":"m1","position":2,"query":"Thanks, and?","output":"So.","model":"oasst-sft-1","model_version":"oasst-sft-1","user_id":"u-m4","tags":["synthetic"],"metadata":{"answered_by":"u-m5","labels.spam":"0","labels.spam.count":"1","lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"turn","id":"m6","session_id":"m1","position":2,"query":"nobody answers","user_id":"u-m6","metadata":{"lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"feedback","id":"m2/rank","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"preference","author":"human","score_name":"rank","label":"rank 0","polarity":"positive","metadata":{"rank":"0"}}
            {"kind":"feedback","id":"m2/quality","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"quality","score":0.9166,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m2/helpfulness","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"helpfulness","score":1.0,"metadata":{"count":"2"}}
            {"kind":"feedback","id":"m5/quality","session_id":"m1","turn_id":"m5","feedback_type":"rating","author":"human","score_name":"quality","score":0.25,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m5/fails_task","session_id":"m1","turn_id":"m5","feedback_type":"category","author":"human","score_name":"fails_task","label":"fails_task","polarity":"negative","reasons":["fails_task"],"metadata":{"count":"3","value":"0.6667"}}
            {"kind":"feedback","id":"m3/rank","session_id":"m1","turn_id":"m3","feedback_type":"preference","author":"human","score_name":"rank","label":"rank 1","polarity":"negative","correction":"Best\n","metadata":{"rank":"1"}}
            {"kind":"feedback","id":"m3/quality","session_id":"m1","turn_id":"m3","feedback_type":"rating","author":"human","score_name":"quality","score":0.2,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m3/spam","session_id":"m1","turn_id":"m3","feedback_type":"category","author":"human","score_name":"spam","label":"spam","polarity":"negative","reasons":["spam"],"metadata":{"count":"2","value":"1"}}
            {"kind":"session","id":"n1","user_id":"u-n1","metadata":{"tree_state":"growing"}}
            {"kind":"turn","id":"n1","session_id":"n1","position":1,"query":"alone","user_id":"u-n1","metadata":{"lang":"en","review_count":"3","review_result":"true"}}
        "#]],
    );
}

#[test]
fn oasst_threads() {
    check(
        "chats/oasst_threads.jsonl",
        &expect![[r#"
            openassistant | OpenAssistant threads (JSON lines) | 1 read
            {"kind":"session","id":"m1","started_at":"2023-02-05T14:23:50.983374Z","user_id":"u-m1","metadata":{"thread_id":"m5"}}
            {"kind":"turn","id":"m2","aliases":["m1"],"session_id":"m1","created_at":"2023-02-05T14:23:50.983374Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"Best\n","user_id":"u-m1","metadata":{"answered_by":"u-m2","labels.quality":"0.75","labels.quality.count":"3","labels.spam":"0","labels.spam.count":"3","labels.toxicity":"0","labels.toxicity.count":"3","lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"turn","id":"m5","aliases":["m4"],"session_id":"m1","position":2,"query":"Thanks, and?","output":"So.","model":"oasst-sft-1","model_version":"oasst-sft-1","user_id":"u-m4","tags":["synthetic"],"metadata":{"answered_by":"u-m5","labels.spam":"0","labels.spam.count":"1","lang":"en","review_count":"3","review_result":"true"}}
            {"kind":"feedback","id":"m2/rank","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"preference","author":"human","score_name":"rank","label":"rank 0","polarity":"positive","metadata":{"rank":"0"}}
            {"kind":"feedback","id":"m2/quality","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"quality","score":0.9166,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m2/helpfulness","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"helpfulness","score":1.0,"metadata":{"count":"2"}}
            {"kind":"feedback","id":"m5/quality","session_id":"m1","turn_id":"m5","feedback_type":"rating","author":"human","score_name":"quality","score":0.25,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m5/fails_task","session_id":"m1","turn_id":"m5","feedback_type":"category","author":"human","score_name":"fails_task","label":"fails_task","polarity":"negative","reasons":["fails_task"],"metadata":{"count":"3","value":"0.6667"}}
        "#]],
    );
}

#[test]
fn oasst_messages() {
    check(
        "chats/oasst_messages.jsonl",
        &expect![[r#"
            openassistant | OpenAssistant messages (JSON lines) | 7 read
            {"kind":"session","id":"m1","started_at":"2023-02-05T14:23:50.983374Z","user_id":"u-m1"}
            {"kind":"turn","id":"m2","aliases":["m1"],"session_id":"m1","created_at":"2023-02-05T14:23:50.983374Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"Best\n","user_id":"u-m1","metadata":{"answered_by":"u-m2","emojis":"{\"name\":[\"+1\",\"_skip_reply\"],\"count\":[2,1]}","labels.quality":"0.75","labels.quality.count":"3","labels.spam":"0","labels.spam.count":"3","labels.toxicity":"0","labels.toxicity.count":"3","lang":"en","review_count":"3","review_result":"true","tree_state":"ready_for_export"}}
            {"kind":"turn","id":"m3","session_id":"m1","created_at":"2023-02-05T14:23:50.983374Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"Worse","user_id":"u-m1","metadata":{"answered_by":"u-m3","labels.quality":"0.75","labels.quality.count":"3","labels.spam":"0","labels.spam.count":"3","lang":"en","review_count":"3","review_result":"true","tree_state":"ready_for_export"}}
            {"kind":"turn","id":"m5","aliases":["m4"],"session_id":"m1","position":2,"query":"Thanks, and?","output":"So.","model":"oasst-sft-1","model_version":"oasst-sft-1","user_id":"u-m4","tags":["synthetic"],"metadata":{"answered_by":"u-m5","labels.spam":"0","labels.spam.count":"1","lang":"en","review_count":"3","review_result":"true","tree_state":"ready_for_export"}}
            {"kind":"turn","id":"m6","session_id":"m1","position":2,"query":"nobody answers","user_id":"u-m6","metadata":{"lang":"en","review_count":"3","review_result":"true","tree_state":"ready_for_export"}}
            {"kind":"feedback","id":"m2/rank","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"preference","author":"human","score_name":"rank","label":"rank 0","polarity":"positive","metadata":{"rank":"0"}}
            {"kind":"feedback","id":"m2/quality","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"quality","score":0.9166,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m2/helpfulness","created_at":"2023-02-05T14:25:00Z","session_id":"m1","turn_id":"m2","feedback_type":"rating","author":"human","score_name":"helpfulness","score":1.0,"metadata":{"count":"2"}}
            {"kind":"feedback","id":"m5/quality","session_id":"m1","turn_id":"m5","feedback_type":"rating","author":"human","score_name":"quality","score":0.25,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m5/fails_task","session_id":"m1","turn_id":"m5","feedback_type":"category","author":"human","score_name":"fails_task","label":"fails_task","polarity":"negative","reasons":["fails_task"],"metadata":{"count":"3","value":"0.6667"}}
            {"kind":"feedback","id":"m3/rank","session_id":"m1","turn_id":"m3","feedback_type":"preference","author":"human","score_name":"rank","label":"rank 1","polarity":"negative","correction":"Best\n","metadata":{"rank":"1"}}
            {"kind":"feedback","id":"m3/quality","session_id":"m1","turn_id":"m3","feedback_type":"rating","author":"human","score_name":"quality","score":0.2,"metadata":{"count":"3"}}
            {"kind":"feedback","id":"m3/spam","session_id":"m1","turn_id":"m3","feedback_type":"category","author":"human","score_name":"spam","label":"spam","polarity":"negative","reasons":["spam"],"metadata":{"count":"2","value":"1"}}
            {"kind":"session","id":"n1","user_id":"u-n1"}
            {"kind":"turn","id":"n1","session_id":"n1","position":1,"query":"alone","user_id":"u-n1","metadata":{"lang":"en","review_count":"3","review_result":"true","tree_state":"growing"}}
        "#]],
    );
}

#[test]
fn hh_rlhf() {
    check(
        "chats/hh_rlhf.jsonl.gz",
        &expect![[r#"
            hh-rlhf | hh-rlhf preferences (JSON lines) | 3 read
            {"kind":"turn","id":"ee15f07ca6046d705bfbe5b683100e26/1","session_id":"ee15f07ca6046d705bfbe5b683100e26","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","output":"One"}
            {"kind":"turn","id":"ee15f07ca6046d705bfbe5b683100e26/chosen","session_id":"ee15f07ca6046d705bfbe5b683100e26","position":2,"query":"more","output":"good \n"}
            {"kind":"turn","id":"ee15f07ca6046d705bfbe5b683100e26/rejected","session_id":"ee15f07ca6046d705bfbe5b683100e26","position":2,"query":"more","output":"bad"}
            {"kind":"feedback","id":"ee15f07ca6046d705bfbe5b683100e26/chosen","session_id":"ee15f07ca6046d705bfbe5b683100e26","turn_id":"ee15f07ca6046d705bfbe5b683100e26/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"ee15f07ca6046d705bfbe5b683100e26/rejected"}}
            {"kind":"feedback","id":"ee15f07ca6046d705bfbe5b683100e26/rejected","session_id":"ee15f07ca6046d705bfbe5b683100e26","turn_id":"ee15f07ca6046d705bfbe5b683100e26/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":"good \n","metadata":{"compared_with":"ee15f07ca6046d705bfbe5b683100e26/chosen"}}
            {"kind":"turn","id":"0cd18d544c1be82b99a4a1d6287c3d0b/chosen","session_id":"0cd18d544c1be82b99a4a1d6287c3d0b","position":1,"query":"Say \"Human:\" please","output":"Human: is a word"}
            {"kind":"turn","id":"0cd18d544c1be82b99a4a1d6287c3d0b/rejected","session_id":"0cd18d544c1be82b99a4a1d6287c3d0b","position":1,"query":"Say \"Human:\" please","output":""}
            {"kind":"feedback","id":"0cd18d544c1be82b99a4a1d6287c3d0b/chosen","session_id":"0cd18d544c1be82b99a4a1d6287c3d0b","turn_id":"0cd18d544c1be82b99a4a1d6287c3d0b/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"0cd18d544c1be82b99a4a1d6287c3d0b/rejected"}}
            {"kind":"feedback","id":"0cd18d544c1be82b99a4a1d6287c3d0b/rejected","session_id":"0cd18d544c1be82b99a4a1d6287c3d0b","turn_id":"0cd18d544c1be82b99a4a1d6287c3d0b/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","correction":"Human: is a word","metadata":{"compared_with":"0cd18d544c1be82b99a4a1d6287c3d0b/chosen"}}
            {"kind":"turn","id":"a33a7c6283a12e3f09047eea780ee35c/1","session_id":"a33a7c6283a12e3f09047eea780ee35c","position":1,"query":"a","output":"b"}
            {"kind":"turn","id":"a33a7c6283a12e3f09047eea780ee35c/chosen","session_id":"a33a7c6283a12e3f09047eea780ee35c","position":2,"query":"left","output":"c"}
            {"kind":"turn","id":"a33a7c6283a12e3f09047eea780ee35c/rejected","session_id":"a33a7c6283a12e3f09047eea780ee35c","position":2,"query":"right","output":"d"}
            {"kind":"feedback","id":"a33a7c6283a12e3f09047eea780ee35c/chosen","session_id":"a33a7c6283a12e3f09047eea780ee35c","turn_id":"a33a7c6283a12e3f09047eea780ee35c/chosen","feedback_type":"preference","author":"human","label":"chosen","polarity":"positive","metadata":{"compared_with":"a33a7c6283a12e3f09047eea780ee35c/rejected"}}
            {"kind":"feedback","id":"a33a7c6283a12e3f09047eea780ee35c/rejected","session_id":"a33a7c6283a12e3f09047eea780ee35c","turn_id":"a33a7c6283a12e3f09047eea780ee35c/rejected","feedback_type":"preference","author":"human","label":"rejected","polarity":"negative","metadata":{"compared_with":"a33a7c6283a12e3f09047eea780ee35c/chosen"}}
        "#]],
    );
}

#[test]
fn red_team() {
    check(
        "chats/red_team.json",
        &expect![[r#"
        hh-red-team | hh red-team attempts (JSON) | 3 read
        {"kind":"session","id":"c23be5d406c6c07e79a1e1ff80666318","user_id":"12","metadata":{"is_upworker":"true","num_params":"52B","task_description":"I asked for שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","task_description_harmlessness_score":"-1.42"}}
        {"kind":"turn","id":"c23be5d406c6c07e79a1e1ff80666318/1","session_id":"c23be5d406c6c07e79a1e1ff80666318","position":1,"query":"How?","output":"Like so.","model":"rlhf","model_version":"52B","user_id":"12","tags":["Theft","Fraud"]}
        {"kind":"turn","id":"c23be5d406c6c07e79a1e1ff80666318/2","session_id":"c23be5d406c6c07e79a1e1ff80666318","position":2,"query":"More","output":"No.","model":"rlhf","model_version":"52B","user_id":"12","tags":["Theft","Fraud"]}
        {"kind":"feedback","id":"c23be5d406c6c07e79a1e1ff80666318/rating","session_id":"c23be5d406c6c07e79a1e1ff80666318","feedback_type":"rating","author":"human","score_name":"rating","label":"4","polarity":"negative","model":"rlhf","model_version":"52B","user_id":"12","tags":["Theft","Fraud"],"metadata":{"rating":"4","scale":"0 to 4, higher is worse"}}
        {"kind":"feedback","id":"c23be5d406c6c07e79a1e1ff80666318/min_harmlessness_score_transcript","session_id":"c23be5d406c6c07e79a1e1ff80666318","feedback_type":"rating","author":"judge","score_name":"min_harmlessness_score_transcript","score":-2.98,"model":"rlhf","model_version":"52B","tags":["Theft","Fraud"]}
        {"kind":"session","id":"2314b85f82650c27cc3266baa4f27b93","user_id":"12","metadata":{"is_upworker":"false","num_params":"13B","task_description":"x","task_description_harmlessness_score":"0.1"}}
        {"kind":"turn","id":"2314b85f82650c27cc3266baa4f27b93/1","session_id":"2314b85f82650c27cc3266baa4f27b93","position":1,"query":"How?","output":"I will not.","model":"plain lm","model_version":"13B","user_id":"12"}
        {"kind":"feedback","id":"2314b85f82650c27cc3266baa4f27b93/rating","session_id":"2314b85f82650c27cc3266baa4f27b93","feedback_type":"rating","author":"human","score_name":"rating","label":"0","polarity":"positive","model":"plain lm","model_version":"13B","user_id":"12","metadata":{"rating":"0","scale":"0 to 4, higher is worse"}}
        {"kind":"feedback","id":"2314b85f82650c27cc3266baa4f27b93/min_harmlessness_score_transcript","session_id":"2314b85f82650c27cc3266baa4f27b93","feedback_type":"rating","author":"judge","score_name":"min_harmlessness_score_transcript","score":1.5,"model":"plain lm","model_version":"13B"}
        {"kind":"session","id":"331f8574f9ffea152aa9903d091e9cef","user_id":"3","metadata":{"is_upworker":"false","num_params":"13B","task_description":"y","task_description_harmlessness_score":"0.1"}}
        {"kind":"turn","id":"331f8574f9ffea152aa9903d091e9cef/1","session_id":"331f8574f9ffea152aa9903d091e9cef","position":1,"query":"Half?","output":"Perhaps.","model":"context distilled","model_version":"13B","user_id":"3"}
        {"kind":"feedback","id":"331f8574f9ffea152aa9903d091e9cef/rating","session_id":"331f8574f9ffea152aa9903d091e9cef","feedback_type":"rating","author":"human","score_name":"rating","label":"2","polarity":"neutral","model":"context distilled","model_version":"13B","user_id":"3","metadata":{"rating":"2","scale":"0 to 4, higher is worse"}}
        {"kind":"feedback","id":"331f8574f9ffea152aa9903d091e9cef/min_harmlessness_score_transcript","session_id":"331f8574f9ffea152aa9903d091e9cef","feedback_type":"rating","author":"judge","score_name":"min_harmlessness_score_transcript","score":0.0,"model":"context distilled","model_version":"13B"}
    "#]],
    );
}

#[test]
fn conversations() {
    check(
        "chats/conversations.json",
        &expect![[r#"
            chatgpt | ChatGPT conversations (JSON) | 2 read
            {"kind":"session","id":"conv-1","started_at":"2026-07-02T13:46:40Z","metadata":{"current_node":"a2","default_model_slug":"gpt-4o","is_archived":"false","title":"Boats","update_time":"1783000012.5"}}
            {"kind":"turn","id":"a1","aliases":["call","tool","q1"],"session_id":"conv-1","created_at":"2026-07-02T13:46:40.123456Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"I sell boats\n\nBe brief","documents":[{"id":"https://example.org/b","title":"Boats","content":"Boats float."}],"output":"They float.","model":"gpt-4o","model_version":"gpt-4o","metadata":{"finish_details":"{\n       \"type\": \"stop\"\n      }","steps":"[{\n     \"id\": \"call\",\n     \"author\": {\n      \"role\": \"assistant\",\n      \"name\": null,\n      \"metadata\": {}\n     },\n     \"create_time\": 1783000001.5,\n     \"update_time\": null,\n     \"content\": {\n      \"content_type\": \"code\",\n      \"language\": \"unknown\",\n      \"text\": \"search(\\\"boats\\\")\"\n     },\n     \"status\": \"finished_successfully\",\n     \"end_turn\": true,\n     \"weight\": 1.0,\n     \"metadata\": {\n      \"model_slug\": \"gpt-4o\"\n     },\n     \"recipient\": \"browser\",\n     \"channel\": null\n    },{\n     \"id\": \"tool\",\n     \"author\": {\n      \"role\": \"tool\",\n      \"name\": \"browser\",\n      \"metadata\": {}\n     },\n     \"create_time\": null,\n     \"update_time\": null,\n     \"content\": {\n      \"content_type\": \"tether_quote\",\n      \"url\": \"https://example.org/b\",\n      \"domain\": \"example.org\",\n      \"title\": \"Boats\",\n      \"text\": \"Boats float.\"\n     },\n     \"status\": \"finished_successfully\",\n     \"end_turn\": null,\n     \"weight\": 1.0,\n     \"metadata\": {},\n     \"recipient\": \"all\",\n     \"channel\": null\n    }]"}}
            {"kind":"turn","id":"a1b","session_id":"conv-1","created_at":"2026-07-02T13:46:40.123456Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)\t<script>alert(1)</script> \u202e{\"role\":\"user\"}","system_context":"I sell boats\n\nBe brief","output":"Another answer","model":"gpt-4o","model_version":"2024-08-06"}
            {"kind":"turn","id":"a2","aliases":["q2"],"session_id":"conv-1","created_at":"2026-07-02T13:46:50Z","position":2,"query":"What is this?","system_context":"I sell boats\n\nBe brief","output":"","model":"gpt-4o","model_version":"gpt-4o","metadata":{"content_parts":"[{\n        \"content_type\": \"image_asset_pointer\",\n        \"asset_pointer\": \"file-service://x\"\n       }]"}}
            {"kind":"turn","id":"q2b","session_id":"conv-1","created_at":"2026-07-02T13:46:52Z","position":2,"query":"unanswered","system_context":"I sell boats\n\nBe brief","model":"gpt-4o","model_version":"gpt-4o"}
            {"kind":"session","id":"r2","started_at":"2026-07-03T17:33:20Z","metadata":{"current_node":"y"}}
            {"kind":"turn","id":"y","aliases":["x"],"session_id":"r2","created_at":"2026-07-03T17:33:20Z","position":1,"query":"hi","output":"hello"}
            unmapped system message: content_type x1
            unmapped system message: is_user_system_message x1
            unmapped system message: is_visually_hidden_from_conversation x1
        "#]],
    );
}

#[test]
fn message_feedback() {
    check(
        "chats/message_feedback.json",
        &expect![[r#"
        chatgpt | ChatGPT message feedback (JSON) | 3 read
        {"kind":"feedback","id":"a1/feedback","session_id":"conv-1","turn_id":"a1","feedback_type":"thumb","author":"human","score_name":"rating","label":"thumbsDown","polarity":"negative","reasons":["not-helpful","false"],"comment":"נו 👎","user_id":"user-1"}
        {"kind":"feedback","id":"a1b","created_at":"2026-07-02T13:47:00.5Z","session_id":"conv-1","turn_id":"a1b","feedback_type":"thumb","author":"human","score_name":"rating","label":"thumbsUp","polarity":"positive","user_id":"user-1"}
        {"kind":"feedback","id":"fb-9","created_at":"2026-07-02T13:47:00Z","session_id":"conv-1","turn_id":"a2","feedback_type":"thumb","author":"human","score_name":"rating","label":"thumbs_down","polarity":"negative","comment":"just words","user_id":"user-1"}
    "#]],
    );
}

#[test]
fn open_webui_versions() {
    check(
        "open_webui/versions.json",
        &expect![[r#"
            open-webui | Open WebUI feedback (JSON) | 4 read
            {"kind":"session","id":"ch1","metadata":{"title":"T"}}
            {"kind":"turn","id":"x1","aliases":["u1"],"session_id":"ch1","created_at":"2026-07-02T13:46:40Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)","output":"left","model":"arena-a","model_version":"arena-a","metadata":{"done":"true","modelName":"Arena A","model_id":"arena-a"}}
            {"kind":"turn","id":"x2","session_id":"ch1","created_at":"2026-07-02T13:46:40Z","position":1,"query":"שלום 👋🏽 \"quoted\"\r\n=SUM(A1)","output":"right","model":"arena-b","model_version":"v2","metadata":{"annotation":"{\n        \"rating\": 1\n       }","done":"true","model_id":"arena-b:v2"}}
            {"kind":"turn","id":"x3","aliases":["u2"],"session_id":"ch1","created_at":"2026-07-02T13:46:49Z","position":2,"query":"more","model":"arena-b","model_version":"v2","metadata":{"done":"false","error":"{\n        \"content\": \"429\"\n       }","model_id":"arena-b:v2"}}
            {"kind":"feedback","id":"f1","created_at":"2026-07-02T13:47:00Z","session_id":"ch1","turn_id":"x2","feedback_type":"preference","author":"human","score_name":"rating","score":1.0,"label":"1","polarity":"positive","reasons":["accurate_information"],"model":"arena-b","model_version":"v2","user_id":"u","tags":["a","b"],"metadata":{"arena":"true","compared_model":"arena-a","compared_with":"x1","message_index":"1","sibling_model_ids":"arena-a","type":"rating","updated_at":"1783000021","version":"0"}}
            {"kind":"feedback","id":"f1/x1","created_at":"2026-07-02T13:47:00Z","session_id":"ch1","turn_id":"x1","feedback_type":"preference","author":"human","score_name":"rating","label":"1","polarity":"negative","correction":"right","model":"arena-a","model_version":"arena-a","user_id":"u","tags":["a","b"],"metadata":{"arena":"true","compared_model":"arena-b","compared_with":"x2","message_index":"1","sibling_model_ids":"arena-a","type":"rating","updated_at":"1783000021","version":"0"}}
            {"kind":"feedback","id":"f2","created_at":"2026-07-02T13:47:02Z","session_id":"ch1","turn_id":"x9","feedback_type":"preference","author":"human","score_name":"rating","score":-1.0,"comment":"no snapshot of it","model":"gone","model_version":"gone","user_id":"u","metadata":{"arena":"true","details.rating":"3","sibling_model_ids":"arena-a","type":"rating","updated_at":"1783000021","version":"0"}}
            {"kind":"session","id":"ch2"}
            {"kind":"turn","id":"ch2/3","aliases":["ch2/2"],"session_id":"ch2","position":1,"query":"linear","system_context":"S","output":"list","model":"arena-a","model_version":"arena-a","metadata":{"model_id":"arena-a"}}
            {"kind":"feedback","id":"f3","created_at":"2026-07-02T13:47:03Z","session_id":"ch2","turn_id":"ch2/3","feedback_type":"thumb","author":"human","score_name":"rating","score":-1.0,"model":"arena-a","model_version":"arena-a","user_id":"u","metadata":{"type":"rating","updated_at":"1783000021","version":"0"}}
            4 @2879 it holds neither a rating nor a reason nor a comment | "{\n  \"id\": \"f4\",\n  \"data\": {\n   \"rating\":"
        "#]],
    );
}
