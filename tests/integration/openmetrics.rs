//! A reader of OpenMetrics text, written from its specification and from nothing else:
//! <https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md>.

use std::collections::{BTreeMap, HashMap, HashSet};

/// One sample: the name, the labels and the value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// Reads an exposition, and fails at anything that the specification forbids.
pub(crate) fn read(text: &str) -> Vec<Sample> {
    assert!(text.ends_with("# EOF\n"), "the last line is not # EOF");
    let mut samples = Vec::new();
    let mut types: HashMap<String, String> = HashMap::new();
    let mut begun: HashSet<String> = HashSet::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut current = String::new();
    for line in text.strip_suffix("# EOF\n").unwrap().split_terminator('\n') {
        assert!(!line.contains('\r'), "{line:?}");
        if let Some(comment) = line.strip_prefix("# ") {
            let (keyword, rest) = comment.split_once(' ').unwrap();
            let (name, value) = rest.split_once(' ').unwrap();
            assert!(is_name(name), "{name:?}");
            if keyword == "TYPE" {
                assert!(begun.insert(name.to_owned()), "{name} stands in two places");
                types.insert(name.to_owned(), value.to_owned());
                current = name.to_owned();
            }
            assert_eq!(name, current, "{keyword} of another family");
            match keyword {
                "TYPE" => assert_eq!(value, "gauge"),
                "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{name} does not end in {value}"),
                "HELP" => assert!(!unescaped(value).is_empty()),
                other => panic!("{other} is no keyword"),
            }
            continue;
        }
        let sample = sample(line);
        assert_eq!(sample.name, current, "a sample outside of its family");
        assert!(types.contains_key(&sample.name));
        assert!(sample.value.is_finite());
        assert!(seen.insert(format!("{}{:?}", sample.name, sample.labels)), "{line:?} is there twice");
        samples.push(sample);
    }
    samples
}

fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

fn sample(line: &str) -> Sample {
    let end_of_name = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(end_of_name);
    assert!(is_name(name), "{line:?}");
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").unwrap();
            assert!(is_name(label) && !label.contains(':'), "{label:?}");
            let end = end_of_quoted(after);
            let value = unescaped(&after[..end]);
            assert!(labels.insert(label.to_owned(), value).is_none(), "{label} is there twice");
            rest = &after[end + 1..];
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').unwrap();
    assert!(!value.contains(' '), "{line:?}");
    Sample { name: name.to_owned(), labels, value: value.parse().unwrap() }
}

fn end_of_quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return place,
            _ => {}
        }
    }
    panic!("{text:?} does not end");
}

fn unescaped(text: &str) -> String {
    let mut unescaped = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        unescaped.push(match c {
            '\\' => match characters.next().unwrap() {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                other => panic!("\\{other} is no escape"),
            },
            c => c,
        });
    }
    unescaped
}
