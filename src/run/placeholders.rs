//! Names in braces that stand for values, in the arguments of commands: `{port}`.

use indexmap::IndexMap;

/// What may stand in the command of a service or server, beside the ports of services.
pub(super) const OF_PROCESSES: [&str; 2] = ["port", "target"];

/// What may stand in the command that is measured, beside the ports of services.
pub(super) const OF_COMMANDS: [&str; 8] =
    ["target", "load", "concurrency", "rate", "requests", "duration", "repetition", "output"];

/// The values of names.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(IndexMap<String, String>);

impl Values {
    /// The same, and `name` stands for `value`.
    pub(super) fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.0.insert(name.into(), value.to_string());
        self
    }

    /// The arguments with every name replaced. A name without a value stays, which a checked suite does not have.
    pub(super) fn fill(&self, arguments: &[String]) -> Vec<String> {
        arguments.iter().map(|argument| self.fill_one(argument)).collect()
    }

    fn fill_one(&self, argument: &str) -> String {
        let mut filled = String::with_capacity(argument.len());
        for part in parts(argument) {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Name(name) => match self.0.get(name) {
                    Some(value) => filled.push_str(value),
                    None => filled.extend(["{", name, "}"]),
                },
            }
        }
        filled
    }
}

/// Whether all names in the arguments have a value to come.
///
/// # Errors
///
/// The first name that has none.
pub(super) fn check_names(arguments: &[String], names: &[&str], services: &[&str]) -> Result<(), String> {
    let is_known = |name: &str| {
        names.contains(&name) || name.strip_suffix(".port").is_some_and(|service| services.contains(&service))
    };
    for part in arguments.iter().flat_map(|argument| parts(argument)) {
        if let Part::Name(name) = part
            && !is_known(name)
        {
            let ports = services.iter().map(|service| format!("{service}.port"));
            let known: Vec<String> = names.iter().map(|name| (*name).to_owned()).chain(ports).collect();
            return Err(format!(
                "{{{name}}} stands for nothing here; there are {}, and {{{{ for a brace",
                known.join(", ")
            ));
        }
    }
    Ok(())
}

enum Part<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// Text and names. Braces around anything but a name are text, so that JSON can be an argument.
fn parts(argument: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = argument;
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(Part::Text(before));
        if let Some(escaped) = after.strip_prefix('{') {
            parts.push(Part::Text("{"));
            rest = escaped;
            continue;
        }
        match after.split_once('}') {
            Some((name, behind)) if is_name(name) => {
                parts.push(Part::Name(name));
                rest = behind;
            }
            _ => {
                parts.push(Part::Text("{"));
                rest = after;
            }
        }
    }
    parts.push(Part::Text(rest));
    parts
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_braces_are_kept() {
        let values = Values::default().with("port", 8080).with("redis.port", 6379);
        for (argument, expected) in [
            ("--port={port}", "--port=8080"),
            ("redis://127.0.0.1:{redis.port}/0", "redis://127.0.0.1:6379/0"),
            ("{{port}", "{port}"),
            (r#"{"a": {}}"#, r#"{"a": {}}"#),
            ("{", "{"),
        ] {
            assert_eq!(values.fill(&[argument.to_owned()]), [expected], "{argument}");
        }
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        let check = |argument: &str| check_names(&[argument.to_owned()], &OF_COMMANDS, &["redis"]);
        assert_eq!(check("{concurrency} {redis.port} {{x}"), Ok(()));
        let error = check("{concurency}").unwrap_err();
        assert!(error.starts_with("{concurency} stands for nothing here; there are target, load,"), "{error}");
        assert!(check("{mysql.port}").is_err());
    }
}
