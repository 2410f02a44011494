//! `benchplot.toml`: what there is to say of all results in a folder, said once.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Deserialize;

use super::diagnostic::{Diagnostic, Severity};
use super::format::{Format, named};
use super::input::{Found, SIDECAR};
use super::names::NamePattern;
use super::tabular::ColumnChoice;
use super::warm_up::{SkipWarmUp, SkipWarmUpError};

/// What a sidecar says of the files in its folder and below it.
#[derive(Default)]
pub(super) struct Sidecar {
    pub(super) name_pattern: Option<NamePattern>,
    pub(super) framework: Option<String>,
    pub(super) scenario: Option<String>,
    pub(super) concurrency: Option<u32>,
    pub(super) format: Option<&'static Format>,
    pub(super) columns: Vec<ColumnChoice>,
    pub(super) skip_warm_up: Option<SkipWarmUp>,
}

/// A sidecar as it stands in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Wire {
    name_pattern: Option<String>,
    framework: Option<String>,
    scenario: Option<String>,
    concurrency: Option<u32>,
    input_format: Option<String>,
    #[serde(rename = "skip-warmup")]
    skip_warm_up: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    /// The policy of a gate, which is not about reading and is read by itself.
    #[serde(default, rename = "gate")]
    _gate: Option<serde::de::IgnoredAny>,
}

/// The sidecars that were read, by folder, so that each is read once.
#[derive(Default)]
pub(super) struct Sidecars {
    known: HashMap<PathBuf, Result<Option<Rc<Sidecar>>, Box<Diagnostic>>>,
}

impl Sidecars {
    /// The sidecar of a file: the nearest one from its own folder up to the folder that was named. A file that was asked
    /// for by name has only that of its own folder.
    ///
    /// # Errors
    ///
    /// When the sidecar can't be read or is not understood; without it, names would be wrong.
    pub(super) fn of(&mut self, file: &Found) -> Result<Rc<Sidecar>, Box<Diagnostic>> {
        let mut folder = file.path.as_deref().and_then(Path::parent);
        while let Some(here) = folder {
            if let Some(sidecar) = self.in_folder(here)? {
                return Ok(sidecar);
            }
            let is_last = file.root.as_deref().is_none_or(|root| root == here);
            folder = here.parent().filter(|_| !is_last);
        }
        Ok(Rc::default())
    }

    fn in_folder(&mut self, folder: &Path) -> Result<Option<Rc<Sidecar>>, Box<Diagnostic>> {
        self.known.entry(folder.to_owned()).or_insert_with(|| read(&folder.join(SIDECAR))).clone()
    }
}

fn read(path: &Path) -> Result<Option<Rc<Sidecar>>, Box<Diagnostic>> {
    let error = |message: String| {
        let help = "mend it or take it away; the files that it speaks of are not read";
        Box::new(Diagnostic::new(Severity::Error, "sidecar", &path.display().to_string(), message).help(help))
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(error(format!("can't be read: {cause}"))),
    };
    let wire: Wire = toml::from_str(&text).map_err(|cause| error(cause.to_string().trim_end().to_owned()))?;
    let unknown_format = |name: &str| error(format!("there is no format {name:?}; see `benchplot formats`"));
    let column = |(field, column): (&String, &String)| format!("{field}={column}").parse::<ColumnChoice>();
    Ok(Some(Rc::new(Sidecar {
        name_pattern: wire
            .name_pattern
            .map(|pattern| pattern.parse())
            .transpose()
            .map_err(|cause: super::names::NamePatternError| error(cause.to_string()))?,
        framework: wire.framework,
        scenario: wire.scenario,
        concurrency: wire.concurrency.filter(|level| 1 <= *level),
        format: wire.input_format.map(|name| named(&name).ok_or_else(|| unknown_format(&name))).transpose()?,
        skip_warm_up: wire
            .skip_warm_up
            .map(|text| text.parse())
            .transpose()
            .map_err(|cause: SkipWarmUpError| error(cause.to_string()))?,
        columns: wire.map.iter().map(column).collect::<Result<_, _>>().map_err(|cause| error(cause.to_string()))?,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(content: &str) -> Result<Rc<Sidecar>, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SIDECAR), content).unwrap();
        let below = folder.path().join("a/b");
        let file = Found {
            name: "x.json".into(),
            path: Some(below.join("x.json")),
            label: None,
            root: Some(folder.path().to_owned()),
        };
        Sidecars::default().of(&file).map_err(|diagnostic| diagnostic.message)
    }

    #[test]
    fn a_sidecar_speaks_of_all_files_below_it() {
        let sidecar =
            said("name-pattern = '{framework}_c{concurrency}'\nscenario = 'json'\nskip-warmup = 'auto'\n[map]\ntotal_time = 'dur:ms'")
                .unwrap();
        assert_eq!(sidecar.name_pattern, Some("{framework}_c{concurrency}".parse().unwrap()));
        assert_eq!((sidecar.scenario.as_deref(), sidecar.columns.len()), (Some("json"), 1));
        assert_eq!(sidecar.skip_warm_up, Some(SkipWarmUp::Auto));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for (content, part) in [
            ("framwork = 'gin'", "unknown field `framwork`"),
            ("name-pattern = '{framwork}'", "{framwork} is no placeholder"),
            ("input-format = 'xls'", "there is no format \"xls\""),
            ("[map]\nusers = 'vus'", "there is no field \"users\""),
            ("skip-warmup = '10'", "expected auto or a duration"),
            ("framework =", "TOML parse error"),
        ] {
            let message = said(content).err().unwrap();
            assert!(message.contains(part), "{message}");
        }
    }
}
