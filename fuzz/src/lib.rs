//! Reads any bytes by the formats of one family. A panic, or a time that is not finite, is a find.

use std::io::Cursor;

use benchplot::load::{Names, ReadOptions, Sink, Source, named};
use benchplot::record::{Column, Slot};

mod families;

/// Reads the bytes by each format of a family.
pub fn read(family: &str, bytes: &[u8]) {
    let formats = families::FAMILIES.iter().filter(|(name, _)| *name == family).flat_map(|(_, formats)| *formats);
    for format in formats.filter_map(|name| named(name)) {
        let names = Names::default();
        let mut sink = Sink::new("input", format.name, &names);
        let Ok(source) = Source::from_reader(Box::new(Cursor::new(bytes.to_vec()))) else { return };
        format.sniff(&source.head());
        let _ = (format.read)(source, &ReadOptions::default(), &mut sink);
        for mut run in sink.finish().runs {
            for column in Column::ALL {
                if let Slot::Time(Some(time)) = run.slot(column) {
                    assert!(time.is_finite(), "{column} is {time}");
                }
            }
        }
    }
}
