//! JMeter's result log as XML (`jmeter.save.saveservice.output_format=xml`).
//!
//! An `httpSample` or `sample` is a sample: `t` elapsed ms, `ts` its stamp, `s` success, `lb` label, `rc` and `rm` the
//! response, `by` bytes, `na` all threads, `sc` and `ec` how many samples and errors a summed row stands for. One inside
//! another is a redirect or an embedded resource, which the outer one holds already, unless the outer one is a transaction.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::time::stamp;
use super::{Log, Sample, whole};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// A result log in XML.
pub(in super::super) static JMETER_XML: Format = Format {
    name: "jmeter-xml",
    about: "JMeter result log (JTL) in XML",
    recognised_by: "<testResults at the beginning",
    marks: Marks::Text(recognises),
    read: read_input,
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let text = text.trim_start();
    // Only a declaration and comments may stand before the root.
    text.starts_with("<testResults")
        || ((text.starts_with("<?xml") || text.starts_with("<!--")) && text.contains("<testResults"))
}

fn read_input(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut log = Log::new(sink);
    let end = read_samples(source.into_reader(), &mut log, sink)?;
    if log.is_empty() {
        return Err(ReadError::NoRecord { expected: "an httpSample or sample in testResults" });
    }
    if let End::Broken(reason, place) = end {
        let message = format!("the log is not whole, the test may have been aborted: {reason}");
        let help = "the samples before this place are used; run the test again to have it whole";
        sink.report(Severity::Error, "truncated", &place.into(), message, Some(help));
    }
    log.finish(sink, |label| {
        let label = String::from_utf8_lossy(label);
        unescape(&label).map(Cow::into_owned).unwrap_or_else(|_| label.to_string())
    });
    Ok(())
}

/// How a log ends.
enum End {
    Whole,
    /// Why it is not whole, and where that was seen.
    Broken(String, Position),
}

/// Counts what is read.
struct Counted<R> {
    input: R,
    next: Position,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.next.pass(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is used up is in the buffer, so that it can't fail.
        if let Some(used) = self.input.fill_buf().ok().and_then(|buffer| buffer.get(..amount)) {
            self.next.pass(used);
        }
        self.input.consume(amount);
    }
}

fn read_samples(input: impl BufRead, log: &mut Log, sink: &mut Sink<'_>) -> Result<End, ReadError> {
    let mut reader = Reader::from_reader(Counted { input, next: Position::BEGIN });
    let mut buffer = Vec::new();
    // For each sample that is open, whether those inside it are samples of their own.
    let mut open: Vec<bool> = Vec::new();
    let mut is_in_results = false;
    loop {
        buffer.clear();
        let place = reader.get_ref().next;
        let mut take = |element: &BytesStart<'_>, counts: bool| {
            take(element, counts, log).unwrap_or_else(|message| {
                let help = "the sample is left out; mend it";
                sink.report(Severity::Error, "broken-sample", &place.into(), message, Some(help));
                false
            })
        };
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) if is_sample(element.name().as_ref()) => {
                let counts = open.last().copied().unwrap_or(true);
                open.push(take(&element, counts));
            }
            Ok(Event::Empty(element)) if is_sample(element.name().as_ref()) => {
                let counts = open.last().copied().unwrap_or(true);
                take(&element, counts);
            }
            Ok(Event::End(element)) if is_sample(element.name().as_ref()) => {
                open.pop();
            }
            Ok(Event::Start(element)) if element.name().as_ref() == b"testResults" => is_in_results = true,
            Ok(Event::End(element)) if element.name().as_ref() == b"testResults" => is_in_results = false,
            Ok(Event::Eof) if is_in_results => return Ok(End::Broken("testResults is not closed".to_owned(), place)),
            Ok(Event::Eof) => return Ok(End::Whole),
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) => {
                return Err(ReadError::Io(std::io::Error::new(error.kind(), error.to_string())));
            }
            Err(error) => return Ok(End::Broken(error.to_string(), place)),
        }
    }
}

fn is_sample(name: &[u8]) -> bool {
    matches!(name, b"httpSample" | b"sample")
}

/// Adds a sample if it counts, and returns whether those inside it are samples of their own: in a transaction.
///
/// # Errors
///
/// What is wrong with it.
fn take(element: &BytesStart<'_>, counts: bool, log: &mut Log) -> Result<bool, String> {
    let unfit = |what: &str, text: &[u8]| format!("expected {what}, found {:?}", String::from_utf8_lossy(text));
    let number = |text: &[u8], what: &str| whole(text).ok_or_else(|| unfit(what, text));
    let (mut label, mut code, mut message) = (Cow::default(), Cow::default(), Cow::default());
    let mut sample = Sample { success: true, samples: 1, ..Sample::default() };
    // Attributes can't repeat in what JMeter writes, and looking for that takes longer than all else.
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = attribute.value;
        match attribute.key.into_inner() {
            b"ts" => sample.start = Some(stamp(&value).ok_or_else(|| unfit("a time stamp", &value))?),
            b"t" => sample.elapsed = Some(number(&value, "whole milliseconds")?),
            b"lb" => label = value,
            b"rc" => code = value,
            b"rm" => message = value,
            b"s" => sample.success = value.as_ref() != b"false",
            b"by" => sample.bytes = Some(number(&value, "a number of bytes")?),
            b"na" => sample.threads = u32::try_from(number(&value, "a number of threads")?).ok(),
            b"sc" => sample.samples = number(&value, "a number of samples")?,
            b"ec" => sample.errors = number(&value, "a number of errors")?,
            _ => {}
        }
    }
    if std::str::from_utf8(&label).is_err() {
        return Err("the label is not in UTF-8".to_owned());
    }
    let sample = Sample { label: &label, code: &code, message: &message, ..sample };
    if counts {
        log.add(&sample);
    }
    Ok(counts && sample.is_transaction())
}
