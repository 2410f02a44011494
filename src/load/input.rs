//! What the user names, and the files that are meant by it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::{Diagnostic, Severity};

/// The name of a sidecar, which says something of the results beside it and is none itself.
pub(super) const SIDECAR: &str = "benchplot.toml";

/// What the user names: a file, a folder, a glob or standard input, with a label where the content names no framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Names the framework of records that name none.
    pub label: Option<String>,
    /// A path, a glob, or `-`.
    pub target: String,
}

impl Input {
    /// Reads `PATH`, `GLOB`, `-` or `LABEL=PATH`. What exists as it stands is a path, whatever it holds.
    pub fn parse(text: &str) -> Self {
        let whole = Self { label: None, target: text.to_owned() };
        if Path::new(text).exists() {
            return whole;
        }
        // A glob over partitions, such as framework=*/part-*.csv, is no label either.
        if text.contains(['*', '?', '[']) && glob::glob(text).is_ok_and(|mut matches| matches.next().is_some()) {
            return whole;
        }
        match text.split_once('=') {
            Some((label, target))
                if !label.is_empty() && !target.is_empty() && !label.contains(['/', '\\', '*', '?']) =>
            {
                Self { label: Some(label.to_owned()), target: target.to_owned() }
            }
            _ => whole,
        }
    }
}

/// One file to be read, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// How it is called in every message and output.
    pub(crate) name: String,
    /// `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// From `LABEL=PATH`.
    pub(crate) label: Option<String>,
    /// The folder in which it was come upon, and where it may be anything; `None` where it was asked for by name.
    pub(crate) root: Option<PathBuf>,
}

/// The files that are meant, in the order of the inputs and sorted within a folder or glob. Inputs that mean nothing
/// are told.
pub(crate) fn find(inputs: &[Input]) -> (Vec<Found>, Vec<Diagnostic>) {
    let mut all = Vec::new();
    let mut diagnostics = Vec::new();
    for input in inputs {
        match find_one(input, &mut diagnostics) {
            Ok(found) => all.extend(found),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }

    let mut seen = HashSet::new();
    all.retain(|found| {
        let identity = found.path.as_ref().map(|path| fs::canonicalize(path).unwrap_or_else(|_| path.clone()));
        let is_new = seen.insert(identity);
        if !is_new {
            let message = "this file is named more than once; it is read once";
            diagnostics.push(Diagnostic::new(Severity::Notice, "named-twice", &found.name, message));
        }
        is_new
    });
    (all, diagnostics)
}

fn find_one(input: &Input, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Found>, Box<Diagnostic>> {
    let target = input.target.as_str();
    let error = |code, message: String, help: &str| {
        Box::new(Diagnostic::new(Severity::Error, code, target, message).help(help))
    };
    let found = |path: PathBuf, root: Option<&Path>| Found {
        name: path.display().to_string(),
        path: Some(path),
        label: input.label.clone(),
        root: root.map(Path::to_owned),
    };
    if target == "-" {
        return Ok(vec![Found {
            name: "standard input".to_owned(),
            path: None,
            label: input.label.clone(),
            root: None,
        }]);
    }
    let path = Path::new(target);
    if path.is_dir() {
        let folder = path;
        let mut files = Vec::new();
        let mut unreadable = Vec::new();
        walk(folder, &mut files, &mut unreadable);
        let is_read = unreadable.is_empty();
        diagnostics.extend(unreadable);
        if files.is_empty() && !is_read {
            return Ok(Vec::new());
        }
        if files.is_empty() {
            return Err(error(
                "empty-folder",
                "there is no file in this folder".to_owned(),
                "name a folder with results",
            ));
        }
        return Ok(files.into_iter().map(|path| found(path, Some(folder))).collect());
    }
    if path.exists() || !target.contains(['*', '?', '[']) {
        return Ok(vec![found(path.to_owned(), None)]);
    }
    let matches = glob::glob(target)
        .map_err(|cause| error("bad-glob", format!("this is no glob: {cause}"), "quote it, and check its brackets"))?;
    let mut files: Vec<PathBuf> = matches.filter_map(Result::ok).filter(|path| path.is_file()).collect();
    files.sort();
    if files.is_empty() {
        return Err(error(
            "no-match",
            "no file matches this glob".to_owned(),
            "check the path; quote the glob in a shell",
        ));
    }
    Ok(files.into_iter().map(|path| found(path, None)).collect())
}

/// All files below a folder, sorted by path, without hidden ones and sidecars. Links to folders are not followed, as they may lead
/// in circles. A folder that can't be read is told, and loses nothing but itself.
fn walk(folder: &Path, files: &mut Vec<PathBuf>, unreadable: &mut Vec<Diagnostic>) {
    let mut told = |path: &Path, cause: &io::Error| {
        let message = format!("the folder can't be read: {cause}");
        let diagnostic = Diagnostic::new(Severity::Error, "unreadable", &path.display().to_string(), message);
        unreadable.push(diagnostic.help("check its permissions"));
    };
    let mut entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(cause) => return told(folder, &cause),
    };
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') || entry.file_name() == SIDECAR {
            continue;
        }
        let path = entry.path();
        // What has no type any more was taken away since, and is no file either.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, files, unreadable);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_split_off() {
        let table = [
            ("results.json", None, "results.json"),
            ("asyncio=results.json", Some("asyncio"), "results.json"),
            ("a b=-", Some("a b"), "-"),
            ("=results.json", None, "=results.json"),
            ("out/framework=gin/part-0.csv", None, "out/framework=gin/part-0.csv"),
        ];
        for (text, label, target) in table {
            let input = Input::parse(text);
            assert_eq!((input.label.as_deref(), input.target.as_str()), (label, target), "{text}");
        }
    }

    #[test]
    fn what_exists_is_a_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a=b.json");
        fs::write(&path, "[]").unwrap();
        let text = path.display().to_string();
        assert_eq!(Input::parse(&text), Input { label: None, target: text });
    }

    #[test]
    fn a_folder_that_can_not_be_read_is_told() {
        let (mut files, mut told) = (vec![PathBuf::from("a.json")], Vec::new());
        walk(Path::new("/nowhere/at/all"), &mut files, &mut told);
        assert_eq!((files.len(), told.len()), (1, 1));
        assert!(told[0].to_string().starts_with("error: /nowhere/at/all: the folder can't be read: "), "{}", told[0]);
    }

    #[test]
    fn a_folder_is_walked_in_order_and_named_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.json", "b/x.csv", "a.json", ".hidden", "benchplot.toml"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let input = |target: PathBuf| Input { label: None, target: target.display().to_string() };
        let inputs = [input(folder.path().to_owned()), input(folder.path().join("*.json"))];
        let (found, diagnostics) = find(&inputs);
        let names: Vec<_> =
            found.iter().filter_map(|found| found.path.as_ref()?.strip_prefix(folder.path()).ok()?.to_str()).collect();
        assert_eq!(names, ["a.json", "b/x.csv", "c.json"]);
        assert_eq!(diagnostics.len(), 2);
    }
}
