//! What holds for the window's sources: colours, texts, the content policy.

use std::{collections::BTreeMap, path::Path};

use hearback_draw as chart;

use super::{
    programs,
    sources::{files, forbid, root},
};

/// `#` and 3, 4, 6 or 8 hexadecimal digits that do not go on as a word.
fn has_hex_colour(text: &str) -> bool {
    text.match_indices('#').any(|(at, _)| {
        let rest = &text[at + 1..];
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let goes_on = rest.chars().nth(digits).is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
        [3, 4, 6, 8].contains(&digits) && !goes_on
    })
}

#[test]
fn colours_stand_in_the_token_files() {
    let tokens = |path: &Path| path.ends_with("draw/src/theme.rs");
    for folder in &programs() {
        forbid(folder, "colours stand in draw/theme.rs", tokens, has_hex_colour);
    }
    for path in files("ui/src", ".svelte").into_iter().chain(files("ui/src", ".css")) {
        if path.ends_with("styles/tokens.css") {
            continue;
        }
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        for (index, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            // Black with an opacity is a shadow.
            let plain = line.replace("rgb(0 0 0 /", "");
            let coloured =
                has_hex_colour(&plain) || ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|name| plain.contains(name));
            assert!(!coloured, "{shown}:{}: a colour outside of tokens.css: {}", index + 1, line.trim());
        }
    }
}

#[test]
fn window_and_charts_have_the_same_colours() {
    // The window may not be there yet, in a checkout of the engine alone.
    let Ok(css) = std::fs::read_to_string(root().join("ui/src/styles/tokens.css")) else { return };
    let block = |head: &str| -> BTreeMap<String, String> {
        let after = css.split_once(head).unwrap_or_else(|| panic!("tokens.css has no {head}")).1;
        let body = after.split_once('{').unwrap().1.split_once('}').unwrap().0;
        body.lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_lowercase()))
            .collect()
    };
    let light = block(":root");
    let mut dark = light.clone();
    dark.extend(block("[data-theme=\"dark\"]"));
    for (name, tokens, theme) in [("light", light, chart::LIGHT), ("dark", dark, chart::DARK)] {
        for (token, colour) in theme.tokens() {
            assert_eq!(tokens.get(token), Some(&colour.to_lowercase()), "--{token} in {name}");
        }
    }
}

#[test]
fn text_never_becomes_html_and_nothing_has_a_style_attribute() {
    // The content policy forbids both as well; this says where.
    for path in files("ui/src", ".svelte") {
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        for (index, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            // `style:--width={..}` is set through the object model, which the policy allows.
            for forbidden in ["{@html", " style=\"", " style={", "innerHTML"] {
                assert!(!line.contains(forbidden), "{shown}:{}: {}", index + 1, line.trim());
            }
        }
    }
}

#[test]
fn the_content_policy_is_strict_and_capabilities_are_few() {
    let text = std::fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let policy = &config["app"]["security"]["csp"];
    assert_eq!(policy["default-src"], "'none'");
    assert_eq!(policy["script-src"], "'self'");
    assert_eq!(policy["style-src"], "'self'");
    let all = policy.to_string();
    assert!(!all.contains("unsafe") && !all.contains("https:") && !all.contains('*'), "{all}");
    for path in files("src-tauri/capabilities", ".json") {
        let text = std::fs::read_to_string(&path).unwrap();
        for forbidden in ["shell:", "fs:", "http:", "remote", "process:"] {
            assert!(!text.contains(&format!("\"{forbidden}")), "{}: {forbidden}", path.display());
        }
    }
}
