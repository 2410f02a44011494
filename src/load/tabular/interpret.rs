//! From the fields of one record to a run or a request.

use super::columns::Mapping;
use super::fields::Field;
use super::moment;
use super::units;
use super::value::{Unfit, Value, is_success};
use crate::record::{Column, OpenMetric, RequestSample, Run, SampleKey, Slot, Work};

/// A field that does not hold what it should.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BadField {
    pub(crate) field: Field,
    pub(crate) unfit: Unfit,
}

impl BadField {
    /// Whether the record is of no use without this field: a level that is no level could be any, and what stands for a
    /// latency and is no number at all is damaged.
    pub(crate) fn spoils_record(&self) -> bool {
        let is_name = matches!(self.field, Field::Column(Column::Framework | Column::Concurrency | Column::Repetition));
        is_name || self.field == Field::Latency
    }
}

/// Makes a run of a record. Fields that do not fit stay empty and are returned beside it.
pub(crate) fn run(mapping: &Mapping, values: &[Value<'_>]) -> (Run, Vec<BadField>) {
    let mut run = Run::default();
    let mut throughput = None;
    let mut bad = nameless(mapping, values);
    for (field, factor, value) in present(mapping, values) {
        let set = match field {
            Field::Column(column) => set_column(&mut run, column, value, factor),
            Field::Throughput => positive(value).map(|rate| throughput = Some(rate)),
            Field::OpenMetrics => value.name().map(|definitions| {
                bad.extend(open_metrics(mapping, values, &definitions, &mut run));
            }),
            Field::Start | Field::Latency | Field::Status | Field::Ok | Field::Open => Ok(()),
        };
        bad.extend(set.err().map(|unfit| BadField { field, unfit }));
    }
    if let (None, Some(throughput)) = (run.avg_time_per_request, throughput) {
        run.avg_time_per_request = Some(throughput.recip());
        run.mark_derived(Column::AvgTimePerRequest);
    }
    (run, bad)
}

/// Makes a request of a record. Fields that do not fit stay empty and are returned beside it; a latency that is missing,
/// below zero or not finite is left to the statistics, which count it.
pub(crate) fn sample(mapping: &Mapping, values: &[Value<'_>]) -> (SampleKey, RequestSample, Vec<BadField>) {
    let mut key = SampleKey::default();
    let mut sample = RequestSample { start: None, latency: None, ok: true, bytes: None };
    let mut status = None;
    let mut ok = None;
    let mut bad = nameless(mapping, values);
    for (field, factor, value) in present(mapping, values) {
        let set = match field {
            Field::Column(Column::Framework) => value.name().map(|name| key.framework = name),
            Field::Column(Column::Scenario) => value.name().map(|name| key.scenario = name),
            Field::Column(Column::Concurrency) => value.level().map(|level| key.concurrency = Some(level)),
            Field::Column(Column::Repetition) => value.ordinal().map(|ordinal| key.repetition = Some(ordinal)),
            Field::Column(Column::BytesRead) => value.count().map(|bytes| sample.bytes = Some(bytes)),
            Field::Start => start(value, factor).map(|start| sample.start = Some(start)),
            Field::Latency => match value.time(factor) {
                Ok(latency) => {
                    sample.latency = Some(latency);
                    Ok(())
                }
                Err(_) if value.is_like_number() => Ok(()),
                Err(unfit) => Err(unfit),
            },
            Field::Status => value.count().map(|code| status = Some(code)),
            Field::Ok => value.truth().map(|truth| ok = Some(truth)),
            Field::Column(_) | Field::Throughput | Field::OpenMetrics | Field::Open => Ok(()),
        };
        bad.extend(set.err().map(|unfit| BadField { field, unfit }));
    }
    sample.ok = is_success(ok, status);
    (key, sample, bad)
}

/// Sets the open metrics that a record says it has, and returns those whose values do not fit.
fn open_metrics(mapping: &Mapping, values: &[Value<'_>], definitions: &str, run: &mut Run) -> Vec<BadField> {
    let mut bad = Vec::new();
    for metric in definitions.split_whitespace().filter_map(OpenMetric::from_definition) {
        let Some(value) = mapping.open_column(metric.name()).and_then(|place| values.get(place)) else { continue };
        let set = value.number().and_then(|number| {
            if run.open.set(metric, number) { Ok(()) } else { Err(value.unfit("a number from zero on")) }
        });
        bad.extend(set.err().map(|unfit| BadField { field: Field::Open, unfit }));
    }
    bad
}

/// A framework that is empty in a file that names frameworks: the file's name must not stand for it.
fn nameless(mapping: &Mapping, values: &[Value<'_>]) -> Vec<BadField> {
    let framework = Field::Column(Column::Framework);
    let is_empty = |(field, value): (&Option<(Field, f64)>, &Value<'_>)| {
        field.is_some_and(|(field, _)| field == framework) && value.is_missing()
    };
    let is_nameless = mapping.fields.iter().zip(values).any(is_empty);
    is_nameless.then(|| BadField { field: framework, unfit: Value::Null.unfit("a name") }).into_iter().collect()
}

/// The fields that have a meaning and a value.
fn present<'a>(mapping: &'a Mapping, values: &'a [Value<'a>]) -> impl Iterator<Item = (Field, f64, &'a Value<'a>)> {
    let fields = mapping.fields.iter().zip(values);
    fields.filter_map(|(field, value)| {
        field.filter(|_| !value.is_missing()).map(|(field, factor)| (field, factor, value))
    })
}

fn set_column(run: &mut Run, column: Column, value: &Value<'_>, factor: f64) -> Result<(), Unfit> {
    match run.slot(column) {
        Slot::Text(text) => *text = value.name()?,
        Slot::Work(work) => {
            *work =
                Work::from_name(value.name()?.trim()).ok_or_else(|| value.unfit("a unit of work such as request"))?;
        }
        // A loop over repetitions begins at 0 as often as at 1.
        Slot::Level(repetition) if column == Column::Repetition => *repetition = Some(value.ordinal()?),
        Slot::Level(level) => *level = Some(value.level()?),
        Slot::Moment(moment) => *moment = Some(moment::microseconds(value)?),
        Slot::Count(count) => *count = Some(value.count()?),
        Slot::Time(time) => *time = Some(value.time(factor)?),
        Slot::Columns(columns) => *columns = value.name()?.split(',').filter_map(Column::from_name).collect(),
    }
    Ok(())
}

fn positive(value: &Value<'_>) -> Result<f64, Unfit> {
    let number = value.number()?;
    if 0.0 < number { Ok(number) } else { Err(value.unfit("a number above zero")) }
}

fn start(value: &Value<'_>, factor: f64) -> Result<f64, Unfit> {
    match value {
        Value::Text(text) if text.trim().parse::<f64>().is_err() => Ok(moment::microseconds(value)? as f64 / 1e6),
        Value::Moment(microseconds) => Ok(*microseconds as f64 / 1e6),
        Value::Seconds(seconds) => Ok(*seconds),
        _ => Ok(moment::seconds(units::to_seconds(value.number()?, factor))),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    fn mapping(names: &[&str]) -> Mapping {
        Mapping::new(names, &[]).unwrap()
    }

    #[test]
    fn a_record_becomes_a_run() {
        let mapping = mapping(&["server", "vus", "total_time_ms", "rps", "timestamp", "colour"]);
        let values = [text("gin"), text("16"), Value::Integer(2500), Value::Float(8.0), text(""), text("red")];
        let (run, bad) = run(&mapping, &values);
        assert_eq!(bad, []);
        assert_eq!((run.framework.as_str(), run.concurrency, run.total_time), ("gin", Some(16), Some(2.5)));
        assert_eq!((run.avg_time_per_request, run.timestamp), (Some(0.125), None));
        assert!(run.is_derived(Column::AvgTimePerRequest));
    }

    #[test]
    fn open_metrics_are_what_the_record_says() {
        let mapping = mapping(&["framework", "total", "ttft_p50", "open_metrics"]);
        let values =
            [text("a"), Value::Float(3.0), text("0.2"), text("total:tokens:unclear ttft_p50:s:lower_is_better")];
        let (run, bad) = run(&mapping, &values);
        let open: Vec<(String, f64)> = run.open.iter().map(|(metric, value)| (metric.definition(), value)).collect();
        assert_eq!(open, [("total:tokens:unclear".into(), 3.0), ("ttft_p50:s:lower_is_better".into(), 0.2)]);
        assert_eq!((run.total_time, bad.len()), (None, 0));
    }

    #[test]
    fn a_measured_average_beats_a_throughput_in_either_order() {
        for names in [["avg_time_per_request", "rps"], ["rps", "avg_time_per_request"]] {
            let (run, _) = run(&mapping(&names), &[Value::Float(0.5), Value::Float(0.5)]);
            assert_eq!(run.avg_time_per_request, Some(0.5));
        }
        let (run, _) = run(&mapping(&["rps", "avg_time_per_request"]), &[Value::Float(4.0), Value::Float(0.5)]);
        assert_eq!((run.avg_time_per_request, run.is_derived(Column::AvgTimePerRequest)), (Some(0.5), false));
    }

    #[test]
    fn bad_fields_are_empty_and_told() {
        let mapping = mapping(&["framework", "concurrency", "total_time", "requests_count"]);
        let values = [text("a"), Value::Float(1.5), Value::Float(-1.0), text("many")];
        let (run, bad) = run(&mapping, &values);
        assert_eq!((run.concurrency, run.total_time, run.requests_count), (None, None, None));
        let told: Vec<_> = bad.iter().map(|bad| (bad.field.name(), bad.spoils_record())).collect();
        assert_eq!(told, [("concurrency", true), ("total_time", false), ("requests_count", false)]);
    }

    #[test]
    fn a_request_succeeds_where_flag_and_status_agree() {
        let mapping = mapping(&["latency", "start", "status", "ok"]);
        let table = [
            (Value::Integer(200), Value::Bool(true), true),
            (Value::Integer(302), Value::Null, true),
            (Value::Integer(503), Value::Bool(true), false),
            (Value::Integer(200), Value::Bool(false), false),
            (Value::Integer(0), Value::Null, false),
            (Value::Null, Value::Null, true),
        ];
        for (status, ok, expected) in table {
            let values = [Value::Float(0.1), Value::Float(0.0), status, ok];
            let (_, sample, bad) = sample(&mapping, &values);
            assert_eq!((sample.ok, bad.len()), (expected, 0), "{values:?}");
        }
    }
}
