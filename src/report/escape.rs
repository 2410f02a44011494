//! Text set off for the languages that outputs are written in. Names come from files that anybody may have written, so no
//! output may take a part of one for its own.

use std::borrow::Cow;

/// The text as far as anybody reads it: `most` characters and a mark that there were more.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// What stands for a character that an output can't hold.
const REPLACEMENT: char = '\u{fffd}';

/// For the text or an attribute of XML 1.0 or HTML. Line ends and tabs are kept as references, as parsers make blanks of
/// those in attributes; characters that XML can't hold at all are replaced.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(REPLACEMENT),
            c if c.is_control() => escaped.push(REPLACEMENT),
            c => escaped.push(c),
        }
    }
    escaped
}

/// For a line of Markdown that GitHub or GitLab renders: nothing is taken for markup, a mention or a reference, and line
/// ends become blanks.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = characters.next() {
        let is_before_name = characters.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A blank of no width keeps `@name` from calling somebody, and `#1` from linking somewhere.
            '@' | '#' if is_before_name => {
                escaped.push('\\');
                escaped.push(c);
                escaped.push_str("&#8203;");
            }
            // Within a word it is no emphasis, and most names have some.
            '_' if before.is_alphanumeric() && is_before_name => escaped.push('_'),
            '|' | '*' | '`' | '\\' | '[' | ']' | '_' | '~' | '$' | '#' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// For the message of a workflow command of GitHub Actions, as its toolkit escapes data.
pub(super) fn command_data(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            c if c.is_control() => escaped.push(REPLACEMENT),
            c => escaped.push(c),
        }
    }
    escaped
}

/// For a property of a workflow command of GitHub Actions, which a colon or a comma would end.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// For the value of a label, or a help text, of OpenMetrics. Control characters, which some parsers take for a line's end,
/// are replaced.
pub(super) fn label(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '"' => escaped.push_str("\\\""),
            '\n' => escaped.push_str("\\n"),
            '\u{2028}' | '\u{2029}' => escaped.push(REPLACEMENT),
            c if c.is_control() => escaped.push(REPLACEMENT),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_at_a_character() {
        assert_eq!(shortened("并发数", 2), "并发…");
        assert_eq!(shortened("并发数", 3), "并发数");
    }

    #[test]
    fn xml_holds_any_text() {
        assert_eq!(xml("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
        assert_eq!(xml("]]>\n\r\t\0\u{1b}\u{ffff}🙂"), "]]&gt;&#10;&#13;&#9;\u{fffd}\u{fffd}\u{fffd}🙂");
    }

    #[test]
    fn markdown_calls_nobody_and_links_nowhere() {
        assert_eq!(markdown("a|b\n<i>*x*"), "a\\|b &lt;i&gt;\\*x\\*");
        assert_eq!(markdown("@all #12 c@100"), "\\@&#8203;all \\#&#8203;12 c\\@&#8203;100");
        assert_eq!(markdown("avg_time _x_ a @ 5 ![x](y)"), "avg_time \\_x\\_ a @ 5 \\!\\[x\\](y)");
        assert_eq!(markdown("<!-- -->"), "&lt;\\!-- --&gt;");
    }

    #[test]
    fn a_workflow_command_stays_one_line() {
        assert_eq!(command_data("50%\r\n::x"), "50%25%0D%0A::x");
        assert_eq!(command_property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }

    #[test]
    fn labels_stay_one_line() {
        assert_eq!(label("a\\\"b\nc\r"), "a\\\\\\\"b\\nc\u{fffd}");
    }
}
