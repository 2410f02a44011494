//! From a figure to the bytes of a file, as the arguments ask for it.

use benchplot::chart::{Canvas, Figure, Theme, render_png, render_svg};

use super::args::{ChartArgs, ChartFormat, ThemeName};
use super::error::CliError;

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

/// The ending of a figure's file, and its bytes.
pub(crate) fn draw(figure: &Figure, args: &ChartArgs, canvas: &Canvas) -> Result<(&'static str, Vec<u8>), CliError> {
    let canvas = canvas.with_room_for(figure);
    Ok(match args.format {
        ChartFormat::Svg => ("svg", render_svg(figure, &canvas)?.into_bytes()),
        ChartFormat::Png | ChartFormat::None => ("png", render_png(figure, &canvas)?),
    })
}
