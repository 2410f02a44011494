//! How a table lies in a text: where its header is, and what stands between its fields.

use csv::ByteRecord;

use super::delimited;

/// What may stand between two fields; of equals the first is meant.
pub(super) const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// How a table of delimited lines lies in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The lines before the header.
    pub(super) before: usize,
    /// What stands between the fields of the header.
    pub(super) of_header: u8,
    /// What stands between the fields below it.
    pub(super) delimiter: u8,
}

impl Layout {
    /// The layout of a text, by its beginning; where `is_whole`, its last line is whole.
    pub(super) fn of(text: &str, is_whole: bool) -> Self {
        let mut lines: Vec<&str> = text.split('\n').collect();
        if !is_whole && 1 < lines.len() {
            lines.pop();
        }
        let told = lines
            .iter()
            .position(|line| !is_blank(line))
            .and_then(|place| Some((place, told_delimiter(lines.get(place)?.as_bytes())?)));
        if let Some((place, delimiter)) = told {
            let before = lines
                .iter()
                .enumerate()
                .position(|(other, line)| place < other && !is_blank(line))
                .unwrap_or(place + 1);
            return Self { before, of_header: delimiter, delimiter };
        }
        let open: Vec<(usize, &str)> =
            lines.iter().copied().enumerate().filter(|(_, line)| !is_blank(line) && !is_comment(line)).collect();
        let Some(((first, header), rest)) = open.split_first() else {
            return Self { before: 0, of_header: b',', delimiter: b',' };
        };
        let own = delimiter(header.as_bytes());
        let own_count = count(header, own);
        let fits = |(_, line): &(usize, &str)| count(line, own) == own_count;
        if 1 < own_count && rest.first().is_none_or(fits) || own_count == 1 && rest.len() < 2 {
            return Self { before: *first, of_header: own, delimiter: own };
        }
        let Some((delimiter, fields)) = most_lines(&open) else {
            return Self { before: *first, of_header: own, delimiter: own };
        };
        let is_header = |line: &str| {
            let others = DELIMITERS.into_iter().filter(|other| *other != delimiter);
            std::iter::once(delimiter).chain(others).find(|other| count(line, *other) == fields)
        };
        match open.iter().find_map(|(place, line)| Some((*place, is_header(line)?))) {
            Some((before, of_header)) => Self { before, of_header, delimiter },
            None => Self { before: *first, of_header: own, delimiter: own },
        }
    }
}

/// The delimiter that most lines have as often, and how many fields they have with it.
fn most_lines(lines: &[(usize, &str)]) -> Option<(u8, usize)> {
    let mut best: Option<(usize, usize, u8)> = None;
    for delimiter in DELIMITERS {
        let mut counts: Vec<usize> =
            lines.iter().map(|(_, line)| count(line, delimiter)).filter(|count| 1 < *count).collect();
        counts.sort_unstable();
        for fields in counts.iter().copied().collect::<std::collections::BTreeSet<_>>() {
            let having = counts.iter().filter(|other| **other == fields).count();
            if best.is_none_or(|(most, of_best, _)| (most, of_best) < (having, fields)) {
                best = Some((having, fields, delimiter));
            }
        }
    }
    best.filter(|(having, ..)| 1 < *having).map(|(_, fields, delimiter)| (delimiter, fields))
}

fn is_blank(line: &str) -> bool {
    line.trim_start_matches('\u{feff}').trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    // A column may be called "# Samples", but the first one hardly is.
    let line = line.trim_start_matches('\u{feff}').trim_start();
    line.starts_with('#')
        && !line.get(1..).is_some_and(|rest| {
            DELIMITERS.iter().any(|delimiter| 1 < rest.bytes().filter(|byte| byte == delimiter).count())
        })
        || line.starts_with("//")
}

/// How many fields a line has.
fn count(line: &str, delimiter: u8) -> usize {
    let mut record = ByteRecord::new();
    delimited::split(delimiter, line.as_bytes(), &mut record);
    record.len()
}

/// The delimiter that stands most often in the header line, outside of quotes; the comma where none does.
pub(super) fn delimiter(header_line: &[u8]) -> u8 {
    let bare: Vec<u8> = header_line.split(|&byte| byte == b'"').step_by(2).flatten().copied().collect();
    let count = |delimiter: u8| bare.iter().filter(|&&byte| byte == delimiter).count();
    // The last of equals wins, so the more usual ones come last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// The delimiter that a line `sep=;` tells, which Excel reads and writes before the header.
fn told_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (name, told) = line.split_at_checked(4)?;
    match told {
        [delimiter] if name.eq_ignore_ascii_case(b"sep=") && DELIMITERS.contains(delimiter) => Some(*delimiter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_below_decide() {
        let table = [
            ("a,b\n1,2\n", 0, ',', ','),
            ("\n\nsep=;\na;b\n1;2\n", 3, ';', ';'),
            ("# run on box1\n# 2026\na,b\n1,2\n3,4\n", 2, ',', ','),
            ("Benchmark of today\n\na,b,c\n1,2,3\n4,5,6\n", 2, ',', ','),
            ("case;runtime;cputime\nx, 0.35, 0.14\ny, 0.40, 0.17\n", 0, ';', ','),
            ("framework;total\na;4,25\nb;4,5\n", 0, ';', ';'),
            ("a\tb\n1\t2\n", 0, '\t', '\t'),
            ("latency\n1\n2\n", 0, ',', ','),
            ("a,b,c\n1,2\n1,2,3\n4,5,6\n", 0, ',', ','),
        ];
        for (text, before, of_header, delimiter) in table {
            let expected = Layout { before, of_header: of_header as u8, delimiter: delimiter as u8 };
            assert_eq!(Layout::of(text, true), expected, "{text}");
        }
    }

    #[test]
    fn delimiters_in_quotes_do_not_count() {
        let table = [
            (r#""framework","total time (ms)","a;b;c;d;e""#, b','),
            (r#""a,b";c;"d ""e,f"" g""#, b';'),
            ("a\tb", b'\t'),
            ("a", b','),
            ("a,b;c", b','),
        ];
        for (line, expected) in table {
            assert_eq!(delimiter(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_first_line_may_tell_the_delimiter() {
        let table =
            [("sep=;", Some(b';')), ("SEP=\t\r", Some(b'\t')), ("sep=", None), ("sep=x", None), ("separ", None)];
        for (line, expected) in table {
            assert_eq!(told_delimiter(line.as_bytes()), expected, "{line:?}");
        }
    }
}
