//! Which format an input is of.

use super::{FORMATS, Format, ReadError, Sniff};
use crate::load::source::Head;

/// Chooses the format of an input among [`FORMATS`] and `others`: by a mark of its own, else by its general form, else by
/// its name's ending.
///
/// # Errors
///
/// When no format, or more than one, fits.
pub fn choose(head: &Head<'_>, file_name: &str, others: &[&'static Format]) -> Result<&'static Format, ReadError> {
    if head.is_whole && head.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    let ending = ending(file_name);
    let has_ending = |format: &&Format| format.endings.contains(&ending.as_str());
    let formats = || others.iter().chain(FORMATS).copied();
    let claims = |sniff| formats().filter(move |format| format.sniff(head) == sniff);
    let marked: Vec<_> = claims(Sniff::Yes).collect();
    match marked.as_slice() {
        [] => {}
        [format] => return Ok(*format),
        _ => {
            let names: Vec<_> = marked.iter().map(|format| format.name).collect();
            return Err(ReadError::Format { message: format!("more than one format fits: {}", names.join(", ")) });
        }
    }
    // Of the general forms only JSON's two can't always be told apart; the document is listed first, and more usual.
    if let Some(format) = claims(Sniff::Maybe).find(has_ending).or_else(|| claims(Sniff::Maybe).next()) {
        return Ok(format);
    }
    formats().find(has_ending).filter(|_| head.text().is_some()).ok_or_else(|| unknown(head))
}

/// The ending of a file's name in lower case, without the dot and without that of compression.
pub(super) fn ending(file_name: &str) -> String {
    let file_name = file_name.to_ascii_lowercase();
    let file_name = [".gz", ".zst"].iter().find_map(|ending| file_name.strip_suffix(ending)).unwrap_or(&file_name);
    file_name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default()
}

/// Says what an input of no known format looks like.
fn unknown(head: &Head<'_>) -> ReadError {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive, to be unpacked first"),
        (b"SQLite format 3", "an SQLite database"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.bytes.starts_with(magic)) {
        return ReadError::Format { message: format!("this is {what}") };
    }
    if is_utf16(head.bytes) {
        return ReadError::NotText { message: "this is text in UTF-16".to_owned() };
    }
    let Some(text) = head.text() else {
        let invalid = std::str::from_utf8(head.bytes).err().map(|error| error.valid_up_to());
        let byte = head.bytes.iter().position(|&byte| byte == 0).into_iter().chain(invalid).min().unwrap_or(0) + 1;
        return ReadError::NotText {
            message: format!("this is neither text in UTF-8, by its byte {byte}, nor Parquet"),
        };
    };
    let Some(line) = text.lines().find(|line| !line.trim().is_empty()) else {
        return ReadError::Format { message: format!("no format is recognised in {} blanks", head.bytes.len()) };
    };
    let first: String = line.chars().take(60).collect();
    ReadError::Format { message: format!("no format is recognised in a text that begins with {first:?}") }
}

/// Whether bytes are text in UTF-16, by the mark at its beginning or by the zero beside every Latin letter.
fn is_utf16(bytes: &[u8]) -> bool {
    const PAIRS: usize = 256;
    let pairs = || bytes.chunks_exact(2).take(PAIRS);
    let zeros = |place: usize| pairs().filter(|pair| pair.get(place) == Some(&0)).count();
    let is_mostly = |count: usize| 2 < count && pairs().count() <= 2 * count;
    let (first, second) = (zeros(0), zeros(1));
    let is_marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    is_marked || (first == 0 && is_mostly(second)) || (second == 0 && is_mostly(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::format::Marks;

    fn chosen(bytes: &[u8], is_whole: bool, file_name: &str) -> Result<&'static str, String> {
        let format = choose(&Head { bytes, is_whole }, file_name, &[]);
        format.map(|format| format.name).map_err(|error| error.diagnostic(file_name).to_string())
    }

    #[test]
    fn the_ending_decides_where_the_content_does_not() {
        let long = format!(r#"{{"total_time": 1.5, "latencies": [{}"#, "0.001, ".repeat(10_000));
        for (file_name, format) in [("a.ndjson", "ndjson"), ("a.jsonl.gz", "ndjson"), ("a.json", "json"), ("a", "json")]
        {
            assert_eq!(chosen(long.as_bytes(), false, file_name), Ok(format), "{file_name}");
        }
        assert_eq!(chosen(b"{\"total_time\": 1}\nbroken\n", true, "a.json"), Ok("ndjson"));
    }

    #[test]
    fn a_format_from_outside_is_chosen_by_its_mark() {
        static OURS: Format =
            Format { name: "ours", marks: Marks::Text(|text| text.starts_with("ours\t")), ..Format::BASE };
        let head = Head { bytes: b"ours\t1\n", is_whole: true };
        assert_eq!(choose(&head, "a.csv", &[&OURS]).map(|format| format.name).ok(), Some("ours"));
        assert_eq!(choose(&head, "a.csv", &[]).map(|format| format.name).ok(), Some("csv"));
    }

    #[test]
    fn many_blanks_are_not_nothing() {
        let blanks = " ".repeat(65_536);
        assert_eq!(chosen(blanks.as_bytes(), false, "a.json"), Ok("json"));
        assert!(chosen(blanks.as_bytes(), false, "a").unwrap_err().contains("65536 blanks"));
        assert!(chosen(blanks.as_bytes(), true, "a.json").unwrap_err().contains("empty"));
    }

    #[test]
    fn text_in_another_encoding_is_told() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let told = |bytes: &[u8]| chosen(bytes, true, "a.csv").unwrap_err();
        assert!(told(&utf16("framework,total_time\n")).contains("UTF-16"));
        assert!(told(b"\xfe\xff\0f\0r").contains("UTF-16"));
        assert!(told(b"framework,total\0time").contains("by its byte 16"));
    }
}
