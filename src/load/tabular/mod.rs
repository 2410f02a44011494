//! Records with named fields, whatever file they stand in: which column means what, which unit it has, and how a
//! record becomes a run or a sample.

mod choice;
mod columns;
mod doubt;
mod fields;
mod identity;
mod intake;
mod interpret;
mod meaning;
mod moment;
mod numbers;
mod outcome;
mod plain;
mod plan;
mod profile;
mod reader;
mod runs;
mod tokens;
pub(crate) mod units;
mod value;
mod vocabulary;

pub use choice::{ColumnChoice, ColumnChoiceError};
pub use columns::MappingError;
pub(crate) use columns::{Mapping, measures, named_column};
pub(crate) use fields::{Field, Level};
pub(crate) use intake::Said;
pub(crate) use meaning::{Counted, Meaning, Subject, Sureness};
pub(crate) use numbers::{Comma, UnclearComma};
pub(crate) use plain::{Part, PlainRequest, count};
pub(crate) use reader::{RecordReader, Tally};
pub(crate) use tokens::words as words_of;
pub use value::{Unfit, Value};

/// Whether a name is one of a section, which says nothing of what stands in it.
pub(crate) fn is_section(name: &str) -> bool {
    let words = words_of(name);
    !words.is_empty() && words.iter().all(|word| vocabulary::SECTIONS.contains(&word.as_str()))
}

/// Whether a section holds sums over what stands beside it.
pub(crate) fn is_section_of_totals(name: &str) -> bool {
    words_of(name).iter().any(|word| vocabulary::TOTALS.contains(&word.as_str()))
}

/// Whether a list of this name holds times of repetitions.
pub(crate) fn is_repeated_times(name: &str) -> bool {
    let words = words_of(name);
    let stem: Vec<&str> = words.iter().map(String::as_str).filter(|word| tokens::seconds_of(word).is_none()).collect();
    vocabulary::REPEATED_TIMES.contains(&stem.join("_").as_str())
}

/// Whether a name is that of a statistic and of nothing else.
pub(crate) fn is_bare_statistic(name: &str) -> bool {
    match words_of(name).as_slice() {
        [word] => {
            [vocabulary::MEANS, vocabulary::MEDIANS, vocabulary::DEVIATIONS, vocabulary::MINIMA, vocabulary::MAXIMA]
                .iter()
                .any(|words| words.contains(&word.as_str()))
        }
        _ => false,
    }
}

/// Whether a text is a unit of time.
pub(crate) fn is_time_unit(unit: &str) -> bool {
    units::seconds_in(unit).is_some()
}
