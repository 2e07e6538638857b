//! What was said to the model, and what did it say?
//!
//! Messages come as OpenInference's flat attributes, as the GenAI conventions' lists of roles and parts (as JSON text
//! or structured), or, from older instrumentation, as `gen_ai.prompt.0.content`. Thoughts, calls of tools and their
//! results are no answers and no questions.

use serde_json::Value;

use super::attributes::Attributes;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub role: String,
    /// `None` where the message only calls a tool or brings a result.
    pub text: Option<String>,
}

/// The last question. A result of a tool may come in the user's role, without a text of its own.
pub fn query(messages: &[Message]) -> Option<String> {
    last(messages, &["user", "human"])
}

pub fn answer(messages: &[Message]) -> Option<String> {
    last(messages, &["assistant", "ai", "model", ""])
}

/// Every system message, one under the other.
pub fn system(messages: &[Message]) -> Option<String> {
    let texts: Vec<&str> = messages
        .iter()
        .filter(|message| matches!(message.role.as_str(), "system" | "developer"))
        .filter_map(|message| message.text.as_deref())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn last(messages: &[Message], roles: &[&str]) -> Option<String> {
    messages
        .iter()
        .rev()
        .filter(|message| roles.contains(&message.role.as_str()))
        .find_map(|message| message.text.clone())
}

/// `llm.input_messages.0.message.role`, …
pub fn open_inference(attributes: &mut Attributes, prefix: &str) -> Vec<Message> {
    attributes.take_list(prefix).into_iter().map(flat).collect()
}

fn flat(mut item: Attributes) -> Message {
    let mut item = if item.has_under("message.") { item.take_under("message.") } else { item };
    let role = item.word(&["role"]).unwrap_or_default().to_lowercase();
    let calls = item.has_under("tool_calls") || item.has_under("function_call");
    let parts: Vec<String> = item
        .take_list("contents")
        .into_iter()
        .filter(|part| {
            let kind = ["message_content.type", "type"].iter().find_map(|key| part.get(key)?.as_str());
            kind.is_none_or(|kind| kind == "text")
        })
        .filter_map(|mut part| part.text(&["message_content.text", "text"]))
        .collect();
    let text = item.text(&["content"]).or_else(|| (!parts.is_empty()).then(|| parts.join("\n")));
    Message { role, text: text.filter(|text| !(calls && text.is_empty())) }
}

/// `gen_ai.input.messages`: JSON text or structured.
pub fn gen_ai(value: Option<Value>) -> Vec<Message> {
    match parsed(value) {
        Some(Value::Array(list)) => list.iter().filter_map(structured).collect(),
        Some(value @ Value::Object(_)) => structured(&value).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `gen_ai.system_instructions`: a text, a list of parts, or a list of messages.
pub fn instructions(value: Option<Value>) -> Option<String> {
    match parsed(value)? {
        Value::String(text) => Some(text),
        Value::Array(list) => {
            let texts: Vec<String> =
                list.iter().filter_map(|item| part(item).or_else(|| structured(item)?.text)).collect();
            (!texts.is_empty()).then(|| texts.join("\n\n"))
        }
        value => part(&value).or_else(|| structured(&value)?.text),
    }
}

/// A list of documents, whichever way it is written.
pub fn parsed(value: Option<Value>) -> Option<Value> {
    match value? {
        Value::Null => None,
        Value::String(text) => {
            let json = text.trim_start().starts_with(['[', '{']).then(|| serde_json::from_str(&text).ok()).flatten();
            Some(json.unwrap_or(Value::String(text)))
        }
        value => Some(value),
    }
}

pub fn structured(message: &Value) -> Option<Message> {
    let object = message.as_object()?;
    // A choice wraps its message.
    if let Some(inner @ Value::Object(_)) = object.get("message") {
        return structured(inner);
    }
    let role = object.get("role").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let calls = object.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty());
    let text = match object.get("parts").or_else(|| object.get("content")) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Array(parts)) => {
            let texts: Vec<String> = parts.iter().filter_map(part).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        Some(value @ Value::Object(_)) => part(value),
        _ => None,
    };
    Some(Message { role, text: text.filter(|text| !(calls && text.is_empty())) })
}

fn part(part: &Value) -> Option<String> {
    match part {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => {
            let kind = object.get("type").and_then(Value::as_str).unwrap_or("text");
            let text = object.get("content").or_else(|| object.get("text")).and_then(Value::as_str);
            text.filter(|_| matches!(kind, "text" | "input_text" | "output_text")).map(str::to_owned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn thoughts_and_tools_are_no_answers() {
        let list = json!([
            {"role": "user", "parts": [{"type": "text", "content": "one"}, {"type": "text", "content": "two"}]},
            {"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}, {"type": "tool_call", "id": "1"}]},
            {"role": "user", "parts": [{"type": "tool_call_response", "result": "42"}]},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "2"}]},
        ]);
        let messages = gen_ai(Some(Value::String(list.to_string())));
        assert_eq!(messages, gen_ai(Some(list)));
        assert_eq!(query(&messages).as_deref(), Some("one\ntwo"));
        assert_eq!(answer(&messages), None);
        let empty = gen_ai(Some(json!([{"role": "assistant", "parts": [{"type": "text", "content": ""}]}])));
        assert_eq!(answer(&empty).as_deref(), Some(""), "an empty answer is not a missing one");
    }

    #[test]
    fn flat_messages_with_parts() {
        let mut attributes = Attributes::from_value(json!({
            "m.0.message.role": "developer", "m.0.message.content": "rules",
            "m.1.message.role": "user", "m.1.message.contents.0.message_content.type": "text",
            "m.1.message.contents.0.message_content.text": "look", "m.1.message.contents.1.message_content.type": "image",
            "m.2.message.role": "assistant", "m.2.message.content": "", "m.2.message.tool_calls.0.tool_call.id": "x",
        }));
        let messages = open_inference(&mut attributes, "m");
        assert_eq!(system(&messages).as_deref(), Some("rules"));
        assert_eq!(query(&messages).as_deref(), Some("look"));
        assert_eq!(answer(&messages), None);
    }

    #[test]
    fn instructions_in_every_form() {
        for value in [
            json!("be brief"),
            json!([{"type": "text", "content": "be brief"}]),
            json!([{"role": "system", "content": "be brief"}]),
        ] {
            assert_eq!(instructions(Some(value.clone())).as_deref(), Some("be brief"), "{value}");
            assert_eq!(
                instructions(Some(Value::String(value.to_string().trim_matches('"').into()))).as_deref(),
                Some("be brief")
            );
        }
        assert_eq!(instructions(Some(json!("[sic] rules"))).as_deref(), Some("[sic] rules"));
    }
}
