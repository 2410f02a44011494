//! Texts made to fit: what may be drawn at all, how it is shortened, and where it breaks into lines.

use std::borrow::Cow;

use super::font::{self, Weight};

/// `text` as it can be shown: line breaks and tabs become spaces, other control characters "�", and what is invisible by
/// its nature (joiners, marks of direction, selectors of variants) is left out.
///
/// XML forbids control characters even where they are escaped, so this is what makes any name fit for SVG. Marks of
/// direction could turn the rest of a line around where a browser obeys them.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let shown = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => None,
        '\u{FFFE}' | '\u{FFFF}' => Some(char::REPLACEMENT_CHARACTER),
        _ if character.is_control() => Some(char::REPLACEMENT_CHARACTER),
        _ => Some(character),
    };
    if text.chars().all(|character| shown(character) == Some(character)) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter_map(shown).collect())
    }
}

/// `text`, or as much of its beginning and its end as fits into `max_width` (in em) with "…" between them: names are often
/// the same at the beginning and differ at the end.
pub(super) fn elide_middle(text: &str, weight: Weight, max_width: f64) -> String {
    if font::width(text, weight) <= max_width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let shortened = |kept: usize| -> String {
        let (head, tail) = (kept.div_ceil(2), kept / 2);
        let head: String = letters.iter().take(head).collect();
        let tail: String = letters.iter().skip(letters.len() - tail).collect();
        format!("{}{ELLIPSIS}{}", head.trim_end(), tail.trim_start())
    };
    let fitting = (0..letters.len()).rev().map(shortened).find(|short| font::width(short, weight) <= max_width);
    fitting.unwrap_or_else(|| ELLIPSIS.to_string())
}

/// `text`, or as much of its beginning as fits into `max_width` (in em) with "…" behind it.
pub(super) fn elide(text: &str, weight: Weight, max_width: f64) -> String {
    if font::width(text, weight) <= max_width {
        return text.to_owned();
    }
    let elided = |end: usize| format!("{}{ELLIPSIS}", text.get(..end).unwrap_or_default().trim_end());
    let ends: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
    let fitting = ends.partition_point(|&end| font::width(&elided(end), weight) <= max_width);
    elided(fitting.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or_default())
}

/// `text` in at most `max_lines` lines of `max_width` (in em); the last one is elided if there is more.
///
/// Lines break at spaces and beside Chinese characters, and within a word only if it is wider than a line.
pub(super) fn wrap(text: &str, weight: Weight, max_width: f64, max_lines: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 == max_lines || font::width(rest, weight) <= max_width {
            lines.push(elide(rest, weight, max_width));
            break;
        }
        let (line, remainder) = rest.split_at(line_end(rest, weight, max_width));
        lines.push(line.trim_end().to_owned());
        rest = remainder.trim_start();
    }
    lines
}

const ELLIPSIS: char = '…';

/// Where the first line of `text`, which is wider than `max_width`, ends: after one character at least.
fn line_end(text: &str, weight: Weight, max_width: f64) -> usize {
    let ends: Vec<usize> = text.char_indices().skip(1).map(|(start, _)| start).collect();
    let fits = |end: usize| font::width(text.get(..end).unwrap_or_default().trim_end(), weight) <= max_width;
    let fitting = ends.get(..ends.partition_point(|&end| fits(end))).unwrap_or_default();
    let may_break = |end: usize| {
        let before = text.get(..end).and_then(|line| line.chars().next_back());
        let after = text.get(end..).and_then(|line| line.chars().next());
        before.zip(after).is_some_and(|(before, after)| breaks_between(before, after))
    };
    let at_word = fitting.iter().copied().rev().find(|&end| may_break(end));
    at_word.or(fitting.last().copied()).or(ends.first().copied()).unwrap_or(text.len())
}

fn breaks_between(before: char, after: char) -> bool {
    let ideographic = |character: char| matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
    let closes = |character: char| "),.:;!?]}%）》」』】，。、；：！？".contains(character);
    before == ' ' || ((ideographic(before) || ideographic(after)) && !closes(after) && !"(（《「『【".contains(before))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_shown_is_replaced() {
        let cases = [
            ("a b", "a b"),
            ("a\tb\nc", "a b c"),
            ("a\0\u{1b}b", "a��b"),
            ("\u{FFFE}", "�"),
            ("<&>", "<&>"),
            ("a\u{202E}b\u{200D}c", "abc"),
        ];
        for (text, expected) in cases {
            assert_eq!(printable(text), expected);
        }
    }

    #[test]
    fn long_texts_are_elided_and_short_ones_are_not() {
        assert_eq!(elide("axum", Weight::Regular, 10.0), "axum");
        assert_eq!(elide("spring-boot-webflux", Weight::Regular, 6.0), "spring-bo…");
        assert_eq!(elide("不同框架总耗时对比", Weight::Bold, 5.0), "不同框架…");
        assert_eq!(elide("word", Weight::Regular, 0.1), "…");
        assert_eq!(elide("", Weight::Regular, 0.1), "");
    }

    #[test]
    fn names_are_shortened_in_the_middle() {
        let width = |text: &str| font::width(text, Weight::Regular);
        assert_eq!(elide_middle("axum", Weight::Regular, 10.0), "axum");
        let short = elide_middle("org.example:server-one:3.2.1", Weight::Regular, 8.0);
        assert!(short.starts_with("org.") && short.ends_with("3.2.1") && width(&short) <= 8.0, "{short}");
        assert_eq!(elide_middle("word", Weight::Regular, 0.1), "…");
    }

    #[test]
    fn lines_break_where_readers_expect_it() {
        let cases: [(&str, f64, usize, &[&str]); 7] = [
            ("", 5.0, 3, &[]),
            ("one line", 50.0, 3, &["one line"]),
            ("total time of all requests", 7.0, 3, &["total time of", "all requests"]),
            ("total time of all requests", 7.0, 1, &["total time o…"]),
            ("平均每个请求时间(秒)", 6.0, 3, &["平均每个请求", "时间(秒)"]),
            ("unbreakable", 4.0, 9, &["unbrea", "kable"]),
            ("xyz", 0.1, 9, &["x", "y", "z"]),
        ];
        for (text, width, count, expected) in cases {
            assert_eq!(wrap(text, Weight::Regular, width, count), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn lines_fit_and_elided_texts_fit(text in "[ -~一-龥]{0,80}", max_width in 1.5..40.0) {
            for line in wrap(&text, Weight::Regular, max_width, usize::MAX) {
                prop_assert!(font::width(&line, Weight::Regular) <= max_width);
            }
            prop_assert!(font::width(&elide(&text, Weight::Bold, max_width), Weight::Bold) <= max_width);
        }

        #[test]
        fn wrapping_loses_no_letters(text in "[ -~一-龥]{0,80}", max_width in 1.5..40.0) {
            let letters = |text: &str| text.chars().filter(|character| *character != ' ').collect::<String>();
            let lines = wrap(&text, Weight::Regular, max_width, usize::MAX);
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
