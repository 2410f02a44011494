//! `simulation.log` as text, tab-separated, to Gatling 3.12.
//!
//! `RUN class id start description version`, `USER scenario START|END time`,
//! `REQUEST groups name start end OK|KO message`; Gatling 2 and early 3 have columns for the scenario and the user's number
//! before the groups. So a request is read from its status backwards.

use super::super::lines::Lines;
use super::{Log, scenario};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// A log as text.
pub(in super::super) static GATLING_TEXT: Format = Format {
    name: "gatling-text",
    about: "Gatling simulation.log, text (to 3.12)",
    recognised_by: "a line RUN with tabs, behind lines ASSERTION if any",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| line.starts_with("ASSERTION\t"));
    lines.next().is_some_and(|line| line.starts_with("RUN\t") && 4 <= line.matches('\t').count())
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader(), Position::BEGIN);
    let mut log = Log::new(sink);
    while let Some((line, place)) = lines.next()? {
        let text = String::from_utf8_lossy(line);
        let fields: Vec<&str> = text.trim_end_matches(['\r', '\n']).split('\t').collect();
        match fields.as_slice() {
            ["RUN", class, ..] => log.simulation(class),
            ["USER", rest @ ..] => {
                // A scenario may have any name, the state stands behind it.
                match rest.iter().skip(1).find(|field| matches!(**field, "START" | "END")) {
                    Some(state) => log.user(*state == "START"),
                    None => report_broken(sink, place, "USER has neither START nor END"),
                }
            }
            ["REQUEST", ..] if text.contains(char::REPLACEMENT_CHARACTER) && std::str::from_utf8(line).is_err() => {
                report_broken(sink, place, "the line is not in UTF-8");
            }
            ["REQUEST", rest @ ..] => match Line::of(rest) {
                Some(line) => {
                    log.request(&scenario(line.groups.split(','), line.name), line.start, line.end, line.ok);
                }
                None => report_broken(sink, place, "REQUEST has no name, times and status"),
            },
            // Every line that Gatling writes has an end.
            _ if !line.ends_with(b"\n") => report_broken(sink, place, "the line is cut off"),
            _ => {}
        }
    }
    log.finish(sink)
}

fn report_broken(sink: &mut Sink<'_>, place: Position, message: &str) {
    let help = "the line is left out; the test may have been aborted";
    sink.report(Severity::Error, "broken-line", &place.into(), message.to_owned(), Some(help));
}

/// A request.
#[derive(Debug, PartialEq)]
struct Line<'a> {
    groups: &'a str,
    name: &'a str,
    /// ms since 1970.
    start: i64,
    end: i64,
    ok: bool,
}

impl<'a> Line<'a> {
    /// Reads the fields behind `REQUEST`.
    fn of(fields: &[&'a str]) -> Option<Self> {
        let time = |field: &str| field.parse::<i64>().ok().filter(|_| 13 <= field.len());
        let status = fields.iter().enumerate().position(|(at, field)| {
            matches!(*field, "OK" | "KO")
                && at.checked_sub(2).is_some_and(|first| {
                    fields.get(first..at).is_some_and(|times| times.iter().all(|field| time(field).is_some()))
                })
        })?;
        let ok = *fields.get(status)? == "OK";
        let before = fields.get(..status)?;
        // Gatling 2.0 has four times: of the request and the response, each from its start to its end.
        let times = before.iter().rev().take_while(|field| time(field).is_some()).count().min(4);
        let (names, times) = before.split_at_checked(before.len() - times)?;
        let (name, before) = names.split_last()?;
        Some(Self {
            groups: before.last().copied().unwrap_or_default(),
            name,
            start: time(times.first()?)?,
            end: time(times.last()?)?,
            ok,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_all_versions() {
        let table = [
            ("\thome\t1698000000000\t1698000000020\tOK\t ", Some(("", "home", true))),
            ("checkout,pay\thome\t1698000000000\t1698000000020\tKO\ttimed out", Some(("checkout,pay", "home", false))),
            ("7\t\thome\t1698000000000\t1698000000020\tOK\t ", Some(("", "home", true))),
            ("users\t7\t\thome\t1698000000000\t1698000000020\tOK\t ", Some(("", "home", true))),
            (
                "users\t7\t\thome\t1698000000000\t1698000000001\t1698000000002\t1698000000020\tOK",
                Some(("", "home", true)),
            ),
            ("\tOK\t1698000000000\t1698000000020\tOK\t ", Some(("", "OK", true))),
            ("\thome\t1698000000000", None),
            ("", None),
        ];
        for (text, expected) in table {
            let fields: Vec<&str> = text.split('\t').collect();
            let found = Line::of(&fields);
            assert_eq!(found.as_ref().map(|line| (line.groups, line.name, line.ok)), expected, "{text}");
            assert!(
                found.is_none_or(|line| (line.start, line.end) == (1_698_000_000_000, 1_698_000_000_020)),
                "{text}"
            );
        }
    }
}
