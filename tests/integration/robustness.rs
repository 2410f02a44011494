//! No bytes make a reader panic, whatever format they claim to be.

use std::io::Cursor;

use benchplot::load::{FORMATS, Format, Names, ReadOptions, Sink, Source, named};
use proptest::prelude::*;

use crate::fixtures::fixtures;

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
    fn no_reader_panics_on_any_text(text in "[\\[{]?[ -~\n\t\"é框]{0,200}") {
        read_with_all(text.as_bytes());
    }
}
