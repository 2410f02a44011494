//! The policy of a gate: from a file, and from the arguments on top of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use benchplot::compare::{Policy, parse_policy};
use benchplot::load::Input;

use super::args::CompareArgs;
use super::error::CliError;

/// The file that may have a section `[gate]`.
const FILE: &str = "benchplot.toml";

/// Puts the policy together. A file that was named has to have one; those beside the sides may.
pub(crate) fn policy(args: &CompareArgs) -> Result<Policy, CliError> {
    let of_file = match &args.policy.policy {
        Some(path) => named(path)?,
        None => beside(&args.sides)?,
    };
    Ok(of_file.with(Policy {
        fail_on: args.policy.fail_on.clone(),
        min_effect: args.min_effect,
        rules: Vec::new(),
        lost: None,
        limits: args.policy.limits.clone(),
        allowances: args.policy.allowances.clone(),
    }))
}

fn named(path: &Path) -> Result<Policy, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::Input { path: path.to_owned(), error })?;
    parse(path, &text)?
        .ok_or_else(|| CliError::Policy { path: path.to_owned(), message: "it has no section [gate]".to_owned() })
}

/// The policy in the folders of the sides. Several have to say the same, as nobody could tell which one holds.
fn beside(sides: &[String]) -> Result<Policy, CliError> {
    let mut found: Option<(PathBuf, Policy)> = None;
    for side in sides {
        let target = PathBuf::from(Input::parse(side).target);
        let folder = if target.is_dir() { Some(target.as_path()) } else { target.parent() };
        let Some(path) = folder.map(|folder| folder.join(FILE)) else { continue };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => continue,
            Err(error) => return Err(CliError::Input { path, error }),
        };
        let Some(policy) = parse(&path, &text)? else { continue };
        match &found {
            Some((first, other)) if *other != policy => {
                return Err(CliError::Policies { first: first.clone(), second: path });
            }
            Some(_) => {}
            None => found = Some((path, policy)),
        }
    }
    Ok(found.map(|(_, policy)| policy).unwrap_or_default())
}

fn parse(path: &Path, text: &str) -> Result<Option<Policy>, CliError> {
    parse_policy(text).map_err(|error| CliError::Policy { path: path.to_owned(), message: error.to_string() })
}
