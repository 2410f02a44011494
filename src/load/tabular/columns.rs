//! Which column of a file means what.
//!
//! A column is taken for a field when the user says so, when it has the field's own name, or when it has a usual other
//! name. Two columns of the same strength for one field are an error that names both: a guess is never a coin toss.

use thiserror::Error;

use super::choice::ColumnChoice;
use super::fields::{Field, Level, RUN_FIELDS, SAMPLE_FIELDS, SHARED_FIELDS, is_latency};
use super::units;
use crate::record::Column as C;

/// The meaning of every column of a file.
#[derive(Debug, PartialEq)]
pub(crate) struct Mapping {
    /// What a record is.
    pub(crate) level: Level,
    /// For each column of the file its field, and the seconds in its unit; `None` where it is not used.
    pub(crate) fields: Vec<Option<(Field, f64)>>,
    /// The names of all columns, where some of them may hold open metrics.
    open: Vec<String>,
}

/// Why the columns of a file can't be given a meaning.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Several columns could be the same field.
    #[error("more than one column may hold {field}: {}", list(candidates))]
    Ambiguous {
        /// What may be meant.
        field: &'static str,
        /// The columns that may hold it.
        candidates: Vec<String>,
    },
    /// None of the columns holds anything that was measured.
    #[error(
        "no column holds a measured time; expected total_time, avg_time_per_request, throughput or a latency, found {}",
        list(found)
    )]
    NothingMeasured {
        /// The columns that are there.
        found: Vec<String>,
    },
    /// The user chose a column that the file does not have.
    #[error("--map names the column {column:?}, which is not there; found {}", list(found))]
    ChosenColumnMissing {
        /// What was chosen.
        column: String,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// The user chose two columns for one field.
    #[error("--map gives {field} two columns: {}", list(columns))]
    FieldChosenTwice {
        /// What is meant twice.
        field: &'static str,
        /// The columns that were chosen.
        columns: Vec<String>,
    },
    /// The user chose one column for two fields.
    #[error("--map gives the column {column:?} two meanings: {} and {}", fields[0], fields[1])]
    ColumnChosenTwice {
        /// What was chosen.
        column: String,
        /// What it is to hold.
        fields: [&'static str; 2],
    },
    /// What stands behind a column that is there is no unit.
    #[error("--map names the unit {unit:?} of the column {column:?}; the units are {}", units::NAMES.join(", "))]
    UnknownUnit {
        /// What was chosen.
        unit: String,
        /// The column that is there.
        column: String,
    },
}

/// How sure it is that a column holds a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    OtherName,
    OwnName,
    Chosen,
}

/// One column that may hold a field.
struct Claim {
    place: usize,
    field: Field,
    strength: Strength,
    seconds: f64,
}

impl Mapping {
    /// Gives the columns of a file their meaning.
    ///
    /// # Errors
    ///
    /// When a field has several columns of the same strength, a chosen column is not there, or nothing was measured.
    pub(crate) fn new<S: AsRef<str>>(names: &[S], choices: &[ColumnChoice]) -> Result<Self, MappingError> {
        let found = || names.iter().map(|name| name.as_ref().to_owned()).collect::<Vec<_>>();
        let is_column = |choice: &ColumnChoice| names.iter().any(|name| is_chosen(name.as_ref(), choice));
        check_choices(choices)?;
        if let Some(missing) = choices.iter().find(|choice| !is_column(choice)) {
            if let Some((column, unit)) = missing.column.rsplit_once(':')
                && names.iter().any(|name| name.as_ref().trim() == column)
            {
                return Err(MappingError::UnknownUnit { unit: unit.to_owned(), column: column.to_owned() });
            }
            return Err(MappingError::ChosenColumnMissing { column: missing.column.clone(), found: found() });
        }

        let level = level_of(names, choices);
        let mut claims = claims(names, choices, level);
        let has_open_metrics = claims.iter().any(|claim| claim.field == Field::OpenMetrics);
        if has_open_metrics {
            // A table that benchplot wrote calls everything by its own name, and an open metric may have any other.
            claims.retain(|claim| claim.strength != Strength::OtherName);
        }
        let mut fields = vec![None; names.len()];
        for field in claims.iter().map(|claim| claim.field) {
            let strongest = claims.iter().filter(|claim| claim.field == field).map(|claim| claim.strength).max();
            let winners: Vec<&Claim> =
                claims.iter().filter(|claim| claim.field == field && Some(claim.strength) == strongest).collect();
            if let [winner] = winners.as_slice() {
                if let Some(slot) = fields.get_mut(winner.place) {
                    *slot = Some((field, winner.seconds));
                }
            } else {
                let candidates = winners.iter().filter_map(|claim| found().get(claim.place).cloned()).collect();
                return Err(MappingError::Ambiguous { field: field.name(), candidates });
            }
        }
        if !fields.iter().flatten().any(|(field, _)| field.is_measure()) {
            return Err(MappingError::NothingMeasured { found: found() });
        }
        let mut open = Vec::new();
        if has_open_metrics {
            open = found();
            fields.iter_mut().filter(|field| field.is_none()).for_each(|field| *field = Some((Field::Open, 1.0)));
        }
        Ok(Self { level, fields, open })
    }

    /// The place of the column that may hold an open metric of this name.
    pub(super) fn open_column(&self, name: &str) -> Option<usize> {
        let place = self.open.iter().position(|column| column == name)?;
        self.fields.get(place)?.is_some_and(|(field, _)| field == Field::Open).then_some(place)
    }
}

/// Choices that contradict each other can't all be meant. Saying the same twice does no harm.
fn check_choices(choices: &[ColumnChoice]) -> Result<(), MappingError> {
    for (index, choice) in choices.iter().enumerate() {
        for other in choices.iter().skip(index + 1) {
            if choice.field == other.field && choice != other {
                let columns = vec![choice.column.clone(), other.column.clone()];
                return Err(MappingError::FieldChosenTwice { field: choice.field.name(), columns });
            }
            if choice.column == other.column && choice.field != other.field {
                let fields = [choice.field.name(), other.field.name()];
                return Err(MappingError::ColumnChosenTwice { column: choice.column.clone(), fields });
            }
        }
    }
    Ok(())
}

/// The column of the run table that a column of this name would hold, of those that say what a run is of.
pub(crate) fn named_column(name: &str) -> Option<C> {
    let normal = normalise(name);
    let fields = RUN_FIELDS.iter().filter(|(field, _)| SHARED_FIELDS.contains(field));
    let named = |(field, names): &&(Field, &[&str])| field.name() == normal || names.contains(&normal.as_str());
    match fields.filter(named).map(|(field, _)| *field).next()? {
        Field::Column(column) => Some(column).filter(|column| *column != C::BytesRead),
        _ => None,
    }
}

/// Whether any of these names is one of a measured field, which is what makes a file worth a try.
pub(crate) fn measures<S: AsRef<str>>(names: &[S]) -> bool {
    [Level::Runs, Level::Samples]
        .into_iter()
        .any(|level| claims(names, &[], level).iter().any(|claim| claim.field.is_measure()))
}

/// A record is a request where it has one latency and says when it was sent or how it ended, and a run otherwise.
fn level_of<S: AsRef<str>>(names: &[S], choices: &[ColumnChoice]) -> Level {
    let as_samples = claims(names, choices, Level::Samples);
    let has = |field| as_samples.iter().any(|claim| claim.field == field);
    let as_runs = claims(names, choices, Level::Runs);
    let is_summary = as_runs.iter().any(|claim| match claim.field {
        Field::Column(C::TotalTime | C::AvgTimePerRequest | C::RequestsCount) | Field::Throughput => true,
        Field::Column(column) => is_latency(column),
        _ => false,
    });
    if has(Field::Latency) && !is_summary && (has(Field::Start) || has(Field::Status) || has(Field::Ok)) {
        Level::Samples
    } else {
        Level::Runs
    }
}

fn claims<S: AsRef<str>>(names: &[S], choices: &[ColumnChoice], level: Level) -> Vec<Claim> {
    let shared = |field: &Field| level == Level::Runs || SHARED_FIELDS.contains(field);
    let run_fields = RUN_FIELDS.iter().filter(|(field, _)| shared(field));
    let sample_fields = SAMPLE_FIELDS.iter().filter(|_| level == Level::Samples);
    let known: Vec<_> = run_fields.chain(sample_fields).collect();

    let mut claims = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let normal = normalise(name.as_ref());
        let (stem, unit) = units::split_name(&normal);
        let seconds = unit.unwrap_or(1.0);
        if let Some(choice) = choices.iter().find(|choice| is_chosen(name.as_ref(), choice)) {
            let seconds = choice.seconds.unwrap_or(seconds);
            claims.push(Claim { place, field: choice.field, strength: Strength::Chosen, seconds });
            continue;
        }
        // The whole name comes first: `requests_s` is a throughput, and not a count in seconds.
        let holds = |name: &str, (field, other_names): &(Field, &[&str])| {
            let own = (name == field.name()).then_some(Strength::OwnName);
            own.or_else(|| other_names.contains(&name).then_some(Strength::OtherName))
        };
        let claim_as = |name: &str, seconds: f64| -> Vec<Claim> {
            let strengths = known.iter().filter_map(|entry| Some((entry.0, holds(name, entry)?)));
            strengths.map(|(field, strength)| Claim { place, field, strength, seconds }).collect()
        };
        let whole = claim_as(&normal, 1.0);
        claims.extend(if whole.is_empty() { claim_as(stem, seconds) } else { whole });
    }
    claims
}

fn is_chosen(name: &str, choice: &ColumnChoice) -> bool {
    name.trim() == choice.column
}

/// Brings a column's name into lower case with single underscores: `totalTime`, `Total Time`, `total-time`.
fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len() + 4);
    let mut previous = '_';
    for c in name.trim().chars() {
        match c {
            ' ' | '-' | '.' | '/' | '_' | '\t' => {
                if previous != '_' {
                    normal.push('_');
                }
                previous = '_';
                continue;
            }
            c if c.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) => {
                normal.push('_');
                normal.extend(c.to_lowercase());
            }
            c => normal.extend(c.to_lowercase()),
        }
        previous = c;
    }
    normal.trim_end_matches('_').to_owned()
}

fn list(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    if SHOWN < names.len() {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    if shown.is_empty() { "no column".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(names: &[&str], choices: &[&str]) -> Result<Vec<Option<(&'static str, f64)>>, MappingError> {
        let choices: Vec<ColumnChoice> = choices.iter().map(|choice| choice.parse().unwrap()).collect();
        let mapping = Mapping::new(names, &choices)?;
        Ok(mapping.fields.into_iter().map(|field| field.map(|(field, seconds)| (field.name(), seconds))).collect())
    }

    #[test]
    fn usual_names_and_units_are_understood() {
        let table = [
            ("framework", "framework", 1.0),
            ("Server", "framework", 1.0),
            ("框架", "framework", 1.0),
            ("并发数", "concurrency", 1.0),
            ("VUs", "concurrency", 1.0),
            ("Concurrent Users", "concurrency", 1.0),
            ("totalTime", "total_time", 1.0),
            ("total_time (ms)", "total_time", 1e-3),
            ("总时间(秒)", "total_time", 1.0),
            ("duration_seconds", "total_time", 1.0),
            ("avg_time_per_request_us", "avg_time_per_request", 1e-6),
            ("latencyP99", "latency_p99", 1.0),
            ("p99.9", "latency_p99_9", 1.0),
            ("p95_ms", "latency_p95", 1e-3),
            ("Requests/s", "throughput", 1.0),
            ("req/s", "throughput", 1.0),
        ];
        for (name, field, seconds) in table {
            let fields = mapped(&[name, "latency_mean"], &[]).unwrap();
            assert_eq!(fields[0], Some((field, seconds)), "{name}");
        }
    }

    #[test]
    fn a_fields_own_name_beats_another_name() {
        let fields = mapped(&["name", "framework", "total_time"], &[]).unwrap();
        assert_eq!(fields, [None, Some(("framework", 1.0)), Some(("total_time", 1.0))]);
    }

    #[test]
    fn two_guesses_are_an_error_that_lists_them() {
        let error = mapped(&["framework", "threads", "connections", "total_time"], &[]).unwrap_err();
        assert_eq!(error.to_string(), r#"more than one column may hold concurrency: "threads", "connections""#);
        let error = mapped(&["framework", "total_time", "total_time"], &[]).unwrap_err();
        assert!(matches!(error, MappingError::Ambiguous { field: "total_time", .. }));
    }

    #[test]
    fn a_choice_settles_a_guess() {
        let names = ["framework", "threads", "connections", "dur"];
        let fields = mapped(&names, &["concurrency=connections", "total_time=dur:ms"]).unwrap();
        assert_eq!(fields[1], None);
        assert_eq!(fields[2], Some(("concurrency", 1.0)));
        assert_eq!(fields[3], Some(("total_time", 1e-3)));
        let error = mapped(&names, &["concurrency=vus"]).unwrap_err();
        assert!(matches!(error, MappingError::ChosenColumnMissing { .. }));
    }

    #[test]
    fn choices_that_contradict_each_other_are_refused() {
        let told = |choices: &[&str]| mapped(&["framework", "dur", "took"], choices).unwrap_err().to_string();
        assert_eq!(
            told(&["total_time=dur", "total_time=took"]),
            r#"--map gives total_time two columns: "dur", "took""#
        );
        assert_eq!(
            told(&["total_time=dur", "latency_mean=dur"]),
            r#"--map gives the column "dur" two meanings: total_time and latency_mean"#
        );
        assert_eq!(
            told(&["total_time=dur:parsec"]),
            r#"--map names the unit "parsec" of the column "dur"; the units are ns, us, ms, s, min, h, d"#
        );
        assert!(told(&["total_time=durr:parsec"]).contains("which is not there"));
        assert!(mapped(&["framework", "dur"], &["total_time=dur:ms", "total_time=dur:ms"]).is_ok());
    }

    #[test]
    fn requests_are_told_from_runs() {
        let table: [(&[&str], Level); 6] = [
            (&["framework", "concurrency", "repetition", "start", "latency_s", "status", "ok"], Level::Samples),
            (&["framework", "response_time", "status_code"], Level::Samples),
            (&["framework", "concurrency", "total_time", "latency", "status"], Level::Runs),
            (&["framework", "concurrency", "total_time", "avg_time_per_request"], Level::Runs),
            (&["framework", "requests", "latency_mean", "success"], Level::Runs),
            (&["framework", "rps"], Level::Runs),
        ];
        for (names, level) in table {
            assert_eq!(Mapping::new(names, &[]).unwrap().level, level, "{names:?}");
        }
    }

    #[test]
    fn a_file_without_a_measure_is_refused() {
        let error = mapped(&["id", "colour"], &[]).unwrap_err();
        assert!(error.to_string().ends_with(r#"found "id", "colour""#), "{error}");
        assert!(!measures(&["id", "colour"]));
        assert!(measures(&["id", "elapsed"]));
    }

    #[test]
    fn no_name_stands_for_two_fields() {
        for level in [Level::Runs, Level::Samples] {
            for (field, other_names) in RUN_FIELDS.iter().chain(SAMPLE_FIELDS) {
                for name in other_names.iter().chain([&field.name()]) {
                    let claims = claims(&[name], &[], level);
                    assert!(claims.len() <= 1, "{name} at {level:?}");
                }
            }
        }
    }
}
