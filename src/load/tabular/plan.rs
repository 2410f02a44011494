//! What each column of a table of runs is taken for: one typed plan, made from all rows together, that can be printed.
//!
//! Three rules hold. A row is what its identity, its dimensions and its level say. A text that differs between rows is one of
//! these, and so is a number that was set; so rows that are the same in all of them are repetitions. What is measured has a
//! known subject; anything else is not used, and that is said.

use std::collections::BTreeSet;
use std::fmt;

use super::choice::ColumnChoice;
use super::columns::{MappingError, check_choices, check_columns};
use super::fields::{Field, is_latency};
use super::identity::{self, Identity};
use super::meaning::{Counted, Meaning, Rate, Statistic, Subject, Sureness, Time, byte_factor};
use super::numbers::Comma;
use super::profile::Profile;
use super::vocabulary as known;
use crate::load::shape::{Cell, Table};
use crate::record::{Column as C, Direction, OPEN_METRICS, OpenMetric, Unit};

/// What is done with every column of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// For each column of the table, its name and its role.
    pub(crate) columns: Vec<Planned>,
    /// What a comma in a number stands for.
    pub(crate) comma: Comma,
    /// Whether each row is one request, of which only the latency is known.
    pub(crate) are_requests: bool,
    /// What there is to say of how the table was understood.
    pub(crate) notes: Vec<Note>,
}

/// A column and its role.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planned {
    /// As it is called on the command line.
    pub(crate) name: String,
    /// What it is taken for.
    pub(crate) role: Role,
    /// Of several columns of one role, a row takes the first with a value; the smaller, the sooner.
    pub(crate) rank: usize,
}

/// What a column is taken for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Role {
    /// What is compared.
    Framework,
    /// What was asked of it: a part of the scenario, alone or after the name of the column.
    Dimension(Shown),
    /// How many at once.
    Level,
    /// Which of several runs, as a number from this one on; or only that it is another one.
    Repetition(Option<u32>),
    /// When.
    Moment,
    /// A number of the run, and what one of it is in the unit of its field.
    Measure(Measured, f64),
    /// Failures.
    Failure(Evidence),
    /// A metric that only this input has, and what one of it is in the metric's unit.
    Open(OpenMetric, f64),
    /// A latency of each request, in a list or one a row.
    Latencies(f64),
    /// A total time of each repetition, in a list.
    Times(f64),
    /// The unit of other columns.
    Unit,
    /// It says the same of every row.
    Constant,
    /// Nothing is done with it.
    Unused,
}

/// How a dimension stands in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Its value.
    Bare,
    /// `column=value`.
    Named,
}

/// A number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Measured {
    /// One of the run table.
    Column(C),
    /// Requests per second.
    Throughput,
}

/// What says how many failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Evidence {
    /// How many of these there were.
    Count(Counted),
    /// Which share of all, and how many of it make a whole.
    Share(Counted, f64),
    /// How many failed a second.
    Rate(f64),
    /// A status, or a word.
    Status,
}

/// Something that was decided and that the user may want otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Its kind.
    pub(crate) code: &'static str,
    /// What was decided.
    pub(crate) message: String,
    /// How to say otherwise.
    pub(crate) help: String,
}

impl Plan {
    /// Plans what is done with the columns of a table.
    ///
    /// # Errors
    ///
    /// When it is not known what a column means that a verdict needs, and when nothing was measured.
    pub(crate) fn new(table: &Table, choices: &[ColumnChoice]) -> Result<Self, MappingError> {
        check_choices(choices)?;
        let names = table.names();
        check_columns(&names, choices)?;
        let meanings: Vec<Meaning> = table.columns.iter().map(|heading| Meaning::of(&heading.path)).collect();
        let comma = comma(table, &meanings, &names)?;
        let profiles: Vec<Profile> = (0..names.len()).map(|column| Profile::of(table, column, comma)).collect();
        let mut planner =
            Planner { table, choices, names, meanings, profiles, comma, roles: Vec::new(), notes: Vec::new() };
        planner.roles = vec![None; planner.names.len()];
        planner.settle_meanings();
        planner.chosen()?;
        planner.failures();
        planner.counts()?;
        planner.measures()?;
        planner.level();
        planner.repetition();
        planner.moment();
        planner.names_of_rows()?;
        planner.open_metrics();
        planner.finish()
    }

    /// Whether the framework is the same in all rows, and no column is called so.
    pub(super) fn is_named_by_the_way(&self, table: &Table) -> bool {
        let mut columns = self.columns.iter().enumerate().filter(|(_, planned)| planned.role == Role::Framework);
        let (Some((column, planned)), None) = (columns.next(), columns.next()) else { return false };
        let mut values = table.cells(column).map(|(_, cell)| cell);
        let first = values.next();
        planned.name.trim() != C::Framework.name() && values.all(|cell| Some(cell) == first)
    }

    /// The names of the columns that nothing is done with.
    pub(crate) fn unused(&self) -> Vec<&str> {
        self.columns
            .iter()
            .filter(|planned| planned.role == Role::Unused)
            .map(|planned| planned.name.as_str())
            .collect()
    }
}

/// What commas stand for in the texts of a table.
fn comma(table: &Table, meanings: &[Meaning], names: &[String]) -> Result<Comma, MappingError> {
    let texts = table.rows.iter().flat_map(|row| {
        row.cells.iter().zip(meanings).enumerate().filter_map(|(column, (cell, meaning))| {
            let is_whole = matches!(meaning, Meaning::Count(..) | Meaning::Level(_));
            match cell.value()? {
                super::Value::Text(text) => Some((column, is_whole, text.as_ref())),
                _ => None,
            }
        })
    });
    Comma::of(texts).map_err(|unclear| MappingError::UnclearComma {
        column: names.get(unclear.column).cloned().unwrap_or_default(),
        example: unclear.example,
    })
}

/// A plan as it is made.
struct Planner<'t> {
    table: &'t Table,
    choices: &'t [ColumnChoice],
    names: Vec<String>,
    meanings: Vec<Meaning>,
    profiles: Vec<Profile>,
    comma: Comma,
    /// The role of each column as far as it is decided, and its rank.
    roles: Vec<Option<(Role, usize)>>,
    notes: Vec<Note>,
}

impl Planner<'_> {
    fn columns(&self) -> impl Iterator<Item = (usize, &Meaning, &Profile)> {
        let open = self.meanings.iter().zip(&self.profiles).zip(&self.roles).enumerate();
        open.filter(|(_, (_, role))| role.is_none()).map(|(column, ((meaning, profile), _))| (column, meaning, profile))
    }

    fn set(&mut self, column: usize, role: Role, rank: usize) {
        if let Some(slot) = self.roles.get_mut(column) {
            *slot = Some((role, rank));
        }
    }

    fn name(&self, column: usize) -> &str {
        self.names.get(column).map(String::as_str).unwrap_or_default()
    }

    fn note(&mut self, code: &'static str, message: String, help: String) {
        self.notes.push(Note { code, message, help });
    }

    /// Takes back what a name says where the values say otherwise.
    fn settle_meanings(&mut self) {
        for (column, profile) in self.profiles.iter().enumerate() {
            let name = self.names.get(column).map(|name| name.to_lowercase()).unwrap_or_default();
            let Some(meaning) = self.meanings.get_mut(column) else { continue };
            // One damaged value does not make a column of numbers one of names.
            let is_text = profile.is_text() && profile.numbers == 0;
            let settled = match meaning {
                // `run` and `time` may hold a date.
                Meaning::Time(time) if is_text && profile.are_moments => Some(Meaning::Moment(known::MOMENTS.len())),
                Meaning::Time(Time { subject: Subject::WeakTotal, .. }) if is_text && name.contains("runtime") => {
                    Some(Meaning::Framework(2))
                }
                Meaning::Time(Time { subject: Subject::WeakTotal, .. })
                    if profile.is_number() && profile.least.is_some_and(|least| 1e9 <= least) =>
                {
                    Some(Meaning::Moment(known::MOMENTS.len()))
                }
                Meaning::Time(_) | Meaning::Rate(_) | Meaning::Bytes(_) | Meaning::Level(_) | Meaning::Parameter
                    if is_text =>
                {
                    Some(Meaning::Unknown)
                }
                Meaning::Level(_) if profile.is_number() && profile.whole == 0 => Some(Meaning::Unknown),
                Meaning::Status if profile.is_number() && !profile.are_statuses => Some(Meaning::Unknown),
                Meaning::Framework(tier) if 0 < *tier && profile.is_number() => Some(Meaning::Parameter),
                Meaning::Scenario if profile.is_number() && !name.contains("scenario") => Some(Meaning::Parameter),
                Meaning::Unknown if is_text && profile.are_moments => Some(Meaning::Label),
                Meaning::Moment(_) if profile.is_number() && profile.most.is_some_and(|most| most < 1e8) => {
                    Some(Meaning::Label)
                }
                _ => None,
            };
            if let Some(settled) = settled {
                *meaning = settled;
            }
        }
    }

    /// The metrics that a table names whose columns benchplot wrote.
    fn own_metrics(&self) -> Vec<OpenMetric> {
        let Some(column) = self.names.iter().position(|name| name.trim() == OPEN_METRICS) else { return Vec::new() };
        let definitions = self.profiles.get(column).into_iter().flat_map(|profile| &profile.distinct);
        let mut metrics: Vec<OpenMetric> =
            definitions.flat_map(|text| text.split_whitespace()).filter_map(OpenMetric::from_definition).collect();
        metrics.sort_unstable();
        metrics.dedup();
        metrics
    }

    /// Takes what the user chose, and the columns that only benchplot writes.
    fn chosen(&mut self) -> Result<(), MappingError> {
        for metric in self.own_metrics() {
            if let Some(column) = self.names.iter().position(|name| name.trim() == metric.name()) {
                self.set(column, Role::Open(metric, 1.0), 0);
            }
        }
        for column in 0..self.names.len() {
            match self.name(column).trim() {
                OPEN_METRICS => self.set(column, Role::Constant, 0),
                "axis" => self.set(column, Role::Measure(Measured::Column(C::Axis), 1.0), 0),
                "work" if self.names.iter().any(|name| name == "derived") => {
                    self.set(column, Role::Measure(Measured::Column(C::Work), 1.0), 0);
                }
                "derived" => self.set(column, Role::Measure(Measured::Column(C::Derived), 1.0), 0),
                "tool" | "source" if self.names.iter().any(|name| name == "derived") => {
                    self.set(column, Role::Constant, 0)
                }
                _ => {}
            }
        }
        for choice in self.choices.iter().filter(|choice| choice.field != Field::Rows) {
            for column in choice.places(&self.names).unwrap_or_default() {
                let Some(profile) = self.profiles.get(column) else { continue };
                let of_name = self.meanings.get(column).and_then(seconds_of);
                let scale = choice.seconds.or(of_name).unwrap_or(1.0);
                let role = match choice.field {
                    Field::Column(C::Framework) => Role::Framework,
                    Field::Column(C::Scenario) => Role::Dimension(Shown::Bare),
                    Field::Column(C::Concurrency) => Role::Level,
                    Field::Column(C::Repetition) => Role::Repetition(first_repetition(profile)),
                    Field::Column(C::Timestamp) | Field::Start => Role::Moment,
                    Field::Column(C::RequestsCount) => Role::Failure(Evidence::Count(Counted::Requests)),
                    Field::Column(C::SuccessCount) | Field::Ok => Role::Failure(Evidence::Count(Counted::Successes)),
                    Field::Column(C::ErrorCount) => Role::Failure(Evidence::Count(Counted::Failures)),
                    Field::Status => Role::Failure(Evidence::Status),
                    Field::Throughput => Role::Measure(Measured::Throughput, per_second(self.meanings.get(column))),
                    Field::Latency => Role::Latencies(scale),
                    Field::Column(C::TotalTime) if 0 < profile.lists => Role::Times(scale),
                    Field::Column(C::LatencyMean) if 0 < profile.lists => Role::Latencies(scale),
                    Field::Column(chosen) => Role::Measure(Measured::Column(chosen), scale),
                    Field::Open | Field::Rows => continue,
                };
                let is_number = matches!(role, Role::Measure(..) | Role::Times(_) | Role::Latencies(_) | Role::Level)
                    && !matches!(choice.field, Field::Column(C::Axis | C::Derived));
                if is_number && profile.numbers == 0 && profile.lists == 0 {
                    return Err(MappingError::ChosenWithoutNumber {
                        field: choice.field.name(),
                        column: self.name(column).to_owned(),
                    });
                }
                self.set(column, role, 0);
            }
        }
        Ok(())
    }

    fn is_chosen(&self, role: impl Fn(Role) -> bool) -> bool {
        self.roles.iter().flatten().any(|(own, _)| role(*own))
    }

    /// Columns that say how many failed.
    fn failures(&mut self) {
        let mut found = Vec::new();
        for (column, meaning, profile) in self.columns() {
            let is_percent =
                |is_percent: bool| is_percent || profile.has_percent || profile.most.is_some_and(|most| 1.0 < most);
            let evidence = match meaning {
                Meaning::Share(counted, percent) if profile.is_number() => {
                    Evidence::Share(*counted, if is_percent(*percent) { 100.0 } else { 1.0 })
                }
                Meaning::FailureRate(per_second) if profile.is_number() => Evidence::Rate(*per_second),
                Meaning::Status if profile.are_statuses || profile.counts > 0 || profile.are_outcomes => {
                    Evidence::Status
                }
                // A share under the name of a count.
                Meaning::Count(Counted::Successes, _)
                    if profile.is_number()
                        && profile.whole < profile.numbers
                        && profile.most.is_some_and(|most| most <= 1.0) =>
                {
                    Evidence::Share(Counted::Successes, 1.0)
                }
                Meaning::Count(counted @ (Counted::Failures | Counted::KindOfFailure), _) => Evidence::Count(*counted),
                Meaning::Count(Counted::Successes, _) if profile.is_text() && !profile.are_outcomes => continue,
                Meaning::Count(Counted::Successes, _) => Evidence::Count(Counted::Successes),
                _ => continue,
            };
            let rank = match (meaning, self.name(column)) {
                (Meaning::Count(_, sureness), _) => rank_of(*sureness),
                (Meaning::Status, name) => usize::from(!name.contains("code")),
                _ => 0,
            };
            found.push((column, Role::Failure(evidence), rank));
        }
        for (column, role, rank) in found {
            self.set(column, role, rank);
        }
    }

    /// The number of requests.
    fn counts(&mut self) -> Result<(), MappingError> {
        let requests = Role::Failure(Evidence::Count(Counted::Requests));
        if self.is_chosen(|role| role == requests) {
            return Ok(());
        }
        let has_outcomes = self.is_chosen(|role| matches!(role, Role::Failure(_)));
        let has_total_time = self.meanings.iter().any(|meaning| matches!(meaning, Meaning::Time(time) if matches!(time.subject, Subject::Total | Subject::WeakTotal) && time.statistic.is_none()));
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (column, meaning, profile) in self.columns() {
            let Meaning::Count(Counted::Requests, sureness) = meaning else { continue };
            if profile.numbers == 0 {
                continue;
            }
            let is_total = self.name(column).trim().eq_ignore_ascii_case("total");
            if is_total && profile.whole < profile.numbers && !has_outcomes {
                return Err(MappingError::UnclearTotal { column: self.name(column).to_owned() });
            }
            // What is counted is not said, and a rate would follow from it.
            if *sureness == Sureness::Vague
                && !is_total
                && !has_outcomes
                && has_total_time
                && !self.says_operations(column)
            {
                continue;
            }
            let is_set =
                self.table.columns.get(column).is_some_and(|heading| heading.path.iter().any(|part| is_setting(part)));
            found.push((column, rank_of(*sureness) * 2 + usize::from(is_set)));
        }
        // One that was set and one that was counted need not be the same.
        for column in self.settled(requests, &found, false)? {
            let rank = found.iter().find(|(own, _)| *own == column).map_or(0, |(_, rank)| *rank);
            self.set(column, requests, rank);
        }
        Ok(())
    }

    fn says_operations(&self, column: usize) -> bool {
        let name = self.name(column).to_lowercase();
        ["ops", "operations", "transactions", "queries", "messages", "iterations", "calls"]
            .iter()
            .any(|noun| name.contains(noun) && name != *noun)
    }

    /// Times and rates.
    fn measures(&mut self) -> Result<(), MappingError> {
        let has_percentile = self.meanings.iter().any(|meaning| {
            matches!(
                meaning,
                Meaning::Time(Time { subject: Subject::Bare, statistic: Some(Statistic::Percentile(_)), .. })
            )
        });
        let mut claims: Vec<(Role, Vec<(usize, usize)>)> = Vec::new();
        let mut lists: Vec<(usize, Role)> = Vec::new();
        for (column, meaning, profile) in self.columns() {
            if 0 < profile.lists {
                lists.extend(self.list(column, meaning, profile).map(|role| (column, role)));
                continue;
            }
            if profile.numbers == 0 && !profile.is_like_number {
                continue;
            }
            let Some((measured, scale, rank)) = self.measured(column, meaning, has_percentile) else { continue };
            let role = Role::Measure(measured, scale);
            let is_same = |(other, _): &&mut (Role, Vec<(usize, usize)>)| matches!(other, Role::Measure(other, _) if *other == measured);
            match claims.iter_mut().find(is_same) {
                Some((_, columns)) => columns.push((column, rank)),
                None => claims.push((role, vec![(column, rank)])),
            }
        }
        for (column, role) in lists {
            self.set(column, role, 0);
        }
        for (role, found) in claims {
            let Role::Measure(measured, _) = role else { continue };
            let is_taken = self.is_chosen(|own| matches!(own, Role::Measure(own, _) if own == measured));
            if is_taken {
                continue;
            }
            for column in self.settled(role, &found, true)? {
                let Some(meaning) = self.meanings.get(column) else { continue };
                let Some((measured, scale, rank)) = self.measured(column, meaning, has_percentile) else { continue };
                self.set(column, Role::Measure(measured, scale), rank);
            }
        }
        Ok(())
    }

    /// What a list of numbers is taken for.
    fn list(&self, column: usize, meaning: &Meaning, profile: &Profile) -> Option<Role> {
        if profile.list_numbers == 0 {
            return None;
        }
        let name = self.table.columns.get(column)?.path.last()?;
        let words = super::tokens::words(name);
        let seconds = |time: &Time| time.seconds.unwrap_or(1.0);
        let stem: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| super::tokens::seconds_of(word).is_none()).collect();
        if known::REPEATED_TIMES.contains(&stem.join("_").as_str()) {
            let seconds = words.last().and_then(|word| super::tokens::seconds_of(word)).unwrap_or(1.0);
            return Some(Role::Times(seconds));
        }
        match meaning {
            Meaning::Time(time) if time.subject == Subject::Latency && time.statistic.is_none() => {
                Some(Role::Latencies(seconds(time)))
            }
            _ => None,
        }
    }

    /// The field that a column may hold, what one of it is in the field's unit, and how unsure that is.
    fn measured(&self, column: usize, meaning: &Meaning, has_percentile: bool) -> Option<(Measured, f64, usize)> {
        match meaning {
            Meaning::Rate(Rate { requests: Some(rank), statistic, per_second, .. }) => match statistic {
                None => Some((Measured::Throughput, *per_second, 3 * rank)),
                Some(Statistic::Mean) => Some((Measured::Throughput, *per_second, 3 * rank + 1)),
                Some(Statistic::MEDIAN) => Some((Measured::Throughput, *per_second, 3 * rank + 2)),
                Some(_) => None,
            },
            Meaning::Time(time) => {
                let unit = self.unit_of(column).and_then(|unit| super::units::seconds_in(&unit));
                let scale = time.seconds.or(unit).unwrap_or(1.0);
                let (field, rank) = match (time.subject, time.statistic) {
                    (Subject::Total | Subject::WeakTotal | Subject::Latency, Some(Statistic::Min))
                        if time.may_be_minutes && !self.has_sibling_statistic(column) =>
                    {
                        (C::TotalTime, 2)
                    }
                    (Subject::Total, None) => {
                        (C::TotalTime, usize::from(self.name(column).to_lowercase().contains("duration")))
                    }
                    (Subject::Total, Some(Statistic::Mean)) => (C::TotalTime, 3),
                    (Subject::Total, Some(Statistic::MEDIAN)) => (C::TotalTime, 4),
                    (Subject::WeakTotal, None) => (C::TotalTime, 2),
                    (Subject::PerRequest, _) => (C::AvgTimePerRequest, 0),
                    (Subject::Latency, Some(statistic)) => (latency_column(statistic)?, time.rank()),
                    // Bare statistics are latencies where a unit of time or a percentile stands beside them.
                    (Subject::Bare, Some(statistic)) if time.seconds.is_some() || unit.is_some() || has_percentile => {
                        (latency_column(statistic)?, 1)
                    }
                    _ => return None,
                };
                let scale = if time.may_be_minutes && field == C::TotalTime { 60.0 } else { scale };
                Some((Measured::Column(field), scale, rank))
            }
            Meaning::Bytes(amount) if amount.is_received => Some((Measured::Column(C::BytesRead), amount.bytes, 0)),
            _ => None,
        }
    }

    /// The unit that a column beside this one gives, where it gives the same to all rows.
    fn unit_of(&self, column: usize) -> Option<String> {
        let own = self.table.columns.get(column)?;
        let own_words = super::tokens::words(&own.path.join(" "));
        let of = |stem: &[String]| stem.iter().all(|word| own_words.contains(word));
        let mut best: Option<(usize, usize)> = None;
        for (place, meaning) in self.meanings.iter().enumerate() {
            let Meaning::Unit(stem) = meaning else { continue };
            // A unit in the same object speaks of what stands in it.
            let section =
                self.table.columns.get(place).map(|heading| heading.path.len().saturating_sub(1)).unwrap_or(0);
            let is_near = self
                .table
                .columns
                .get(place)
                .is_some_and(|heading| heading.path.get(..section) == own.path.get(..section));
            if (of(stem) || is_near && stem.is_empty()) && best.is_none_or(|(length, _)| length < stem.len()) {
                best = Some((stem.len(), place));
            }
        }
        let Some((_, place)) = best else { return self.unit_of_tool() };
        let profile = self.profiles.get(place)?;
        (profile.distinct.len() == 1).then(|| profile.distinct.iter().next().cloned()).flatten()
    }

    /// The unit of all times of a tool that is known by its columns: tinybench's are milliseconds.
    fn unit_of_tool(&self) -> Option<String> {
        self.names
            .iter()
            .any(|name| name == "timestampProviderName" || name == "latency_samplesCount")
            .then(|| "ms".to_owned())
    }

    /// Whether another column has the same stem with another statistic.
    fn has_sibling_statistic(&self, column: usize) -> bool {
        let stem = |column: usize| -> Vec<String> {
            let words = self
                .table
                .columns
                .get(column)
                .map(|heading| super::tokens::words(&heading.path.join(" ")))
                .unwrap_or_default();
            words.into_iter().filter(|word| statistic_word(word).is_none()).collect()
        };
        let own = stem(column);
        (0..self.names.len()).any(|other| {
            let is_statistic = self.meanings.get(other).is_some_and(|meaning| {
                matches!(meaning, Meaning::Time(time) if time.statistic.is_some_and(|statistic| statistic != Statistic::Min))
            });
            other != column && is_statistic && stem(other) == own
        })
    }

    /// Of columns that may hold the same, each with how unsure that is, those that hold it. A row takes the first that it has.
    fn settled(&self, role: Role, found: &[(usize, usize)], is_needed: bool) -> Result<Vec<usize>, MappingError> {
        let mut by_rank: Vec<(usize, usize)> = found.iter().map(|(column, rank)| (*rank, *column)).collect();
        by_rank.sort_unstable();
        let mut kept: Vec<usize> = Vec::new();
        for &(rank, column) in &by_rank {
            let rivals: Vec<usize> =
                by_rank.iter().filter(|(other, _)| *other == rank).map(|(_, column)| *column).collect();
            let clash = rivals.iter().copied().find(|&rival| rival != column && self.differ(rival, column));
            if let Some(rival) = clash {
                // What is the same in every row was set, and what differs was measured.
                let varies =
                    |column: usize| self.profiles.get(column).is_some_and(|profile| 1 < profile.distinct.len());
                match (varies(column), varies(rival)) {
                    (true, false) => {}
                    (false, true) => continue,
                    _ if !is_needed => continue,
                    _ => {
                        let mut columns = rivals;
                        columns.sort_unstable();
                        let candidates = columns.iter().map(|column| self.name(*column).to_owned()).collect();
                        return Err(MappingError::Ambiguous { field: role.field(), candidates });
                    }
                }
            }
            // One that says the same as another, or that stands beside a surer one, adds nothing.
            if kept.iter().any(|other| self.stand_together(*other, column)) {
                continue;
            }
            kept.push(column);
        }
        Ok(kept)
    }

    fn stand_together(&self, one: usize, other: usize) -> bool {
        self.table.rows.iter().any(|row| {
            let is_present = |column: usize| row.cells.get(column).is_some_and(Cell::is_present);
            is_present(one) && is_present(other)
        })
    }

    /// Whether a row has different values under two columns.
    fn differ(&self, one: usize, other: usize) -> bool {
        self.table.rows.iter().any(|row| match (row.cells.get(one), row.cells.get(other)) {
            (Some(one), Some(other)) => one.is_present() && other.is_present() && one != other,
            _ => false,
        })
    }

    /// How many at once: of several columns the surest that varies, or else the surest.
    fn level(&mut self) {
        if self.is_chosen(|role| role == Role::Level) {
            return;
        }
        let mut found: Vec<(bool, usize, usize)> = self
            .columns()
            .filter_map(|(column, meaning, profile)| match meaning {
                Meaning::Level(rank) if 0 < profile.numbers || 0 < profile.present => {
                    // Levels that no other column has, each in rows of their own.
                    Some((profile.distinct.len() < 2, *rank, column))
                }
                _ => None,
            })
            .collect();
        // A maximum that was set comes before what was reached.
        if let Some(place) = found.iter().position(|(_, rank, _)| *rank == 0) {
            let surest = found.remove(place);
            found.insert(0, surest);
        }
        let surest = found.iter().position(|(_, rank, _)| *rank == 0).is_some();
        if !surest {
            found.sort_unstable();
        }
        let Some((_, _, first)) = found.first().copied() else { return };
        self.set(first, Role::Level, 0);
        for (rank, (_, _, column)) in found.into_iter().enumerate().skip(1) {
            if !self.stand_together(first, column) {
                self.set(column, Role::Level, rank);
            }
        }
    }

    /// Which of several runs.
    fn repetition(&mut self) {
        if self.is_chosen(|role| matches!(role, Role::Repetition(_))) {
            return;
        }
        let found: Vec<usize> = self
            .columns()
            .filter(|(_, meaning, _)| **meaning == Meaning::Repetition)
            .map(|(column, ..)| column)
            .collect();
        let only = found.len() == 1;
        for column in found {
            let first = self.profiles.get(column).filter(|_| only).and_then(first_repetition);
            self.set(column, Role::Repetition(first), 0);
        }
    }

    /// When: no verdict needs it, so that of several the finest is taken.
    fn moment(&mut self) {
        if self.is_chosen(|role| role == Role::Moment) {
            return;
        }
        let mut found: Vec<(usize, usize)> = self
            .columns()
            .filter_map(|(column, meaning, _)| match meaning {
                Meaning::Moment(rank) => Some((*rank, column)),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        for (rank, column) in found.into_iter().take(1) {
            self.set(column, Role::Moment, rank);
        }
    }

    /// What is compared, and what was asked of it.
    fn names_of_rows(&mut self) -> Result<(), MappingError> {
        let is_chosen = self.is_chosen(|role| role == Role::Framework);
        let has_chosen_scenario = self.is_chosen(|role| matches!(role, Role::Dimension(_)));
        let taken: Vec<bool> = self.roles.iter().map(Option::is_some).collect();
        let names = identity::Names {
            table: self.table,
            names: &self.names,
            meanings: &self.meanings,
            profiles: &self.profiles,
            taken: &taken,
        };
        if !is_chosen {
            match names.framework()? {
                Identity::Named(column) => self.set(column, Role::Framework, 0),
                Identity::Taken(column) => {
                    self.set(column, Role::Framework, 0);
                    let name = self.name(column).to_owned();
                    let message = format!("{name} is taken for the framework, as rows differ in it");
                    self.note(
                        "framework-taken",
                        message,
                        format!("say otherwise with --map framework=COLUMN, or --map scenario={name}"),
                    );
                }
                Identity::None => {}
            }
        }
        let levels: Vec<usize> =
            self.of_role(|role| matches!(role, Role::Framework | Role::Level | Role::Dimension(_)));
        let repetitions: Vec<usize> = self.of_role(|role| matches!(role, Role::Repetition(_)));
        let taken: Vec<bool> = self.roles.iter().map(Option::is_some).collect();
        let names = identity::Names {
            taken: &taken,
            ..names_of(self.table, &self.names, &self.meanings, &self.profiles, &taken)
        };
        let dimensions = names.dimensions(&levels, &repetitions, has_chosen_scenario);
        for (column, shown) in dimensions {
            self.set(column, Role::Dimension(shown), 0);
        }
        Ok(())
    }

    /// Numbers of which the unit and the direction are known, and that benchplot has no name for.
    fn open_metrics(&mut self) {
        let single: Vec<usize> = self.single_latencies().into_iter().map(|(column, _)| column).collect();
        let mut found = Vec::new();
        for (column, meaning, profile) in self.columns() {
            if profile.numbers == 0 || 0 < profile.lists || single.contains(&column) {
                continue;
            }
            let unit = self.unit_of(column).and_then(|unit| super::units::seconds_in(&unit));
            found.extend(open_metric(self.name(column), meaning, unit).map(|(metric, scale)| (column, metric, scale)));
        }
        for (column, metric, scale) in found {
            let is_taken = self.is_chosen(|role| matches!(role, Role::Open(other, _) if other == metric));
            if !is_taken {
                self.set(column, Role::Open(metric, scale), 0);
            }
        }
    }

    fn of_role(&self, is_meant: impl Fn(Role) -> bool) -> Vec<usize> {
        let roles = self.roles.iter().enumerate();
        roles.filter(|(_, role)| role.is_some_and(|(role, _)| is_meant(role))).map(|(column, _)| column).collect()
    }

    /// A time for each row and how it ended, and nothing that only a run has, are requests.
    fn requests_of_rows(&mut self) {
        let measures = self.of_role(|role| matches!(role, Role::Measure(..) | Role::Times(_) | Role::Latencies(_)));
        let ends =
            self.of_role(|role| matches!(role, Role::Failure(Evidence::Status | Evidence::Count(Counted::Successes))));
        let is_end = |column: &usize| {
            let is_status = self.meanings.get(*column) == Some(&Meaning::Status);
            self.profiles.get(*column).is_some_and(|profile| profile.are_outcomes || is_status && profile.are_statuses)
        };
        let is_plain =
            |column: usize| matches!(self.meanings.get(column), Some(Meaning::Time(time)) if time.statistic.is_none());
        if let [column] = measures.as_slice()
            && !ends.is_empty()
            && ends.iter().all(is_end)
            && is_plain(*column)
            && self.choices.is_empty()
            && let Some(Some((Role::Measure(Measured::Column(C::TotalTime), seconds), _))) =
                self.roles.get(*column).copied()
        {
            self.set(*column, Role::Latencies(seconds), 0);
        }
    }

    fn finish(mut self) -> Result<Plan, MappingError> {
        self.requests_of_rows();
        let mut are_requests = false;
        let measures = self.is_chosen(|role| {
            if let Role::Open(metric, _) = role {
                return is_known_metric(metric);
            }
            matches!(role, Role::Times(_) | Role::Latencies(_))
                || matches!(role, Role::Measure(measured, _) if measured.is_compared())
        });
        let single: Vec<(usize, f64)> = self.single_latencies();
        if let ([(column, seconds)], false) = (single.as_slice(), measures) {
            are_requests = true;
            self.set(*column, Role::Latencies(*seconds), 0);
        } else if let [(column, seconds)] = single.as_slice()
            && !self.is_chosen(|role| {
                matches!(role, Role::Measure(Measured::Column(column), _) if is_latency(column))
                    || matches!(role, Role::Latencies(_))
            })
        {
            self.set(*column, Role::Measure(Measured::Column(C::LatencyMean), *seconds), 0);
            let name = self.name(*column).to_owned();
            let message = format!("{name} is taken for the mean latency of each run");
            self.note("latency-is-mean", message, format!("say otherwise with, for example, --map latency_p50={name}"));
        } else if !measures {
            return Err(self.nothing_measured());
        }
        // A latency in each of several rows of one cell is one of a request; a single row is rather a mean.
        if are_requests
            && self.are_single_rows()
            && let [(column, seconds)] = single.as_slice()
        {
            are_requests = false;
            self.set(*column, Role::Measure(Measured::Column(C::LatencyMean), *seconds), 0);
            let name = self.name(*column).to_owned();
            let message = format!("{name} is taken for the mean latency of each run, as every row is of another cell");
            self.note("latency-is-mean", message, format!("say otherwise with, for example, --map latency_p50={name}"));
        }
        let rows = self.table.rows.len();
        let columns = (0..self.names.len())
            .map(|column| {
                let (role, rank) =
                    self.roles.get(column).copied().flatten().unwrap_or_else(|| (self.leftover(column, rows), 0));
                Planned { name: self.name(column).to_owned(), role, rank }
            })
            .collect();
        Ok(Plan { columns, comma: self.comma, are_requests, notes: self.notes })
    }

    fn leftover(&self, column: usize, rows: usize) -> Role {
        let (Some(meaning), Some(profile)) = (self.meanings.get(column), self.profiles.get(column)) else {
            return Role::Unused;
        };
        let is_constant =
            profile.distinct.len() < 2 && profile.lists == 0 && (profile.present == rows || profile.present == 0);
        let is_measured_alone = rows < 2 && profile.is_number();
        match meaning {
            Meaning::Unit(_) => Role::Unit,
            _ if profile.present == 0 && profile.lists == 0 => Role::Constant,
            Meaning::Label if is_constant => Role::Constant,
            Meaning::Time(_) | Meaning::Rate(_) | Meaning::Bytes(_) => Role::Unused,
            Meaning::Parameter if is_constant => Role::Constant,
            _ if is_constant && !is_measured_alone => Role::Constant,
            _ => Role::Unused,
        }
    }

    /// Columns with one time a row that is a latency and no statistic.
    fn single_latencies(&self) -> Vec<(usize, f64)> {
        let single = |(column, meaning, profile): (usize, &Meaning, &Profile)| match meaning {
            Meaning::Time(time)
                if time.subject == Subject::Latency && time.statistic.is_none() && 0 < profile.numbers =>
            {
                let unit = self.unit_of(column).and_then(|unit| super::units::seconds_in(&unit));
                Some((column, time.seconds.or(unit).unwrap_or(1.0)))
            }
            _ => None,
        };
        self.columns().filter_map(single).collect()
    }

    /// Whether no two rows are of one cell.
    fn are_single_rows(&self) -> bool {
        let keys = self
            .of_role(|role| matches!(role, Role::Framework | Role::Level | Role::Dimension(_) | Role::Repetition(_)));
        let mut seen = BTreeSet::new();
        1 < self.table.rows.len() && self.table.rows.iter().all(|row| seen.insert(identity::key(row, &keys)))
    }

    fn nothing_measured(&self) -> MappingError {
        let found = self.names.clone();
        // Numbers under names that say nothing may be one metric of several frameworks.
        let wide: Vec<String> = self
            .columns()
            .filter(|(_, meaning, profile)| **meaning == Meaning::Unknown && profile.is_number() && 0 < profile.numbers)
            .map(|(column, ..)| self.name(column).to_owned())
            .filter(|name| !name.trim().is_empty())
            .collect();
        if 1 < wide.len() { MappingError::MayBeWide { columns: wide } } else { MappingError::NothingMeasured { found } }
    }
}

/// Whether a metric is one that a table may hold nothing but, and no setting.
fn is_known_metric(metric: OpenMetric) -> bool {
    let words = super::tokens::words(metric.name());
    let is_known = words.iter().any(|word| known::OTHER_TIMES.contains(&word.as_str()));
    metric.direction() != Direction::Unclear && (is_known || *metric.unit() != Unit::Seconds)
}

/// The metric that a column of this name holds, and what one of it is in the metric's unit; `None` where nothing says which
/// way is better.
fn open_metric(name: &str, meaning: &Meaning, unit: Option<f64>) -> Option<(OpenMetric, f64)> {
    let words = super::tokens::words(super::tokens::bracketed(name).0);
    let stem = |rest: &[String]| rest.join("_").replace('.', "_");
    if words.iter().any(|word| known::SET_TIMES.contains(&word.as_str())) {
        return None;
    }
    match meaning {
        Meaning::Time(time) => {
            // How far times lie apart is no time that is better when it is shorter.
            let direction =
                if time.statistic == Some(Statistic::Std) { Direction::Unclear } else { Direction::LowerIsBetter };
            if !matches!(time.subject, Subject::Other | Subject::Latency)
                || time.subject == Subject::Latency && time.statistic.is_none()
            {
                return None;
            }
            let rest: Vec<String> =
                words.into_iter().filter(|word| super::tokens::seconds_of(word).is_none()).collect();
            let scale = time.seconds.or(unit).unwrap_or(1.0);
            Some((OpenMetric::new(&stem(&rest), Unit::Seconds, direction), scale))
        }
        Meaning::Rate(rate) => {
            if matches!(
                rate.statistic,
                Some(Statistic::Std | Statistic::Min | Statistic::Max | Statistic::Percentile(_))
            ) && rate.statistic != Some(Statistic::MEDIAN)
            {
                return None;
            }
            let (unit, scale) = match (rate.requests, byte_factor(&rate.noun)) {
                (Some(_), _) => (Unit::PerSecond, 1.0),
                (None, Some(bytes)) => (Unit::BytesPerSecond, bytes),
                (None, None) if !known::OTHER_THINGS.contains(&rate.noun.as_str()) => (Unit::PerSecond, 1.0),
                (None, None) => (Unit::from(format!("{}/s", rate.noun).as_str()), 1.0),
            };
            Some((OpenMetric::new(&stem(&words), unit, Direction::HigherIsBetter), scale * rate.per_second))
        }
        Meaning::Bytes(amount) if amount.is_memory => {
            let rest: Vec<String> = words.into_iter().filter(|word| byte_factor(word).is_none()).collect();
            Some((OpenMetric::new(&stem(&rest), Unit::Bytes, Direction::LowerIsBetter), amount.bytes))
        }
        _ => None,
    }
}

fn names_of<'t>(
    table: &'t Table,
    names: &'t [String],
    meanings: &'t [Meaning],
    profiles: &'t [Profile],
    taken: &'t [bool],
) -> identity::Names<'t> {
    identity::Names { table, names, meanings, profiles, taken }
}

impl Role {
    /// The field that it fills, in the words of the command line.
    fn field(self) -> &'static str {
        match self {
            Self::Measure(Measured::Column(column), _) => column.name(),
            Self::Measure(Measured::Throughput, _) => Field::Throughput.name(),
            Self::Failure(Evidence::Count(Counted::Requests)) => C::RequestsCount.name(),
            Self::Failure(Evidence::Count(Counted::Successes)) => C::SuccessCount.name(),
            Self::Failure(_) => C::ErrorCount.name(),
            Self::Framework => C::Framework.name(),
            Self::Dimension(_) => C::Scenario.name(),
            Self::Level => C::Concurrency.name(),
            Self::Repetition(_) => C::Repetition.name(),
            Self::Moment => C::Timestamp.name(),
            Self::Latencies(_) => Field::Latency.name(),
            Self::Times(_) => C::TotalTime.name(),
            Self::Open(metric, _) => metric.name(),
            Self::Unit | Self::Constant | Self::Unused => "",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Framework => f.write_str("identity: framework"),
            Self::Dimension(Shown::Bare) => f.write_str("dimension: scenario"),
            Self::Dimension(Shown::Named) => f.write_str("dimension: scenario, as column=value"),
            Self::Level => f.write_str("level: concurrency"),
            Self::Repetition(Some(_)) => f.write_str("repetition"),
            Self::Repetition(None) => f.write_str("repetition, not numbered"),
            Self::Moment => f.write_str("timestamp"),
            Self::Measure(measured, scale) => {
                let field = Self::Measure(*measured, *scale).field();
                write!(f, "metric: {field}")?;
                if (*scale - 1.0).abs() < f64::EPSILON {
                    Ok(())
                } else {
                    write!(f, ", one is {scale} {}", measured.unit())
                }
            }
            Self::Failure(Evidence::Count(Counted::Requests)) => f.write_str("requests_count"),
            Self::Failure(Evidence::Count(Counted::Successes)) => {
                f.write_str("failures: success_count, or whether it succeeded")
            }
            Self::Failure(Evidence::Count(Counted::Failures)) => {
                f.write_str("failures: error_count, or whether it failed")
            }
            Self::Failure(Evidence::Count(Counted::KindOfFailure)) => f.write_str("failures: one kind of them"),
            Self::Failure(Evidence::Share(Counted::Successes, whole)) => {
                write!(f, "failures: the share that succeeded, of {whole}")
            }
            Self::Failure(Evidence::Share(_, whole)) => write!(f, "failures: the share that failed, of {whole}"),
            Self::Failure(Evidence::Rate(_)) => f.write_str("failures: per second"),
            Self::Failure(Evidence::Status) => f.write_str("failures: status"),
            Self::Open(metric, scale) => {
                write!(
                    f,
                    "metric of its own: {}, {}, one is {scale} {}",
                    metric.name(),
                    metric.direction().name(),
                    metric.unit()
                )
            }
            Self::Latencies(scale) => write!(f, "metric: latency of each request, one is {scale} s"),
            Self::Times(scale) => write!(f, "metric: total_time of each repetition, one is {scale} s"),
            Self::Unit => f.write_str("unit"),
            Self::Constant => f.write_str("constant"),
            Self::Unused => f.write_str("unused"),
        }
    }
}

impl Measured {
    fn unit(self) -> &'static str {
        match self {
            Self::Throughput => "per second",
            Self::Column(C::BytesRead) => "B",
            Self::Column(_) => "s",
        }
    }

    fn is_compared(self) -> bool {
        match self {
            Self::Throughput => true,
            Self::Column(column) => matches!(column, C::TotalTime | C::AvgTimePerRequest) || is_latency(column),
        }
    }
}

fn rank_of(sureness: Sureness) -> usize {
    match sureness {
        Sureness::Total => 0,
        Sureness::Plain => 1,
        Sureness::Vague => 2,
    }
}

/// Whether what stands in a section was set before the test.
pub(super) fn is_setting(part: &str) -> bool {
    super::tokens::words(part).iter().any(|word| {
        ["config", "configuration", "params", "parameters", "settings", "options", "args", "setup"]
            .contains(&word.as_str())
    })
}

fn seconds_of(meaning: &Meaning) -> Option<f64> {
    match meaning {
        Meaning::Time(time) => time.seconds,
        _ => None,
    }
}

fn per_second(meaning: Option<&Meaning>) -> f64 {
    match meaning {
        Some(Meaning::Rate(rate)) => rate.per_second,
        _ => 1.0,
    }
}

/// The number that repetitions begin at, where they are numbers.
fn first_repetition(profile: &Profile) -> Option<u32> {
    let is_number = profile.is_number() && profile.whole == profile.numbers && profile.texts == 0;
    let least = profile.least.filter(|least| is_number && (0.0..=f64::from(u32::MAX)).contains(least))?;
    Some(if least < 1.0 { 0 } else { 1 })
}

fn statistic_word(word: &str) -> Option<()> {
    matches!(Meaning::of_name(word), Meaning::Time(Time { subject: Subject::Bare, statistic: Some(_), .. }))
        .then_some(())
}

fn latency_column(statistic: Statistic) -> Option<C> {
    Some(match statistic {
        Statistic::Mean => C::LatencyMean,
        Statistic::Std => C::LatencyStd,
        Statistic::Min => C::LatencyMin,
        Statistic::Max => C::LatencyMax,
        Statistic::Percentile(5_000) => C::LatencyP50,
        Statistic::Percentile(7_500) => C::LatencyP75,
        Statistic::Percentile(9_000) => C::LatencyP90,
        Statistic::Percentile(9_500) => C::LatencyP95,
        Statistic::Percentile(9_900) => C::LatencyP99,
        Statistic::Percentile(9_990) => C::LatencyP99_9,
        Statistic::Percentile(_) => return None,
    })
}
