//! From a figure to the bytes of a file, as the arguments ask for it.

use std::collections::BTreeSet;

use benchplot::chart::{Canvas, ChartError, Figure, Theme, render_png, render_svg};

use super::args::{ChartArgs, ChartFormat, ThemeName};
use super::error::CliError;
use super::terminal::say;

/// What figures are drawn on.
pub(crate) fn canvas(args: &ChartArgs) -> Result<Canvas, CliError> {
    let theme = match args.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    Ok(Canvas::new(args.size.width, args.size.height, args.dpi, theme)?)
}

/// Whether any figure is asked for.
pub(crate) fn is_drawn(args: &ChartArgs) -> bool {
    args.format != ChartFormat::None
}

/// The ending of a figure's file, and its bytes; `None` where the canvas has no room for it, which is said, as a picture that
/// does not fit must not cost the report.
pub(crate) fn draw(
    name: &str,
    figure: &Figure,
    args: &ChartArgs,
    canvas: &Canvas,
) -> Result<Option<(&'static str, Vec<u8>)>, CliError> {
    let canvas = canvas.with_room_for(figure);
    let drawn = match args.format {
        ChartFormat::Svg => render_svg(figure, &canvas).map(|document| ("svg", document.into_bytes())),
        ChartFormat::Png | ChartFormat::None => render_png(figure, &canvas).map(|file| ("png", file)),
    };
    match drawn {
        Err(error @ ChartError::NoRoom { .. }) => {
            say(&format!("warning: {name} was not drawn: {error}; try a larger --size"));
            Ok(None)
        }
        drawn => Ok(Some(drawn?)),
    }
}

/// Says once which characters of some figures no font has, so that boxes stand for them.
pub(crate) fn warn_of_missing_characters<'a>(figures: impl IntoIterator<Item = &'a Figure>) {
    let missing: BTreeSet<char> = figures.into_iter().flat_map(Figure::missing_characters).collect();
    let some: Vec<String> = missing
        .iter()
        .take(MOST_CHARACTERS)
        .map(|character| format!("{character} (U+{:04X})", u32::from(*character)))
        .collect();
    if !some.is_empty() {
        let more = if MOST_CHARACTERS < missing.len() { " and others" } else { "" };
        say(&format!(
            "warning: the charts' fonts lack {}{more}: boxes stand for them; --chart svg leaves them to the viewer's fonts",
            some.join(", ")
        ));
    }
}

/// More characters than this need not be named.
const MOST_CHARACTERS: usize = 5;
