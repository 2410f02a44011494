//! The JSON Schema that is committed is the one that the types give, and what is written is valid by it.

use benchplot::analysis::json_schema;

use crate::command::{Workplace, sample};

const PATH: &str = "schema/analysis.schema.json";

#[test]
fn the_committed_schema_is_current() {
    let current = json_schema().unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, &current).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap();
    assert!(committed == current, "{PATH} is not current; `BLESS=1 cargo test schema` writes it anew");
}

#[test]
fn what_is_written_is_valid_by_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema().unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let workplace = Workplace::with(&[(
        "poor.json",
        br#"[{"total_time": 4.2}, {"total_time": 4.2}, {"total_time": "NaN", "concurrency": 0}]"#,
    )]);
    for input in [sample("results.json"), sample("study/results.json"), "poor.json".to_owned()] {
        let outcome = workplace.run(&["analyze", &input, "--chart", "none", "-q", "-f", "json"]);
        let analysis: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let errors: Vec<String> = validator.iter_errors(&analysis).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{input}: {errors:?}");
    }
}
