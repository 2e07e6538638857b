//! Which span is this, however its id was written?
//!
//! OTLP/JSON writes trace and span ids in hexadecimal (of either case), protobuf's own JSON in base64, the Python
//! console exporter as `0x…`. All of them become lower-case hexadecimal, so that they join; an id of another kind
//! stays as it is.

/// 16 bytes.
pub fn trace_id(text: &str) -> Option<String> {
    normal(text, 16).filter(|id| !is_zero(id))
}

/// 8 bytes.
pub fn span_id(text: &str) -> Option<String> {
    normal(text, 8)
}

/// How OTLP says "none" where a field cannot be left out.
pub fn is_zero(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

fn normal(text: &str, bytes: usize) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text == "0x" {
        return None;
    }
    Some(id_of_bytes(text, bytes).unwrap_or_else(|| text.to_owned()))
}

/// The id in hexadecimal, where it is one of so many bytes in any of these spellings.
pub fn id_of_bytes(text: &str, bytes: usize) -> Option<String> {
    let plain = text.strip_prefix("0x").unwrap_or(text);
    if plain.len() == 2 * bytes && plain.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(plain.to_ascii_lowercase());
    }
    base64(text, bytes).map(|decoded| hexadecimal(&decoded))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Padded base64 (plain or for addresses) of exactly so many bytes.
fn base64(text: &str, bytes: usize) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len() != bytes.div_ceil(3) * 4 || digits.len() != (bytes * 8).div_ceil(6) {
        return None;
    }
    let (mut decoded, mut held, mut bits) = (Vec::with_capacity(bytes), 0_u32, 0);
    for byte in digits.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            decoded.push((held >> bits & 0xff) as u8);
        }
    }
    (decoded.len() == bytes).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_the_same_id() {
        for text in ["7b1d3d19c68c8656", "7B1D3D19C68C8656", "0x7b1d3d19c68c8656", "ex09GcaMhlY=", " 7b1d3d19c68c8656 "]
        {
            assert_eq!(span_id(text).as_deref(), Some("7b1d3d19c68c8656"), "{text}");
        }
        for text in ["ec93d4b4e4da5edf578269affcc1fb77", "7JPUtOTaXt9Xgmmv/MH7dw==", "7JPUtOTaXt9Xgmmv_MH7dw=="] {
            assert_eq!(trace_id(text).as_deref(), Some("ec93d4b4e4da5edf578269affcc1fb77"), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_id_stays() {
        assert_eq!(trace_id("fixture-trace-1").as_deref(), Some("fixture-trace-1"));
        assert_eq!(span_id("s01").as_deref(), Some("s01"));
        // As long as base64, but none.
        assert_eq!(span_id("not base64!=").as_deref(), Some("not base64!="));
        assert_eq!(trace_id(""), None);
        assert_eq!(trace_id("00000000000000000000000000000000"), None);
    }
}
