//! Metrics that tools name themselves, such as the time to the first token, memory or MB/s: each has a name, a unit and a
//! direction, and is described, compared and drawn like the built-in ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{PoisonError, RwLock};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Column, Direction, Metric, OPEN_METRICS, Run, Unit};

/// A metric that is none of the built-in ones.
///
/// An importer that finds one in a file brings its value to the unit and sets it on the run:
///
/// ```
/// use benchplot::record::{Direction, OpenMetric, Run, Unit};
///
/// let mut run = Run::default();
/// run.open.set(OpenMetric::new("ttft_p50", Unit::Seconds, Direction::LowerIsBetter), 0.2);
/// run.open.set(OpenMetric::new("output_throughput", "tokens/s".into(), Direction::HigherIsBetter), 1850.0);
/// ```
///
/// It is a small handle that can be copied. What it stands for is kept for as long as the process lives: there are as many
/// as there are different columns, and not as many as there are values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpenMetric(&'static Definition);

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OpenMetric")]
struct Definition {
    /// The name in every output.
    name: String,
    /// The unit of its values.
    unit: Unit,
    /// Which way it improves.
    direction: Direction,
}

/// All that this process has met.
static DEFINITIONS: RwLock<BTreeSet<&'static Definition>> = RwLock::new(BTreeSet::new());

impl OpenMetric {
    /// The metric of this name, unit and direction.
    ///
    /// The name is brought into lower case, and whatever is neither a letter nor a digit becomes an underscore. A name that
    /// the run table or a built-in metric has already gets the unit behind it: `throughput` in B/s is
    /// `throughput_bytes_per_second`.
    pub fn new(name: &str, unit: Unit, direction: Direction) -> Self {
        let plain = snake_case(name);
        let is_taken = plain.is_empty()
            || TAKEN.contains(&plain.as_str())
            || Column::from_name(&plain).is_some()
            || Metric::built_in(&plain).is_some();
        let name = if is_taken { snake_case(&format!("{plain}_{}", unit.words())) } else { plain };
        Self::of(Definition { name, unit, direction })
    }

    /// The metrics of this name that this process has met, which differ in unit or direction.
    pub fn named(name: &str) -> Vec<Self> {
        let known = DEFINITIONS.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|definition| definition.name == name).map(|definition| Self(definition)).collect()
    }

    /// Those that any of these runs has, by name.
    pub fn of_runs<'r>(runs: impl IntoIterator<Item = &'r Run>) -> BTreeSet<Self> {
        runs.into_iter().flat_map(|run| run.open.iter().map(|(metric, _)| metric)).collect()
    }

    /// Reads a definition that [`OpenMetric::definition`] wrote: `ttft_p50:s:lower_is_better`.
    pub fn from_definition(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, ':');
        let direction = Direction::from_name(parts.next()?)?;
        let unit = parts.next()?.into();
        Some(Self::new(parts.next()?, unit, direction))
    }

    /// Name, unit and direction in one word: `ttft_p50:s:lower_is_better`.
    pub fn definition(self) -> String {
        format!("{}:{}:{}", self.0.name, self.0.unit, self.0.direction.name())
    }

    /// The name in every output.
    pub fn name(self) -> &'static str {
        &self.0.name
    }

    /// The unit of its values.
    pub fn unit(self) -> &'static Unit {
        &self.0.unit
    }

    /// Which way it improves.
    pub fn direction(self) -> Direction {
        self.0.direction
    }

    fn of(definition: Definition) -> Self {
        let find = |known: &BTreeSet<&'static Definition>| known.get(&definition).map(|known| Self(known));
        let known = find(&DEFINITIONS.read().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let mut known = DEFINITIONS.write().unwrap_or_else(PoisonError::into_inner);
            find(&known).unwrap_or_else(|| {
                let kept: &'static Definition = Box::leak(Box::new(definition.clone()));
                known.insert(kept);
                Self(kept)
            })
        })
    }
}

impl fmt::Debug for OpenMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for OpenMetric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OpenMetric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Definition::deserialize(deserializer).map(Self::of)
    }
}

impl JsonSchema for OpenMetric {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Definition::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Definition::json_schema(generator)
    }
}

/// Names that mean something else in the tables that runs are written to, and in limits.
const TAKEN: [&str; 20] = [
    OPEN_METRICS,
    "kind",
    "ok",
    "tick",
    "bits",
    "bin",
    "bin_width",
    "lo",
    "hi",
    "count",
    "invalid",
    "sum",
    "sum_of_squares",
    "min",
    "max",
    "min_start",
    "max_start",
    "max_end",
    "context",
    "goodput",
];

/// Sees to it that open metrics differ in their names, as people and files tell them apart by these. Those of several units
/// get the unit into their names; one whose direction differs between runs has none. Returns the names that differed.
pub(crate) fn tell_apart(runs: &mut [Run]) -> Vec<&'static str> {
    let all = OpenMetric::of_runs(&*runs);
    let others = |metric: OpenMetric| all.iter().filter(move |other| other.0.name == metric.0.name);
    let mut renamed = BTreeMap::new();
    for metric in all.iter().copied().filter(|metric| 1 < others(*metric).count()) {
        let Definition { name, unit, direction } = metric.0;
        let has_one_unit = others(metric).all(|other| other.0.unit == *unit);
        let mut of_unit = others(metric).filter(|other| other.0.unit == *unit);
        let has_one_direction = of_unit.all(|other| other.0.direction == *direction);
        let name = if has_one_unit { name.clone() } else { snake_case(&format!("{name}_{}", unit.words())) };
        let direction = if has_one_direction { *direction } else { Direction::Unclear };
        renamed.insert(metric, OpenMetric::of(Definition { name, unit: unit.clone(), direction }));
    }
    if !renamed.is_empty() {
        for run in runs {
            let values = std::mem::take(&mut run.open);
            for (metric, value) in values.iter() {
                run.open.set(renamed.get(&metric).copied().unwrap_or(metric), value);
            }
        }
    }
    renamed.into_keys().map(OpenMetric::name).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The values of open metrics of one run, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenValues {
    ascending: Vec<(OpenMetric, f64)>,
}

impl OpenValues {
    /// Sets a value, in the metric's unit. Returns whether it was kept: one that is not finite is not, nor is a time, a size
    /// or a rate below zero.
    pub fn set(&mut self, metric: OpenMetric, value: f64) -> bool {
        let is_kept = value.is_finite() && (0.0 <= value || metric.unit().may_be_negative());
        if is_kept {
            match self.ascending.binary_search_by_key(&metric, |(metric, _)| *metric) {
                Ok(place) => self.ascending.get_mut(place).into_iter().for_each(|(_, old)| *old = value),
                Err(place) => self.ascending.insert(place, (metric, value)),
            }
        }
        is_kept
    }

    /// The value of a metric; `None` where the run does not have it.
    pub fn get(&self, metric: OpenMetric) -> Option<f64> {
        let place = self.ascending.binary_search_by_key(&metric, |(metric, _)| *metric).ok()?;
        self.ascending.get(place).map(|(_, value)| *value)
    }

    /// All values, by the names of their metrics.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (OpenMetric, f64)> + '_ {
        self.ascending.iter().copied()
    }

    /// Takes the values that it lacks.
    pub fn fill(&mut self, other: &Self) {
        for (metric, value) in other.iter().filter(|(metric, _)| self.get(*metric).is_none()).collect::<Vec<_>>() {
            self.set(metric, value);
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.ascending.is_empty()
    }

    /// The definitions of the metrics that have a value, with a blank between them.
    pub fn definitions(&self) -> String {
        let definitions: Vec<String> = self.iter().map(|(metric, _)| metric.definition()).collect();
        definitions.join(" ")
    }

    /// Keeps the values that `is_kept`, and returns the others.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(f64) -> bool) -> Vec<(OpenMetric, f64)> {
        self.ascending.extract_if(.., |(_, value)| !is_kept(*value)).collect()
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        self.ascending.clear();
    }
}

/// Lower case with single underscores between words.
fn snake_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_definitions_are_one_metric() {
        let a = OpenMetric::new("TTFT p50", Unit::Seconds, Direction::LowerIsBetter);
        let b = OpenMetric::new("ttft_p50", Unit::Seconds, Direction::LowerIsBetter);
        assert_eq!((a, a.name()), (b, "ttft_p50"));
        assert!(std::ptr::eq(a.0, b.0));
        assert_ne!(a, OpenMetric::new("ttft_p50", Unit::Seconds, Direction::Unclear));
        assert_eq!(OpenMetric::named("ttft_p50").len(), 2);
    }

    #[test]
    fn a_name_that_is_taken_gets_its_unit() {
        let name = |name, unit| OpenMetric::new(name, unit, Direction::HigherIsBetter).name();
        assert_eq!(name("throughput", Unit::BytesPerSecond), "throughput_bytes_per_second");
        assert_eq!(name("Latency (p99)", Unit::One), "latency_p99_ratio");
        assert_eq!(name("concurrency", "tokens/s".into()), "concurrency_tokens_per_second");
        assert_eq!(name("%", Unit::One), "ratio");
        assert_eq!(name("内存 峰值", Unit::Bytes), "内存_峰值");
    }

    #[test]
    fn definitions_are_written_and_read() {
        for (name, unit, direction, text) in [
            ("ttft_p50", Unit::Seconds, Direction::LowerIsBetter, "ttft_p50:s:lower_is_better"),
            ("GC runs", "runs: all".into(), Direction::Unclear, "gc_runs:runs__all:unclear"),
        ] {
            let metric = OpenMetric::new(name, unit, direction);
            assert_eq!(metric.definition(), text);
            assert_eq!(OpenMetric::from_definition(text), Some(metric));
        }
        for text in ["", "ttft_p50", "ttft_p50:s", "ttft_p50:s:down"] {
            assert_eq!(OpenMetric::from_definition(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_finite_and_in_order() {
        let [memory, drift] = [("memory", Unit::Bytes), ("drift", Unit::One)]
            .map(|(name, unit)| OpenMetric::new(name, unit, Direction::LowerIsBetter));
        let mut values = OpenValues::default();
        assert!(values.set(memory, 2.0) && values.set(drift, -1.0) && values.set(memory, 3.0));
        assert!(!values.set(memory, f64::NAN) && !values.set(memory, -1.0));
        assert_eq!(values.iter().collect::<Vec<_>>(), [(drift, -1.0), (memory, 3.0)]);
        assert_eq!((values.get(memory), values.iter().len()), (Some(3.0), 2));
    }

    #[test]
    fn metrics_of_one_name_are_told_apart() {
        let run = |unit: Unit, direction| {
            let mut run = Run::default();
            run.open.set(OpenMetric::new("apart", unit, direction), 1.0);
            run
        };
        let names = |runs: &[Run]| -> Vec<String> { runs.iter().map(|run| run.open.definitions()).collect() };
        let lower = Direction::LowerIsBetter;
        let mut units = [run(Unit::Bytes, lower), run(Unit::One, Direction::Unclear)];
        assert_eq!(tell_apart(&mut units), ["apart"]);
        assert_eq!(names(&units), ["apart_bytes:B:lower_is_better", "apart_ratio:1:unclear"]);
        let mut directions = [run(Unit::Bytes, lower), run(Unit::Bytes, Direction::HigherIsBetter)];
        assert_eq!(tell_apart(&mut directions), ["apart"]);
        assert_eq!(names(&directions), ["apart:B:unclear", "apart:B:unclear"]);
        assert!(tell_apart(&mut directions).is_empty());
    }

    #[test]
    fn json_has_the_whole_definition() {
        let metric = OpenMetric::new("iops", "I/Os/s".into(), Direction::HigherIsBetter);
        let text = serde_json::to_string(&metric).unwrap();
        assert_eq!(text, r#"{"name":"iops","unit":"I/Os/s","direction":"higher_is_better"}"#);
        assert_eq!(serde_json::from_str::<OpenMetric>(&text).unwrap(), metric);
    }
}
