//! `benchplot formats`: what can be read, and what a file is taken for.

use std::fmt::Write;
use std::path::Path;

use benchplot::load::{ColumnRole, FORMATS, Format, Guess, Names, ReadOptions, Sink, Sniff, Source, choose};

use super::error::CliError;
use super::files::write_stdout;

/// Lists all formats.
pub(crate) fn list() -> Result<(), CliError> {
    let mut text = String::new();
    for format in FORMATS {
        let endings: Vec<String> = format.endings.iter().map(|ending| format!(".{ending}")).collect();
        // Writing to a text can't fail.
        let _ = writeln!(text, "{}  ({})", format.name, endings.join(" "));
        let _ = writeln!(text, "    {}", format.about);
        let _ = writeln!(text, "    recognised by {}", format.recognised_by);
    }
    text.push_str("\nEach may be compressed with gzip or zstd. Content comes first, the file's ending second;\n");
    text.push_str("--input-format NAME settles it.\n");
    write_stdout(text.as_bytes())
}

/// Says which formats claim a file, which one is chosen, and what its name looks like.
pub(crate) fn explain(path: &Path) -> Result<(), CliError> {
    let source = Source::open(path).map_err(|error| CliError::Input { path: path.to_owned(), error })?;
    let head = source.head();
    let mut text = String::new();
    // Writing to a text can't fail.
    for (sniff, word) in [(Sniff::Yes, "yes, by"), (Sniff::Maybe, "perhaps, by")] {
        for format in FORMATS.iter().filter(|format| format.sniff(&head) == sniff) {
            let _ = writeln!(text, "{}: {word} {}", format.name, format.recognised_by);
        }
    }
    let no = |format: &&&Format| format.sniff(&head) == Sniff::No;
    let others: Vec<_> = FORMATS.iter().filter(no).map(|format| format.name).collect();
    let _ = writeln!(text, "no: {}", others.join(", "));
    let _ = match choose(&head, &path.to_string_lossy(), &[]) {
        Ok(format) => writeln!(text, "{} is read as {}: {}", path.display(), format.name, format.about),
        Err(error) => writeln!(text, "{} is not read: {error}", path.display()),
    };
    let Guess { framework, concurrency, repetition } = Guess::of(path);
    let _ = write!(text, "its name looks like the framework {framework}");
    for (what, number) in [("concurrency", concurrency), ("repetition", repetition)] {
        if let Some(number) = number {
            let _ = write!(text, ", {what} {number}");
        }
    }
    text.push('\n');
    if let Ok(format) = choose(&head, &path.to_string_lossy(), &[]) {
        text.push_str(&roles(path, format)?);
    }
    write_stdout(text.as_bytes())
}

/// What the columns of a file are taken for, where it is a table with named columns.
fn roles(path: &Path, format: &Format) -> Result<String, CliError> {
    let open = || Source::open(path).map_err(|error| CliError::Input { path: path.to_owned(), error });
    let (input, names) = (path.display().to_string(), Names { guess: Guess::of(path), ..Names::default() });
    let mut sink = Sink::new(&input, format.name, &names);
    let read = (format.read)(open()?, &ReadOptions::default(), &mut sink);
    let harvest = sink.finish();
    let width = harvest.roles.iter().map(|role| role.column.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    // Writing to a text can't fail.
    match read {
        Err(error) => {
            let _ = writeln!(text, "it can't be read: {error}");
        }
        Ok(()) if !harvest.roles.is_empty() => {
            let _ = writeln!(text, "its columns are taken for this; --map FIELD=COLUMN says otherwise:");
            for ColumnRole { column, role } in &harvest.roles {
                let _ = writeln!(text, "    {column:width$}  {role}");
            }
        }
        Ok(()) => {}
    }
    Ok(text)
}
