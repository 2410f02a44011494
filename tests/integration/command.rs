//! Runs the program in a folder of its own and shows all that it says, so that one snapshot pins all of it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A temporary folder with the files of a test in it.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

/// Variables that change what the program says.
pub(crate) const OF_THE_OUTSIDE: [&str; 7] = [
    "NO_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_OUTPUT",
    "GITHUB_SERVER_URL",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
];

/// What a command said, and its exit code.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit_code: Option<i32>,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A workplace with these files, by name and content.
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Self {
        let workplace = Self::new();
        for (name, content) in files {
            let path = workplace.path(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        workplace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of all files in a folder, sorted.
    pub(crate) fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_with_stdin(args, b"")
    }

    pub(crate) fn run_with_stdin(&self, args: &[&str], stdin: &[u8]) -> Outcome {
        self.run_with(args, &[], stdin)
    }

    /// Runs with these variables in the environment.
    pub(crate) fn run_in(&self, args: &[&str], environment: &[(&str, String)]) -> Outcome {
        self.run_with(args, environment, b"")
    }

    fn run_with(&self, args: &[&str], environment: &[(&str, String)], stdin: &[u8]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_benchplot"));
        // The tests may run on CI themselves, which is not what they ask for.
        for variable in OF_THE_OUTSIDE {
            command.env_remove(variable);
        }
        let mut child = command
            .args(args)
            .current_dir(self.folder.path())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads no input may be gone before it is written.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Outcome {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            exit_code: output.status.code(),
        }
    }
}

impl Outcome {
    /// All of it in one text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        write!(text, "exit code {:?}\n\n--- stdout\n{}\n--- stderr\n{}", self.exit_code, self.stdout, self.stderr)
            .unwrap();
        text
    }
}

/// A file of the sample data.
pub(crate) fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name).display().to_string()
}
