//! No bytes make a reader panic, whatever format they claim to be.

use std::io::Cursor;

use benchplot::load::{FORMATS, Format, Names, ReadOptions, Sink, Source};
use proptest::prelude::*;

/// Texts that lead deep into the readers.
const SEEDS: [&[u8]; 8] = [
    include_bytes!("../../sample-data/results.json"),
    include_bytes!("../fixtures/json/broken-values.json"),
    include_bytes!("../fixtures/json/python-nan.json"),
    include_bytes!("../fixtures/ndjson/runs-with-a-broken-line.ndjson"),
    include_bytes!("../fixtures/csv/requests.csv"),
    include_bytes!("../fixtures/csv/compressed.csv.gz"),
    include_bytes!("../fixtures/csv/semicolons-quotes-bom-crlf.csv"),
    include_bytes!("../fixtures/parquet/runs.parquet"),
];

fn read_with(format: &dyn Format, bytes: &[u8]) {
    let names = Names::default();
    let mut sink = Sink::new("input", format.name(), &names);
    if let Ok(source) = Source::from_reader(Box::new(Cursor::new(bytes.to_vec()))) {
        format.sniff(&source.head());
        let _ = format.read(source, &ReadOptions::default(), &mut sink);
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
        read_with(*format, bytes);
    }
}

/// A seed with some bytes changed, and cut off somewhere.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    (prop::sample::select(SEEDS.to_vec()), changes, any::<prop::sample::Index>()).prop_map(|(seed, changes, cut)| {
        let mut bytes = seed.to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_reader_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_with_all(&bytes);
    }

    #[test]
    fn no_reader_panics_on_damaged_files(bytes in mutated()) {
        read_with_all(&bytes);
    }

    #[test]
    fn no_reader_panics_on_any_text(text in "[\\[{]?[ -~\n\t\"é框]{0,200}") {
        read_with_all(text.as_bytes());
    }
}
