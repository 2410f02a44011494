//! Where a framework stops scaling, what holds it back, and at which load to run it.

use serde_json::json;

use crate::findings::wording::{Wording, members, percent, significant};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity, failing_levels};
use crate::record::SeriesKey;
use crate::scaling::{Law, Scaling, ScalingMetric};

/// What the levels say of a framework's limits.
pub(super) struct ScalingLimit;

/// From this R² on, its digits say nothing.
const ALL_BUT: f64 = 0.999;

/// Up to this share of what is lost, a cause is not named beside the other one.
const MINOR: f64 = 0.1;

impl Rule for ScalingLimit {
    fn id(&self) -> &'static str {
        "scaling-limit"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let enumerated = evidence.scaling.iter().enumerate();
        enumerated.filter_map(|(place, scaling)| self.finding(place, scaling, evidence)).collect()
    }
}

impl ScalingLimit {
    fn finding(&self, place: usize, scaling: &Scaling, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let name = SeriesKey::new(&scaling.framework, &scaling.scenario).to_string();
        let highest = scaling.efficiency.last()?.concurrency;
        let ceiling = evidence.ceiling(&scaling.framework, &scaling.scenario);
        let series = evidence.runs.of(&scaling.framework, &scaling.scenario);
        let failing = series.and_then(|series| failing_levels(series).find(|level| highest < *level));
        let (mut message, mut advice) =
            by_law(&name, scaling, highest, words).or_else(|| by_levels(&name, scaling, highest, failing, words))?;
        if let Some((level, why)) = &ceiling {
            let axis = words.axis();
            message += &words.say(format!("; at {axis} {level} {why}"), format!("；在{axis} {level} 时{why}"));
            // No load is recommended at which this happens.
            if load(scaling).is_none_or(|load| f64::from(*level) <= load) {
                advice = words.say(
                    format!("Run it below {level}: what it does there is of no use, however much it is."),
                    format!("请在 {level} 以下运行：到了那里，做得再多也没有用。"),
                );
            }
        }
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: vec![scaling.framework.clone()],
            message,
            advice,
            rests_on: vec![format!("/scaling/{place}")],
            evidence: members(json!({
                "metric": scaling.metric,
                "model": scaling.model.filter(|_| scaling.accepted),
                "peak_concurrency": scaling.peak_concurrency,
                "peak_ci_low": scaling.peak_ci_low,
                "peak_ci_high": scaling.peak_ci_high,
                "peak_throughput": scaling.peak_throughput,
                "is_fall_measured": scaling.is_fall_measured,
                "is_told_from_plateau": scaling.is_told_from_plateau,
                "optimal_concurrency": scaling.optimal_concurrency,
                "limit_throughput": scaling.limit_throughput,
                "saturation_concurrency": scaling.saturation_concurrency,
                "knee": scaling.knee,
            })),
        })
    }
}

/// The highest load that is recommended without looking at errors and objectives.
fn load(scaling: &Scaling) -> Option<f64> {
    let of_levels = || scaling.saturation_concurrency.map(f64::from);
    let of_law = || match scaling.is_peak_extrapolated {
        Some(false) if scaling.is_fall_measured != Some(true) => of_levels(),
        _ => scaling.peak_concurrency.map(|peak| peak as f64).or(scaling.optimal_concurrency),
    };
    if scaling.accepted { of_law() } else { of_levels() }
}

/// What an accepted law says.
fn by_law(name: &str, scaling: &Scaling, highest: u32, words: Wording<'_>) -> Option<(String, String)> {
    let work = work(scaling.metric, words);
    if !scaling.accepted {
        return None;
    }
    let axis = words.axis();
    let basis = basis(scaling, words)?;
    let next = u64::from(highest).saturating_mul(2);
    let told = scaling.is_told_from_plateau == Some(true);
    let tune = |concurrency: f64| if told { tune(scaling, concurrency, words) } else { Some(String::new()) };
    match (scaling.model?, scaling.peak_concurrency, scaling.limit_throughput) {
        (Law::Plateau | Law::Pool, _, Some(limit)) => flat(name, scaling, limit, &basis, words),
        (Law::Usl, Some(_), _) if scaling.is_peak_extrapolated == Some(false) && scaling.is_fall_measured != Some(true) => {
            let (best, saturated) = (significant(scaling.saturation_throughput?, 3), scaling.saturation_concurrency?);
            let doubt = match scaling.is_fall_measured {
                None => words.say(
                    "; without repetitions it can't be told whether it falls above",
                    "；没有重复测量，无法判断更高时是否下降",
                ),
                Some(_) => words.say("; no level above is lower by more than noise", "；更高级别的下降没有超出噪声"),
            };
            Some((
                words.say(
                    format!("{name}: {work} flattens at about {best}/s from {axis} {saturated} on {basis}{doubt}"),
                    format!("{name}：{work}从{axis} {saturated} 起趋平，约 {best}/s{basis}{doubt}"),
                ),
                words.say(
                    format!("Run it at about {saturated}: more load adds little but latency. "),
                    format!("请以 {saturated} 左右运行：更高的负载几乎只会增加延迟。"),
                ) + &tune(f64::from(saturated))?,
            ))
        }
        (Law::Usl, Some(peak), _) if scaling.is_peak_extrapolated == Some(false) => {
            let throughput = significant(scaling.peak_throughput?, 4);
            let around = match scaling.peak_ci_low.zip(scaling.peak_ci_high) {
                Some(ends) => format!(" ({})", words.interval(ends)),
                None => String::new(),
            };
            let causes = if told {
                let causes = causes(scaling, peak as f64, words)?;
                words.say(format!("; {causes}"), format!("；{causes}"))
            } else {
                String::new()
            };
            Some((
                words.say(
                    format!("{name}: {work} peaks at {axis} {peak}{around} with {throughput}/s {basis}{causes}"),
                    format!("{name}：{work}在{axis} {peak}{around} 时达到峰值 {throughput}/s{basis}{causes}"),
                ),
                run_at(scaling, peak, words) + &tune(peak as f64)?,
            ))
        }
        (Law::Usl, Some(peak), _) => Some((
            words.say(
                format!("{name}: {work} still grows at {axis} {highest}, the highest level; a peak near {peak} is an extrapolation {basis}"),
                format!("{name}：{work}在最高级别{axis} {highest} 时仍在增长；峰值约在 {peak}，但属于外推{basis}"),
            ),
            words.say(
                format!("Do not rely on that peak: measure at {next} first. "),
                format!("不要依赖这个峰值：请先在 {next} 处测量。"),
            ) + &tune(f64::from(highest))?,
        )),
        (Law::Usl | Law::Amdahl, _, Some(limit)) if scaling.is_limit_extrapolated == Some(true) => {
            let limit = significant(limit, 2);
            Some((
                words.say(
                    format!("{name}: {work} still grows at {axis} {highest}, the highest level; a limit near {limit}/s is an extrapolation {basis}"),
                    format!("{name}：{work}在最高级别{axis} {highest} 时仍在增长；极限约在 {limit}/s，但属于外推{basis}"),
                ),
                words.say(
                    format!("Do not rely on that limit: measure at {next} first. "),
                    format!("不要依赖这个极限：请先在 {next} 处测量。"),
                ) + &tune(f64::from(highest))?,
            ))
        }
        (Law::Usl | Law::Amdahl, _, Some(limit)) => {
            let (limit, share) = (significant(limit, 4), percent(scaling.sigma?));
            let optimal = significant(scaling.optimal_concurrency?.floor(), 6);
            let cause = if told {
                words.say(
                    format!("; {share} of the work waits for something shared"),
                    format!("；{share} 的工作在等待共享资源"),
                )
            } else {
                String::new()
            };
            Some((
                words.say(
                    format!("{name}: {work} approaches {limit}/s and no peak was seen {basis}{cause}"),
                    format!("{name}：{work}趋近 {limit}/s，未见峰值{basis}{cause}"),
                ),
                match scaling.is_optimal_extrapolated {
                    Some(true) => words.say(
                        format!("The load from which on more mostly waits, {optimal}, lies far beyond what was measured: measure higher levels before relying on it. "),
                        format!("由此推算的最佳负载 {optimal} 远超实测范围：请先测量更高的级别。"),
                    ),
                    _ => words.say(
                        format!("Run it at about {axis} {optimal} or below: beyond, more load mostly waits. "),
                        format!("请以{axis} {optimal} 左右或更低运行：再高的负载大多只是等待。"),
                    ),
                } + &tune(f64::from(highest))?,
            ))
        }
        _ => Some((
            words.say(
                format!("{name}: {work} grows in proportion to the {axis} up to {highest}, the highest level {basis}: no limit was seen"),
                format!("{name}：{work}在最高级别 {highest} 之前与{axis}成正比增长{basis}：未见极限"),
            ),
            words.say(
                "Measure higher levels to find where it ends.",
                "请测量更高的级别以找到极限。",
            ),
        )),
    }
}

/// What a law says that ends on a plateau. It does not say why: a pool, a limit, the CPU and the load generator look alike.
fn flat(name: &str, scaling: &Scaling, limit: f64, basis: &str, words: Wording<'_>) -> Option<(String, String)> {
    let (work, axis) = (work(scaling.metric, words), words.axis());
    let (limit, corner) = (significant(limit, 3), significant(scaling.optimal_concurrency?.ceil(), 6));
    Some((
        words.say(
            format!("{name}: {work} flattens at about {limit}/s from {axis} {corner} on {basis}"),
            format!("{name}：{work}从{axis} {corner} 起趋平，约 {limit}/s{basis}"),
        ),
        words.say(
            format!(
                "Run it at about {axis} {corner}: beyond, more load only waits. See what is full there: a pool of connections \
                 or threads, a rate limit, the CPU, or the load generator."
            ),
            format!("请以{axis} {corner} 左右运行：再高的负载只是等待。请查看那里是什么已满：连接池或线程池、限速、CPU，还是压测工具。"),
        ),
    ))
}

/// What the levels say without a law.
fn by_levels(
    name: &str,
    scaling: &Scaling,
    highest: u32,
    failing: Option<u32>,
    words: Wording<'_>,
) -> Option<(String, String)> {
    let work = work(scaling.metric, words);
    let axis = words.axis();
    let lowest = scaling.efficiency.first()?.concurrency;
    let saturated = scaling.saturation_concurrency.filter(|_| lowest < highest)?;
    let throughput = significant(scaling.saturation_throughput?, 4);
    Some(if saturated == lowest && lowest == 1 {
        (
            words.say(
                format!("{name}: one request at a time already gives all the {work} there is ({throughput}/s)"),
                format!("{name}：一次一个请求就已达到全部{work}（{throughput}/s）"),
            ),
            words.say(
                "More load only waits. See whether the target is busy with that, or the load generator cannot send more: \
                 look at the CPU of both.",
                "更高的负载只是在等待。请查看两者的 CPU：是目标已忙满，还是压测工具发不出更多请求。",
            ),
        )
    } else if saturated == lowest {
        (
            words.say(
                format!(
                    "{name}: {work} does not grow from {axis} {lowest} on, the lowest level ({throughput}/s there)"
                ),
                format!("{name}：{work}从最低级别{axis} {lowest} 起就不再增长（该处 {throughput}/s）"),
            ),
            words.say(
                format!("Measure below {lowest} to find how much load it really takes."),
                format!("请在 {lowest} 以下测量，以了解它实际能承受多少负载。"),
            ),
        )
    } else if saturated < highest {
        (
            words.say(
                format!("{name}: {axis} {saturated} already gives 95 % of the best {work} ({throughput}/s); no law of scaling describes the levels"),
                format!("{name}：{axis} {saturated} 已达到最佳{work}的 95 %（{throughput}/s）；没有任何扩展定律能描述这些级别"),
            ),
            words.say(
                format!("More than {saturated} adds little but latency: run it at about {saturated}."),
                format!("超过 {saturated} 几乎只会增加延迟：请以 {saturated} 左右运行。"),
            ),
        )
    } else if let Some(failing) = failing {
        (
            words.say(
                format!("{name}: {work} is best at {highest}, and at {failing} most requests fail"),
                format!("{name}：{work}在 {highest} 时最好，而在 {failing} 时大多数请求失败"),
            ),
            words.say(format!("Run it at {highest} or below."), format!("请以 {highest} 或更低运行。")),
        )
    } else {
        (
            words.say(
                format!(
                    "{name}: {work} is best at {highest}, the highest level: where it stops growing was not measured"
                ),
                format!("{name}：{work}在最高级别 {highest} 时最好：尚未测到增长停止之处"),
            ),
            words.say(
                format!("Measure at {} and above to find the end.", u64::from(highest).saturating_mul(2)),
                format!("请在 {} 及以上测量，以找到终点。", u64::from(highest).saturating_mul(2)),
            ),
        )
    })
}

fn work(metric: ScalingMetric, words: Wording<'_>) -> &'static str {
    match metric {
        ScalingMetric::Goodput => words.language.pick("goodput", "有效吞吐量"),
        ScalingMetric::Throughput => words.language.pick("throughput", "吞吐量"),
    }
}

/// Which law that is, and how well it fits.
fn basis(scaling: &Scaling, words: Wording<'_>) -> Option<String> {
    let law = match scaling.model? {
        Law::Usl => words.language.pick("the Universal Scalability Law", "通用可扩展性定律"),
        Law::Amdahl => words.language.pick("Amdahl's law", "阿姆达尔定律"),
        Law::Linear => words.language.pick("a line through zero", "过原点的直线"),
        Law::Plateau => words.language.pick("growth up to a plateau", "增长到平台"),
        Law::Pool => words.language.pick("a queue for a pool", "资源池排队"),
    };
    let explained = match scaling.r_squared? {
        share if ALL_BUT <= share => format!("R² > {ALL_BUT}"),
        share => format!("R² {}", significant(share, 3)),
    };
    Some(words.say(format!("by {law} ({explained})"), format!("（{law}，{explained}）")))
}

/// The share of coherency in what is lost at a concurrency; `None` where nothing is lost.
fn share_of_coherency(scaling: &Scaling, concurrency: f64) -> Option<f64> {
    let coherency = scaling.kappa? * concurrency;
    let all = scaling.sigma? + coherency;
    (0.0 < all).then(|| coherency / all)
}

/// What holds it back at a concurrency.
fn causes(scaling: &Scaling, concurrency: f64, words: Wording<'_>) -> Option<String> {
    let share = share_of_coherency(scaling, concurrency)?;
    Some(if share <= MINOR {
        words.say("what holds it back is contention", "瓶颈是争用")
    } else if 1.0 - MINOR <= share {
        words.say("what holds it back is coherency", "瓶颈是一致性开销")
    } else {
        let (contention, coherency) = (percent_rounded(1.0 - share), percent_rounded(share));
        words.say(
            format!("of what is lost there, contention makes {contention} and coherency {coherency}"),
            format!("那里的损失中，争用占 {contention}，一致性开销占 {coherency}"),
        )
    })
}

fn percent_rounded(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn run_at(scaling: &Scaling, peak: u64, words: Wording<'_>) -> String {
    let axis = words.axis();
    let optimal = scaling.optimal_concurrency.filter(|optimal| *optimal < peak as f64).map(f64::floor);
    match optimal {
        Some(optimal) if 1.0 <= optimal => words.say(
            format!("Run it at {axis} {optimal} to {peak}: from {optimal} on, more load mostly waits, and beyond {peak} less gets done. "),
            format!("请以{axis} {optimal} 至 {peak} 运行：从 {optimal} 起，增加的负载大多在等待；超过 {peak} 后完成的工作反而减少。"),
        ),
        _ => words.say(
            format!("Run it at {axis} {peak} or below: beyond, less gets done. "),
            format!("请以{axis} {peak} 或更低运行：超过后完成的工作反而减少。"),
        ),
    }
}

/// What to change to get further.
fn tune(scaling: &Scaling, concurrency: f64, words: Wording<'_>) -> Option<String> {
    let Some(share) = share_of_coherency(scaling, concurrency) else { return Some(String::new()) };
    Some(if share <= 0.5 {
        words.say(
            "To get further, look for what requests queue for one at a time: a lock, a pool, a single thread, a disk.",
            "要进一步提升，请查找请求逐个排队等待的资源：锁、连接池、单线程、磁盘。",
        )
    } else {
        words.say(
            "To get further, look for what requests have to agree on with each other: shared caches and counters, \
             replication, memory that cores pass to and fro.",
            "要进一步提升，请查找请求之间必须互相协调的部分：共享缓存和计数器、复制、在核心之间来回传递的内存。",
        )
    })
}
