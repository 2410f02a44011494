//! What folders say of the files in them, in the way of Hive: `framework=gin/concurrency=50/part-0.parquet`.

use std::path::{Path, PathBuf};

use super::names::Names;
use super::tabular::named_column;
use crate::record::Column;

/// What the folders of a path are named, by the same names as columns; of two folders the inner one counts.
pub(super) fn names(path: &Path) -> Names {
    let mut names = Names::default();
    for (column, value) in partitions(path) {
        let number = || value.trim().parse().ok().filter(|number: &u32| 1 <= *number);
        match column {
            Column::Framework => names.framework = Some(value.clone()).filter(|name| !name.is_empty()),
            Column::Scenario => names.scenario = Some(value),
            Column::Concurrency => names.concurrency = number(),
            Column::Repetition => names.repetition = number(),
            _ => {}
        }
    }
    names
}

/// The folder whose files are parts of the same runs; `None` where a file stands for itself.
pub(super) fn set_of(path: &Path) -> Option<PathBuf> {
    partitions(path).next()?;
    path.parent().map(Path::to_owned)
}

fn partitions(path: &Path) -> impl Iterator<Item = (Column, String)> {
    let folders = path.parent().into_iter().flat_map(Path::iter);
    folders.filter_map(|folder| {
        let (name, value) = folder.to_str()?.split_once('=')?;
        Some((named_column(name)?, decoded(value)))
    })
}

/// Hive writes what can't stand in a path as `%2F`, and a missing value in a way of its own.
fn decoded(value: &str) -> String {
    if value == "__HIVE_DEFAULT_PARTITION__" {
        return String::new();
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let code = behind
            .split_at_checked(2)
            .filter(|_| byte == b'%')
            .and_then(|(code, behind)| Some((u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?, behind)));
        let (byte, behind) = code.unwrap_or((byte, behind));
        bytes.push(byte);
        rest = behind;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_what_is_in_them() {
        let names = names(Path::new("out/framework=a%2Fb c/users=50/rep=2/colour=red/part-0.parquet"));
        let found = (names.framework.as_deref(), names.concurrency, names.repetition, names.scenario);
        assert_eq!(found, (Some("a/b c"), Some(50), Some(2), None));
    }

    #[test]
    fn only_folders_do() {
        for path in ["framework=a.csv", "x/y.csv", "a=b/c.csv", "concurrency=0/a.csv"] {
            assert_eq!(names(Path::new(path)), Names::default(), "{path}");
        }
        assert_eq!(set_of(Path::new("x/concurrency=5/a.csv")), Some(PathBuf::from("x/concurrency=5")));
        assert_eq!(set_of(Path::new("x/colour=red/a.csv")), None);
        assert_eq!(decoded("__HIVE_DEFAULT_PARTITION__"), "");
        assert_eq!(decoded("100%"), "100%");
    }
}
