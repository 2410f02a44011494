//! Objects and arrays, however they are nested, as rows.
//!
//! An array of objects holds rows, whatever it is called, and so do sibling objects with the same members; what stands
//! beside rows belongs to each of them. Where two arrays of one object hold rows, nothing says which of them are meant.

use std::borrow::Cow;

use thiserror::Error;

use super::keys::Keys;
use super::node::Node;
use super::table::{Cell, Fields, Heading, Table};
use crate::load::place::Place;
use crate::load::tabular::{Counted, Meaning, Subject, Sureness, Value, is_section, is_section_of_totals};

/// Why a document is no table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// Several arrays of one object hold rows.
    #[error("there are records under {}, and each may be meant", names.join(" and under "))]
    SeveralArrays {
        /// What they are called.
        names: Vec<String>,
    },
    /// The user chose an array that is not there.
    #[error("--map names the array {chosen:?}, and no records stand under it")]
    NoSuchArray {
        /// What was chosen.
        chosen: String,
    },
}

/// The name of an object that is a row by its own name, or holds rows: what it holds and nothing else says is named, too.
const ROW: &str = "";

/// What an object or array holds: fields, and rows by the name that they stand under.
#[derive(Debug, Default)]
struct Part {
    fields: Fields,
    branches: Vec<Branch>,
}

/// Rows that stand under one name.
#[derive(Debug, Clone)]
struct Branch {
    name: Vec<String>,
    rows: Vec<(String, Fields)>,
}

/// Makes a table of the records of an input. `chosen` is the name of the array whose records are meant, where the user gave
/// one.
///
/// # Errors
///
/// When it is not known which records are meant.
pub(crate) fn table(records: Vec<(Place, Node)>, chosen: Option<&str>) -> Result<Table, ShapeError> {
    let mut rows = Vec::with_capacity(records.len());
    let mut has_chosen = chosen.is_none();
    for (place, node) in records {
        let pointer = match &place {
            Place::Record { pointer, .. } => pointer.clone(),
            _ => String::new(),
        };
        let mut part = part(&node, None, &pointer)?;
        if let Some(chosen) = chosen {
            part.branches.retain(|branch| branch.is_called(chosen));
            has_chosen |= !part.branches.is_empty();
        }
        for (pointer, fields) in expand(part, pointer)? {
            let place = match &place {
                Place::Record { .. } => Place::Record { number: rows.len() as u64 + 1, pointer },
                other => other.clone(),
            };
            rows.push((place, fields));
        }
    }
    match chosen {
        Some(chosen) if !has_chosen => Err(ShapeError::NoSuchArray { chosen: chosen.to_owned() }),
        _ => Ok(Table::of(rows)),
    }
}

impl Branch {
    fn name(&self) -> String {
        self.name.join("_")
    }

    fn is_called(&self, chosen: &str) -> bool {
        self.name() == chosen || self.name.last().is_some_and(|name| name == chosen)
    }

    /// Takes the names of rows for those of scenarios.
    fn name_scenarios(&mut self) {
        for (_, fields) in &mut self.rows {
            let has_scenario = fields.iter().any(|(heading, _)| meaning(heading) == Meaning::Scenario);
            for (heading, _) in fields.iter_mut().filter(|_| !has_scenario) {
                if heading.path.len() == 1 && heading.path.first().is_some_and(|name| name == "name" || name == "title")
                {
                    *heading = Heading::made("scenario");
                }
            }
        }
    }

    fn measures(&self) -> bool {
        self.rows.iter().any(|(_, fields)| measures(fields))
    }

    /// Whether each row is a request: how long it took, and how it ended.
    fn is_of_requests(&self) -> bool {
        let is_request = |fields: &Fields| {
            let has_time = fields.iter().any(|(heading, _)| match meaning(heading) {
                Meaning::Time(time) => time.statistic.is_none() && time.subject != Subject::Other,
                _ => false,
            });
            let is_run = fields.iter().any(|(heading, _)| match meaning(heading) {
                Meaning::Rate(rate) => rate.requests.is_some(),
                Meaning::Time(time) => time.statistic.is_some(),
                Meaning::Count(Counted::Requests, sureness) => Sureness::Vague < sureness,
                _ => false,
            });
            has_time && !is_run
        };
        self.rows.iter().all(|(_, fields)| is_request(fields))
    }
}

fn meaning(heading: &Heading) -> Meaning {
    Meaning::of(&heading.path)
}

/// Whether there is anything measured in these fields.
fn measures(fields: &Fields) -> bool {
    fields.iter().any(|(heading, cell)| cell.is_present() && meaning(heading).is_measure())
}

/// Whether there is anything measured in these fields that is no sum over other things.
fn measures_itself(fields: &Fields) -> bool {
    fields.iter().any(|(heading, cell)| {
        let is_total = heading.path.iter().any(|part| is_section_of_totals(part));
        !is_total && cell.is_present() && meaning(heading).is_measure() && !is_set_duration(heading)
    })
}

/// Whether a time is the one that a test was told to run for, rather than one that it took.
fn is_set_duration(heading: &Heading) -> bool {
    let name = heading.path.last().map(|name| name.to_lowercase()).unwrap_or_default();
    match meaning(heading) {
        Meaning::Time(time) => time.subject == Subject::Total && time.statistic.is_none() && name.contains("duration"),
        _ => false,
    }
}

/// The rows of a part: those that it holds, each with the fields that stand beside them, or itself.
fn expand(part: Part, pointer: String) -> Result<Vec<(String, Fields)>, ShapeError> {
    let Part { fields, branches } = part;
    let Some(branch) = only(branches)? else { return Ok(vec![(pointer, fields)]) };
    // A run that keeps its requests beside its sums is one row.
    if measures_itself(&fields) && branch.is_of_requests() {
        return Ok(vec![(pointer, fields)]);
    }
    let inherited: Fields = fields.into_iter().filter(|(heading, _)| is_inherited(heading)).collect();
    let row = |(pointer, own): (String, Fields)| {
        let is_new =
            |(heading, _): &&(Heading, Cell)| !own.iter().any(|(other, cell)| other == heading && cell.is_present());
        let mut fields: Fields = inherited.iter().filter(is_new).cloned().collect();
        let is_left =
            |(heading, cell): &(Heading, Cell)| cell.is_present() || !fields.iter().any(|(other, _)| other == heading);
        let own: Fields = own.iter().filter(|field| is_left(field)).cloned().collect();
        fields.extend(own);
        (pointer, fields)
    };
    Ok(branch.rows.into_iter().map(row).collect())
}

/// Whether a field that stands beside rows is one of each of them, and no sum over all of them.
fn is_inherited(heading: &Heading) -> bool {
    let is_total = heading.path.iter().any(|part| is_section_of_totals(part));
    match meaning(heading) {
        Meaning::Time(_) => is_set_duration(heading) && !is_total,
        Meaning::Rate(_) | Meaning::Bytes(_) => false,
        Meaning::Count(Counted::Requests, sureness) => sureness == Sureness::Plain && !is_total,
        Meaning::Count(Counted::Successes, _) => false,
        _ => true,
    }
}

/// The branch whose rows are meant.
fn only(branches: Vec<Branch>) -> Result<Option<Branch>, ShapeError> {
    let mut measuring: Vec<Branch> = branches.into_iter().filter(Branch::measures).collect();
    if 1 < measuring.len() {
        // Tools write the same records under two names.
        let first =
            measuring.first().map(|branch| branch.rows.iter().map(|(_, fields)| fields.clone()).collect::<Vec<_>>());
        measuring.retain_with_first(|branch| {
            Some(branch.rows.iter().map(|(_, fields)| fields.clone()).collect::<Vec<_>>()) != first
        });
    }
    if 1 < measuring.len() && measuring.iter().any(|branch| !branch.is_of_requests()) {
        measuring.retain(|branch| !branch.is_of_requests());
    }
    match measuring.as_mut_slice() {
        [] => Ok(None),
        [branch] => Ok(Some(branch.clone())),
        several => match outcomes(several) {
            Some(branch) => Ok(Some(branch)),
            None => Err(ShapeError::SeveralArrays { names: several.iter().map(|branch| branch.name()).collect() }),
        },
    }
}

/// Keeps the first, and what else passes.
trait RetainWithFirst<T> {
    fn retain_with_first(&mut self, keep: impl FnMut(&T) -> bool);
}

impl<T> RetainWithFirst<T> for Vec<T> {
    fn retain_with_first(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut is_first = true;
        self.retain(|element| std::mem::take(&mut is_first) || keep(element));
    }
}

/// Arrays of what succeeded and of what failed, put together.
fn outcomes(branches: &mut [Branch]) -> Option<Branch> {
    let mut together = Branch { name: Vec::new(), rows: Vec::new() };
    for branch in branches {
        let ok = match Meaning::of_name(branch.name.last()?) {
            Meaning::Count(Counted::Successes, _) => true,
            Meaning::Count(Counted::Failures | Counted::KindOfFailure, _) => false,
            _ => return None,
        };
        for (pointer, fields) in &branch.rows {
            let mut fields = fields.clone();
            fields.push((Heading::made("ok"), Cell::One(Value::Bool(ok))));
            together.rows.push((pointer.clone(), fields));
        }
    }
    Some(together)
}

fn part(node: &Node, name: Option<&str>, pointer: &str) -> Result<Part, ShapeError> {
    match node {
        Node::Scalar(value) => {
            Ok(Part { fields: vec![(Heading::new(Vec::new()), Cell::One(value.clone()))], branches: Vec::new() })
        }
        Node::Array(elements) => array(elements, pointer),
        Node::Object(members) => object(members, name, pointer),
    }
}

fn array(elements: &[Node], pointer: &str) -> Result<Part, ShapeError> {
    if let Some(rows) = rows_below_header(elements, pointer) {
        return Ok(Part { fields: Vec::new(), branches: vec![Branch { name: Vec::new(), rows }] });
    }
    if elements.iter().any(|element| element.members().is_some()) {
        let mut rows = Vec::new();
        for (index, element) in elements.iter().enumerate().filter(|(_, element)| element.members().is_some()) {
            let pointer = format!("{pointer}/{index}");
            rows.extend(expand(part(element, None, &pointer)?, pointer)?);
        }
        return Ok(Part { fields: Vec::new(), branches: vec![Branch { name: Vec::new(), rows }] });
    }
    let value = |element: &Node| element.scalar().cloned().unwrap_or(Value::Nested("an array"));
    let list = Cell::List(elements.iter().map(value).collect());
    Ok(Part { fields: vec![(Heading::new(Vec::new()), list)], branches: Vec::new() })
}

/// Rows of values below a row of names.
fn rows_below_header(elements: &[Node], pointer: &str) -> Option<Vec<(String, Fields)>> {
    let (header, rows) = elements.split_first()?;
    let is_text = |node: &Node| matches!(node.scalar(), Some(Value::Text(_)));
    let header = header.elements().filter(|header| !header.is_empty() && header.iter().all(is_text))?;
    if rows.is_empty() {
        return None;
    }
    named_rows(header, rows, pointer, 1)
}

fn named_rows(header: &[Node], rows: &[Node], pointer: &str, first: usize) -> Option<Vec<(String, Fields)>> {
    let names: Vec<String> =
        header.iter().map(|name| name.scalar().and_then(|name| name.name().ok())).collect::<Option<_>>()?;
    let row = |(index, row): (usize, &Node)| {
        let values = row.elements().filter(|values| values.len() == names.len())?;
        let field = |(name, value): (&String, &Node)| {
            Some((Heading::new(vec![name.clone()]), Cell::One(value.scalar()?.clone())))
        };
        let fields: Option<Fields> = names.iter().zip(values).map(field).collect();
        Some((format!("{pointer}/{}", index + first), fields?))
    };
    rows.iter().enumerate().map(row).collect()
}

fn object(members: &[(String, Node)], name: Option<&str>, pointer: &str) -> Result<Part, ShapeError> {
    if let Some(cell) = counts(members, name) {
        return Ok(Part { fields: vec![(Heading::new(Vec::new()), cell)], branches: Vec::new() });
    }
    if let Some(rows) = split_rows(members, pointer) {
        let fields = members
            .iter()
            .filter_map(|(key, node)| Some((Heading::new(vec![key.clone()]), Cell::One(node.scalar()?.clone()))));
        return Ok(Part { fields: fields.collect(), branches: vec![Branch { name: Vec::new(), rows }] });
    }
    if let Some(members) = percentiles(members) {
        return object(&members, name, pointer);
    }
    let mut own = Part::default();
    let mut candidates: Vec<(&str, &Node)> = Vec::new();
    for (key, node) in members {
        let is_open = node.members().is_some_and(|members| !members.is_empty()) || is_array_of_objects(node);
        let is_container = is_array_of_objects(node) && is_alone(members, key);
        let names_rows = name == Some(ROW) && members.iter().all(|(_, node)| node.scalar().is_none());
        if is_open && !is_known(key) && (!is_container || names_rows) {
            candidates.push((key, node));
        } else {
            own.take(key, part(node, Some(key), &format!("{pointer}/{}", escaped(key)))?);
        }
    }
    let spread = spread_members(members, &own);
    let (rows, rest) = if spread.is_empty() { row_members(candidates, &own) } else { (Vec::new(), candidates) };
    for (key, node) in rest {
        own.take(key, part(node, Some(key), &format!("{pointer}/{}", escaped(key)))?);
    }
    if !spread.is_empty() {
        own.fields.retain(|(heading, _)| {
            !heading.path.first().is_some_and(|first| spread.iter().any(|(key, _)| key == first))
        });
        own.branches.push(Branch { name: Vec::new(), rows: spread_rows(&spread, pointer) });
    }
    if !rows.is_empty() {
        let keys = Keys::of(&rows.iter().map(|(key, _)| *key).collect::<Vec<_>>(), name);
        let mut branch = Branch { name: Vec::new(), rows: Vec::new() };
        for (key, node) in rows {
            let pointer = format!("{pointer}/{}", escaped(key));
            for (pointer, mut fields) in expand(part(node, Some(ROW), &pointer)?, pointer)? {
                if let Some((mut heading, cell)) = keys.field(key) {
                    // The outermost is `key`, the next one inside it `key_2`.
                    if heading == Heading::made("key") {
                        fields
                            .iter_mut()
                            .map(|(inner, _)| inner)
                            .filter(|inner| inner.is_key())
                            .for_each(Heading::deepen);
                    }
                    while fields.iter().any(|(other, _)| *other == heading) {
                        heading = Heading::made(&next_name(&heading.name()));
                    }
                    fields.insert(0, (heading, cell));
                }
                branch.rows.push((pointer, fields));
            }
        }
        own.branches.push(branch);
    }
    parallel(&mut own, pointer);
    Ok(own)
}

impl Heading {
    /// Whether it holds names of objects that nothing else speaks of.
    fn is_key(&self) -> bool {
        self.is_made && self.path.first().is_some_and(|name| name == "key" || name.starts_with("key_"))
    }

    /// Takes it for one that lies a step deeper.
    fn deepen(&mut self) {
        *self = Self::made(&next_name(&self.name()));
    }
}

/// `key`, `key_2`, `key_3` and so on.
fn next_name(name: &str) -> String {
    match name.rsplit_once('_').and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?))) {
        Some((stem, number)) => format!("{stem}_{}", number.saturating_add(1)),
        None => format!("{name}_2"),
    }
}

/// As a JSON pointer has it.
fn escaped(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { Cow::Owned(key.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(key) }
}

impl Part {
    /// Takes the part that stands under `key`.
    fn take(&mut self, key: &str, part: Self) {
        for (mut heading, cell) in part.fields {
            if !heading.is_made {
                heading.path.insert(0, key.to_owned());
            }
            self.fields.push((heading, cell));
        }
        for mut branch in part.branches {
            if branch.name.is_empty() && holds_scenarios(key) {
                branch.name_scenarios();
            }
            branch.name.insert(0, key.to_owned());
            self.branches.push(branch);
        }
    }
}

/// Whether an array of this name holds scenarios: `scenarios`, `endpoints`.
fn holds_scenarios(key: &str) -> bool {
    let key = key.to_lowercase();
    key.strip_suffix('s')
        .is_some_and(|one| !matches!(one, "benchmark" | "test") && Meaning::of_name(one) == Meaning::Scenario)
}

fn is_array_of_objects(node: &Node) -> bool {
    node.elements().is_some_and(|elements| elements.iter().any(|element| element.members().is_some()))
}

/// Whether no other member of these holds an array of objects: then its name is the one of a container.
fn is_alone(members: &[(String, Node)], key: &str) -> bool {
    !members.iter().any(|(other, node)| other != key && is_array_of_objects(node) && !is_known(other))
}

/// Whether a name speaks of a section or of something measured, and can't be the name of what was measured.
fn is_known(key: &str) -> bool {
    is_section(key)
        || matches!(
            Meaning::of_name(key),
            Meaning::Time(_)
                | Meaning::Rate(_)
                | Meaning::Share(..)
                | Meaning::Status
                | Meaning::FailureRate(_)
                | Meaning::Bytes(_)
                | Meaning::Unit(_)
        )
        || matches!(Meaning::of_name(key), Meaning::Count(_, sureness) if Sureness::Vague < sureness)
}

/// How often each status or kind of failure was met, where that is what an object holds.
fn counts(members: &[(String, Node)], name: Option<&str>) -> Option<Cell> {
    let is_number = |node: &Node| matches!(node.scalar(), Some(Value::Integer(_) | Value::Float(_)));
    if !members.iter().all(|(_, node)| is_number(node)) {
        return None;
    }
    let values = || members.iter().filter_map(|(key, node)| Some((key.clone(), node.scalar()?.clone()))).collect();
    match Meaning::of_name(name?) {
        Meaning::Status => Some(Cell::Counts(values())),
        Meaning::Count(Counted::Failures | Counted::KindOfFailure, _) => {
            let total = members.iter().find(|(key, _)| matches!(key.as_str(), "count" | "total" | "num"));
            Some(match total.and_then(|(_, node)| node.scalar()) {
                Some(total) => Cell::One(total.clone()),
                None => Cell::Counts(values()),
            })
        }
        _ => None,
    }
}

/// pandas' `split`: names of columns, and rows of values.
fn split_rows(members: &[(String, Node)], pointer: &str) -> Option<Vec<(String, Fields)>> {
    let of = |names: &[&str]| {
        members.iter().find(|(key, _)| names.contains(&key.as_str())).map(|(key, node)| (key, node.elements()))
    };
    let (_, header) = of(&["columns", "headers", "header", "fields"])?;
    let (key, rows) = of(&["data", "rows", "values", "records"])?;
    named_rows(header?, rows?, &format!("{pointer}/{key}"), 0)
}

/// An object whose names are percentages, with names of percentiles.
fn percentiles(members: &[(String, Node)]) -> Option<Vec<(String, Node)>> {
    const USUAL: [&str; 5] = ["50", "90", "95", "99", "99.9"];
    let percent =
        |key: &str| key.trim_end_matches(['0']).trim_end_matches('.').parse::<f64>().ok().or_else(|| key.parse().ok());
    let is_percentage = |(key, node): &(String, Node)| {
        percent(key).is_some_and(|percent: f64| (0.0..=100.0).contains(&percent))
            && node.scalar().is_some_and(|value| value.number().is_ok())
    };
    let usual = members.iter().filter(|(key, _)| USUAL.contains(&key.trim_end_matches(".0"))).count();
    let is_theirs = members.iter().any(|(key, _)| matches!(key.trim_end_matches(".0"), "95" | "99" | "99.9" | "99.0"));
    if members.is_empty() || !members.iter().all(is_percentage) || usual < 2 || !is_theirs {
        return None;
    }
    let renamed = |(key, node): &(String, Node)| {
        let key = if key.trim_end_matches(".0") == "100" { "max".to_owned() } else { format!("p{key}") };
        (key, node.clone())
    };
    Some(members.iter().map(renamed).collect())
}

/// Members whose names are known and hold a value for each of some names: pandas' `columns`, or a metric by framework.
fn spread_members<'m>(members: &'m [(String, Node)], own: &Part) -> Vec<(&'m str, &'m Node)> {
    let is_spread = |(key, node): &&(String, Node)| {
        let is_column = match Meaning::of_name(key) {
            Meaning::Time(_)
            | Meaning::Rate(_)
            | Meaning::Framework(_)
            | Meaning::Level(_)
            | Meaning::Scenario
            | Meaning::Repetition => true,
            Meaning::Count(counted, _) => counted != Counted::KindOfFailure,
            Meaning::Share(..) | Meaning::Bytes(_) | Meaning::Moment(_) | Meaning::Status => true,
            _ => false,
        };
        is_column && is_by_name(node)
    };
    let spread: Vec<(&str, &Node)> = members.iter().filter(is_spread).map(|(key, node)| (key.as_str(), node)).collect();
    let measures_otherwise = own.fields.iter().any(|(heading, cell)| {
        let is_of_spread = heading.path.first().is_some_and(|first| spread.iter().any(|(key, _)| key == first));
        !is_of_spread
            && cell.is_present()
            && meaning(heading).is_measure()
            && !is_set_duration(heading)
            && !heading.path.iter().any(|part| is_section_of_totals(part))
    });
    let measures = spread.iter().any(|(key, _)| Meaning::of_name(key).is_measure());
    if measures_otherwise || !measures { Vec::new() } else { spread }
}

/// Whether an object holds one value for each of some names that say nothing by themselves, or of such names in turn.
fn is_by_name(node: &Node) -> bool {
    let Some(members) = node.members().filter(|members| !members.is_empty()) else { return false };
    if percentiles(members).is_some() {
        return false;
    }
    let is_name = |key: &str| !is_known(key) && !matches!(Meaning::of_name(key), Meaning::Parameter);
    let are_names = members.iter().all(|(key, _)| is_name(key));
    are_names
        && (members.iter().all(|(_, node)| node.scalar().is_some()) || members.iter().all(|(_, node)| is_by_name(node)))
}

/// The rows that members hold together, a value of each by name.
fn spread_rows(members: &[(&str, &Node)], pointer: &str) -> Vec<(String, Fields)> {
    let mut rows: indexmap::IndexMap<Vec<String>, Fields> = indexmap::IndexMap::new();
    for (column, node) in members {
        let mut leaves = Vec::new();
        leaves_of(node, &mut Vec::new(), &mut leaves);
        for (keys, value) in leaves {
            rows.entry(keys).or_default().push((Heading::new(vec![(*column).to_owned()]), Cell::One(value)));
        }
    }
    let depth = rows.keys().map(Vec::len).max().unwrap_or(0);
    let kinds: Vec<Keys> = (0..depth)
        .map(|level| {
            let mut names: Vec<&str> = Vec::new();
            for keys in rows.keys() {
                names.extend(keys.get(level).map(String::as_str).filter(|name| !names.contains(name)));
            }
            Keys::of(&names, None)
        })
        .collect();
    let row = |(keys, fields): (&Vec<String>, &Fields)| {
        let mut whole: Fields = Vec::new();
        for (kind, key) in kinds.iter().zip(keys) {
            let Some((mut heading, cell)) = kind.field(key) else { continue };
            while whole.iter().any(|(other, _)| *other == heading) {
                heading = Heading::made(&next_name(&heading.name()));
            }
            whole.push((heading, cell));
        }
        whole.extend(fields.iter().cloned());
        (format!("{pointer}/*/{}", keys.join("/")), whole)
    };
    rows.iter().map(row).collect()
}

fn leaves_of(node: &Node, keys: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, Value<'static>)>) {
    match node {
        Node::Scalar(value) => leaves.push((keys.clone(), value.clone())),
        Node::Object(members) => {
            for (key, node) in members {
                keys.push(key.clone());
                leaves_of(node, keys, leaves);
                keys.pop();
            }
        }
        Node::Array(_) => {}
    }
}

/// A member of an object, and its name.
type Member<'m> = (&'m str, &'m Node);

/// Of the members with names that are not known, those that are rows or hold rows, and the rest.
fn row_members<'m>(candidates: Vec<Member<'m>>, own: &Part) -> (Vec<Member<'m>>, Vec<Member<'m>>) {
    let is_run_itself = measures_itself(&own.fields);
    let is_row = |(key, node): &Member<'m>| {
        let is_statistics = holds_only_statistics(node);
        let is_number = key.chars().all(|c| c.is_ascii_digit());
        !(is_run_itself && (is_statistics || !is_number && !is_array_of_objects(node)))
            && (holds_measure(node) || is_number)
    };
    let (rows, mut rest): (Vec<Member<'m>>, Vec<Member<'m>>) = candidates.into_iter().partition(is_row);
    let Some((_, first)) = rows.first().copied() else { return (rows, rest) };
    let (alike, others): (Vec<Member<'m>>, Vec<Member<'m>>) =
        rows.into_iter().partition(|(_, node)| are_alike(first, node));
    rest.extend(others);
    // Two arrays in one object are rather two things than two rows, unless they stand for names.
    (alike, rest)
}

/// Whether two members have the same form.
fn are_alike(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Array(_), Node::Array(_)) => true,
        (Node::Object(one), Node::Object(other)) => {
            let shared = one.iter().filter(|(key, _)| other.iter().any(|(name, _)| name == key)).count();
            let all_open = |members: &[(String, Node)]| {
                members.iter().all(|(key, node)| node.scalar().is_none() && !is_known(key))
            };
            (all_open(one) && all_open(other)) || one.len().min(other.len()) <= 2 * shared && 0 < shared
        }
        _ => false,
    }
}

/// Whether something measured stands anywhere in it.
fn holds_measure(node: &Node) -> bool {
    match node {
        Node::Scalar(_) => false,
        Node::Array(elements) => elements.iter().any(holds_measure),
        Node::Object(members) => members.iter().any(|(key, node)| match node {
            Node::Scalar(value) => !value.is_missing() && Meaning::of_name(key).is_measure() || is_statistic(key),
            Node::Array(elements) => {
                (Meaning::of_name(key).is_measure() || is_list_of_times(key)) && !elements.is_empty()
                    || holds_measure(node)
            }
            Node::Object(inner) => {
                holds_measure(node) || inner.iter().any(|(name, _)| Meaning::of(&[key, name]).is_measure())
            }
        }),
    }
}

fn is_list_of_times(key: &str) -> bool {
    crate::load::tabular::is_repeated_times(key)
}

fn is_statistic(key: &str) -> bool {
    matches!(Meaning::of_name(key), Meaning::Time(time) if time.subject == Subject::Bare && time.statistic.is_some())
        || crate::load::tabular::is_bare_statistic(key)
}

/// Whether an object holds the statistics of one thing: its name is that of a metric then, if an unknown one.
fn holds_only_statistics(node: &Node) -> bool {
    node.members().is_some_and(|members| {
        members.iter().all(|(key, node)| {
            node.scalar().is_some()
                && (is_statistic(key) || matches!(key.as_str(), "unit" | "units" | "count" | "n" | "sum" | "value"))
        })
    })
}

/// Arrays of one length, one of which names its elements, as rows.
fn parallel(part: &mut Part, pointer: &str) {
    let lists: Vec<(Heading, Vec<Value<'static>>)> = part
        .fields
        .iter()
        .filter_map(|(heading, cell)| match cell {
            Cell::List(values) if 1 < values.len() => Some((heading.clone(), values.clone())),
            _ => None,
        })
        .collect();
    let names = |meaning: &Meaning| {
        matches!(
            meaning,
            Meaning::Framework(_) | Meaning::Level(_) | Meaning::Scenario | Meaning::Repetition | Meaning::Parameter
        )
    };
    let Some(length) = lists.iter().find(|(heading, _)| names(&singular(heading))).map(|(_, values)| values.len())
    else {
        return;
    };
    let of_rows: Vec<&(Heading, Vec<Value<'static>>)> =
        lists.iter().filter(|(_, values)| values.len() == length).collect();
    if of_rows.len() < 2
        || !of_rows.iter().any(|(heading, _)| singular(heading).is_measure() || meaning(heading).is_measure())
    {
        return;
    }
    let row = |index: usize| {
        let field = |(heading, values): &&(Heading, Vec<Value<'static>>)| {
            Some((heading.clone(), Cell::One(values.get(index)?.clone())))
        };
        (format!("{pointer}/*/{index}"), of_rows.iter().filter_map(field).collect::<Fields>())
    };
    let rows = (0..length).map(row).collect();
    part.fields.retain(|(heading, _)| !of_rows.iter().any(|(other, _)| other == heading));
    part.branches.push(Branch { name: Vec::new(), rows });
}

/// The meaning of the name of a list, which is in the plural: `frameworks`.
fn singular(heading: &Heading) -> Meaning {
    let known = meaning(heading);
    if known.is_known() || known == Meaning::Parameter {
        return known;
    }
    let mut path = heading.path.clone();
    if let Some(last) = path.last_mut() {
        *last = last.strip_suffix("_list").or_else(|| last.strip_suffix('s')).unwrap_or(last).to_owned();
    }
    Meaning::of(&path)
}
