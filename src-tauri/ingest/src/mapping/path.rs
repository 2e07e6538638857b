//! Where in a nested value does a path such as `data.rating` or `answers[].text` lead?
//!
//! A path begins with a column; each further step is a key of an object, the place in a list (`answers.0.text`), or
//! `[]`: every element of a list. Columns may hold JSON or, in tables, Python literals.

use serde_json::Value;

use crate::{
    python,
    row::{Cell, Row},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'p> {
    Key(&'p str),
    /// Every element of a list; what is no list is its own and only element.
    Each,
}

/// The column of `row` with which `path` begins, and the steps from there. Column names may hold dots: the shortest
/// that there is counts.
pub(super) fn locate<'p>(row: &Row<'_>, path: &'p str) -> Option<(&'p str, Vec<Step<'p>>)> {
    let ends = path.match_indices('.').map(|(place, _)| place).chain(path.match_indices("[]").map(|(place, _)| place));
    let mut ends: Vec<usize> = ends.collect();
    ends.sort_unstable();
    let end = ends.into_iter().find(|end| row.has(&path[..*end]))?;
    Some((&path[..end], steps(&path[end..])))
}

/// The possible column names of a path, shortest first.
pub(super) fn starts(path: &str) -> impl Iterator<Item = &str> {
    path.char_indices()
        .filter(|(place, character)| *character == '.' || path[*place..].starts_with("[]"))
        .map(|(place, _)| &path[..place])
}

/// The list whose elements `path` visits: `answers` of `answers[].text`.
pub(super) fn list_of(path: &str) -> Option<&str> {
    path.find("[]").map(|place| &path[..place])
}

/// Steps of what follows the column: `.data.rating`, `[].text`.
fn steps(rest: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in rest.split('.') {
        let key = part.trim_end_matches("[]");
        if !key.is_empty() {
            steps.push(Step::Key(key));
        }
        steps.extend((0..(part.len() - key.len()) / 2).map(|_| Step::Each));
    }
    steps
}

/// The object or list in a cell.
pub(super) fn open(cell: &Cell<'_>) -> Option<Value> {
    match cell {
        Cell::Nested(text) => serde_json::from_str(text).ok(),
        Cell::Text(text) => python::nested(text),
        _ => None,
    }
}

/// Every value to which the steps lead, in order. Nulls are nothing.
pub(super) fn values<'v>(value: &'v Value, steps: &[Step<'_>]) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in steps {
        found = match step {
            Step::Key(key) => found.into_iter().filter_map(|value| child(value, key)).collect(),
            Step::Each => found
                .into_iter()
                .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
                .collect(),
        };
    }
    found.retain(|value| !value.is_null());
    found
}

fn child<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(key),
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Takes out what stands at the steps, leaving null.
pub(super) fn take(value: &mut Value, steps: &[Step<'_>]) -> Option<Value> {
    at(value, steps).map(Value::take)
}

/// The place to which steps without `[]` lead.
pub(super) fn at<'v>(value: &'v mut Value, steps: &[Step<'_>]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match (step, value) {
        (Step::Key(key), Value::Object(object)) => object.get_mut(*key),
        (Step::Key(key), Value::Array(list)) => list.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Removes every value to which the steps lead.
pub(super) fn remove(value: &mut Value, steps: &[Step<'_>]) {
    let Some((step, rest)) = steps.split_first() else {
        *value = Value::Null;
        return;
    };
    match (step, value) {
        (Step::Key(key), Value::Object(object)) if rest.is_empty() => {
            object.remove(*key);
        }
        (Step::Key(key), Value::Object(object)) => {
            if let Some(inner) = object.get_mut(*key) {
                remove(inner, rest);
            }
        }
        (Step::Key(key), Value::Array(list)) => {
            if let Some(inner) = key.parse::<usize>().ok().and_then(|place| list.get_mut(place)) {
                remove(inner, rest);
            }
        }
        (Step::Each, Value::Array(list)) => list.iter_mut().for_each(|inner| remove(inner, rest)),
        (Step::Each, value) => remove(value, rest),
        _ => {}
    }
}

/// The leaves of a value under dotted names; lists stay whole. What is empty is left out.
pub(super) fn leaves(name: &str, value: &Value, put: &mut impl FnMut(String, Cell<'static>)) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                leaves(&format!("{name}.{key}"), inner, put);
            }
        }
        other if is_hollow(other) => {}
        other => put(name.to_owned(), Cell::of_value(other)),
    }
}

/// Null, or made of nothing else.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.iter().all(is_hollow),
        Value::Object(object) => object.values().all(is_hollow),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_to_values() {
        let value = serde_json::json!({"a":{"b":[{"c":1},{"c":null},{"c":[2,3]}]},"one":{"c":4}});
        let of = |rest: &str| values(&value, &steps(rest)).iter().map(|value| value.to_string()).collect::<Vec<_>>();
        assert_eq!(of(".a.b[].c"), ["1", "[2,3]"]);
        assert_eq!(of(".a.b[].c[]"), ["1", "2", "3"]);
        assert_eq!(of(".a.b.0.c"), ["1"]);
        assert_eq!(of(".one[].c"), ["4"]);
        assert!(of(".a.b.7.c").is_empty() && of(".x[].y").is_empty());
        let mut rest = value.clone();
        remove(&mut rest, &steps(".a.b[].c"));
        let mut left = Vec::new();
        leaves("v", &rest, &mut |name, _| left.push(name));
        assert_eq!(left, ["v.one.c"]);
    }
}
