//! What the documents list is what there is.

use std::fmt::Write;

use benchplot::findings::rules;
use benchplot::load::FORMATS;

const FORMATS_PAGE: &str = "docs/formats.md";

const FINDINGS_PAGE: &str = "docs/findings.md";

/// A row for each format, as the table of the page has them.
fn rows() -> String {
    let mut rows = String::new();
    for format in FORMATS {
        let endings: Vec<String> = format.endings.iter().map(|ending| format!("`.{ending}`")).collect();
        let text = |text: &str| text.replace('|', "\\|");
        let cells = (text(format.about), text(format.recognised_by), endings.join(" "));
        writeln!(rows, "| `{}` | {} | {} | {} |", format.name, cells.0, cells.1, cells.2).unwrap();
    }
    rows
}

#[test]
fn the_page_lists_every_format() {
    let page = std::fs::read_to_string(FORMATS_PAGE).unwrap();
    let rule = "| --- | --- | --- | --- |\n";
    let (before, table) = page.split_once(rule).unwrap();
    let (listed, after) = table.split_once("\n\n").map_or((table, ""), |(listed, after)| (listed, after));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(FORMATS_PAGE, format!("{before}{rule}{}\n{}", rows(), after.trim_start())).unwrap();
        return;
    }
    assert_eq!(listed.trim(), rows().trim(), "`BLESS=1 cargo test docs` writes {FORMATS_PAGE} anew");
}

#[path = "../../fuzz/src/families.rs"]
mod families;

#[test]
fn every_format_is_fuzzed_once() {
    let mut fuzzed: Vec<&str> = families::FAMILIES.iter().flat_map(|(_, formats)| *formats).copied().collect();
    let mut formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    fuzzed.sort_unstable();
    formats.sort_unstable();
    assert_eq!(fuzzed, formats, "fuzz/src/families.rs");
}

/// The rules of a part of the page, which are its headings of the third order.
fn rules_in(part: &str) -> Vec<String> {
    part.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
}

/// The rules that the page lists as being on whether data can be believed.
pub(crate) fn rules_on_trust() -> Vec<String> {
    let page = std::fs::read_to_string(FINDINGS_PAGE).unwrap();
    rules_in(page.split_once("\n## What follows").unwrap().0)
}

#[test]
fn the_page_of_findings_has_every_rule_once() {
    let page = std::fs::read_to_string(FINDINGS_PAGE).unwrap();
    let mut listed = rules_in(&page);
    let mut rules: Vec<&str> = rules().map(|rule| rule.id()).collect();
    listed.sort_unstable();
    rules.sort_unstable();
    assert_eq!(listed, rules, "each rule has a heading of its own in {FINDINGS_PAGE}");
}
