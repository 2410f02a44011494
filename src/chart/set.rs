//! All figures, in the order in which reports show them.

use super::distribution::distribution;
use super::efficiency::efficiency;
use super::errors::errors;
use super::figure::Figure;
use super::latency::latency;
use super::options::ChartOptions;
use super::performance::performance_comparison;
use super::ratios::ratios;
use super::throughput::throughput;
use super::timeline::timeline;
use crate::analysis::Analysis;
use crate::language::Language;

/// A figure that can be made of an analysis.
#[derive(Debug, Clone, Copy)]
pub struct Chart {
    /// What it is called; its file has the same name.
    pub name: &'static str,
    /// What it shows, in English and in Chinese, for those who can't see it.
    description: (&'static str, &'static str),
    figure: fn(&Analysis, &ChartOptions) -> Option<Figure>,
}

/// Every figure; the first is the main one, and is there whatever the analysis holds.
pub static CHARTS: [Chart; 8] = [
    Chart {
        name: "performance_comparison",
        description: (
            "Total time and average time per request against concurrency",
            "总时间和平均每个请求时间随并发数的变化",
        ),
        figure: |analysis, options| Some(performance_comparison(analysis, options)),
    },
    Chart {
        name: "ratios",
        description: ("Ratios between frameworks with their intervals", "框架之间的比值及其置信区间"),
        figure: ratios,
    },
    Chart {
        name: "throughput",
        description: ("Throughput against concurrency, with fitted curves", "吞吐量随并发数的变化及拟合曲线"),
        figure: throughput,
    },
    Chart {
        name: "efficiency",
        description: ("Scaling efficiency against concurrency", "扩展效率随并发数的变化"),
        figure: efficiency,
    },
    Chart {
        name: "latency",
        description: ("Latency percentiles against concurrency", "延迟百分位随并发数的变化"),
        figure: latency,
    },
    Chart {
        name: "distribution",
        description: ("Latency distribution by percentile", "各百分位的延迟分布"),
        figure: distribution,
    },
    Chart {
        name: "timeline",
        description: (
            "Latency, throughput and errors over the time of single runs",
            "单次运行中延迟、吞吐量和错误随时间的变化",
        ),
        figure: timeline,
    },
    Chart {
        name: "errors", description: ("Error rate against concurrency", "错误率随并发数的变化"), figure: errors
    },
];

impl Chart {
    /// The figure of an analysis; `None` where the analysis has nothing to show in it.
    pub fn figure(&self, analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
        (self.figure)(analysis, options)
    }

    /// What it shows.
    pub fn description(&self, language: Language) -> &'static str {
        language.pick(self.description.0, self.description.1)
    }
}
