//! What a column's name says of what it holds, before any value is looked at.
//!
//! A name is read from its sections (`summary`, `results`), its subject (`latency`), its statistic (`p99`) and its unit (`ms`).

use super::tokens;
use super::vocabulary as known;

/// What a column of this name may hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    /// What is compared; the smaller, the surer.
    Framework(usize),
    /// What was asked of it.
    Scenario,
    /// How many at once; the smaller, the surer.
    Level(usize),
    /// Which of several runs.
    Repetition,
    /// When; the smaller, the finer.
    Moment(usize),
    /// A text that tells rows apart and says nothing else.
    Label,
    /// A number of requests, successes or failures.
    Count(Counted, Sureness),
    /// A share of failures or successes, and whether its name says that it is in percent.
    Share(Counted, bool),
    /// Failures a second.
    FailureRate(f64),
    /// How a run or a request ended, as a status or a word.
    Status,
    /// A time.
    Time(Time),
    /// A rate.
    Rate(Rate),
    /// An amount of bytes, and the bytes in its unit.
    Bytes(Amount),
    /// The unit of another column, or of all.
    Unit(Vec<String>),
    /// A number that was set.
    Parameter,
    /// Nothing that is known.
    Unknown,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// All requests.
    Requests,
    /// Those that succeeded.
    Successes,
    /// Those that failed.
    Failures,
    /// Those that failed in one way.
    KindOfFailure,
}

/// How sure a name is of what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sureness {
    /// It may be the number of anything.
    Vague,
    /// It says what it counts.
    Plain,
    /// It says that it is the sum of what was counted.
    Total,
}

/// A time, as a name gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Time {
    /// Of what.
    pub(crate) subject: Subject,
    /// Which of its statistics; `None` for the time itself.
    pub(crate) statistic: Option<Statistic>,
    /// The seconds in its unit, where the name gives one.
    pub(crate) seconds: Option<f64>,
    /// Whether the minimum may as well be minutes.
    pub(crate) may_be_minutes: bool,
    /// Whether it is the mean or median of several such times.
    pub(crate) is_repeated: bool,
}

/// What a time is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The whole run.
    Total,
    /// The same, by a name that may as well be something else.
    WeakTotal,
    /// A request.
    Latency,
    /// All of the run, shared out to its requests.
    PerRequest,
    /// It is not said.
    Bare,
    /// Something else.
    Other,
}

/// A statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Statistic {
    /// Mean.
    Mean,
    /// Standard deviation.
    Std,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Percentile, in hundredths of a percent.
    Percentile(u16),
}

impl Time {
    /// How unsure it is that this is the statistic of the requests of a run: the mean of percentiles is less sure than a
    /// percentile.
    pub(crate) const fn rank(&self) -> usize {
        if self.is_repeated { 1 } else { 0 }
    }
}

impl Statistic {
    /// The median.
    pub(crate) const MEDIAN: Self = Self::Percentile(5_000);
}

/// A rate, as a name gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// What it counts; the smaller, the surer that these are requests. `None` where they are none.
    pub(crate) requests: Option<usize>,
    /// Which of its statistics.
    pub(crate) statistic: Option<Statistic>,
    /// How many a second one of it is.
    pub(crate) per_second: f64,
    /// What it counts, in a word.
    pub(crate) noun: String,
}

/// An amount of bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Amount {
    /// The bytes in its unit.
    pub(crate) bytes: f64,
    /// Whether it is memory, of which less is better.
    pub(crate) is_memory: bool,
    /// Whether it is what was received.
    pub(crate) is_received: bool,
}

impl Meaning {
    /// Reads the name of a column: those of the objects that it stands in, and its own.
    pub(crate) fn of<S: AsRef<str>>(path: &[S]) -> Self {
        let parts: Vec<&str> = path.iter().map(AsRef::as_ref).flat_map(split_at_points).collect();
        let Some((own, outer)) = parts.split_last() else { return Self::Unknown };
        let (own, bracket) = tokens::bracketed(own);
        let own = tokens::words(own);
        let mut words: Vec<String> = Vec::new();
        for part in outer {
            let part = tokens::words(part);
            if !part.iter().all(|word| known::SECTIONS.contains(&word.as_str())) {
                words.extend(part);
            }
        }
        let is_mere_value = matches!(own.join("_").as_str(), "value" | "values" | "estimate") && !words.is_empty();
        if !is_mere_value {
            words.extend(own);
        }
        // `p99 latency p99` says the same twice.
        words.dedup();
        read(&words, bracket)
    }

    /// The meaning of a name that stands by itself.
    pub(crate) fn of_name(name: &str) -> Self {
        Self::of(&[name])
    }

    /// Whether it says something that was measured and that benchplot compares.
    pub(crate) fn is_measure(&self) -> bool {
        match self {
            Self::Time(time) => match time.subject {
                Subject::Total | Subject::Latency | Subject::PerRequest | Subject::WeakTotal => true,
                Subject::Bare => time.seconds.is_some() || matches!(time.statistic, Some(Statistic::Percentile(_))),
                Subject::Other => false,
            },
            Self::Rate(rate) => rate.requests.is_some(),
            _ => false,
        }
    }

    /// Whether it says anything at all.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Parameter)
    }
}

/// pandas puts points between the parts of a nested name. A point before a digit is one of a number.
fn split_at_points(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for (place, _) in name.match_indices('.') {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let before = name.get(begin..place).unwrap_or_default();
        let after = name.get(place + 1..).unwrap_or_default();
        if is_letter(after.chars().next()) && before.chars().any(char::is_alphabetic) {
            parts.push(before);
            begin = place + 1;
        }
    }
    parts.push(name.get(begin..).unwrap_or_default());
    parts
}

fn read(words: &[String], bracket: Option<&str>) -> Meaning {
    if let Some(meaning) = read_whole(words, bracket) {
        return meaning;
    }
    // `test_duration` and `benchmark_throughput` say no more without their first word.
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && known::SECTIONS.contains(&first.as_str()) => read(rest, bracket),
        _ => leftover(words, bracket),
    }
}

fn read_whole(words: &[String], bracket: Option<&str>) -> Option<Meaning> {
    let name = words.join("_");
    let is = |names: &[&str]| names.contains(&name.as_str());
    if bracket.is_none() {
        if matches!(name.as_str(), "unit" | "units" | "time_unit" | "time_units" | "unit_of_time") {
            return Some(Meaning::Unit(Vec::new()));
        }
        if let Some(stem) =
            words.strip_suffix(&["unit".to_owned()]).or_else(|| words.strip_suffix(&["units".to_owned()]))
        {
            return Some(Meaning::Unit(stem.to_vec()));
        }
    }
    if let Some(place) = known::LEVELS.iter().position(|names| is(names)) {
        return Some(Meaning::Level(place));
    }
    if is(known::SCENARIOS) {
        return Some(Meaning::Scenario);
    }
    if is(known::REPETITIONS) {
        return Some(Meaning::Repetition);
    }
    if let Some(meaning) = outcome(words, bracket) {
        return Some(meaning);
    }
    if let Some(meaning) = rate(words, bracket) {
        return Some(meaning);
    }
    let without_unit =
        words.split_last().filter(|(last, _)| tokens::seconds_of(last).is_some()).map(|(_, rest)| rest.join("_"));
    let is_moment = |other: &&str| *other == name || Some(*other) == without_unit.as_deref();
    if let Some(place) = known::MOMENTS.iter().position(is_moment) {
        return Some(Meaning::Moment(place));
    }
    if let Some(meaning) = time(words, bracket) {
        return Some(meaning);
    }
    if let Some(place) = known::FRAMEWORKS.iter().position(|names| is(names)) {
        return Some(Meaning::Framework(place));
    }
    if is(known::LABELS) {
        return Some(Meaning::Label);
    }
    count(words)
}

/// Failures and successes: how many, what share of all, or how a single one ended.
fn outcome(words: &[String], bracket: Option<&str>) -> Option<Meaning> {
    const STATUS: &[&str] = &[
        "status",
        "state",
        "outcome",
        "result",
        "status_code",
        "code",
        "http_status",
        "http_code",
        "response_code",
        "http_status_code",
        "statuscode",
        "exit_code",
        "exit_status",
        "return_code",
        "test_result",
        "status_codes",
        "http_codes",
        "http_status_codes",
        "response_codes",
        "status_code_distribution",
        "responses_by_status",
        "status_counts",
        "status_distribution",
        "codes",
    ];
    let name = words.join("_");
    if STATUS.contains(&name.as_str()) {
        return Some(Meaning::Status);
    }
    let has = |of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    // `timed_out`, and `successful_requests_per_second`.
    if has(&["per", "throughput"]) {
        let is_rate = has(known::FAILURES)
            && words
                .iter()
                .all(|word| known::FAILURES.contains(&word.as_str()) || is_of_count(word) || is_per_second(word));
        return is_rate.then_some(Meaning::FailureRate(if has(&["min", "minute"]) { 1.0 / 60.0 } else { 1.0 }));
    }
    let is_failure = has(known::FAILURES);
    let is_kind = has(known::KINDS_OF_FAILURE);
    let is_success = has(known::SUCCESSES);
    if !(is_failure || is_kind || is_success) {
        return None;
    }
    let counted = if is_failure && is_success {
        return None;
    } else if is_success {
        Counted::Successes
    } else if is_kind && !name.ends_with("_rate") {
        Counted::KindOfFailure
    } else {
        Counted::Failures
    };
    let is_share = has(known::SHARES) || bracket == Some("%");
    let is_understood = |word: &String| {
        let word = word.as_str();
        known::FAILURES.contains(&word)
            || known::KINDS_OF_FAILURE.contains(&word)
            || known::SUCCESSES.contains(&word)
            || known::SHARES.contains(&word)
            || is_of_count(word)
            || [
                "connect",
                "connection",
                "socket",
                "read",
                "write",
                "http",
                "out",
                "is",
                "was",
                "users",
                "user",
                "status",
                "responses",
                "response",
                "message",
                "messages",
                "msg",
                "tests",
                "type",
                "list",
                "details",
                "by",
                "kind",
                "overall",
                "avg",
                "mean",
                "test",
                "connections",
                "transport",
                "request",
            ]
            .contains(&word)
    };
    if !words.iter().all(is_understood) {
        // A time or a level that has to do with failures is neither, as the timeout of a client is.
        return None;
    }
    if is_share {
        let is_percent = has(&["pct", "percent", "percentage", "%", "perc"]) || bracket == Some("%");
        return Some(Meaning::Share(counted, is_percent));
    }
    let sureness = if has(&["total"]) { Sureness::Total } else { Sureness::Plain };
    // Programs write how many they completed, failures among them.
    let counted = match name.as_str() {
        "completed_requests" | "requests_completed" | "num_completed_requests" => Counted::Requests,
        _ => counted,
    };
    Some(Meaning::Count(counted, sureness))
}

fn is_of_count(word: &str) -> bool {
    known::COUNTING.contains(&word) || known::REQUESTS.iter().any(|names| names.contains(&word))
}

fn is_per_second(word: &str) -> bool {
    matches!(word, "per" | "s" | "sec" | "second" | "seconds" | "min" | "minute")
}

/// Rates: NOUN per second in all its spellings.
fn rate(words: &[String], bracket: Option<&str>) -> Option<Meaning> {
    let (statistic, rest) = without_statistic(words);
    let rest: Vec<&str> = rest.iter().map(|word| word.as_str()).collect();
    let mut per_second = None;
    let mut nouns: Vec<&str> = Vec::new();
    let is_count =
        rest.iter().any(|word| ["total", "num", "count", "number", "n", "target", "limit", "offered"].contains(word))
            && !rest.contains(&"per")
            && !rest.contains(&"throughput");
    let is_throughput = rest.contains(&"throughput");
    let mut rank = None;
    let mut place = 0;
    while let Some(word) = rest.get(place) {
        let next = rest.get(place + 1).copied();
        let single = known::RATES.iter().find(|(name, ..)| name == word);
        let is_last = place + 1 == rest.len();
        match (*word, next) {
            ("per", Some("s" | "sec" | "second" | "seconds")) => {
                per_second = Some(1.0);
                place += 1;
            }
            ("per", Some("min" | "minute" | "minutes")) => {
                per_second = Some(1.0 / 60.0);
                place += 1;
            }
            ("per", Some("ms" | "millisecond")) => {
                per_second = Some(1e3);
                place += 1;
            }
            ("per", _) => return None,
            ("s" | "sec" | "second" | "persec" | "persecond", _)
                if is_last
                    && (is_throughput
                        || rest.len() == 2
                            && nouns
                                .iter()
                                .any(|noun| is_request(noun).is_some() || known::OTHER_THINGS.contains(noun))) =>
            {
                per_second = Some(1.0);
            }
            // Operations may be counted, too.
            ("ops", _) if per_second.is_none() && (is_count || rest.contains(&"per")) => nouns.push("ops"),
            (_, _) if single.is_some_and(|_| !is_count || is_throughput) => {
                let (_, of, factor) = single?;
                rank = Some(*of);
                per_second = Some(*factor);
            }
            (noun, _) if !known::MEANINGLESS.contains(&noun) => nouns.push(noun),
            _ => {}
        }
        place += 1;
    }
    if per_second.is_none() && is_throughput {
        per_second = Some(1.0);
    }
    let bracket_rate = bracket.and_then(Rate::of_unit);
    if let Some(of_unit) = &bracket_rate {
        // A unit in brackets says more than the name: `Throughput (req/s)`, `Transfer (MB/s)`.
        if !nouns.is_empty()
            && nouns.iter().any(|noun| is_request(noun).is_none() && !known::OTHER_THINGS.contains(noun))
        {
            return Some(Meaning::Rate(Rate { requests: None, statistic, ..of_unit.clone() }));
        }
        let requests =
            if nouns.iter().any(|noun| known::OTHER_THINGS.contains(noun)) { None } else { of_unit.requests };
        return Some(Meaning::Rate(Rate { requests, statistic, ..of_unit.clone() }));
    }
    let per_second = per_second?;
    if bracket.is_some() {
        return None;
    }
    let known_nouns: Option<Vec<usize>> = nouns.iter().map(|noun| is_request(noun)).collect();
    let requests = match (rank, known_nouns) {
        (Some(rank), Some(_)) if nouns.len() <= 1 => Some(rank),
        (None, Some(ranks)) => match ranks.as_slice() {
            [] => Some(1),
            [rank] => Some(*rank),
            // `http_requests` is one thing, `requests_messages` is none.
            _ => None,
        },
        _ => None,
    };
    let noun = nouns.last().copied().or_else(|| rest.last().copied()).unwrap_or_default().to_owned();
    Some(Meaning::Rate(Rate { requests, statistic, per_second, noun }))
}

/// What is called a request here, and how sure that is.
fn is_request(word: &str) -> Option<usize> {
    known::REQUESTS.iter().position(|names| names.contains(&word))
}

impl Rate {
    /// The rate that a unit such as `req/s`, `kops/s` or `MB/s` stands for.
    pub(crate) fn of_unit(unit: &str) -> Option<Self> {
        let unit = unit.trim();
        let lower = unit.to_lowercase();
        if let Some((_, rank, factor)) = known::RATES.iter().find(|(name, ..)| *name == lower) {
            return Some(Self { requests: Some(*rank), statistic: None, per_second: *factor, noun: lower });
        }
        let words = tokens::words(unit);
        let split = words.iter().position(|word| word == "per")?;
        let (nouns, after) = words.split_at(split);
        let per_second = match after.get(1).map(String::as_str) {
            Some("s" | "sec" | "second" | "seconds") => 1.0,
            Some("min" | "minute" | "m") => 1.0 / 60.0,
            Some("ms") => 1e3,
            _ => return None,
        };
        match nouns {
            [] => Some(Self { requests: Some(1), statistic: None, per_second, noun: String::new() }),
            [number] if number == "1" => {
                Some(Self { requests: Some(1), statistic: None, per_second, noun: String::new() })
            }
            [noun] => {
                let scaled = |prefix: &str| noun.strip_prefix(prefix).and_then(is_request);
                let (requests, factor) = match (is_request(noun), scaled("k"), scaled("m")) {
                    (Some(rank), ..) => (Some(rank), 1.0),
                    (None, Some(rank), _) => (Some(rank), 1e3),
                    (None, None, Some(rank)) => (Some(rank), 1e6),
                    _ => (None, 1.0),
                };
                Some(Self { requests, statistic: None, per_second: per_second * factor, noun: noun.clone() })
            }
            _ => Some(Self { requests: None, statistic: None, per_second, noun: nouns.join(" ") }),
        }
    }
}

/// Takes the statistic off the words.
fn without_statistic(words: &[String]) -> (Option<Statistic>, Vec<&String>) {
    let found = words.iter().enumerate().find_map(|(place, word)| Some((place, statistic(word)?)));
    match found {
        Some((place, statistic)) => (
            Some(statistic),
            words.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, word)| word).collect(),
        ),
        None => (None, words.iter().collect()),
    }
}

fn statistic(word: &str) -> Option<Statistic> {
    if known::MEANS.contains(&word) {
        return Some(Statistic::Mean);
    }
    if known::MEDIANS.contains(&word) {
        return Some(Statistic::MEDIAN);
    }
    if known::DEVIATIONS.contains(&word) {
        return Some(Statistic::Std);
    }
    if known::MINIMA.contains(&word) {
        return Some(Statistic::Min);
    }
    if known::MAXIMA.contains(&word) {
        return Some(Statistic::Max);
    }
    let percent: f64 = word.strip_prefix('p')?.parse().ok()?;
    (0.0 < percent && percent < 100.0).then(|| Statistic::Percentile((percent * 100.0).round() as u16))
}

fn time(words: &[String], bracket: Option<&str>) -> Option<Meaning> {
    let in_brackets = match bracket {
        // In brackets `min` can only be a unit.
        Some(unit) => Some(super::units::seconds_in(unit)?),
        None => None,
    };
    let joined = words.join("_");
    let (mut seconds, mut rest) = (in_brackets, words);
    if let (None, Some((last, before))) = (seconds, words.split_last())
        && let Some(found) = tokens::seconds_of(last).filter(|_| !before.is_empty())
    {
        seconds = Some(found);
        rest = before;
    }
    // `latency_ms` may hold an object with `mean` in it.
    let without_unit;
    if seconds.is_none()
        && let Some(place) =
            rest.iter().position(|word| ["ns", "us", "µs", "ms", "msec", "usec", "millis"].contains(&word.as_str()))
        && 1 < rest.len()
    {
        seconds = rest.get(place).and_then(|word| tokens::seconds_of(word));
        without_unit = rest
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, word)| word.clone())
            .collect::<Vec<_>>();
        rest = &without_unit;
    }
    // `time_in_ms`.
    if let Some((last, before)) = rest.split_last()
        && seconds.is_some()
        && last == "in"
    {
        rest = before;
    }
    let ends_in_min = seconds.is_none() && rest.last().is_some_and(|word| word == "min") && 1 < rest.len();
    let (mut statistic, subject) = without_statistic(rest);
    let mut subject: Vec<String> = subject.into_iter().cloned().collect();
    let mut is_repeated = false;
    // `p99_mean` is the mean of percentiles, and `p99_min` the least of them.
    if let (Some(Statistic::Percentile(_)), (Some(second), others)) = (statistic, without_statistic(&subject)) {
        if !matches!(second, Statistic::Mean | Statistic::MEDIAN) {
            return Some(Meaning::Time(Time {
                subject: Subject::Other,
                statistic,
                seconds,
                may_be_minutes: false,
                is_repeated: true,
            }));
        }
        is_repeated = true;
        subject = others.into_iter().cloned().collect();
    }
    let subject = subject.iter().map(|word| word.as_str()).collect::<Vec<_>>().join("_");
    let is = |names: &[&str]| names.contains(&subject.as_str());
    let of = if is(known::TIMES_PER_REQUEST) && (statistic == Some(Statistic::Mean) || subject.contains("per")) {
        statistic = None;
        Subject::PerRequest
    } else if is(known::LATENCIES) {
        Subject::Latency
    } else if is(known::TOTAL_TIMES) {
        match statistic {
            // The mean, median or 99th percentile of times is one of single iterations, unless it says that they are whole runs.
            Some(_) if !subject.contains("total") && !subject.starts_with("wall") => Subject::Latency,
            _ if is(known::WEAK_TOTAL_TIMES) && seconds.is_none() => Subject::WeakTotal,
            _ => Subject::Total,
        }
    } else if subject.is_empty() && (statistic.is_some() || seconds.is_some()) {
        Subject::Bare
    } else if matches!(joined.as_str(), "seconds" | "secs" | "milliseconds" | "millis" | "microseconds" | "nanoseconds")
    {
        seconds = super::units::seconds_in(&joined);
        Subject::Total
    } else {
        let last = subject.rsplit('_').next().unwrap_or_default();
        let is_time = seconds.is_some()
            || known::OTHER_TIMES.contains(&subject.as_str())
            || ["time", "latency", "duration", "delay"].contains(&last);
        if !is_time || subject.is_empty() {
            return None;
        }
        Subject::Other
    };
    let may_be_minutes = ends_in_min
        && matches!(of, Subject::Total | Subject::WeakTotal | Subject::Latency)
        && statistic == Some(Statistic::Min);
    Some(Meaning::Time(Time { subject: of, statistic, seconds, may_be_minutes, is_repeated }))
}

fn count(words: &[String]) -> Option<Meaning> {
    let name = words.join("_");
    if matches!(
        name.as_str(),
        "count"
            | "total"
            | "iterations"
            | "calls"
            | "samples"
            | "samples_count"
            | "sample_count"
            | "num_samples"
            | "num_prompts"
            | "hits"
    ) {
        return Some(Meaning::Count(Counted::Requests, Sureness::Vague));
    }
    let nouns: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !known::COUNTING.contains(word) && *word != "http").collect();
    let [noun] = nouns.as_slice() else { return bytes(words) };
    let rank = is_request(noun);
    // A column of records or rows is as often the size of what was worked on.
    let is_sized = words.len() == 1 && !noun.ends_with('s')
        || [
            "row",
            "rows",
            "record",
            "records",
            "items",
            "item",
            "job",
            "jobs",
            "task",
            "tasks",
            "event",
            "command",
            "cmd",
            "op",
            "call",
            "operation",
            "message",
            "query",
            "commits",
            "publishes",
            "inserts",
            "lookups",
        ]
        .contains(noun);
    match rank {
        Some(rank) if words.len() == 1 && is_sized && (0 < rank || *noun != "req") => None,
        Some(0) if words.iter().any(|word| word == "total") => Some(Meaning::Count(Counted::Requests, Sureness::Total)),
        Some(_) if words.iter().any(|word| word == "total") && !is_sized => {
            Some(Meaning::Count(Counted::Requests, Sureness::Plain))
        }
        Some(0) => Some(Meaning::Count(Counted::Requests, Sureness::Plain)),
        Some(_) => Some(Meaning::Count(Counted::Requests, Sureness::Vague)),
        None => bytes(words),
    }
}

fn bytes(words: &[String]) -> Option<Meaning> {
    let name = words.join("_");
    let is_received = matches!(
        name.as_str(),
        "bytes"
            | "bytes_received"
            | "received_bytes"
            | "transferred_bytes"
            | "bytes_read"
            | "total_bytes"
            | "bytes_total"
    );
    let factor = words.last().and_then(|word| byte_factor(word));
    let is_memory = words.iter().any(|word| known::MEMORY.contains(&word.as_str()));
    match factor {
        None if is_received => Some(Meaning::Bytes(Amount { bytes: 1.0, is_memory, is_received })),
        Some(bytes) if is_received || is_memory => Some(Meaning::Bytes(Amount { bytes, is_memory, is_received })),
        _ => None,
    }
}

/// The bytes in a unit of bytes.
pub(crate) fn byte_factor(unit: &str) -> Option<f64> {
    Some(match unit.to_lowercase().as_str() {
        "b" | "byte" | "bytes" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

fn leftover(words: &[String], bracket: Option<&str>) -> Meaning {
    if let Some(bytes) = bracket.and_then(byte_factor) {
        let is_memory = words.iter().any(|word| known::MEMORY.contains(&word.as_str()));
        return Meaning::Bytes(Amount { bytes, is_memory, is_received: false });
    }
    if words.iter().any(|word| known::PARAMETERS.contains(&word.as_str())) {
        Meaning::Parameter
    } else {
        Meaning::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        let path: Vec<&str> = name.split('>').collect();
        match Meaning::of(&path) {
            Meaning::Time(time) => {
                let unit = time.seconds.map(|seconds| format!(" {seconds}")).unwrap_or_default();
                let statistic = time.statistic.map(|statistic| format!(" {statistic:?}")).unwrap_or_default();
                format!("{:?}{statistic}{unit}", time.subject)
            }
            Meaning::Rate(rate) => {
                let what = rate.requests.map_or_else(|| rate.noun.clone(), |rank| rank.to_string());
                let statistic = rate.statistic.map(|statistic| format!(" {statistic:?}")).unwrap_or_default();
                format!("rate {what}{statistic} {}", rate.per_second)
            }
            Meaning::Count(counted, sureness) => format!("{counted:?} {sureness:?}"),
            Meaning::Share(counted, is_percent) => format!("share {counted:?} {is_percent}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn names_say_what_they_mean() {
        let table = [
            ("total_time", "Total"),
            ("Duration(s)", "Total 1"),
            ("test_config>duration_ms", "Total 0.001"),
            ("test_duration", "Total"),
            ("Execution Time (seconds)", "Total 1"),
            ("exec_time", "Total"),
            ("time", "WeakTotal"),
            ("time_ms", "Total 0.001"),
            ("runtime", "WeakTotal"),
            ("total_time_min", "Total Min"),
            ("total_time_mean", "Total Mean"),
            ("latency>mean", "Latency Mean"),
            ("latency_ms>mean", "Latency Mean 0.001"),
            ("response_times>average", "Latency Mean"),
            ("latency_stats>p95", "Latency Percentile(9500)"),
            ("timings>p95", "Latency Percentile(9500)"),
            ("avg_response_time", "Latency Mean"),
            ("P95 Latency (ms)", "Latency Percentile(9500) 0.001"),
            ("Avg Latency(ms)", "Latency Mean 0.001"),
            ("p50_us", "Bare Percentile(5000) 0.000001"),
            ("mean_ms", "Bare Mean 0.001"),
            ("p99.9", "Bare Percentile(9990)"),
            ("p99_mean", "Bare Percentile(9900)"),
            ("p99_min", "Other Percentile(9900)"),
            ("latency_avg", "Latency Mean"),
            ("mean_e2e_latency_ms", "Latency Mean 0.001"),
            ("mean_e2el_ms", "Latency Mean 0.001"),
            ("ttft_p50_ms", "Other Percentile(5000) 0.001"),
            ("mean_ttft_ms", "Other Mean 0.001"),
            ("avg_time_per_request", "PerRequest"),
            ("平均响应时间(ms)", "Latency Mean 0.001"),
            ("总耗时（秒）", "Total 1"),
            ("rps", "rate 0 1"),
            ("throughput_rps", "rate 0 1"),
            ("Requests/sec", "rate 0 1"),
            ("Requests/s", "rate 0 1"),
            ("req/s", "rate 0 1"),
            ("req_per_sec", "rate 0 1"),
            ("requests_per_second", "rate 0 1"),
            ("throughput_requests_per_second", "rate 0 1"),
            ("request_throughput", "rate 0 1"),
            ("Throughput (req/s)", "rate 0 1"),
            ("throughput", "rate 1 1"),
            ("throughput>mean", "rate 1 Mean 1"),
            ("TPS", "rate 1 1"),
            ("ops_per_sec", "rate 2 1"),
            ("ops/s", "rate 2 1"),
            ("ops", "rate 2 1"),
            ("hz", "rate 3 1"),
            ("iops", "rate 2 1"),
            ("rps_min", "rate 0 Min 1"),
            ("krps", "rate 0 1000"),
            ("requests_per_minute", "rate 0 0.016666666666666666"),
            ("throughput_mps", "rate 2 1"),
            ("output_tokens_per_s", "rate tokens 1"),
            ("output_throughput", "rate output 1"),
            ("total_token_throughput", "rate token 1"),
            ("每秒请求数", "rate 0 1"),
            ("total_ops", "Requests Plain"),
            ("total_requests", "Requests Total"),
            ("Total Reqs", "Requests Total"),
            ("num_requests", "Requests Plain"),
            ("n_req", "Requests Plain"),
            ("# Samples", "Requests Vague"),
            ("count", "Requests Vague"),
            ("total", "Requests Vague"),
            ("n", "Parameter"),
            ("requests_per_user", "Parameter"),
            ("batch_size", "Parameter"),
            ("failed", "Failures Plain"),
            ("total_failures", "Failures Total"),
            ("failed_users", "Failures Plain"),
            ("num_failed", "Failures Plain"),
            ("errors", "Failures Plain"),
            ("timeouts", "KindOfFailure Plain"),
            ("successful_requests", "Successes Plain"),
            ("success", "Successes Plain"),
            ("Error %", "share Failures true"),
            ("error_rate", "share Failures false"),
            ("success_rate", "share Successes false"),
            ("failure_rate_pct", "share Failures true"),
            ("Failures/s", "FailureRate(1.0)"),
            ("status_code", "Status"),
            ("http_code", "Status"),
            ("state", "Status"),
            ("max_concurrency", "Level(0)"),
            ("config>concurrency", "Level(1)"),
            ("test_config>num_users", "Level(2)"),
            ("n_threads", "Level(4)"),
            ("Server Name", "Framework(1)"),
            ("name", "Framework(2)"),
            ("operation", "Scenario"),
            ("run", "Repetition"),
            ("unit", "Unit([])"),
            ("latency_unit", "Unit([\"latency\"])"),
            ("timestamp", "Moment(0)"),
            ("timestamp_ms", "Moment(0)"),
            ("gpu_mem_mb", "Bytes(Amount { bytes: 1000000.0, is_memory: true, is_received: false })"),
            ("kestrel", "Unknown"),
            ("kestrel_ms", "Other 0.001"),
            ("mode", "Unknown"),
            ("colour", "Unknown"),
        ];
        let wrong: Vec<_> = table
            .into_iter()
            .filter(|(name, expected)| shown(name) != *expected)
            .map(|(name, expected)| format!("{name}: {expected}, not {}", shown(name)))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
