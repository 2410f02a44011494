//! No bytes make a reader panic, whatever format they claim to be.

use std::io::Cursor;

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::load::{FORMATS, Format, Loaded, Names, Place, ReadOptions, Sink, Source, named};
use benchplot::record::{Run, Runs};
use proptest::prelude::*;

use crate::fixtures::fixtures;

fn read_with(format: &Format, bytes: &[u8]) {
    let names = Names::default();
    let mut sink = Sink::new("input", format.name, &names);
    if let Ok(source) = Source::from_reader(Box::new(Cursor::new(bytes.to_vec()))) {
        format.sniff(&source.head());
        let _ = (format.read)(source, &ReadOptions::default(), &mut sink);
    }
    for mut run in sink.finish().runs {
        for column in benchplot::record::Column::ALL {
            if let benchplot::record::Slot::Time(Some(time)) = run.slot(column) {
                assert!(time.is_finite(), "{column} is {time}");
            }
        }
    }
}

fn read_with_all(bytes: &[u8]) {
    for format in FORMATS {
        read_with(format, bytes);
    }
}

/// A fixture with some bytes changed and cut off somewhere, and the format that it is of.
fn damaged() -> impl Strategy<Value = (String, Vec<u8>)> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    let fixtures: Vec<(String, Vec<u8>)> = fixtures()
        .into_iter()
        .filter(|(_, path)| path.is_file())
        .map(|(format, path)| (format, std::fs::read(path).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    let cut = prop_oneof![Just(None), any::<prop::sample::Index>().prop_map(Some)];
    (prop::sample::select(fixtures), changes, cut).prop_map(|((format, mut bytes), changes, cut)| {
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        (format, bytes)
    })
}

prop_compose! {
    /// A run with times and counts of any size.
    fn any_row()(
        framework in "[ab]",
        level in 1..3_u32,
        total_time in prop::option::of(any::<f64>().prop_map(f64::abs)),
        average in prop::option::of(0.0..1e308_f64),
        requests_count in prop::option::of(any::<u64>()),
        error_count in prop::option::of(0..5_u64),
    ) -> Run {
        Run {
            framework, concurrency: Some(level), total_time, requests_count, error_count, avg_time_per_request: average,
            ..Run::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_reader_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_with_all(&bytes);
    }

    #[test]
    fn no_reader_panics_on_damaged_files((format, bytes) in damaged()) {
        read_with(named(&format).unwrap(), &bytes);
    }

    #[test]
    fn an_analysis_of_any_numbers_is_finite_and_in_order(rows in prop::collection::vec(any_row(), 1..12)) {
        let names = Names::default();
        let mut sink = Sink::new("input", "json", &names);
        for run in rows {
            sink.run(&Place::Whole, run);
        }
        let loaded = Loaded::from(Runs::new(sink.finish().runs));
        let analysis = analyze(&loaded, &AnalysisOptions::default()).unwrap();
        for run in &analysis.runs {
            prop_assert!(run.requests_count.zip(run.error_count).is_none_or(|(made, failed)| failed <= made), "{run:?}");
        }
        for row in &analysis.summary {
            prop_assert!(row.mean.is_finite() && row.min <= row.median && row.median <= row.max, "{row:?}");
        }
        // A number that is not finite is written as null, where a number must be.
        let written = serde_json::to_string(&analysis).unwrap();
        let read: Analysis = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);
    }

    #[test]
    fn no_reader_panics_on_any_text(text in "[\\[{]?[ -~\n\t\"é框]{0,200}") {
        read_with_all(text.as_bytes());
    }
}
