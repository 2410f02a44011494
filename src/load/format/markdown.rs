//! Tables in Markdown, as READMEs hold them.

use std::borrow::Cow;
use std::io::Read;

use crate::load::format::prelude::*;
use crate::load::shape::{Node, ShapeError};
use crate::load::tabular::{ColumnChoice, MappingError, RecordReader, Value, measures};

/// Tables with a line of dashes below their header.
pub(super) static MARKDOWN: Format = Format {
    name: "markdown",
    about: "runs, one a row, in a table between bars",
    recognised_by: "a line of dashes between bars, below a header that names a measured time",
    marks: Marks::Text(|text| tables(text).iter().any(|table| measures(&table.names))),
    read,
    ..Format::BASE
};

/// A longer text is no README.
const LONGEST: u64 = 16 * 1024 * 1024;

const EXPECTED: &str = "a table whose header names a measured time";

fn read(source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut bytes = Vec::new();
    source.into_reader().take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8 { line: 1 })?;
    let mut found = tables(&text);
    if let Some(chosen) = ColumnChoice::rows(options.columns) {
        found.retain(|table| table.title == chosen);
        if found.is_empty() {
            let error = MappingError::Shape(ShapeError::NoSuchArray { chosen: chosen.to_owned() });
            return Err(ReadError::Columns { place: Place::Whole, error });
        }
    } else if 1 < found.iter().filter(|table| measures(&table.names)).count() {
        let names = found.iter().filter(|table| measures(&table.names)).map(|table| table.title.clone()).collect();
        return Err(ReadError::Columns {
            place: Place::Whole,
            error: MappingError::Shape(ShapeError::SeveralArrays { names }),
        });
    } else if found.iter().any(|table| measures(&table.names)) {
        found.retain(|table| measures(&table.names));
    }
    let choices: Vec<ColumnChoice> =
        options.columns.iter().filter(|choice| ColumnChoice::rows(&[(*choice).clone()]).is_none()).cloned().collect();
    let mut records = RecordReader::new(sink, ReadOptions { columns: &choices, ..*options }.said());
    for (place, node) in found.into_iter().flat_map(MarkdownTable::into_records) {
        records.node(place, node);
    }
    records.finish(EXPECTED)
}

/// A table as it stands in a text.
#[derive(Debug, PartialEq)]
struct MarkdownTable {
    /// The heading above it, or else its number.
    title: String,
    names: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

impl MarkdownTable {
    fn into_records(self) -> impl Iterator<Item = (Place, Node)> {
        let names = self.names;
        self.rows.into_iter().map(move |(line, cells)| {
            let values: Vec<Value<'static>> = names
                .iter()
                .enumerate()
                .map(|(column, _)| Value::Text(Cow::Owned(cells.get(column).cloned().unwrap_or_default())))
                .collect();
            (Place::Line(line), Node::record(&names, &values))
        })
    }
}

/// All tables of a text.
fn tables(text: &str) -> Vec<MarkdownTable> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<MarkdownTable> = Vec::new();
    let mut heading: Option<String> = None;
    let mut place = 0;
    while let Some(line) = lines.get(place) {
        if let Some(title) = line.trim().strip_prefix('#') {
            heading = Some(title.trim_matches(['#', ' ']).to_owned());
        }
        let is_header = line.contains('|') && lines.get(place + 1).is_some_and(|next| is_rule(next));
        if !is_header {
            place += 1;
            continue;
        }
        let names = cells(line);
        let below = lines.iter().enumerate().skip(place + 2);
        let rows: Vec<(u64, Vec<String>)> = below
            .take_while(|(_, line)| line.contains('|'))
            .filter(|(_, line)| !is_rule(line))
            .map(|(number, line)| (number as u64 + 1, cells(line)))
            .collect();
        place += 2 + rows.len();
        let number = found.len() + 1;
        let title =
            heading.clone().filter(|title| !title.is_empty() && !found.iter().any(|table| table.title == *title));
        found.push(MarkdownTable { title: title.unwrap_or_else(|| format!("table {number}")), names, rows });
    }
    found
}

/// Whether a line is the one of dashes below a header.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains(['|', '+']) && line.chars().all(|c| matches!(c, '-' | ':' | '|' | '+' | ' '))
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    line.split('|').map(|cell| cell.trim().trim_matches('*').trim_matches('`').trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_below_headings() {
        let text = "# Results\n\nText.\n\n| a | b |\n|---|--:|\n| x | **1,000** |\n\n## Other\na|b\n-|-\ny|2\n";
        let found = tables(text);
        let row = |line: u64, cells: [&str; 2]| (line, cells.map(str::to_owned).to_vec());
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].title.as_str(), &found[0].rows), ("Results", &vec![row(7, ["x", "1,000"])]));
        assert_eq!((found[1].title.as_str(), &found[1].rows), ("Other", &vec![row(12, ["y", "2"])]));
    }
}
