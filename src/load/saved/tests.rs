//! What goes through the file comes out of it, whole or in parts.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::load::samples::profiled;
use crate::load::{InputRuns, derive, finish};
use crate::record::{Direction, Latency, OpenMetric, Precision, Profile, RequestTicks, ToolHistogram, Unit, Work};

fn loaded(runs: Vec<Run>) -> Loaded {
    let runs = vec![InputRuns { input: "a.csv".to_owned(), set: None, runs }];
    let summary = InputSummary { name: "a.csv".into(), format: "csv".into(), runs_count: 1, machine: Some("m".into()) };
    finish(&[], runs, vec![summary], Diagnostics::default(), &LoadOptions::default()).unwrap()
}

/// What is read from files that hold these.
fn through_files<'a>(parts: impl IntoIterator<Item = &'a Loaded>) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let mut inputs = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        let path = folder.path().join(format!("{index}.parquet"));
        save(part, File::create(&path).unwrap()).unwrap();
        assert!(is_saved(&path));
        inputs.push(Input { label: None, target: path.display().to_string() });
    }
    load_saved(&inputs, &LoadOptions::default()).unwrap()
}

/// All runs with what hangs on them, but not where they were read from.
fn runs(loaded: &Loaded) -> Vec<Run> {
    loaded.runs.iter().map(|run| Run { source: String::new(), ..run.clone() }).collect()
}

fn requests() -> impl Strategy<Value = Vec<(bool, RequestTicks)>> {
    let start = prop::option::of(0..3_000_000_000_000_i64);
    let latency = prop::option::of(prop_oneof![0..100_000_000_000_u64, any::<u64>()]);
    let request = (start, latency, any::<bool>(), prop::option::of(0..1_000_000_u64));
    let request = request.prop_map(|(start, latency, ok, bytes)| RequestTicks { start, latency, ok, bytes });
    prop::collection::vec((any::<bool>(), request), 1..80)
}

/// The runs of requests, which are of one framework or another.
fn of(requests: &[(bool, RequestTicks)], precision: Precision) -> Option<Loaded> {
    let run = |is_first: bool| {
        let mut profile = Profile::new(precision);
        let own = requests.iter().filter(|(first, _)| *first == is_first);
        own.for_each(|(_, request)| profile.add(*request));
        let name = if is_first { "first" } else { "框架" };
        let named = Run { framework: name.to_owned(), repetition: Some(1), tool: "csv".to_owned(), ..Run::default() };
        let mut run = (0 < profile.requests).then(|| profiled(named, profile))?;
        derive::complete(&mut run);
        Some(run)
    };
    let runs: Vec<Run> = [true, false].into_iter().filter_map(run).collect();
    (!runs.is_empty()).then(|| loaded(runs))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_in_any_order_adds_up_to_the_whole(
        requests in requests(),
        cuts in (0..80usize, 0..80usize),
        bits in prop::option::of(5..15u32),
        turn in 0..3usize,
    ) {
        let precision = bits.map_or(Precision::EXACT, Precision::bits);
        let whole = of(&requests, precision).unwrap();
        prop_assert_eq!(runs(&through_files([&whole])), runs(&whole));

        let (first, second) = (cuts.0.min(cuts.1).min(requests.len()), cuts.0.max(cuts.1).min(requests.len()));
        let parts = [&requests[..first], &requests[first..second], &requests[second..]];
        let mut parts: Vec<Loaded> = parts.into_iter().filter_map(|part| of(part, precision)).collect();
        let most = parts.len();
        parts.rotate_left(turn % most);
        let by_name = |mut runs: Vec<Run>| { runs.sort_by(|a, b| a.framework.cmp(&b.framework)); runs };
        // Parts of some are put together first, and kept in a file of their own.
        let together = through_files(parts.iter().take(2));
        let at_once = through_files(&parts);
        let step_by_step = through_files([&together].into_iter().chain(parts.iter().skip(2)));
        // A part that is a copy of another one is counted once.
        prop_assume!(at_once.diagnostics.iter().all(|told| told.code != "duplicate-run"));
        prop_assert_eq!(&by_name(runs(&at_once)), &by_name(runs(&whole)));
        prop_assert_eq!(&by_name(runs(&step_by_step)), &by_name(runs(&whole)));
    }
}

#[test]
fn what_is_not_made_of_requests_comes_back_too() {
    let mut histogram = ToolHistogram::default();
    histogram.add(0.001, 0.002, 3);
    let mut run = Run {
        framework: "gin".into(),
        scenario: "/json".into(),
        concurrency: Some(8),
        axis: "threads".into(),
        repetition: Some(2),
        timestamp: Some(1_795_335_689_508_449),
        total_time: Some(4.25),
        latency: Latency { p99: Some(0.1), ..Latency::default() },
        bytes_read: Some(7),
        tool: "oha".into(),
        source: "gin.json".into(),
        work: Work::Transaction,
        tool_histogram: Some(Arc::new(histogram)),
        ..Run::default()
    };
    run.open.set(OpenMetric::new("saved_ttft", Unit::Seconds, Direction::LowerIsBetter), 0.2);
    run.open.set(OpenMetric::new("saved_tokens", "tokens/s".into(), Direction::Unclear), 1850.0);
    let whole = loaded(vec![run.clone(), Run { framework: "bare".into(), repetition: None, ..Run::default() }]);
    let told = Diagnostic::new(Severity::Warning, "code", "gin.json", "told").at("line 3").help("do");
    let whole = Loaded { diagnostics: vec![told], ..whole };
    let again = through_files([&whole]);
    assert_eq!(runs(&again), runs(&whole));
    assert_eq!((&again.inputs, &again.diagnostics), (&whole.inputs, &whole.diagnostics));
    assert_eq!(again.runs.iter().next().unwrap().source, "gin.json");
}

#[test]
fn no_open_metric_has_the_name_of_another_column() {
    for (name, _) in columns::COLUMNS.into_iter().chain([(columns::KIND, polars::prelude::DataType::String)]) {
        let metric = OpenMetric::new(name, Unit::Bytes, Direction::Unclear);
        assert_ne!(metric.name(), name);
    }
}

#[test]
fn of_different_precisions_the_coarser_is_left_and_told() {
    let request = |latency| (true, RequestTicks { start: None, latency: Some(latency), ok: true, bytes: None });
    let fine = of(&[request(1_000_001), request(1_000_003)], Precision::bits(14)).unwrap();
    let coarse = of(&[request(2_000_001)], Precision::bits(8)).unwrap();
    let all = [request(1_000_001), request(1_000_003), request(2_000_001)];
    let expected = of(&all, Precision::bits(8)).unwrap();
    for parts in [[&fine, &coarse], [&coarse, &fine]] {
        let found = through_files(parts);
        assert_eq!(runs(&found), runs(&expected));
        let told: Vec<_> = found.diagnostics.iter().filter(|told| told.code == "different-precisions").collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].message.contains("14") && told[0].message.contains("known at 8"), "{}", told[0]);
    }
}

#[test]
fn damaged_bytes_are_no_trouble() {
    let request = |latency| (true, RequestTicks { start: Some(5), latency: Some(latency), ok: true, bytes: None });
    let requests: Vec<_> = (1..300).map(|step| request(step * 1_003)).collect();
    let mut whole = Vec::new();
    save(&of(&requests, Precision::DEFAULT).unwrap(), &mut whole).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    for place in (4..whole.len() - 8).step_by(whole.len() / 140) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x15;
        std::fs::write(file.path(), &damaged).unwrap();
        // Whether it is told or the byte does not matter: nothing panics, and no run is made up.
        let runs = read_file(file.path(), "a").map_or(1, |(runs, _)| runs.len());
        assert!(runs <= 2, "{place}: {runs}");
    }
}

/// A file with these rows.
fn file(rows: Rows) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    ParquetWriter::new(file.as_file_mut()).finish(&mut rows.into_frame().unwrap()).unwrap();
    file
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    use columns::Counted;

    use crate::record::SampleKey;

    let key = || SampleKey { framework: "a".into(), scenario: String::new(), concurrency: None, repetition: None };
    let sums = Counted { sum: Some(9), sum_of_squares: Some(41), min: Some(4), max: Some(5), ..Counted::default() };
    let whole = Counted { ok: Some(true), lo: Some(4), bits: Some(1), count: Some(2), ..sums };
    let read = |kind, counted: &[Counted]| {
        let mut rows = Rows::default();
        counted.iter().for_each(|counted| rows.push_counted(kind, &key(), *counted, None));
        read_file(file(rows).path(), "a").map(|(runs, _)| runs.len()).map_err(|error| error.to_string())
    };
    let max = |max| Counted { max: Some(max), ..whole };
    let table = [
        (Kind::Requests, whole, Ok(1)),
        (Kind::Requests, max(8), Err("the rows of a do not go together: the largest value, 8,")),
        (Kind::Requests, Counted { lo: Some(5), ..whole }, Err("5 is the lower edge of no bucket")),
        (Kind::Requests, Counted { sum: Some(50), ..whole }, Err("the sum, 50,")),
        (Kind::Requests, Counted { sum: None, ..whole }, Err("row 1: of the columns sum,")),
        (Kind::Requests, Counted { ok: None, ..whole }, Err("row 1: the column ok")),
        (Kind::Requests, Counted { count: None, ..whole }, Err("row 1: the column count")),
        (Kind::Requests, Counted { tick: Some(1e-6), ..whole }, Err("found 1e-6 s")),
        (Kind::Requests, Counted { bits: Some(21), ..whole }, Err("found 21")),
        (Kind::Requests, Counted { invalid: Some(3), ..whole }, Err("3 of 2 requests")),
        (Kind::Requests, Counted { min_start: Some(1), ..whole }, Err("do not last")),
        (Kind::Timeline, whole, Err("row 1: the column bin_width")),
        (Kind::ToolHistogram, whole, Err("row 1: the column hi")),
        (Kind::ToolHistogram, Counted { hi: Some(3), ..whole }, Err("does not end at 3")),
        (Kind::ToolHistogram, Counted { hi: Some(4), ..whole }, Ok(1)),
    ];
    for (kind, counted, expected) in table {
        match (read(kind, &[counted]), expected) {
            (Err(found), Err(told)) => assert!(found.contains(told), "{found}"),
            (found, expected) => assert_eq!(found.ok(), expected.ok(), "{counted:?}"),
        }
    }
    let twice = Counted { count: Some(u64::MAX), ..whole };
    assert!(read(Kind::Requests, &[twice, twice]).unwrap_err().contains("row 2: there are too many requests"));
    assert_eq!(read(Kind::Requests, &[]), Err("there is no run in it".to_owned()));
}
