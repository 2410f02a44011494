//! A column's name in pieces: words in lower case, percentiles, and the unit that stands at its end.

use super::units;

/// Words of Chinese names, each with the English ones that mean the same; longer ones come first.
const CHINESE: &[(&str, &str)] = &[
    ("平均每个请求时间", "avg time per request"),
    ("平均请求时间", "avg time per request"),
    ("每秒请求数", "requests per second"),
    ("每秒查询数", "queries per second"),
    ("每秒事务数", "transactions per second"),
    ("总请求数", "total requests"),
    ("请求总数", "total requests"),
    ("成功请求数", "successful requests"),
    ("失败请求数", "failed requests"),
    ("并发用户数", "concurrent users"),
    ("框架名称", "framework"),
    ("响应时间", "response time"),
    ("执行时间", "execution time"),
    ("运行时间", "run time"),
    ("测试时长", "test duration"),
    ("状态码", "status code"),
    ("时间戳", "timestamp"),
    ("总时间", "total time"),
    ("总耗时", "total time"),
    ("请求数", "requests"),
    ("成功数", "success count"),
    ("失败数", "error count"),
    ("错误数", "error count"),
    ("成功率", "success rate"),
    ("错误率", "error rate"),
    ("失败率", "error rate"),
    ("吞吐量", "throughput"),
    ("并发数", "concurrency"),
    ("线程数", "threads"),
    ("用户数", "users"),
    ("连接数", "connections"),
    ("标准差", "std"),
    ("最大值", "max"),
    ("最小值", "min"),
    ("平均值", "mean"),
    ("中位数", "median"),
    ("数据库", "database"),
    ("服务器", "server"),
    ("框架", "framework"),
    ("名称", "name"),
    ("场景", "scenario"),
    ("接口", "endpoint"),
    ("并发", "concurrency"),
    ("重复", "repetition"),
    ("轮次", "repetition"),
    ("延迟", "latency"),
    ("时延", "latency"),
    ("耗时", "total time"),
    ("平均", "mean"),
    ("最大", "max"),
    ("最小", "min"),
    ("内存", "memory"),
];

/// The words of a part of a name: `totalTime`, `Total Time`, `total-time` and 总时间 all give `total` and `time`, and
/// `p99.9`, `p(99.9)`, `99.9%` and `99.9th percentile` all give `p99.9`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut text = name.to_owned();
    if !text.is_ascii() {
        for (chinese, english) in CHINESE {
            if text.contains(chinese) {
                text = text.replace(chinese, &format!(" {english} "));
            }
        }
        text = text.replace(['（', '）'], " ");
    }
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = text.chars().collect();
    for (place, &c) in characters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| characters.get(place)).copied();
        let after = characters.get(place + 1).copied();
        let is_point =
            c == '.' && word.ends_with(|c: char| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        let begins_word = c.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
                || (before.is_some_and(char::is_uppercase)
                    && after.is_some_and(char::is_lowercase)
                    && !is_plural(&characters, place)));
        if begins_word {
            push(&mut words, &mut word);
        }
        match c {
            '%' => {
                push(&mut words, &mut word);
                words.push("%".to_owned());
            }
            '/' => {
                push(&mut words, &mut word);
                words.push("per".to_owned());
            }
            '#' => {
                push(&mut words, &mut word);
                words.push("num".to_owned());
            }
            c if c.is_alphanumeric() || is_point => word.extend(c.to_lowercase()),
            _ => push(&mut words, &mut word),
        }
    }
    push(&mut words, &mut word);
    percentiles(words)
}

/// Whether the letter after this one is the `s` of a plural, as in `VUs`.
fn is_plural(characters: &[char], place: usize) -> bool {
    characters.get(place + 1) == Some(&'s') && characters.get(place + 2).is_none_or(|c| !c.is_alphabetic())
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Brings every way to write a percentile to one word.
fn percentiles(words: Vec<String>) -> Vec<String> {
    const MARKS: [&str; 6] = ["p", "percentile", "pct", "perc", "quantile", "%"];
    let mut brought: Vec<String> = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        let is_marked = brought.last().is_some_and(|mark| MARKS.contains(&mark.as_str()) && mark != "%");
        let is_followed = rest.peek().is_some_and(|mark| MARKS.contains(&mark.as_str()));
        let ordinal = ["th", "st", "nd", "rd"].iter().find_map(|ending| word.strip_suffix(ending));
        let own = ["p", "pct", "perc", "q"].iter().find_map(|mark| word.strip_prefix(mark));
        let number = own.or(ordinal).or_else(|| (is_marked || is_followed).then_some(word.as_str()));
        let percent = number.and_then(percent_of);
        match percent {
            Some(percent) => {
                if is_marked && own.is_none() {
                    brought.pop();
                }
                if (ordinal.is_some() || own.is_none())
                    && rest.peek().is_some_and(|mark| MARKS.contains(&mark.as_str()))
                {
                    rest.next();
                }
                // `p99_9` is 99.9.
                let decimals = rest.peek().filter(|next| {
                    own.is_some() && matches!(next.as_str(), "9" | "99" | "5") && !percent.contains('.')
                });
                let percent = match decimals {
                    Some(decimals) => format!("{percent}.{decimals}"),
                    None => percent,
                };
                if percent.contains('.')
                    && own.is_some()
                    && rest.peek().is_some_and(|next| percent.ends_with(&format!(".{next}")))
                {
                    rest.next();
                }
                brought.push(format!("p{percent}"));
            }
            None => brought.push(word),
        }
    }
    brought
}

/// A percentage from its digits, without zeros at its end; `999` is 99.9.
fn percent_of(digits: &str) -> Option<String> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let text = match digits {
        "999" => "99.9",
        "9999" => "99.99",
        "995" => "99.5",
        _ => digits,
    };
    let percent: f64 = text.parse().ok()?;
    (0.0 < percent && percent < 100.0).then(|| percent.to_string())
}

/// A unit that a name ends in: what of the name is left, and the text of the unit.
pub(super) fn bracketed(name: &str) -> (&str, Option<&str>) {
    let name = name.trim();
    let Some(opened) = name.strip_suffix([')', ']', '）']) else { return (name, None) };
    match opened.rfind(['(', '[', '（']) {
        Some(bracket) => {
            let (rest, unit) = opened.split_at(bracket);
            (rest.trim_end(), Some(unit.trim_start_matches(['(', '[', '（']).trim()))
        }
        None => (name, None),
    }
}

/// The seconds in a unit of time that ends a name. `m`, `h` and `d` never do, as they may stand for many things, and `min`
/// may be a minimum.
pub(super) fn seconds_of(word: &str) -> Option<f64> {
    units::seconds_in(word).filter(|_| !["m", "h", "d", "day", "min"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        let table = [
            ("totalTime", "total time"),
            ("Total Reqs", "total reqs"),
            ("P99 Latency", "p99 latency"),
            ("latencyP99", "latency p99"),
            ("p99.9", "p99.9"),
            ("p99_9", "p99.9"),
            ("p999", "p99.9"),
            ("p(95)", "p95"),
            ("99%", "p99"),
            ("90% Line", "p90 line"),
            ("95thPercentileLatency", "p95 latency"),
            ("99th_percentile", "p99"),
            ("percentile_99.9", "p99.9"),
            ("p50.00", "p50"),
            ("Error %", "error %"),
            ("Requests/sec", "requests per sec"),
            ("# Samples", "num samples"),
            ("总时间", "total time"),
            ("平均响应时间", "mean response time"),
            ("p50_us", "p50 us"),
            ("HTTPStatus", "http status"),
            ("QPS", "qps"),
            ("VUs", "vus"),
        ];
        for (name, expected) in table {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }
}
