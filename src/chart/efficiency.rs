//! Efficiency against concurrency: how much of linear growth is left at each level.

use std::collections::HashMap;

use super::figure::{Figure, LegendEntry, Mark, Point, Scale, Series, Style};
use super::lines::{Lines, panel, points, range};
use super::options::ChartOptions;
use super::performance::gaps_note;
use super::ticks::value_axis;
use crate::analysis::Analysis;
use crate::scaling::Scaling;

/// The figure; `None` where no framework has an efficiency at two levels or more.
pub fn efficiency(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let has_efficiency =
        |scaling: &&Scaling| 1 < scaling.efficiency.iter().filter(|level| level.efficiency.is_some()).count();
    let known: HashMap<(&str, &str), &Scaling> = analysis
        .scaling
        .iter()
        .filter(has_efficiency)
        .map(|scaling| ((scaling.framework.as_str(), scaling.scenario.as_str()), scaling))
        .collect();
    let mut series = lines.series(|line, level| {
        let scaling = known.get(&(line.framework, line.scenario))?;
        let found = scaling.efficiency.iter().find(|found| Some(found.concurrency) == level)?;
        Some((found.efficiency?, None))
    });
    let (smallest, largest) = range(points(&series).map(|point| point.y))?;
    let scale = if options.log_y { Scale::Log } else { Scale::Linear };
    let y = value_axis(language.efficiency_axis().to_owned(), scale, smallest, largest.max(1.0));
    let ideal = LegendEntry { name: language.ideal_key().to_owned(), style: Style::Plain, mark: Mark::Guide };
    let end = |x: f64| Point { x, y: 1.0, interval: None };
    series.insert(
        0,
        Series {
            name: ideal.name.clone(),
            style: ideal.style,
            mark: ideal.mark,
            segments: vec![vec![end(lines.x.min), end(lines.x.max)]],
        },
    );

    let mut bases = known.values().map(|scaling| scaling.efficiency_base);
    let first = bases.next().flatten();
    let base = first.filter(|_| bases.all(|base| base == first));
    let panels = vec![panel(language.efficiency_title().to_owned(), lines.x.clone(), y, series)];
    let mut footnotes = vec![language.efficiency_base(base)];
    footnotes.extend(gaps_note(analysis, &panels));
    let mut figure = lines.figure(options, panels, footnotes);
    figure.legend.push(ideal);
    Some(figure)
}
