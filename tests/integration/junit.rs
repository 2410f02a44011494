//! The rules of the usual JUnit schema (<https://github.com/windyroad/JUnit-Schema>), held against a parsed document.

use roxmltree::{Document, Node};

/// Checks a report, and returns all of its cases as (suite, name, what it holds).
pub(crate) fn check(text: &str) -> Vec<(String, String, String)> {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attributes().len()), ("testsuites", 0));
    let mut cases = Vec::new();
    for (id, suite) in root.children().filter(Node::is_element).enumerate() {
        assert_eq!(suite.tag_name().name(), "testsuite");
        let attribute = |name: &str| suite.attribute(name).unwrap_or_else(|| panic!("testsuite has no {name}"));
        assert_eq!(attribute("id"), id.to_string());
        for name in ["name", "package", "hostname"] {
            is_token(attribute(name));
        }
        assert_eq!(attribute("timestamp").len(), "1970-01-01T00:00:00".len());
        is_decimal(attribute("time"));
        let known =
            ["id", "name", "package", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"];
        assert!(suite.attributes().all(|attribute| known.contains(&attribute.name())));

        let elements: Vec<Node<'_, '_>> = suite.children().filter(Node::is_element).collect();
        let names: Vec<&str> = elements.iter().map(|element| element.tag_name().name()).collect();
        let [first, between @ .., out, err] = names.as_slice() else { panic!("{names:?}") };
        assert_eq!((*first, *out, *err), ("properties", "system-out", "system-err"));
        assert!(between.iter().all(|name| *name == "testcase"), "{names:?}");

        let own: Vec<_> = elements.iter().filter(|element| element.has_tag_name("testcase")).map(case).collect();
        let count = |kind: &str| own.iter().filter(|(_, result)| result == kind).count().to_string();
        assert_eq!(attribute("tests"), own.len().to_string());
        assert_eq!(attribute("failures"), count("failure"));
        assert_eq!(attribute("errors"), count("error"));
        assert_eq!(attribute("skipped"), count("skipped"));
        let mut distinct: Vec<&String> = own.iter().map(|(name, _)| name).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), own.len(), "two cases have one name");
        cases.extend(own.into_iter().map(|(name, result)| (attribute("name").to_owned(), name, result)));
    }
    cases
}

fn case(case: &Node<'_, '_>) -> (String, String) {
    for name in ["name", "classname"] {
        is_token(case.attribute(name).unwrap());
    }
    is_decimal(case.attribute("time").unwrap());
    assert_eq!(case.attributes().len(), 3);
    let results: Vec<Node<'_, '_>> = case.children().filter(Node::is_element).collect();
    let result = match results.as_slice() {
        [] => "passed",
        [one] => one.tag_name().name(),
        _ => panic!("a case has one result at most"),
    };
    match result {
        "failure" | "error" => {
            assert!(results[0].attribute("type").is_some_and(|kind| !kind.is_empty()));
            assert!(results[0].children().all(|child| child.is_text()));
        }
        other => assert!(["passed", "skipped"].contains(&other), "{other}"),
    }
    (case.attribute("name").unwrap().to_owned(), result.to_owned())
}

/// Text of the type xs:token: no blank at its ends, no line end, no two blanks in a row.
fn is_token(text: &str) {
    assert!(!text.is_empty() && text == text.trim() && !text.contains("  "), "{text:?}");
    assert!(!text.contains(['\n', '\r', '\t']), "{text:?}");
}

fn is_decimal(text: &str) {
    assert!(text.chars().all(|c| c.is_ascii_digit() || c == '.'), "{text:?}");
    assert!(text.parse::<f64>().unwrap().is_finite());
}
