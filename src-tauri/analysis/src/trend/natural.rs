//! In which order do people expect names with numbers in them? 1.9 before 1.10, v2 before v10.

use std::cmp::Ordering;

/// Compares runs of digits as numbers and everything else letter by letter; equal names by their bytes.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.chars().next(), right.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, left_rest) = digits(left);
                let (y, right_rest) = digits(right);
                let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                // Longer is larger, so that numbers of any length compare without overflow.
                let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (left_rest, right_rest);
            }
            (Some(x), Some(y)) => {
                let order = x.to_lowercase().cmp(y.to_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (&left[x.len_utf8()..], &right[y.len_utf8()..]);
            }
        }
    }
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_inside_names_count_as_numbers() {
        let mut names = vec!["v10", "v2", "1.10", "1.9", "V2", "1.9-rc", "", "é", "007", "7"];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, ["", "1.9", "1.9-rc", "1.10", "007", "7", "V2", "v2", "v10", "é"]);
    }
}
