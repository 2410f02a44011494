//! One table of HTML, for a page or a mail of somebody else: no style sheet, no script, nothing to fetch. It is well-formed
//! XML too.

use std::io::{self, Write};

use super::change_words::ChangeWords;
use super::escape::{shortened, xml};
use super::severity::{outcome_counts, worst_first};
use super::subject::Subject;
use super::tables::{self, TableData};
use super::text::overview;

/// Cells are not longer than this many characters: no table can hold a name of a megabyte.
const LONGEST: usize = 200;

/// Writes the levels of an analysis, or all changes with the worst first.
pub(super) fn write_html_table(subject: Subject<'_>, reference: Option<&str>, sink: &mut dyn Write) -> io::Result<()> {
    let words = subject.words();
    let (caption, data) = match subject {
        Subject::Analysis(analysis) => (overview(analysis), tables::levels(analysis, reference)),
        Subject::Changes(changes) => {
            let counts = outcome_counts(&changes.changes);
            (ChangeWords(words).counts(counts), tables::change_rows(changes, &worst_first(changes)))
        }
    };
    table(&caption, &data, sink)
}

fn table(caption: &str, data: &TableData, sink: &mut dyn Write) -> io::Result<()> {
    let text = |text: &str| xml(&shortened(text, LONGEST));
    writeln!(sink, "<table class=\"benchplot\">\n<caption>{}</caption>\n<thead>\n<tr>", text(caption))?;
    for head in &data.heads {
        writeln!(sink, "<th scope=\"col\"{}>{}</th>", alignment(head.is_number), text(&head.name))?;
    }
    writeln!(sink, "</tr>\n</thead>\n<tbody>")?;
    for row in &data.rows {
        writeln!(sink, "<tr>")?;
        for (cell, head) in row.iter().zip(&data.heads) {
            writeln!(sink, "<td{}>{}</td>", alignment(head.is_number), text(cell))?;
        }
        writeln!(sink, "</tr>")?;
    }
    writeln!(sink, "</tbody>\n</table>")
}

const fn alignment(is_number: bool) -> &'static str {
    if is_number { " style=\"text-align:right\"" } else { "" }
}
