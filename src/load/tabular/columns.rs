//! Which column of a table of requests means what, decided from the names and a first row, so that requests need not be
//! in memory together. Tables of runs are planned as a whole, in [`super::plan`].

use thiserror::Error;

use super::choice::ColumnChoice;
use super::fields::{Field, Level};
use super::meaning::{Counted, Meaning, Subject};
use super::units;
use super::value::Value;
use crate::load::shape::{ShapeError, foreign};
use crate::load::sink::ColumnRole;
use crate::record::Column as C;

/// The meaning of every column of a table of requests.
#[derive(Debug, PartialEq)]
pub(crate) struct Mapping {
    /// What a record is.
    pub(crate) level: Level,
    /// For each column of the file its field, and the seconds in its unit; `None` where it is not used, and everywhere in a
    /// table of runs.
    pub(crate) fields: Vec<Option<(Field, f64)>>,
}

/// Why the columns of a file can't be given a meaning.
#[derive(Debug, Clone, PartialEq, Error)]
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
    /// The user chose a column for a number, and none stands in it.
    #[error("--map names the column {column:?} for {field}, and no number stands in it")]
    ChosenWithoutNumber {
        /// The field.
        field: &'static str,
        /// What was chosen.
        column: String,
    },
    /// Rows differ in several columns, each of which may hold what is compared.
    #[error("rows differ in {}, and each may be what is compared", list(candidates))]
    SeveralIdentities {
        /// The columns.
        candidates: Vec<String>,
    },
    /// A comma may stand between thousands or before decimals.
    #[error("{example} in the column {column:?} may be a thousand or a decimal, and nothing in the file says which")]
    UnclearComma {
        /// The column.
        column: String,
        /// A number of it.
        example: String,
    },
    /// `total` may be a number of requests or a time.
    #[error("the column {column:?} may hold total_time or requests_count")]
    UnclearTotal {
        /// The column.
        column: String,
    },
    /// Times without a unit contradict what else is known of the run by about a thousand.
    #[error("{reason}, so times without a unit look like another unit than seconds: {}", list(columns))]
    DoubtfulUnit {
        /// What contradicts what.
        reason: String,
        /// The fields, each with the column that holds it.
        choices: Vec<String>,
        /// The columns.
        columns: Vec<String>,
    },
    /// Rows are the readings of a monitor.
    #[error("rows are {seconds} s apart and look like readings of a monitor, which are neither runs nor requests")]
    Monitor {
        /// How far apart they are, s.
        seconds: f64,
    },
    /// Numbers stand under names that may be those of frameworks.
    #[error("no column holds a measured time; numbers stand under {}, which may each be a framework", list(columns))]
    MayBeWide {
        /// The columns.
        columns: Vec<String>,
    },
    /// `--wide` was given for a table that has no column for it.
    #[error("--wide finds no column of numbers whose name may be that of a framework; found {}", list(found))]
    NotWide {
        /// The columns that are there.
        found: Vec<String>,
    },
    /// The records are those of a tool that there is no reader for.
    #[error("these are {what}, which can't be read")]
    Foreign {
        /// What they are.
        what: &'static str,
    },
    /// It is not known which records of a document are meant.
    #[error(transparent)]
    Shape(ShapeError),
    /// There is more than can be looked at together.
    #[error("there are {records} records of runs, and {most} at most can be read together")]
    TooMany {
        /// How many there are.
        records: u64,
        /// How many can be read.
        most: u64,
    },
    /// What stands after a column that is there is no unit.
    #[error("--map names the unit {unit:?} of the column {column:?}; the units are {}", units::NAMES.join(", "))]
    UnknownUnit {
        /// What was chosen.
        unit: String,
        /// The column that is there.
        column: String,
    },
}

impl Mapping {
    /// Gives the columns of a table their meaning, where its records are requests. `first` is a first record, if one is known.
    ///
    /// # Errors
    ///
    /// When a field may be in several columns, or the choices of the user contradict the columns or each other.
    pub(crate) fn new<S: AsRef<str>>(
        names: &[S],
        first: &[Value<'_>],
        choices: &[ColumnChoice],
    ) -> Result<Self, MappingError> {
        check_choices(choices)?;
        if let Some(what) = foreign::named(names).filter(|_| choices.is_empty()) {
            return Err(MappingError::Foreign { what });
        }
        let meanings: Vec<Meaning> = names.iter().map(|name| Meaning::of_name(name.as_ref())).collect();
        if level_of(names, &meanings, first, choices) == Level::Runs {
            return Ok(Self { level: Level::Runs, fields: vec![None; names.len()] });
        }
        Self::of_requests(names, choices)
    }

    /// As [`Mapping::new`], of records that are requests.
    ///
    /// # Errors
    ///
    /// As there.
    pub(crate) fn of_requests<S: AsRef<str>>(names: &[S], choices: &[ColumnChoice]) -> Result<Self, MappingError> {
        let meanings: Vec<Meaning> = names.iter().map(|name| Meaning::of_name(name.as_ref())).collect();
        check_columns(names, choices)?;
        let mut fields: Vec<Option<(Field, f64)>> = vec![None; names.len()];
        let mut chosen: Vec<Field> = Vec::new();
        for choice in choices {
            for place in choice.places(names).unwrap_or_default() {
                let seconds = choice.seconds.or_else(|| seconds_of(meanings.get(place)?)).unwrap_or(1.0);
                if let Some(slot) = fields.get_mut(place) {
                    *slot = Some((choice.field, seconds));
                }
                chosen.push(choice.field);
            }
        }
        for field in [
            Field::Column(C::Framework),
            Field::Column(C::Scenario),
            Field::Column(C::Concurrency),
            Field::Column(C::Repetition),
            Field::Column(C::BytesRead),
            Field::Start,
            Field::Latency,
            Field::Status,
            Field::Ok,
        ] {
            if chosen.contains(&field) {
                continue;
            }
            if let Some((place, seconds)) = best(field, names, &meanings, &fields)?
                && let Some(slot) = fields.get_mut(place)
            {
                *slot = Some((field, seconds));
            }
        }
        Ok(Self { level: Level::Samples, fields })
    }

    /// What each column is taken for.
    pub(crate) fn roles<S: AsRef<str>>(&self, names: &[S]) -> Vec<ColumnRole> {
        let role = |(field, name): (&Option<(Field, f64)>, &S)| ColumnRole {
            column: name.as_ref().trim().to_owned(),
            role: field.map_or_else(|| "unused".to_owned(), |(field, _)| format!("{} of each request", field.name())),
        };
        self.fields.iter().zip(names).map(role).collect()
    }

    /// The names of the columns that are not used.
    pub(crate) fn unused<'n, S: AsRef<str>>(&self, names: &'n [S]) -> Vec<&'n str> {
        let fields = self.fields.iter().zip(names);
        fields.filter(|(field, _)| field.is_none()).map(|(_, name)| name.as_ref().trim()).collect()
    }
}

/// The column that holds this field, with the seconds in its unit.
fn best<S: AsRef<str>>(
    field: Field,
    names: &[S],
    meanings: &[Meaning],
    taken: &[Option<(Field, f64)>],
) -> Result<Option<(usize, f64)>, MappingError> {
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for (place, ((meaning, name), taken)) in meanings.iter().zip(names).zip(taken).enumerate() {
        if taken.is_none()
            && let Some(rank) = rank(field, meaning, name.as_ref())
        {
            candidates.push((rank, place));
        }
    }
    let Some(least) = candidates.iter().map(|(rank, _)| *rank).min() else { return Ok(None) };
    let least: Vec<usize> = candidates.into_iter().filter(|(rank, _)| *rank == least).map(|(_, place)| place).collect();
    match least.as_slice() {
        [place] => {
            let of_name = || super::tokens::seconds_of(super::tokens::words(names.get(*place)?.as_ref()).last()?);
            let seconds = match meanings.get(*place) {
                Some(Meaning::Moment(_)) => of_name(),
                Some(meaning) => seconds_of(meaning),
                None => None,
            };
            Ok(Some((*place, seconds.unwrap_or(1.0))))
        }
        // No verdict needs to know when a request began, or how many bytes it was answered with.
        _ if matches!(field, Field::Start | Field::Column(C::BytesRead)) => Ok(None),
        _ => {
            let candidates =
                least.iter().filter_map(|place| names.get(*place)).map(|name| name.as_ref().to_owned()).collect();
            Err(MappingError::Ambiguous { field: field.name(), candidates })
        }
    }
}

/// How unsure it is that a column of requests holds a field; `None` where it does not.
fn rank(field: Field, meaning: &Meaning, name: &str) -> Option<usize> {
    match (field, meaning) {
        (Field::Column(C::Framework), Meaning::Framework(rank))
        | (Field::Column(C::Concurrency), Meaning::Level(rank)) => Some(*rank),
        (Field::Column(C::Scenario), Meaning::Scenario) => Some(usize::from(name.trim() != "scenario")),
        (Field::Column(C::Repetition), Meaning::Repetition) => Some(usize::from(name.trim() != "repetition")),
        (Field::Column(C::BytesRead), Meaning::Bytes(amount)) if amount.is_received => Some(0),
        (Field::Start, Meaning::Moment(rank)) => Some(if name.trim() == "start" { 0 } else { rank + 1 }),
        (Field::Latency, Meaning::Time(time)) if time.statistic.is_none() => match time.subject {
            Subject::Latency => Some(usize::from(name.trim() != "latency")),
            Subject::Total | Subject::WeakTotal => Some(2),
            _ => None,
        },
        (Field::Status, Meaning::Status) => {
            Some(usize::from(!name.to_lowercase().contains("code") && name.trim() != "status"))
        }
        (Field::Ok, Meaning::Count(Counted::Successes, _)) => Some(usize::from(name.trim() != "ok")),
        _ => None,
    }
}

fn seconds_of(meaning: &Meaning) -> Option<f64> {
    match meaning {
        Meaning::Time(time) => time.seconds,
        _ => None,
    }
}

/// Choices that contradict each other can't all be meant. Saying the same twice does no harm.
pub(super) fn check_choices(choices: &[ColumnChoice]) -> Result<(), MappingError> {
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

/// Every column that was chosen must be there.
pub(super) fn check_columns<S: AsRef<str>>(names: &[S], choices: &[ColumnChoice]) -> Result<(), MappingError> {
    let is_column = |choice: &&ColumnChoice| choice.field == Field::Rows || choice.places(names).is_some();
    let Some(missing) = choices.iter().find(|choice| !is_column(choice)) else { return Ok(()) };
    if let Some((column, unit)) = missing.column.rsplit_once(':')
        && names.iter().any(|name| name.as_ref().trim() == column)
    {
        return Err(MappingError::UnknownUnit { unit: unit.to_owned(), column: column.to_owned() });
    }
    let found = names.iter().map(|name| name.as_ref().to_owned()).collect();
    Err(MappingError::ChosenColumnMissing { column: missing.column.clone(), found })
}

/// The column of the run table that a column of this name would hold, of those that say what a run is of.
pub(crate) fn named_column(name: &str) -> Option<C> {
    match Meaning::of_name(name) {
        Meaning::Framework(_) => Some(C::Framework),
        Meaning::Scenario => Some(C::Scenario),
        Meaning::Level(_) => Some(C::Concurrency),
        Meaning::Repetition => Some(C::Repetition),
        _ => None,
    }
}

/// Whether any of these names is one of a measured field, which is what makes a file worth a try.
pub(crate) fn measures<S: AsRef<str>>(names: &[S]) -> bool {
    names.iter().any(|name| Meaning::of_name(name.as_ref()).is_measure())
}

/// A record is a request where it has one time and says when it was sent or how it ended, and nothing that only a run has.
fn level_of<S: AsRef<str>>(names: &[S], meanings: &[Meaning], first: &[Value<'_>], choices: &[ColumnChoice]) -> Level {
    let chosen = |place: usize| {
        choices
            .iter()
            .find(|choice| choice.places(names).is_some_and(|places| places.contains(&place)))
            .map(|choice| choice.field)
    };
    let mut is_chosen = false;
    let (mut latency, mut total, mut has_start, mut has_end) = (false, 0, false, false);
    // Readings of a monitor have times, too.
    let is_monitored = names.iter().any(|name| {
        super::tokens::words(name.as_ref()).iter().any(|word| matches!(word.as_str(), "cpu" | "mem" | "memory" | "rss"))
    });
    if is_monitored {
        return Level::Runs;
    }
    for (place, meaning) in meanings.iter().enumerate() {
        let value = first.get(place);
        match (chosen(place), meaning) {
            (Some(Field::Latency), _) => is_chosen = true,
            (Some(Field::Start), _) => has_start = true,
            (Some(Field::Status | Field::Ok), _) => has_end = true,
            (Some(field), _) if field.is_measure() || field == Field::Column(C::RequestsCount) => return Level::Runs,
            (Some(_), _) => {}
            (None, Meaning::Rate(rate)) if rate.requests.is_some() => return Level::Runs,
            (None, Meaning::Count(Counted::Requests, _) | Meaning::Share(..)) => return Level::Runs,
            (None, Meaning::Count(Counted::Failures, _)) if value.is_some_and(is_count) => return Level::Runs,
            (None, Meaning::Time(time)) => match (time.subject, time.statistic) {
                (Subject::Other, _) => {}
                (_, Some(_)) | (Subject::PerRequest, _) => return Level::Runs,
                (Subject::Latency, None) => latency = true,
                (_, None) => total += 1,
            },
            (None, Meaning::Moment(_)) => has_start = true,
            (None, Meaning::Status) => has_end |= value.is_none_or(|value| !value.is_missing()),
            (None, Meaning::Count(Counted::Successes, _)) => {
                // `success` may be how many succeeded; 0 and 1 are taken for a truth as far as nothing says otherwise.
                if value.is_some_and(|value| value.truth().is_err() && !value.is_missing()) {
                    return Level::Runs;
                }
                has_end |= value.is_none_or(|value| value.truth().is_ok());
            }
            _ => {}
        }
    }
    let is_request = match (latency, total) {
        _ if is_chosen => has_start || has_end,
        (true, 0) => has_start || has_end,
        (false, 1) => has_end,
        _ => false,
    };
    if is_request { Level::Samples } else { Level::Runs }
}

fn is_count(value: &Value<'_>) -> bool {
    value.count().is_ok()
}

pub(super) fn list(names: &[String]) -> String {
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
        let mapping = Mapping::new(names, &[], &choices)?;
        Ok(mapping.fields.into_iter().map(|field| field.map(|(field, seconds)| (field.name(), seconds))).collect())
    }

    #[test]
    fn columns_of_requests_are_understood() {
        let fields =
            mapped(&["Server", "VUs", "started_at", "response_time_ms", "status_code", "colour"], &[]).unwrap();
        let expected = [
            Some(("framework", 1.0)),
            Some(("concurrency", 1.0)),
            Some(("start", 1.0)),
            Some(("latency", 1e-3)),
            Some(("status", 1.0)),
            None,
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_choice_settles_a_guess() {
        let names = ["framework", "took", "wait", "status"];
        let fields = mapped(&names, &["latency=wait:ms"]).unwrap();
        assert_eq!(fields[2], Some(("latency", 1e-3)));
        assert!(matches!(mapped(&names, &["concurrency=vus"]), Err(MappingError::ChosenColumnMissing { .. })));
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
    }

    #[test]
    fn requests_are_told_from_runs() {
        let table: [(&[&str], Level); 10] = [
            (&["framework", "concurrency", "repetition", "start", "latency_s", "status", "ok"], Level::Samples),
            (&["framework", "response_time", "status_code"], Level::Samples),
            (&["framework", "duration_ms", "status"], Level::Samples),
            (&["framework", "elapsed_ms", "success"], Level::Samples),
            (&["framework", "latency"], Level::Runs),
            (&["framework", "concurrency", "total_time", "latency", "status"], Level::Runs),
            (&["framework", "concurrency", "total_time", "avg_time_per_request"], Level::Runs),
            (&["framework", "requests", "latency_mean", "success"], Level::Runs),
            (&["framework", "timestamp", "duration"], Level::Runs),
            (&["framework", "rps"], Level::Runs),
        ];
        for (names, level) in table {
            assert_eq!(Mapping::new(names, &[], &[]).unwrap().level, level, "{names:?}");
        }
        let names = ["framework", "duration", "success"];
        for (success, level) in [(Value::Bool(true), Level::Samples), (Value::Integer(500), Level::Runs)] {
            let first = [Value::Null, Value::Float(1.0), success];
            assert_eq!(Mapping::new(&names, &first, &[]).unwrap().level, level, "{first:?}");
        }
    }
}
