//! From a figure to a finished file, in memory.

use std::error::Error;

use plotters::{backend::SVGBackend, drawing::IntoDrawingArea};
use tiny_skia::Pixmap;

use super::{
    canvas::Canvas,
    draw,
    error::ChartError,
    figure::Figure,
    layout::{self, Layout},
    png,
    raster::RasterBackend,
    svg,
};

/// Draws `figure` as a PNG file with a palette and the resolution of the canvas. The same input gives the same bytes.
///
/// # Errors
///
/// If the canvas has no room for the texts and axes of the figure.
pub fn render_png(figure: &Figure, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    let layout = arrange(figure, canvas)?;
    let (width, height) = canvas.pixels();
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| ChartError::Draw("the canvas has no pixels".into()))?;
    let backend = RasterBackend::new(&mut pixmap, canvas.twips(), canvas.dpi());
    draw::draw(&backend.into_drawing_area(), figure, &layout, canvas.theme()).map_err(failed)?;
    png::encode(&pixmap, canvas.dpi())
}

/// Draws `figure` as an SVG document of the size of the canvas, whose resolution does not matter here.
///
/// Text stays text. It looks best where DejaVu Sans is installed, and fits with any other font that is hardly wider.
///
/// # Errors
///
/// If the canvas has no room for the texts and axes of the figure.
pub fn render_svg(figure: &Figure, canvas: &Canvas) -> Result<String, ChartError> {
    let layout = arrange(figure, canvas)?;
    let (width, height) = canvas.twips();
    let mut document = String::new();
    let backend = SVGBackend::with_string(&mut document, (width.unsigned_abs(), height.unsigned_abs()));
    draw::draw(&backend.into_drawing_area(), figure, &layout, canvas.theme()).map_err(failed)?;
    Ok(svg::with_root(&document, (canvas.width_inches(), canvas.height_inches()), canvas.twips()))
}

fn arrange(figure: &Figure, canvas: &Canvas) -> Result<Layout, ChartError> {
    layout::arrange(figure, canvas.twips()).ok_or_else(|| ChartError::NoRoom {
        width: canvas.width_inches(),
        height: canvas.height_inches(),
        panels: figure.panels.len(),
        series: figure.legend.len(),
    })
}

fn failed(error: impl Error + Send + Sync + 'static) -> ChartError {
    ChartError::Draw(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{
        figure::{Axis, HeatCell, LegendEntry, Mark, Panel, Point, SHADES, Scale, Series, Style, Tick},
        layout::PanelPlace,
        theme::Theme,
    };

    fn axis(scale: Scale, min: f64, max: f64) -> Axis {
        let ticks = [min, max].map(|value| Tick { value, label: format!("{value}") });
        Axis { label: "Concurrency".to_owned(), scale, min, max, ticks: ticks.to_vec() }
    }

    fn point(x: f64, y: f64, interval: Option<(f64, f64)>) -> Point {
        Point { x, y, interval }
    }

    fn panel(segments: Vec<Vec<Point>>) -> Panel {
        Panel {
            title: "Total time".to_owned(),
            x: axis(Scale::Log, 1.0, 100.0),
            y: axis(Scale::Linear, 0.0, 10.0),
            series: vec![Series {
                name: "axum".to_owned(),
                style: Style::Framework(0),
                mark: Mark::Measured,
                segments,
            }],
            notice: None,
            beside: Vec::new(),
            ends: Vec::new(),
            cells: Vec::new(),
            below: None,
        }
    }

    fn figure(panels: Vec<Panel>) -> Figure {
        let legend = vec![LegendEntry { name: "axum".to_owned(), style: Style::Framework(0), mark: Mark::Measured }];
        Figure { title: None, subtitle: None, panels, legend, footnotes: Vec::new(), columns: None }
    }

    fn usual() -> Figure {
        let points = [(1.0, 8.0), (10.0, 4.0), (100.0, 3.0)];
        figure(vec![panel(vec![points.map(|(x, y)| point(x, y, Some((y - 1.0, y + 1.0)))).to_vec()])])
    }

    fn canvas() -> Canvas {
        Canvas::new(4.0, 3.0, 72, Theme::Light).unwrap()
    }

    /// The names of all elements, if `document` is well-formed as far as plotters-svg can get it wrong.
    fn elements(document: &str) -> Result<Vec<&str>, String> {
        let (mut open, mut names, mut rest) = (Vec::new(), Vec::new(), document);
        while let Some((text, tag)) = rest.split_once('<') {
            check_text(text)?;
            let (tag, after) = tag.split_once('>').ok_or("a tag without an end")?;
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return Err(format!("</{name}> closes nothing"));
                }
                continue;
            }
            for (index, part) in tag.split('"').enumerate().skip(1) {
                if index % 2 == 1 {
                    check_text(part)?;
                }
            }
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            names.push(name);
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        if open.is_empty() && rest.trim().is_empty() { Ok(names) } else { Err(format!("{open:?} left open")) }
    }

    fn check_text(text: &str) -> Result<(), String> {
        let entities = ["amp;", "lt;", "gt;", "quot;", "apos;"];
        let escaped = text.split('&').skip(1).all(|rest| entities.iter().any(|entity| rest.starts_with(entity)));
        let forbidden =
            |character: char| (character.is_control() && character != '\n') || "<>\u{FFFE}".contains(character);
        if escaped && !text.contains(forbidden) { Ok(()) } else { Err(format!("{text:?} is no text")) }
    }

    #[test]
    fn a_png_has_the_size_of_its_canvas() {
        for (width, height, dpi) in [(4.0, 3.0, 72), (5.0, 3.0, 40), (3.3, 2.7, 100)] {
            let canvas = Canvas::new(width, height, dpi, Theme::Dark).unwrap();
            let file = render_png(&usual(), &canvas).unwrap();
            let reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), canvas.pixels());
        }
    }

    #[test]
    fn the_same_figure_gives_the_same_bytes() {
        assert_eq!(render_png(&usual(), &canvas()).unwrap(), render_png(&usual(), &canvas()).unwrap());
        assert_eq!(render_svg(&usual(), &canvas()).unwrap(), render_svg(&usual(), &canvas()).unwrap());
    }

    #[test]
    fn an_svg_is_well_formed_and_has_the_size_of_its_canvas() {
        let document = render_svg(&usual(), &canvas()).unwrap();
        let names = elements(&document).unwrap();
        assert_eq!(names.first(), Some(&"svg"));
        assert_eq!(
            names.iter().filter(|name| **name == "polyline").count(),
            8,
            "a line, its key, two axes, four marks"
        );
        assert!(document.contains("width=\"4in\" height=\"3in\" viewBox=\"0 0 5760 4320\""), "{document}");
    }

    #[test]
    fn grid_lines_meet_their_tick_marks() {
        let document = render_svg(&usual(), &canvas()).unwrap();
        let layout = arrange(&usual(), &canvas()).unwrap();
        for panel in layout.panels {
            assert_eq!((panel.x_marks.len(), panel.y_marks.len()), (2, 2));
            for x in panel.x_marks {
                assert!(document.contains(&format!("x1=\"{x}\" y1=\"{}\" x2=\"{x}\"", panel.plot.bottom)), "{x}");
            }
            for y in panel.y_marks {
                assert!(document.contains(&format!("x1=\"{}\" y1=\"{y}\"", panel.plot.left)), "{y}");
            }
        }
    }

    #[test]
    fn any_name_is_safe_in_svg() {
        let mut figure = usual();
        figure.legend[0].name = "<b>&\"'\0\u{1b}\u{FFFE}</text>".to_owned();
        figure.title = Some("a\nb ]]> <!-- 😀".to_owned());
        let document = render_svg(&figure, &canvas()).unwrap();
        assert!(elements(&document).is_ok(), "{:?}", elements(&document));
        assert!(document.contains("&lt;b&gt;&amp;&quot;&apos;���&lt;/text&gt;"), "{document}");
    }

    #[test]
    fn degenerate_figures_are_drawn() {
        let noticed = Panel { series: Vec::new(), notice: Some("no data".to_owned()), ..panel(Vec::new()) };
        let nothing = |value| Axis { ticks: Vec::new(), label: String::new(), ..axis(Scale::Linear, value, value) };
        let cases = [
            ("nothing", Figure { legend: Vec::new(), ..figure(Vec::new()) }),
            ("no panels", figure(Vec::new())),
            ("no series", figure(vec![noticed])),
            ("no points", figure(vec![panel(Vec::new()), panel(vec![Vec::new()])])),
            ("one point", figure(vec![panel(vec![vec![point(10.0, 5.0, None)]])])),
            ("one interval", figure(vec![panel(vec![vec![point(10.0, 5.0, Some((-3.0, 20.0)))]])])),
            ("an empty interval", figure(vec![panel(vec![vec![point(10.0, 5.0, Some((5.0, 5.0))); 3]])])),
            ("empty axes", figure(vec![Panel { x: nothing(1.0), y: nothing(f64::NAN), ..panel(Vec::new()) }])),
            ("a negative logarithm", figure(vec![Panel { x: axis(Scale::Log, -1.0, 1.0), ..panel(Vec::new()) }])),
        ];
        for (what, figure) in cases {
            assert!(render_png(&figure, &canvas()).is_ok(), "{what}");
            assert!(elements(&render_svg(&figure, &canvas()).unwrap()).is_ok(), "{what}");
        }
    }

    #[test]
    fn every_mark_is_drawn_in_its_own_way() {
        let drawn = |mark: Mark| {
            let mut figure = usual();
            figure.panels[0].series[0].mark = mark;
            figure.legend[0].mark = mark;
            assert!(render_png(&figure, &canvas()).is_ok(), "{mark:?}");
            render_svg(&figure, &canvas()).unwrap()
        };
        // Polylines beyond those of the axes and marks; bands; discs of markers with their borders, and rings.
        let count = |document: &str| {
            let [lines, bands, discs] =
                ["<polyline", "opacity=\"0.16\"", "<circle"].map(|part| document.matches(part).count());
            (lines - 6, bands, discs)
        };
        let cases = [
            (Mark::Measured, (2, 1, 8)),
            (Mark::Points, (9, 0, 8)),
            (Mark::Curve, (2, 1, 0)),
            (Mark::Zone, (0, 2, 0)),
            (Mark::Ring, (0, 0, 4)),
            (Mark::Row, (10, 0, 8)),
            (Mark::SummaryRow, (10, 0, 8)),
            (Mark::Edged, (3, 0, 0)),
        ];
        for (mark, expected) in cases {
            assert_eq!(count(&drawn(mark)), expected, "{mark:?}");
        }
        let (former, guide) = (count(&drawn(Mark::Former)), count(&drawn(Mark::Guide)));
        assert!(10 < former.0 && former.2 == 8, "a dashed line, and markers: {former:?}");
        assert!(10 < guide.0 && guide.2 == 0, "a dashed line, and nothing else: {guide:?}");
        let edged = count(&drawn(Mark::EdgedDashed));
        assert!(20 < edged.0 && edged.2 == 0, "dashes with an edge: {edged:?}");
        assert_eq!(drawn(Mark::Pin).matches("<polygon").count(), 4);
        assert_eq!(drawn(Mark::Shades).matches("<rect").count(), 1 + SHADES, "the background, and a key");
    }

    #[test]
    fn cells_meet_without_a_gap_and_a_lower_panel_is_drawn_below() {
        let mut figure = usual();
        let cell = |x: (f64, f64), shade| HeatCell { x, y: (2.0, 4.0), shade };
        figure.panels[0].cells =
            vec![cell((1.0, 7.3), 0), cell((7.3, 33.0), SHADES - 1), cell((33.0, 100.0), usize::MAX)];
        figure.panels[0].below = Some(Box::new(Panel { title: String::new(), ..usual().panels.remove(0) }));
        assert!(render_png(&figure, &canvas()).is_ok());
        let document = render_svg(&figure, &canvas()).unwrap();
        let number = |text: &str, name: &str| -> i32 {
            let value = text.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            value.unwrap_or_default().parse().unwrap()
        };
        let cells: Vec<(i32, i32)> = document
            .lines()
            .filter(|line| line.starts_with("<rect"))
            .skip(1)
            .map(|line| (number(line, "x"), number(line, "x") + number(line, "width")))
            .collect();
        let layout = arrange(&figure, &canvas()).unwrap();
        let [PanelPlace { plot, below: Some(below), .. }] = &layout.panels[..] else { panic!("{:?}", layout.panels) };
        assert_eq!((cells[0].0, cells[0].1, cells[1].1, cells[2].1), (plot.left, cells[1].0, cells[2].0, plot.right));
        assert!(plot.bottom < below.plot.top && plot.left == below.plot.left && plot.right == below.plot.right);
        assert!(below.plot.height() < plot.height() && plot.height() < 4 * below.plot.height());
        assert_eq!((layout.panels[0].x_marks.len(), below.x_marks.len()), (0, 2));
    }

    #[test]
    fn what_is_no_place_on_the_axes_ends_a_line() {
        let lines = |middle: Point| {
            let around = |x| point(x, 5.0, None);
            let segment = vec![around(1.0), around(2.0), middle, around(50.0), around(100.0)];
            let document = render_svg(&figure(vec![panel(vec![segment])]), &canvas()).unwrap();
            // Only series are drawn with lines of two points.
            document.matches("stroke-width=\"40\"").count()
        };
        assert_eq!(lines(point(10.0, 5.0, None)), 2, "one line and its key");
        for (x, y) in [(10.0, f64::NAN), (f64::INFINITY, 5.0), (10.0, 1e300), (-1.0, 5.0), (10.0, -1e-3)] {
            assert_eq!(lines(point(x, y, None)), 3, "({x}, {y})");
        }
    }

    #[test]
    fn intervals_that_are_none_are_left_out() {
        let bands = |interval| {
            let points = [1.0, 10.0, 100.0].map(|x| point(x, 5.0, interval)).to_vec();
            render_svg(&figure(vec![panel(vec![points])]), &canvas()).unwrap().matches("opacity=\"0.16\"").count()
        };
        assert_eq!(bands(Some((4.0, 6.0))), 1);
        for interval in [None, Some((f64::NAN, 6.0)), Some((6.0, 4.0)), Some((11.0, 12.0))] {
            assert_eq!(bands(interval), 0, "{interval:?}");
        }
    }

    #[test]
    fn a_canvas_without_room_is_refused_with_its_size() {
        let tiny = Canvas::new(0.5, 0.5, 300, Theme::Light).unwrap();
        let error = render_png(&usual(), &tiny).unwrap_err().to_string();
        assert!(error.starts_with("0.5×0.5 inches leave no room for the axes (panels: 1,"), "{error}");
        assert!(render_svg(&usual(), &tiny).is_err());
    }
}
