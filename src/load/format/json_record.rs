//! One record of a JSON text, and how records lie in it.

use serde::Deserialize;

use super::json_text::QuoteNonFinite;
use crate::load::shape::Node;
use crate::load::source::Head;

/// How the records of a JSON text lie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One document.
    Document,
    /// One object a line.
    Lines,
    /// The beginning may be of either.
    Undecided,
}

/// How the records lie, by the beginning of an input; `None` where it is no JSON. Where the first line is a whole object
/// and anything follows, records are one a line: what follows may be broken. Programs that log may write something before
/// each of them.
pub(super) fn layout(head: &Head<'_>) -> Option<Layout> {
    let text = head.text()?.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        let mut lines = text.lines();
        let is_logged = lines.next().is_some_and(|line| without_prefix(line).is_some_and(is_object))
            && lines
                .find(|line| !line.trim().is_empty())
                .is_none_or(|line| without_prefix(line).is_some_and(is_object));
        return Some(if is_logged { Layout::Lines } else { Layout::Document });
    }
    if !text.starts_with('{') {
        let first = text.lines().next()?;
        return without_prefix(first).is_some_and(is_object).then_some(Layout::Lines);
    }
    let Some((first, rest)) = text.split_once('\n') else {
        // A line that is longer than what can be looked at.
        return Some(if head.is_whole { Layout::Document } else { Layout::Undecided });
    };
    if is_object(first) {
        return Some(if rest.trim().is_empty() { Layout::Document } else { Layout::Lines });
    }
    let second = rest.lines().find(|line| !line.trim().is_empty());
    Some(if second.is_some_and(is_object) { Layout::Undecided } else { Layout::Document })
}

fn is_object(line: &str) -> bool {
    line.starts_with('{') && matches!(node(line.trim_end().as_bytes()), Ok(Node::Object(_)))
}

/// The object at the end of a line that something else begins.
pub(super) fn without_prefix(line: &str) -> Option<&str> {
    const LONGEST_PREFIX: usize = 120;
    let begin = line.find('{').filter(|begin| 0 < *begin && *begin <= LONGEST_PREFIX)?;
    let (prefix, object) = line.split_at_checked(begin)?;
    let is_prefix = prefix.ends_with([' ', '\t', ':']) && !prefix.contains(['"', '{']);
    (is_prefix && object.trim_end().ends_with('}')).then_some(object)
}

/// Reads one line.
pub(super) fn node(text: &[u8]) -> serde_json::Result<Node> {
    let mut document = serde_json::Deserializer::from_slice(text);
    let parsed = Node::deserialize(&mut document).and_then(|node| document.end().map(|()| node));
    // Only a line that is no JSON pays for the search for words like NaN.
    parsed.or_else(|_| {
        let mut document = serde_json::Deserializer::from_reader(QuoteNonFinite::new(text));
        let node = Node::deserialize(&mut document)?;
        document.end()?;
        Ok(node)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_from_a_document() {
        let long = format!(r#"{{"total_time": 1.5, "latencies": [{}"#, "0.001, ".repeat(10_000));
        let table = [
            ("{\"a\": 1}\n{\"a\": 2}\n", Some(Layout::Lines)),
            ("{\"a\": 1}\ngarbage\n{\"a\": 2}\n", Some(Layout::Lines)),
            ("{\"a\": 1}\n[1, 2]\n", Some(Layout::Lines)),
            ("{\"a\": NaN}\r\n\r\n{\"a\": 1", Some(Layout::Lines)),
            ("{\"a\": 1}\n\n", Some(Layout::Document)),
            ("{\"a\": 1}", Some(Layout::Document)),
            ("{\n  \"a\": 1\n}\n", Some(Layout::Document)),
            ("[\n{\"a\": 1}\n]\n", Some(Layout::Document)),
            ("{\"a\": \n{\"a\": 2}\n", Some(Layout::Undecided)),
            ("a,b\n", None),
            ("INFO 12:00:01 {\"a\": 1}\nINFO 12:00:02 {\"a\": 2}\n", Some(Layout::Lines)),
            ("[INFO] {\"a\": 1}\n[INFO] {\"a\": 2}\n", Some(Layout::Lines)),
        ];
        for (text, expected) in table {
            assert_eq!(layout(&Head { bytes: text.as_bytes(), is_whole: true }), expected, "{text}");
        }
        assert_eq!(layout(&Head { bytes: long.as_bytes(), is_whole: false }), Some(Layout::Undecided));
    }
}
