//! k6's points as newline-delimited JSON (`--out json=FILE`, compressed where the name ends in `.gz`).
//!
//! <https://grafana.com/docs/k6/latest/results-output/real-time/json/>. A request is nine or ten points, of which
//! `http_req_duration` has all that is needed here: its `time` is the end of the request, its `value` is in ms. The order
//! of the keys differs by version, so the metric of a line is looked for at its beginning and at its end.

use jiff::Timestamp;
use serde::Deserialize;

use super::super::json_text::read_error;
use super::super::lines::Lines;
use super::steps::{Point, Steps};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// Points, one JSON object a line.
pub(in super::super) static K6_JSON: Format = Format {
    name: "k6-json",
    about: "k6 --out json: points, one a line",
    recognised_by: "lines with metric, data, and the type Metric or Point",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    metric: &'a str,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    time: Option<&'a str>,
    value: Option<f64>,
    #[serde(borrow)]
    tags: Option<Tags<'a>>,
}

#[derive(Default, Deserialize)]
struct Tags<'a> {
    status: Option<&'a str>,
    scenario: Option<&'a str>,
    expected_response: Option<&'a str>,
}

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.starts_with('{')
        && (line.contains("\"type\":\"Metric\"") || line.contains("\"type\":\"Point\""))
        && line.contains("\"metric\":\"")
        && line.contains("\"data\":{")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader(), Position::BEGIN);
    let mut steps = Steps::new(sink);
    while let Some((line, place)) = lines.next()? {
        let text = line.trim_ascii();
        if is_wanted(text) {
            let taken = serde_json::from_slice(text)
                .map_err(|error| read_error(&error, place.line - 1).to_string())
                .and_then(|line| take(&line, &mut steps, sink));
            if let Err(message) = taken {
                let help = "the line is left out; mend it";
                sink.report(Severity::Error, "broken-line", &place.into(), message, Some(help));
            }
        }
    }
    steps.finish(sink)
}

/// Whether a line is of a metric that is used here; a line of an unknown shape may be.
fn is_wanted(line: &[u8]) -> bool {
    match metric(line) {
        Some(metric) => matches!(metric, b"http_req_duration" | b"vus"),
        None => !line.is_empty(),
    }
}

/// The metric of a line, without parsing it; `None` where the line is cut off or of an unknown shape.
fn metric(line: &[u8]) -> Option<&[u8]> {
    if !line.ends_with(b"}") {
        return None;
    }
    if let Some(rest) = line.strip_prefix(b"{\"metric\":\"") {
        return rest.split(|&byte| byte == b'"').next();
    }
    let rest = line.strip_suffix(b"\"}")?;
    let quote = rest.iter().rposition(|&byte| byte == b'"')?;
    let (before, name) = rest.split_at_checked(quote + 1)?;
    before.ends_with(b",\"metric\":\"").then_some(name)
}

fn take(line: &Line<'_>, steps: &mut Steps, sink: &mut Sink<'_>) -> Result<(), String> {
    if line.kind != "Point" {
        return Ok(());
    }
    match line.metric {
        "vus" => {
            if let Some(users) = line.data.value.filter(|users| (0.0..=f64::from(u32::MAX)).contains(users)) {
                steps.users(users as u32, sink);
            }
        }
        "http_req_duration" => {
            let time = line.data.time.ok_or("the point has no time")?;
            let end: Timestamp = time.parse().map_err(|_| format!("expected a date, found {time:?}"))?;
            let tags = line.data.tags.as_ref();
            steps.request(&Point {
                end: end.as_microsecond(),
                milliseconds: line.data.value,
                scenario: tags.and_then(|tags| tags.scenario).unwrap_or_default().as_bytes(),
                status: tags.and_then(|tags| tags.status).unwrap_or_default().as_bytes(),
                is_expected: tags.and_then(|tags| tags.expected_response) != Some("false"),
            });
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metric_is_found_in_both_orders() {
        let table = [
            (r#"{"metric":"vus","type":"Point","data":{"time":"","value":1,"tags":null}}"#, Some("vus")),
            (r#"{"type":"Point","data":{"time":"","value":1,"tags":null},"metric":"http_reqs"}"#, Some("http_reqs")),
            (r#"{"type":"Point", "data":{}, "metric": "http_reqs"}"#, None),
            ("", None),
            ("{\"metric\":\"", None),
            ("{\"metric\":\"vus\",\"type\":\"Po", None),
            ("{\"metric\":\"}", Some("}")),
            ("\"}", None),
        ];
        for (line, expected) in table {
            assert_eq!(metric(line.as_bytes()), expected.map(str::as_bytes), "{line}");
        }
    }
}
