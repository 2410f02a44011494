//! Every word in both languages, and every letter of it in the fonts.

use super::*;
use crate::chart::{
    CHARTS,
    font::{Weight, missing},
};

/// Every text of the charts in a language, with nothing of its own filled in.
fn all(language: Language) -> Vec<String> {
    let units = [
        TimeUnit::Hours,
        TimeUnit::Minutes,
        TimeUnit::Seconds,
        TimeUnit::Milliseconds,
        TimeUnit::Microseconds,
        TimeUnit::Nanoseconds,
    ];
    let rejections = [
        Rejection::TooFewLevels,
        Rejection::NotEnoughRange,
        Rejection::DidNotConverge,
        Rejection::DoesNotGrow,
        Rejection::SystematicResiduals,
        Rejection::ExplainsTooLittle,
    ];
    let verdicts = [Verdict::Better, Verdict::Worse, Verdict::Equivalent, Verdict::Inconclusive];
    let mut texts: Vec<String> = [
        language.any_line(),
        language.median_key(),
        language.tail_key(),
        language.sent_key(),
        language.failed_key(),
        language.stall_key(),
        language.warm_up_key(),
        language.nothing_measured(),
        language.single_runs(),
        language.gaps(),
        language.no_line(),
        language.percentile_axis(),
        language.merged_latencies(),
        language.reported_percentiles(),
        language.throughput_title(true),
        language.throughput_title(false),
        language.peak_key(),
        language.saturation_key(),
        language.joined_points(),
        language.efficiency_title(),
        language.efficiency_axis(),
        language.ideal_key(),
        language.errors_title(),
        language.errors_axis(),
        language.error_ranges(),
        language.comma(),
        language.ratio_rows(),
    ]
    .map(str::to_owned)
    .to_vec();
    texts.extend([
        language.level(Column::Concurrency.name()),
        language.level("threads"),
        language.tool_histograms(9.375, TimeUnit::Milliseconds),
        language.frameworks_at(Column::Concurrency.name(), Some(8)),
        language.frameworks_at("", None),
        language.run_title(Column::Concurrency.name(), "", Some(8), Some(2)),
        language.run_title("threads", "", Some(8), None),
        language.shades_key(12),
        language.shown_runs(6, 12, 3),
        language.thin_tail(100),
        language.points_and_bands("95"),
        language.points_and_curves(true, "95"),
        language.points_and_curves(false, "95"),
        language.with_peak("", 12),
        language.efficiency_base(Some(1)),
        language.efficiency_base(None),
        language.without_errors(""),
        language.references(""),
        language.margin_key("5"),
        language.distribution_title(Column::Concurrency.name(), Some(8)),
        language.distribution_title("threads", Some(8)),
        language.distribution_title("", None),
    ]);
    for unit in units {
        texts.push(language.latency_axis(Some(unit)));
        texts.push(language.time_axis(unit));
        texts.extend(Metric::ALL.map(|metric| language.label(metric, Some(unit))));
    }
    for unit in [RateUnit::One, RateUnit::Thousand, RateUnit::Million] {
        texts.push(language.rate_axis(ScalingMetric::Goodput, unit));
        texts.push(language.short_rate_axis(unit).to_owned());
        texts.push(language.rate_axis(ScalingMetric::Throughput, unit));
    }
    for metric in Metric::ALL {
        texts.push(language.title(metric).to_owned());
        texts.push(language.latency_title(metric).to_owned());
        texts.push(language.ratios_title(metric));
    }
    for lower_is_better in [true, false] {
        texts.extend([language.ratio_axis(None, lower_is_better), language.ratio_axis(Some("a"), lower_is_better)]);
    }
    texts.extend(rejections.map(|reason| language.no_curve("", Some(reason))));
    texts.push(language.no_curve("", None));
    texts.extend(verdicts.map(|verdict| language.verdict_key(verdict).to_owned()));
    texts.extend(CHARTS.map(|chart| chart.description(language).to_owned()));
    texts
}

#[test]
fn every_letter_of_every_word_is_in_the_fonts() {
    for language in [Language::English, Language::Chinese] {
        for text in all(language) {
            for weight in [Weight::Regular, Weight::Bold] {
                assert_eq!(missing(&text, weight), [], "{text}");
            }
        }
    }
    assert_eq!(missing("1.234 (1.200–1.300) 99.9 %", Weight::Regular), []);
    assert_eq!(missing("\u{10FFFF}", Weight::Regular), ['\u{10FFFF}']);
}

#[test]
fn both_languages_say_everything() {
    let is_chinese = |text: &str| text.chars().any(|character| ('一'..='龥').contains(&character));
    assert!(all(Language::English).iter().all(|text| !is_chinese(text)));
    let (english, chinese) = (all(Language::English), all(Language::Chinese));
    assert_eq!(english.len(), chinese.len());
}
