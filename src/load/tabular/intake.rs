//! Takes the records of an input that are runs, all together: their shape, the plan of their columns, and what comes of it.

use super::choice::ColumnChoice;
use super::columns::MappingError;
use super::doubt;
use super::interpret::BadField;
use super::plan::Plan;
use super::runs::Made;
use crate::load::diagnostic::{INVALID_VALUE, Severity};
use crate::load::place::Place;
use crate::load::samples::profiled;
use crate::load::shape::{self, Node, Table, Wide};
use crate::load::sink::{ColumnRole, Sink};
use crate::record::{Latency, RequestSample, Run, SampleKey};

/// What the user says of the records of an input.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said<'r> {
    /// Columns whose meaning was given.
    pub(crate) choices: &'r [ColumnChoice],
    /// What the numbers of a wide table are.
    pub(crate) wide: Option<&'r Wide>,
}

/// A table as it is understood.
pub(crate) struct Understood {
    table: Table,
    /// What its columns are taken for.
    pub(crate) plan: Plan,
}

/// Brings records into one table and plans it. What was noticed on the way goes into the plan.
///
/// # Errors
///
/// When it is not known which records are meant, or what their columns mean.
pub(crate) fn understand(records: Vec<(Place, Node)>, said: Said<'_>) -> Result<Understood, MappingError> {
    let what = shape::foreign::known(records.iter().map(|(_, node)| node));
    if let Some(what) = what.filter(|_| said.choices.is_empty()) {
        return Err(MappingError::Foreign { what });
    }
    let mut table = shape::table(records, ColumnChoice::rows(said.choices)).map_err(MappingError::Shape)?;
    if let Some(pivoted) = shape::pivoted(&table) {
        table = pivoted;
    }
    let mut notes = Vec::new();
    if let Some(wide) = said.wide {
        table = shape::melted(&table, wide).ok_or_else(|| MappingError::NotWide { found: table.names() })?;
    } else if said.choices.is_empty()
        && let Some((parted, frameworks)) = shape::parted(&table)
    {
        table = parted;
        notes.push(super::plan::Note {
            code: "names-in-columns",
            message: format!(
                "{} are taken for frameworks, whose names begin or end those of columns",
                frameworks.join(", ")
            ),
            help: "say otherwise with --map FIELD=COLUMN".to_owned(),
        });
    }
    let mut plan = Plan::new(&table, said.choices)?;
    notes.append(&mut plan.notes);
    plan.notes = notes;
    Ok(Understood { table, plan })
}

/// How many runs came of records, and why the others did not.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Runs, or rows of requests.
    pub(super) used: u64,
}

/// Puts the runs of a table into the sink.
///
/// # Errors
///
/// When times can't be in the unit that they seem to have, or rows are no runs.
pub(super) fn take(understood: &Understood, said: Said<'_>, sink: &mut Sink<'_>) -> Result<Taken, MappingError> {
    let Understood { table, plan } = understood;
    let names = table.names();
    if said.choices.is_empty() {
        doubt::check_monitor(plan, table)?;
    }
    let given = |column: usize| said.choices.iter().any(|choice| choice.gives_unit(&names, column));
    let unitless = doubt::unitless(plan, table, given);
    let summaries = plan.summaries(table);
    let mut made = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        if !summaries.contains(&index) {
            made.extend(plan.row(row));
        }
    }
    doubt::check_units(plan, &unitless, &made)?;
    if !summaries.is_empty() {
        let rows = if summaries.len() == 1 { "row is".to_owned() } else { format!("{} rows are", summaries.len()) };
        let first =
            summaries.first().and_then(|row| table.rows.get(*row)).map_or(Place::Whole, |row| row.place.clone());
        let message = format!("{rows} made of the others, such as a total or a mean, and left out");
        sink.report(Severity::Notice, "summary-rows", &first, message, None);
    }
    // What the user calls an input is said later than what all of its records are called by the way.
    let is_renamed = sink.is_labelled() && plan.is_named_by_the_way(table);
    if is_renamed {
        made.iter_mut().for_each(|made| made.run.framework.clear());
    }
    for note in &plan.notes {
        sink.report(Severity::Notice, note.code, &Place::Whole, note.message.clone(), Some(&note.help));
    }
    report_unused(&plan.unused(), sink);
    let role =
        |planned: &super::plan::Planned| ColumnRole { column: planned.name.clone(), role: planned.role.to_string() };
    sink.roles(plan.columns.iter().map(role).collect());
    let mut taken = Taken::default();
    for made in made {
        taken.used += u64::from(put(made, sink));
    }
    Ok(taken)
}

/// Says in one line which columns nothing is done with.
pub(super) fn report_unused(unused: &[&str], sink: &mut Sink<'_>) {
    const NAMED: usize = 12;
    if unused.is_empty() {
        return;
    }
    let mut named: Vec<String> = unused
        .iter()
        .take(NAMED)
        .map(|name| if name.trim().is_empty() { "(no name)".to_owned() } else { (*name).trim().to_owned() })
        .collect();
    if NAMED < unused.len() {
        named.push(format!("and {} more", unused.len() - NAMED));
    }
    let message = format!("not used: {}", named.join(", "));
    let help =
        "see benchplot formats --explain FILE for what each column is taken for; --map FIELD=COLUMN says otherwise";
    sink.report(Severity::Notice, "unused-columns", &Place::Whole, message, Some(help));
}

/// Puts one run into the sink. Returns whether it can be used.
fn put(made: Made, sink: &mut Sink<'_>) -> bool {
    let Made { place, mut run, unclear, requests, bad, is_measured } = made;
    if !report_bad_fields(sink, &place, &bad) {
        return false;
    }
    if !is_measured && !run.is_dead() {
        let help = "the record is left out; say what its columns mean with --map";
        sink.report(
            Severity::Error,
            "nothing-measured",
            &place,
            "no column of this record holds anything that is measured".to_owned(),
            Some(help),
        );
        return false;
    }
    if let Some(unclear) = unclear {
        let message = format!("what failed is not clear, so that the run is neither ranked nor compared: {unclear}");
        let help = "write how many requests failed as error_count, beside requests_count";
        sink.report(Severity::Error, "unclear-failures", &place, message, Some(help));
        run.unclear_failures = true;
    }
    if requests.is_empty() {
        sink.run(&place, run);
        return true;
    }
    let key = SampleKey {
        framework: std::mem::take(&mut run.framework),
        scenario: std::mem::take(&mut run.scenario),
        concurrency: run.concurrency,
        repetition: run.repetition,
    };
    if run.total_time.is_some() || run.avg_time_per_request.is_some() {
        run.framework = key.framework;
        run.scenario = key.scenario;
        sink.run(&place, with_latencies(run, &requests, sink));
        return true;
    }
    let kept = requests.len() as u64;
    let failed = requests.iter().filter(|(_, ok)| !ok).count() as u64;
    let unseen = run.error_count.unwrap_or(0).saturating_sub(failed);
    let series = sink.series_at(key, &place);
    // Where failures are counted and the latencies are those of all requests, it is not known which of them failed.
    for (latency, ok) in requests {
        sink.sample_of(series, RequestSample { start: None, latency, ok, bytes: None });
    }
    let all = run.requests_count.unwrap_or(kept.saturating_add(unseen));
    let without_latency = unseen.min(all.max(kept) - kept.min(all));
    let without_latency = if all <= kept { unseen } else { without_latency };
    for _ in 0..without_latency {
        sink.sample_of(series, RequestSample { start: None, latency: None, ok: false, bytes: None });
    }
    true
}

/// A run that is known in sum, with what its latencies add up to where it does not say so itself.
fn with_latencies(mut run: Run, requests: &[(Option<f64>, bool)], sink: &Sink<'_>) -> Run {
    let (_, mut profile) = sink.profiles().next();
    let ticks: Vec<_> = requests
        .iter()
        .map(|(latency, ok)| RequestSample { start: None, latency: *latency, ok: *ok, bytes: None }.into())
        .collect();
    profile.add_all(&ticks);
    let of_requests = profiled(Run::default(), profile).latency;
    if run.latency == Latency::default() {
        run.latency = of_requests;
    }
    run
}

/// Reports what does not fit, and returns whether the record can be used all the same.
pub(super) fn report_bad_fields(sink: &mut Sink<'_>, place: &Place, bad: &[BadField]) -> bool {
    let usable = !bad.iter().any(BadField::spoils_record);
    for field in bad {
        let (severity, code, help) = if field.spoils_record() {
            (Severity::Error, "invalid-record", "the record is left out; correct it")
        } else {
            (Severity::Warning, INVALID_VALUE, "the value is left empty, the rest of the record is used; correct it")
        };
        sink.report(severity, code, place, format!("{}: {}", field.field.name(), field.unfit), Some(help));
    }
    usable
}
