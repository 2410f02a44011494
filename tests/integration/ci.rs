//! `action.yml` and the recipes, as far as they can be run without the services: their scripts run in a folder of their own,
//! with the program, a benchmark that takes no time, and stand-ins for what would reach out (cargo, git, gh, curl).

#![cfg(unix)]

use std::collections::{BTreeSet, HashMap};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use benchplot::report::variables;
use serde_yaml_ng::Value;

use crate::before_and_after::gated;
use crate::command::{OF_THE_OUTSIDE, Workplace};

/// Writes a run of 40 requests whose time depends on the number in the file's name; `SLOWER` is a share that is added where
/// the path is not that of a baseline.
const BENCH: &str = r#"#!/bin/bash
set -eu
mkdir -p "$(dirname "$1")"
number=$(basename "$1" .json)
share=100
case "$1" in */main/*) ;; *change*|results/*) share=$((100 + ${SLOWER:-0})) ;; esac
awk -v n="$number" -v share="$share" 'BEGIN {
    printf "[{\"framework\": \"app\", \"concurrency\": 10, \"requests_count\": 40, \"total_time\": %.3f}]\n", \
        (4 + n * 0.004) * share / 100 }' > "$1"
"#;

/// Keeps its arguments.
const KEEPS_ARGUMENTS: &str = "#!/bin/bash\nprintf '%s\\n' \"$(basename \"$0\") $*\" >> \"$CALLS\"\n";

/// Makes the other working tree.
const GIT: &str = "#!/bin/bash\nset -eu\nmkdir -p \"$3\"\ncp bench.sh \"$3/\"\n";

/// Knows one comment of a bot where there is one; keeps its arguments.
const GH: &str = r#"#!/bin/bash
printf '%s\n' "gh $*" >> "$CALLS"
case "$*" in *--paginate*) test -z "${EARLIER:-}" || echo "$EARLIER" ;; esac
"#;

/// Gives an archive with a program in it, and the archive's sum.
const CURL: &str = r#"#!/bin/bash
set -eu
while [ $# -gt 1 ]; do case "$1" in --output) output=$2; shift ;; esac; shift; done
case "$output" in
    *.sha256) sha256sum "${output%.sha256}" > "$output"; test -z "${TAMPERED:-}" || echo x >> "${output%.sha256}" ;;
    *) printf '#!/bin/sh\n' > benchplot; tar -czf "$output" benchplot ;;
esac
"#;

/// A place to run scripts in.
struct Place {
    workplace: Workplace,
}

/// What a script said, and its exit code.
struct Ran {
    code: i32,
    output: String,
}

impl Place {
    fn new() -> Self {
        let workplace = Workplace::with(&[
            ("work/bench.sh", BENCH.as_bytes()),
            ("bin/cargo", KEEPS_ARGUMENTS.as_bytes()),
            ("bin/git", GIT.as_bytes()),
            ("bin/gh", GH.as_bytes()),
            ("bin/curl", CURL.as_bytes()),
            ("github/output", b""),
            ("github/path", b""),
        ]);
        for program in ["work/bench.sh", "bin/cargo", "bin/git", "bin/gh", "bin/curl"] {
            std::fs::set_permissions(workplace.path(program), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_benchplot"), workplace.path("bin/benchplot")).unwrap();
        let place = Self { workplace };
        place.run("for n in 1 2 3 4 5; do ./bench.sh baseline/$n.json; done", &[]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.workplace.path(name)
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8(self.workplace.read(name)).unwrap()
    }

    fn run(&self, script: &str, environment: &[(&str, &str)]) -> Ran {
        let mut command = Command::new("bash");
        for variable in OF_THE_OUTSIDE {
            command.env_remove(variable);
        }
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        // As GitHub's shell `bash` does.
        let output = command
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.path("work"))
            .env("PATH", path)
            .env("CALLS", self.path("calls"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_WORKSPACE", self.path("work"))
            .env("GITHUB_BASE_REF", "main")
            .env("GITHUB_OUTPUT", self.path("github/output"))
            .env("GITHUB_STEP_SUMMARY", self.path("github/summary"))
            .env("GITHUB_PATH", self.path("github/path"))
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        Ran { code: output.status.code().unwrap_or(-1), output: text }
    }
}

/// The fenced block of a recipe.
fn recipe(name: &str) -> String {
    let page = std::fs::read_to_string("docs/recipes.md").unwrap();
    let after = page.split_once(&format!("<!-- recipe: {name} -->\n```")).unwrap_or_else(|| panic!("{name}")).1;
    let block = after.split_once("\n```").unwrap().0;
    block.split_once('\n').unwrap().1.to_owned()
}

fn yaml(text: &str) -> Value {
    serde_yaml_ng::from_str(text).unwrap()
}

/// The scripts of a job's steps, in their order.
fn scripts(steps: &Value) -> Vec<String> {
    steps.as_sequence().unwrap().iter().filter_map(|step| Some(step.get("run")?.as_str()?.to_owned())).collect()
}

/// Runs the scripts one after the other until one fails, and returns its exit code.
fn run_all(place: &Place, scripts: &[String], environment: &[(&str, &str)]) -> (i32, String) {
    let mut said = String::new();
    for script in scripts {
        let ran = place.run(script, environment);
        said.push_str(&ran.output);
        if ran.code != 0 {
            return (ran.code, said);
        }
    }
    (0, said)
}

#[test]
fn every_recipe_is_run_by_a_test() {
    let page = std::fs::read_to_string("docs/recipes.md").unwrap();
    let names: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("<!-- recipe: ")?.strip_suffix(" -->")).collect();
    let tested = ["shell", "self-test", "github-action", "github-plain", "gitlab", "jenkins", "analyze"];
    assert_eq!(names, tested);
    assert_eq!(page.matches("\n```").count(), 2 * names.len(), "a block that is no recipe");
}

#[test]
fn the_shell_recipes_run() {
    let place = Place::new();
    let ran = place.run(&recipe("shell"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert!(place.read("work/reports/junit.xml").contains("failures=\"0\""));
    let proof = place.run(&recipe("self-test"), &[]);
    assert_eq!(proof.code, 0, "{}", proof.output);

    let slower = Place::new();
    let ran = slower.run(&recipe("shell"), &[("SLOWER", "30")]);
    assert_eq!(ran.code, 1, "{}", ran.output);
    assert!(slower.read("work/reports/junit.xml").contains("<failure type=\"worse\""));

    let analyzed = place.run(
        &format!("mv results/main/*.json results/\nrm -r results/main results/change\n{}", recipe("analyze")),
        &[],
    );
    assert_eq!(analyzed.code, 0, "{}", analyzed.output);
    assert!(place.read("work/metrics/benchplot.prom").ends_with("# EOF\n"));
}

#[test]
fn the_gitlab_recipe_runs_and_names_its_reports() {
    let pipeline = yaml(&recipe("gitlab"));
    let job = &pipeline["benchmark"];
    let script: Vec<String> =
        job["script"].as_sequence().unwrap().iter().map(|line| line.as_str().unwrap().trim().to_owned()).collect();
    let kinds = [("junit", "junit.xml"), ("metrics", "metrics.txt"), ("codequality", "gl-code-quality-report.json")];
    for (slower, code) in [("0", 0), ("30", 1)] {
        let place = Place::new();
        let (found, said) = run_all(&place, &script, &[("SLOWER", slower)]);
        assert_eq!(found, code, "{said}");
        for (kind, file) in kinds {
            assert_eq!(job["artifacts"]["reports"][kind].as_str(), Some(file));
            assert!(place.path("work").join(file).exists(), "{file}");
        }
    }
    assert_eq!(job["artifacts"]["when"].as_str(), Some("always"));
}

#[test]
fn the_jenkins_recipe_runs() {
    let pipeline = recipe("jenkins");
    let script = pipeline.split("'''").nth(1).unwrap();
    for (slower, code) in [("0", 0), ("30", 1)] {
        let place = Place::new();
        let ran = place.run(script, &[("SLOWER", slower)]);
        assert_eq!(ran.code, code, "{}", ran.output);
        assert!(place.path("work/junit.xml").exists() && place.path("work/changes.html").exists());
    }
    assert_eq!(pipeline.matches('{').count(), pipeline.matches('}').count());
    assert!(pipeline.contains("junit 'junit.xml'"));
}

#[test]
fn the_plain_github_recipe_runs() {
    let workflow = yaml(&recipe("github-plain"));
    let steps = &workflow["jobs"]["compare"]["steps"];
    let place = Place::new();
    let (code, said) = run_all(&place, &scripts(steps), &[("SLOWER", "30"), ("GITHUB_ACTIONS", "true")]);
    assert_eq!(code, 1, "{said}");
    assert!(said.lines().any(|line| line.starts_with("::error title=")), "{said}");
    assert!(place.read("github/output").contains("gate=tripped\n"));
    assert!(place.read("github/summary").starts_with("<!-- benchplot: compare -->"));
    assert!(place.read("work/comment.md").starts_with("<!-- benchplot: compare -->"));
}

#[test]
fn the_recipe_with_the_action_uses_what_it_has() {
    let workflow = yaml(&recipe("github-action"));
    let action = yaml(&std::fs::read_to_string("action.yml").unwrap());
    let steps = workflow["jobs"]["compare"]["steps"].as_sequence().unwrap();
    let uses = steps.iter().find(|step| step["id"].as_str() == Some("benchplot")).unwrap();
    for (input, _) in uses["with"].as_mapping().unwrap() {
        assert!(action["inputs"].get(input).is_some(), "{input:?}");
    }
    for name in references(&recipe("github-action"), "steps.benchplot.outputs.") {
        assert!(action["outputs"].get(&name).is_some(), "{name}");
    }
    let place = Place::new();
    let measured = place.run(&scripts(&workflow["jobs"]["compare"]["steps"])[0], &[]);
    assert_eq!(measured.code, 0, "{}", measured.output);
    for side in ["main", "change"] {
        assert_eq!(place.workplace.list(&format!("work/results/{side}")).len(), 5);
    }
}

/// The names that follow `prefix` in expressions.
fn references(text: &str, prefix: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.split(prefix).skip(1).map(|rest| rest.chars().take_while(|c| is_part(*c)).collect()).collect()
}

fn action() -> Value {
    yaml(&std::fs::read_to_string("action.yml").unwrap())
}

fn step(name: &str) -> String {
    let action = action();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["name"].as_str() == Some(name)).unwrap();
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_action_is_put_together_right() {
    let action = action();
    let text = std::fs::read_to_string("action.yml").unwrap();
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        match step.get("run") {
            // A script takes inputs from its environment, so that none can be taken for a part of it.
            Some(script) => {
                assert!(!script.as_str().unwrap().contains("${{"), "{step:?}");
                assert_eq!(step["shell"].as_str(), Some("bash"));
            }
            None => assert!(step["uses"].as_str().is_some_and(|uses| uses.contains('@'))),
        }
    }
    let declared: BTreeSet<String> =
        action["inputs"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect();
    assert_eq!(references(&text, "inputs."), declared);
    let written: HashMap<String, String> = variables(&gated("en"))
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for name in references(&text, "steps.compare.outputs.") {
        assert!(name == "exit-code" || written.contains_key(&name), "{name}");
    }
}

#[test]
fn the_action_installs_from_its_source_or_a_release() {
    let source = Place::new();
    let ran = source
        .run(&step("Install benchplot"), &[("VERSION", "source"), ("REPOSITORY", ""), ("ACTION_PATH", "/action")]);
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert!(source.read("calls").starts_with("cargo install --locked --path /action --root "));
    assert!(source.read("github/path").ends_with("/temp/benchplot/bin\n"));

    let release = [("VERSION", "v0.1.0"), ("REPOSITORY", "OWNER/benchplot"), ("ACTION_PATH", "/action")];
    let place = Place::new();
    let ran = place.run(&step("Install benchplot"), &release);
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert!(place.path("temp/benchplot/bin/benchplot").exists());

    // What is not what its sum says is not installed.
    let tampered = Place::new();
    let ran = tampered.run(&step("Install benchplot"), &[&release[..], &[("TAMPERED", "1")]].concat());
    assert_ne!(ran.code, 0);
    assert!(!tampered.path("temp/benchplot/bin/benchplot").exists() && tampered.read("github/path").is_empty());
}

#[test]
fn the_action_compares_and_hands_on_the_exit_code() {
    let compared = |slower: &str, fail_on: &str, args: &str| {
        let place = Place::new();
        place.run("for n in 1 2 3 4 5; do ./bench.sh change/$n.json; done", &[("SLOWER", slower)]);
        let environment = [
            ("BASELINE", "baseline"),
            ("CANDIDATE", "change"),
            ("FAIL_ON", fail_on),
            ("MIN_EFFECT", "5%"),
            ("POLICY", ""),
            ("ARGS", args),
            ("OUTPUT", "out put"),
            ("COMMENT_KEY", "a job"),
            ("GITHUB_ACTIONS", "true"),
        ];
        let ran = place.run(&step("Compare"), &environment);
        assert_eq!(ran.code, 0, "{}", ran.output);
        let outputs = place.read("github/output");
        let code = outputs.lines().find_map(|line| line.strip_prefix("exit-code=")).unwrap().to_owned();
        (place, code, ran.output)
    };
    let (place, code, said) = compared("30", "worse missing", "--metric\navg_time_per_request");
    assert_eq!(code, "1", "{said}");
    assert!(place.read("work/out put/comment.md").starts_with("<!-- benchplot: a job -->"));
    assert!(place.read("github/output").contains("verdict=worse\ngate=tripped\nworse=1\n"));
    assert_eq!(compared("0", "worse,missing", "").1, "0");
    assert_eq!(compared("30", "", "").1, "0", "nothing is to fail");
    assert_eq!(compared("30", "worse", "--no-such-option").1, "2");

    let result = |code: &str| Place::new().run(&step("Result"), &[("CODE", code)]).code;
    assert_eq!([result("0"), result("1"), result("4"), result("")], [0, 1, 4, 3]);
}

#[test]
fn the_action_writes_a_comment_and_then_the_same_one_anew() {
    let environment =
        [("GH_TOKEN", "x"), ("REPOSITORY", "o/r"), ("NUMBER", "7"), ("OUTPUT", "report"), ("EARLIER", "")];
    let place = Place::new();
    let nothing = place.run(&step("Comment"), &environment);
    assert_eq!(nothing.code, 0);
    assert!(!place.path("calls").exists());

    std::fs::create_dir(place.path("work/report")).unwrap();
    std::fs::write(place.path("work/report/comment.md"), "<!-- benchplot: compare -->\nall well\n").unwrap();
    let first = place.run(&step("Comment"), &environment);
    assert_eq!(first.code, 0, "{}", first.output);
    let calls = place.read("calls");
    assert!(calls.contains("gh api --method POST repos/o/r/issues/7/comments -F body=@report/comment.md\n"), "{calls}");

    let again: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, if *name == "EARLIER" { "99" } else { value })).collect();
    assert_eq!(place.run(&step("Comment"), &again).code, 0);
    assert!(
        place.read("calls").contains("gh api --method PATCH repos/o/r/issues/comments/99 -F body=@report/comment.md\n")
    );
}
