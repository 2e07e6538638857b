//! How do names that somebody else chose become names that lead nowhere else and are unlike one another?

use std::collections::HashSet;

/// A second one of the same name gets a number.
pub(crate) fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let mut number = 2_u32;
    let mut unique = name.clone();
    while !taken.insert(unique.clone()) {
        unique = format!("{name} ({number})");
        number += 1;
    }
    unique
}

/// One segment of a path: no way up, no drive, no control characters.
pub(crate) fn safe_segment(segment: &str) -> String {
    if segment == ".." {
        return "__".into();
    }
    segment
        .chars()
        .map(|letter| if letter.is_control() || matches!(letter, '/' | '\\' | ':') { '_' } else { letter })
        .collect()
}

/// The name of a file in an archive as a path that stays below it, and unlike the ones `taken`. The name of a folder,
/// which ends in a slash, stays one and is not taken.
pub(crate) fn safe_path(name: &str, taken: &mut HashSet<String>) -> String {
    let is_folder = name.ends_with(['/', '\\']);
    let segments = name.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | "."));
    let plain = match segments.map(safe_segment).collect::<Vec<_>>().join("/") {
        nothing if nothing.is_empty() => "_".to_owned(),
        plain => plain,
    };
    if is_folder { plain + "/" } else { unique(plain, taken) }
}
