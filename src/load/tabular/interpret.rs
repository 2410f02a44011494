//! From the fields of one record to a request.

use super::columns::Mapping;
use super::fields::Field;
use super::moment;
use super::units;
use super::value::{Unfit, Value, is_success};
use crate::record::{Column, RequestSample, SampleKey};

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
            Field::Column(_) | Field::Throughput | Field::Open | Field::Rows => Ok(()),
        };
        bad.extend(set.err().map(|unfit| BadField { field, unfit }));
    }
    sample.ok = is_success(ok, status);
    (key, sample, bad)
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
    use super::*;

    fn mapping(names: &[&str]) -> Mapping {
        Mapping::new(names, &[], &[]).unwrap()
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
