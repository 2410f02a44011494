//! Plain lines of NDJSON, taken from their bytes.
//!
//! What stands between the values of a record (braces, names, colons, commas, blanks) is the same in all records that one
//! program wrote. So it is learned from a record that was read carefully, and compared; only the values are looked at.

use super::number::{float, whole};
use super::series::KnownSeries;
use crate::load::samples::SeriesId;
use crate::load::tabular::{Mapping, Part, PlainRequest};
use crate::record::RequestTicks;

/// Reads records that look like others before them, and leaves all others to the careful way.
#[derive(Default)]
pub(in crate::load) struct PlainObjects {
    /// The one that fitted last comes first.
    shapes: Vec<Shape>,
    key: Vec<u8>,
    known: KnownSeries,
}

/// What all records of a kind share.
#[derive(Debug, PartialEq)]
struct Shape {
    /// What stands before each value, and what the value means.
    members: Vec<(Vec<u8>, Part)>,
    /// What stands behind the last value.
    end: Vec<u8>,
}

/// Programs that leave members out write records of several shapes; more than these are no shapes.
const MOST_SHAPES: usize = 8;

impl PlainObjects {
    /// The request of a line without blanks around it, and the series that it belongs to; `None` where the line is not
    /// plain, or its shape or series not known. The line is in UTF-8.
    #[inline]
    pub(in crate::load) fn request(&mut self, line: &[u8]) -> Option<(SeriesId, RequestTicks)> {
        for place in 0..self.shapes.len() {
            self.key.clear();
            let Some(request) = self.shapes.get(place)?.request(line, &mut self.key) else { continue };
            self.shapes.swap(0, place);
            return Some((self.known.find(&self.key)?, request.ticks()));
        }
        None
    }

    /// Learns from a line, without blanks around it, that was read carefully. `mapping` has a part for each of its values.
    pub(in crate::load) fn learn(&mut self, line: &[u8], mapping: &Mapping, series: SeriesId) {
        if let Some(shape) = Shape::of(line, &mapping.parts())
            && self.shapes.len() < MOST_SHAPES
            && !self.shapes.contains(&shape)
        {
            self.shapes.insert(0, shape);
        }
        for shape in &self.shapes {
            self.key.clear();
            if shape.request(line, &mut self.key).is_some() {
                self.known.learn(&self.key, series);
                return;
            }
        }
    }
}

impl Shape {
    /// That of a JSON object that is well-formed; `None` where it holds arrays or escapes.
    fn of(line: &[u8], parts: &[Part]) -> Option<Self> {
        let mut members = Vec::new();
        let (mut begin, mut place) = (0, 0);
        let mut is_value_next = false;
        while let Some(&byte) = line.get(place) {
            match byte {
                b'{' | b',' => {
                    is_value_next = false;
                    place += 1;
                }
                b':' => {
                    is_value_next = true;
                    place += 1;
                }
                b'}' | b' ' | b'\t' => place += 1,
                _ => {
                    let length = scalar(line.get(place..)?)?;
                    if is_value_next {
                        let before = line.get(begin..place)?.to_vec();
                        members.push((before, *parts.get(members.len())?));
                        begin = place + length;
                        is_value_next = false;
                    }
                    place += length;
                }
            }
        }
        (members.len() == parts.len()).then_some(Self { members, end: line.get(begin..)?.to_vec() })
    }

    /// The request of a line of this shape; its names go into `key`.
    #[inline]
    fn request(&self, line: &[u8], key: &mut Vec<u8>) -> Option<PlainRequest> {
        let mut rest = line;
        let mut request = PlainRequest::default();
        for (before, part) in &self.members {
            rest = rest.strip_prefix(before.as_slice())?;
            let (value, behind) = rest.split_at_checked(scalar(rest)?)?;
            take(&mut request, part, value, key)?;
            rest = behind;
        }
        (rest == self.end).then_some(request)
    }
}

/// Takes a value that is written plainly; `None` where it is not.
#[inline]
fn take(request: &mut PlainRequest, part: &Part, value: &[u8], key: &mut Vec<u8>) -> Option<()> {
    match *part {
        Part::Unused => {}
        Part::Name => {
            key.extend_from_slice(value);
            // No value holds a line end.
            key.push(b'\n');
        }
        _ if value == b"null" => {}
        Part::Start(factor) => request.start(float(value)?, factor)?,
        Part::Latency(factor) => request.latency(float(value)?, factor),
        Part::Status => request.status(whole(value)?),
        Part::Bytes => request.bytes(whole(value)?),
        Part::Ok => match value {
            b"true" => request.ok(true),
            b"false" => request.ok(false),
            _ => return None,
        },
    }
    Some(())
}

/// How many bytes the scalar at the beginning of a text takes; `None` where there is none, or a text with escapes.
#[inline]
fn scalar(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => {
            let inside = text.get(1..)?;
            let end = inside.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
            (inside.get(end) == Some(&b'"')).then_some(end + 2)
        }
        b'-' => number(text.get(1..)?).map(|length| length + 1),
        b'0'..=b'9' => number(text),
        b't' => text.starts_with(b"true").then_some(4),
        b'f' => text.starts_with(b"false").then_some(5),
        b'n' => text.starts_with(b"null").then_some(4),
        _ => None,
    }
}

/// How many bytes the number without a sign at the beginning of a text takes, as RFC 8259 has it.
#[inline]
fn number(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
    };
    let whole = digits(0);
    // A zero at the beginning stands alone. What may be too large for a float is not plain, here and below.
    if whole == 0 || 30 < whole || (1 < whole && text.first() == Some(&b'0')) {
        return None;
    }
    let mut end = whole;
    if text.get(end) == Some(&b'.') {
        let decimals = digits(end + 1);
        if decimals == end + 1 {
            return None;
        }
        end = decimals;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == end + 1 + sign || end + 3 + sign < exponent {
            return None;
        }
        end = exponent;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars() {
        let table = [
            ("\"a\",", Some(3)),
            ("\"\"", Some(2)),
            ("\"a\\n\"", None),
            ("\"a\tb\"", None),
            ("\"a", None),
            ("12,", Some(2)),
            ("0.5}", Some(3)),
            ("-1.5e-10 ", Some(8)),
            ("1E5", Some(3)),
            ("007", None),
            ("1.", None),
            ("1e", None),
            ("1e99", Some(4)),
            ("1e+100", None),
            ("-", None),
            ("0", Some(1)),
            ("true", Some(4)),
            ("null}", Some(4)),
            ("nul", None),
            ("[1]", None),
            ("{", None),
            ("NaN", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(scalar(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn shapes_are_what_stands_between_the_values() {
        let parts = [Part::Name, Part::Latency(1.0)];
        let shape = Shape::of(br#"{"name": "a", "times": {"latency": 0.5}}"#, &parts).unwrap();
        assert_eq!(shape.members[0], (br#"{"name": "#.to_vec(), Part::Name));
        assert_eq!(shape.members[1], (br#", "times": {"latency": "#.to_vec(), Part::Latency(1.0)));
        assert_eq!(shape.end, b"}}");

        let mut key = Vec::new();
        assert!(shape.request(br#"{"name": "bc", "times": {"latency": 12e-3}}"#, &mut key).is_some());
        assert_eq!(key, b"\"bc\"\n");
        for other in [
            r#"{"name": "a", "times": {"latency": 0.5}} "#,
            r#"{"name":"a", "times": {"latency": 0.5}}"#,
            r#"{"name": "a", "times": {"latency": "0.5"}}"#,
            r#"{"name": "a", "times": {"latency": 0.5"#,
            r#"{"name": "a\u0041", "times": {"latency": 0.5}}"#,
        ] {
            assert!(shape.request(other.as_bytes(), &mut key).is_none(), "{other}");
        }
        assert_eq!(Shape::of(br#"{"name": "a", "times": [0.5]}"#, &parts), None);
        assert_eq!(Shape::of(br#"{"name": "a"}"#, &parts), None);
    }
}
