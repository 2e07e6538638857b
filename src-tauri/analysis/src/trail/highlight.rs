//! Which words did the annotator mean? The offsets if they fit the text, else the quoted words where they stand.

use hearback_domain::{Span, record::SpanTarget, rows::FeedbackRow};

/// A stretch of a text with the feedback that marks it. The segments of a text, joined, are the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    /// Ids of feedback, in the order of the feedback.
    pub marks: Vec<String>,
}

/// Why a span marks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanNote {
    pub feedback_id: String,
    pub target: SpanTarget,
    pub problem: SpanProblem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanProblem {
    /// The turn has no such text.
    NoText,
    /// The offsets lie outside of the text, or end before they begin, and nothing is quoted.
    Outside,
    /// The quoted words do not stand in the text.
    QuoteNotFound,
}

impl SpanProblem {
    /// One sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoText => "The marked text is not in this workspace",
            Self::Outside => "The marked stretch lies outside of the text",
            Self::QuoteNotFound => "The marked words do not occur in the text",
        }
    }
}

/// Cuts `text` where marks begin and end. Spans of other targets are passed over.
pub fn highlight(text: Option<&str>, target: SpanTarget, feedback: &[FeedbackRow]) -> (Vec<Segment>, Vec<SpanNote>) {
    let mut notes = Vec::new();
    let mut ranges: Vec<(usize, usize, &str)> = Vec::new();
    for row in feedback {
        let Some(span) = row.span.as_ref().filter(|span| span.target == target) else { continue };
        match text.map_or(Err(SpanProblem::NoText), |text| locate(text, span)) {
            Ok((start, end)) => ranges.push((start, end, &row.id)),
            Err(problem) => notes.push(SpanNote { feedback_id: row.id.clone(), target, problem }),
        }
    }
    let Some(text) = text.filter(|text| !text.is_empty()) else { return (Vec::new(), notes) };

    let mut cuts: Vec<usize> = ranges.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    let segments = cuts
        .windows(2)
        .map(|pair| Segment {
            text: text[pair[0]..pair[1]].to_owned(),
            marks: ranges
                .iter()
                .filter(|(start, end, _)| *start <= pair[0] && pair[1] <= *end)
                .map(|(_, _, id)| (*id).to_owned())
                .collect(),
        })
        .collect();
    (segments, notes)
}

/// The span in bytes of `text`.
fn locate(text: &str, span: &Span) -> Result<(usize, usize), SpanProblem> {
    let start = byte_of(text, span.start);
    let by_offset = start.zip(byte_of(text, span.end)).filter(|(start, end)| start < end);
    let Some(quote) = span.quote.as_deref().map(str::trim).filter(|quote| !quote.is_empty()) else {
        return by_offset.ok_or(SpanProblem::Outside);
    };
    if let Some((start, end)) = by_offset
        && text[start..end].trim() == quote
    {
        return Ok((start, end));
    }
    // Offsets counted in other units (bytes, UTF-16) are near the truth: take the occurrence nearest to them.
    let near = start.unwrap_or(text.len());
    text.match_indices(quote)
        .map(|(at, found)| (at, at + found.len()))
        .min_by_key(|(at, _)| at.abs_diff(near))
        .ok_or(SpanProblem::QuoteNotFound)
}

/// The byte at which the character number `offset` begins; the end of the text counts.
fn byte_of(text: &str, offset: u32) -> Option<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(offset as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::tests::feedback;

    fn marked(id: &str, start: u32, end: u32, quote: Option<&str>) -> FeedbackRow {
        let span = Span { target: SpanTarget::Output, start, end, quote: quote.map(str::to_owned) };
        FeedbackRow { span: Some(span), ..feedback(id, None, None) }
    }

    fn shown(text: &str, feedback: &[FeedbackRow]) -> (String, Vec<SpanProblem>) {
        let (segments, notes) = highlight(Some(text), SpanTarget::Output, feedback);
        assert_eq!(segments.iter().map(|segment| segment.text.as_str()).collect::<String>(), text);
        let shown = segments.iter().map(|segment| match segment.marks.as_slice() {
            [] => segment.text.clone(),
            marks => format!("[{}:{}]", marks.join("+"), segment.text),
        });
        (shown.collect(), notes.iter().map(|note| note.problem).collect())
    }

    #[test]
    fn marks_may_overlap() {
        let text = "Yes, within 60 days.";
        let found =
            shown(text, &[marked("a", 5, 14, None), marked("b", 12, 19, Some("60 days")), marked("c", 0, 3, None)]);
        assert_eq!(found, ("[c:Yes], [a:within ][a+b:60][b: days].".to_owned(), vec![]));
    }

    #[test]
    fn a_quote_is_found_where_offsets_are_wrong() {
        // The offsets count bytes; the text has an é before them.
        assert_eq!(shown("é 60 or 60 days", &[marked("a", 9, 16, Some("60 days"))]).0, "é 60 or [a:60 days]");
        assert_eq!(shown("60 or 60 days", &[marked("a", 1, 3, Some("60"))]).0, "[a:60] or 60 days");
        assert_eq!(shown("60 or 60 days", &[marked("a", 500, 503, Some(" 60 "))]).0, "60 or [a:60] days");
    }

    #[test]
    fn what_cannot_be_found_is_noted_and_not_guessed() {
        let wrong = [
            marked("a", 2, 900, None),
            marked("b", 0, 2, Some("thirty")),
            marked("c", 3, 3, None),
            marked("d", 5, 2, None),
        ];
        let (text, problems) = shown("60 days", &wrong);
        assert_eq!(text, "60 days");
        assert_eq!(
            problems,
            [SpanProblem::Outside, SpanProblem::QuoteNotFound, SpanProblem::Outside, SpanProblem::Outside]
        );
        assert_eq!(highlight(None, SpanTarget::Output, &wrong[..1]).1[0].problem, SpanProblem::NoText);
        assert_eq!(
            highlight(Some("x"), SpanTarget::Query, &wrong),
            (vec![Segment { text: "x".to_owned(), marks: vec![] }], vec![])
        );
    }
}
