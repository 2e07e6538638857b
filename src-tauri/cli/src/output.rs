//! How does a result look on a terminal?

use hearback_domain::{
    Measure,
    error::{Error, Result},
    measure::{ChangeStyle, Style},
    number::{MINUS, NARROW_SPACE},
};
use serde::Serialize;

/// One JSON document on stdout.
pub fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::internal("the answer could not be written as JSON").because(error))?;
    line(&text);
    Ok(())
}

/// A line on stdout. A reader that has gone (`| head`) ends the program quietly, as it does other tools.
pub fn line(text: &str) {
    use std::io::Write;
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Columns padded to their widest cell; numbers to the right.
pub struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(header: &[&'static str]) -> Self {
        Self { header: header.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(&cell)).collect());
    }

    pub fn print(&self) {
        let columns = self.header.len();
        let numeric: Vec<bool> = (0..columns)
            .map(|column| {
                !self.rows.is_empty() && self.rows.iter().all(|row| row.get(column).is_none_or(|cell| is_number(cell)))
            })
            .collect();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
                cells.chain([self.header[column].chars().count()]).max().unwrap_or(0)
            })
            .collect();
        let header: Vec<String> = self.header.iter().map(|&title| title.to_owned()).collect();
        for row in std::iter::once(&header).chain(&self.rows) {
            let mut text = String::new();
            for (column, cell) in row.iter().enumerate() {
                let padding = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
                if column > 0 {
                    text.push_str("  ");
                }
                if numeric[column] {
                    text.push_str(&padding);
                    text.push_str(cell);
                } else {
                    text.push_str(cell);
                    text.push_str(&padding);
                }
            }
            line(text.trim_end());
        }
    }
}

fn is_number(cell: &str) -> bool {
    cell.chars().all(|c| c.is_ascii_digit() || " .%+-–".contains(c))
}

/// Control characters of data must not steer a terminal.
fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// At most `length` characters.
pub fn short(text: &str, length: usize) -> String {
    let text = one_line(text);
    if text.chars().count() <= length {
        text
    } else {
        text.chars().take(length.saturating_sub(1)).chain(['…']).collect()
    }
}

/// A value of a measure, as the window writes it, in characters that every terminal has.
pub fn measured(measure: Measure, value: Option<f64>) -> String {
    value.map(|value| plain(&measure.write(value))).unwrap_or_default()
}

/// A change of a measure.
pub fn change(measure: Measure, value: Option<f64>) -> String {
    match measure.spec().change {
        ChangeStyle::Relative => value.map(|value| format!("{:+.0} %", value * 100.0)).unwrap_or_default(),
        ChangeStyle::Points => points(value),
        ChangeStyle::Plain => value.map(|value| format!("{value:+.3}")).unwrap_or_default(),
    }
}

pub fn percent(value: Option<f64>) -> String {
    value.map(|value| plain(&Style::Percent { decimals: 1 }.write(value))).unwrap_or_default()
}

/// A difference of shares, in points.
pub fn points(value: Option<f64>) -> String {
    value.map(|value| format!("{:+.1}", value * 100.0)).unwrap_or_default()
}

/// Groups of digits stay together, since columns are split at spaces; a unit stands apart.
fn plain(written: &str) -> String {
    let (digits, unit) = written.strip_suffix('%').map_or((written, ""), |digits| (digits, " %"));
    let digits: String = digits.chars().filter(|&c| c != NARROW_SPACE).collect();
    format!("{}{unit}", digits.replace(MINUS, "-"))
}

pub fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters_and_stay_on_a_line() {
        assert_eq!(short("Größe\nmatters", 8), "Größe m…");
        assert_eq!(short("🙂🙂", 2), "🙂🙂");
        assert_eq!(points(Some(-0.0123)), "-1.2");
    }

    #[test]
    fn a_mean_score_is_no_percentage() {
        assert_eq!(measured(Measure::MeanScore, Some(0.607)), "0.61");
        assert_eq!(change(Measure::MeanScore, Some(-0.0204)), "-0.020");
        assert_eq!(measured(Measure::NegativeShare, Some(0.607)), "60.7 %");
        assert_eq!(measured(Measure::Volume, Some(24_386.0)), "24386");
        assert_eq!(measured(Measure::MeanScore, None), "");
    }
}
