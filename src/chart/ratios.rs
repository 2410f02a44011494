//! Every framework against the fastest, or against the reference: overall, and at each level.

use super::figure::Figure;
use super::options::ChartOptions;
use super::ratio_rows::{RatioRow, RatioTexts, ratio_rows};
use crate::analysis::Analysis;
use crate::compare::{Comparison, Ranking};
use crate::record::{Direction, Metric, SeriesKey};

/// The figure; `None` where no two frameworks are compared.
///
/// Frameworks stand in the order of the ranking, the fastest first, and their levels ascend.
pub fn ratios(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let metric = analysis.ranking.first().map_or(Metric::AvgTimePerRequest, |ranking| ranking.metric);
    let has_scenarios = 1 < analysis.scenarios.len();
    let mut rows = Vec::new();
    let mut references: Vec<(&str, &str)> = Vec::new();
    for ranking in &analysis.ranking {
        let ranked = ranked(ranking);
        let Some(reference) = options.reference.as_deref().or(ranked.first().copied()) else { continue };
        let before = rows.len();
        for framework in ranked.into_iter().filter(|framework| *framework != reference) {
            let of_pair = |row: &&Comparison| {
                row.scenario == ranking.scenario
                    && row.metric == ranking.metric
                    && row.verdict_on(framework, reference).is_some()
            };
            let mut pair: Vec<&Comparison> = analysis.comparisons.iter().filter(of_pair).collect();
            pair.sort_by_key(|row| row.concurrency);
            let only_overall = pair.len() <= 2;
            for row in pair.into_iter().filter(|row| row.is_overall() || !only_overall) {
                rows.extend(ratio_row(row, framework, reference, has_scenarios));
            }
        }
        if before < rows.len() {
            references.push((&ranking.scenario, reference));
        }
    }
    let (_, first) = *references.first()?;
    let common = references.iter().all(|(_, reference)| *reference == first).then_some(first);
    let mut footnotes = Vec::new();
    if rows.iter().any(|row| !row.is_summary) {
        footnotes.push(language.ratio_rows().to_owned());
    }
    if common.is_none() {
        let names: Vec<String> =
            references.iter().map(|(scenario, reference)| SeriesKey::new(*reference, *scenario).to_string()).collect();
        footnotes.push(language.references(&names.join(language.comma())));
    }
    let texts = RatioTexts {
        title: options.title.clone(),
        heading: language.ratios_title(metric),
        axis: language.ratio_axis(common, metric.direction() == Direction::LowerIsBetter),
        footnotes,
        language,
    };
    ratio_rows(&rows, analysis.min_effect, texts)
}

/// The frameworks of a ranking, best first.
fn ranked(ranking: &Ranking) -> Vec<&str> {
    ranking.tiers.iter().flatten().chain(&ranking.unranked).map(String::as_str).collect()
}

fn ratio_row(row: &Comparison, framework: &str, reference: &str, has_scenarios: bool) -> Option<RatioRow> {
    let (ratio, interval) = row.ratio_of(framework, reference)?;
    let label = match row.concurrency {
        Some(level) => level.to_string(),
        None if has_scenarios => SeriesKey::new(framework, &row.scenario).to_string(),
        None => framework.to_owned(),
    };
    let verdict = row.verdict_on(framework, reference)?;
    Some(RatioRow { label, ratio, interval, verdict, is_summary: row.is_overall() })
}
