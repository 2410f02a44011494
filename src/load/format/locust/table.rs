//! The tables that Locust writes: columns by name, as their spelling changed over the versions.

use csv::{ByteRecord, StringRecord};

use super::super::delimited;
use super::super::wire::Number;
use crate::load::format::prelude::*;

/// The names of a header line, in lower case.
pub(super) fn header(line: &str) -> Vec<String> {
    let mut fields = ByteRecord::new();
    delimited::split(b',', line.as_bytes(), &mut fields);
    fields.iter().map(|field| String::from_utf8_lossy(field).trim().to_lowercase()).collect()
}

/// One row, with the columns of its table.
pub(super) struct Row<'t> {
    columns: &'t [String],
    fields: &'t StringRecord,
    /// Where it stands.
    pub(super) place: Place,
}

impl Row<'_> {
    /// The field below the first of these names that there is; empty where there is none.
    pub(super) fn text(&self, names: &[&str]) -> &str {
        let column = names.iter().find_map(|name| self.columns.iter().position(|own| own == name));
        column.and_then(|column| self.fields.get(column)).unwrap_or_default().trim()
    }

    /// The same as a number.
    pub(super) fn number(&self, names: &[&str]) -> Number {
        Number::parse(self.text(names))
    }
}

/// Reads a table row by row. Rows that are cut off are told and left out.
pub(super) fn read(
    source: Source,
    sink: &mut Sink<'_>,
    mut take: impl FnMut(&Row<'_>, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    delimited::skip_byte_order_mark(&mut input)?;
    let mut lines = delimited::reader(b',', input);
    let mut fields = StringRecord::new();
    let mut columns: Vec<String> = Vec::new();
    loop {
        match lines.read_record(&mut fields) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => return Err(delimited::read_error(error)),
        }
        let place = Place::Line(fields.position().map_or(0, csv::Position::line));
        if columns.is_empty() {
            columns = fields.iter().map(|field| field.trim().to_lowercase()).collect();
        } else if fields.len() < columns.len() {
            let message = format!("expected {} fields, found {}", columns.len(), fields.len());
            sink.report(Severity::Error, "broken-row", &place, message, Some("the row is left out; mend it"));
        } else {
            take(&Row { columns: &columns, fields: &fields, place }, sink);
        }
    }
}
