//! What the user sees on standard error, and what the terminal can do.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anstream::AutoStream;
use benchplot::load::{self, Diagnostic, Excerpt, Severity};
use benchplot::report::Glyphs;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::color::Color;
use super::error::CliError;

/// Work that is done sooner needs no progress bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// Reports are as wide as the terminal, and no narrower than this.
const NARROWEST: u16 = 40;

/// The width that a report on standard output should have; `None` where it is no terminal.
pub(crate) fn stdout_width() -> Option<u16> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    terminal_size::terminal_size_of(stdout).map(|(width, _)| width.0.max(NARROWEST))
}

/// What bars and intervals on standard output are drawn with: ASCII in a pipe, with `NO_COLOR` or when asked for.
pub(crate) fn glyphs(ascii: bool) -> Glyphs {
    let is_plain =
        ascii || !io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if is_plain { Glyphs::Plain } else { Glyphs::Blocks }
}

/// Whether standard output gets colour.
pub(crate) fn colors_stdout(color: Color) -> bool {
    is_colored(color, AutoStream::choice(&io::stdout()))
}

fn colors_stderr(color: Color) -> bool {
    is_colored(color, AutoStream::choice(&io::stderr()))
}

fn is_colored(color: Color, choice: anstream::ColorChoice) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => choice != anstream::ColorChoice::Never,
    }
}

/// Tells standard error something, if it can hear.
pub(crate) fn say(text: &str) {
    // There is nowhere left to complain when standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells standard error these lines, which have their ends.
pub(crate) fn say_lines(lines: &str) {
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

/// Shows what was met while reading.
pub(crate) fn show_diagnostic(diagnostic: &Diagnostic, color: Color) {
    show(&Shown::of(diagnostic), color);
}

/// Shows why the command came to no good end.
pub(crate) fn show_error(error: &CliError, color: Color) {
    show(
        &Shown {
            severity: miette::Severity::Error,
            message: error.to_string(),
            help: error.help().map(str::to_owned),
            excerpt: None,
        },
        color,
    );
}

fn show(shown: &Shown, color: Color) {
    let is_terminal = io::stderr().is_terminal();
    let theme = match (is_terminal, colors_stderr(color)) {
        (_, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let handler = match terminal_size::terminal_size_of(io::stderr()).filter(|_| is_terminal) {
        Some((width, _)) => handler.with_width(usize::from(width.0.max(NARROWEST))),
        // A log keeps each message on a line of its own.
        None => handler.with_wrap_lines(false).with_break_words(false),
    };
    let mut text = String::new();
    match handler.render_report(&mut text, shown) {
        Ok(()) => say(text.trim_end()),
        Err(fmt::Error) => say(&shown.message),
    }
}

/// A diagnostic in the form that miette renders.
#[derive(Debug)]
struct Shown {
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    excerpt: Option<Line>,
}

/// One line of an input, with its number.
#[derive(Debug)]
struct Line {
    input: String,
    excerpt: Excerpt,
}

impl SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line = self.excerpt.line.as_bytes();
        let number = usize::try_from(self.excerpt.line_number.saturating_sub(1)).unwrap_or(usize::MAX);
        let span = (0, line.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(self.input.clone(), line, span, number, 0, 1)))
    }
}

impl Shown {
    fn of(diagnostic: &Diagnostic) -> Self {
        let mut message = diagnostic.source.clone();
        if let Some(place) = &diagnostic.place {
            // Writing to a text can't fail.
            let _ = write!(message, ", {place}");
        }
        let _ = write!(message, ": {}", diagnostic.message);
        Self {
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Notice => miette::Severity::Advice,
            },
            message,
            help: diagnostic.help.clone(),
            excerpt: diagnostic
                .excerpt
                .as_ref()
                .map(|excerpt| Line { input: diagnostic.source.clone(), excerpt: excerpt.clone() }),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|line| line as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let line = self.excerpt.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::at_offset(line.excerpt.column, "here"))))
    }
}

/// A progress bar over bytes, with their rate and the time left, that appears when reading takes long, and only on a
/// terminal.
pub(crate) struct Progress {
    shared: Arc<load::Progress>,
    /// Files that are read, and that there are.
    files: Arc<[AtomicUsize; 2]>,
    /// Told when the reading is over.
    end: mpsc::Sender<()>,
    display: Option<JoinHandle<()>>,
}

/// How often the bar moves.
const MOVES: Duration = Duration::from_millis(100);

impl Progress {
    /// Begins to look at the reading.
    pub(crate) fn begin(quiet: bool) -> Self {
        let (shared, files) = (Arc::new(load::Progress::default()), Arc::<[AtomicUsize; 2]>::default());
        let (end, is_over) = mpsc::channel();
        let is_wanted = !quiet && io::stderr().is_terminal();
        let display = is_wanted.then(|| {
            let (shared, files) = (Arc::clone(&shared), Arc::clone(&files));
            thread::spawn(move || display(&shared, &files, &is_over))
        });
        Self { shared, files, end, display }
    }

    /// Where the reading tells how many bytes are read.
    pub(crate) fn shared(&self) -> Arc<load::Progress> {
        Arc::clone(&self.shared)
    }

    /// Shows that `done` of `all` files are read.
    pub(crate) fn files(&self, done: usize, all: usize) {
        for (own, number) in self.files.iter().zip([done, all]) {
            own.store(number, Ordering::Relaxed);
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        // Where nobody listens there is no bar, and one whose thread panicked is no reason to stop.
        let _ = self.end.send(());
        if let Some(display) = self.display {
            let _ = display.join();
        }
    }
}

/// Moves the bar until the reading is over.
fn display(shared: &load::Progress, files: &[AtomicUsize; 2], is_over: &mpsc::Receiver<()>) {
    const TEMPLATE: &str = "reading {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left {msg}";
    // Standard input has no length.
    const UNKNOWN: &str = "reading {spinner} {bytes}, {bytes_per_sec}";
    let mut wait = PATIENCE;
    let mut bar = None;
    while is_over.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
        wait = MOVES;
        let (all, read) = shared.bytes();
        let bar: &mut ProgressBar = bar.get_or_insert_with(|| {
            let template = if all == 0 { UNKNOWN } else { TEMPLATE };
            // What was read before anybody looked says nothing of the rate.
            let bar = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr()).with_position(read);
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        let [done, of] = files.each_ref().map(|number| number.load(Ordering::Relaxed));
        if 1 < of {
            bar.set_message(format!("({done} of {of} files)"));
        }
        bar.set_position(read);
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
