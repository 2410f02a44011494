//! What the measuring is done on.

use std::fs;
use std::thread;

/// The machine in one line; `None` where /proc does not say.
pub(super) fn summary() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    let cpus = thread::available_parallelism().map_or(1, usize::from);
    Some(format!("{cpus} × {}, Linux {}", model(&info), kernel.trim()))
}

fn model(info: &str) -> &str {
    let value = |line: &'_ str| line.strip_prefix("model name").is_some();
    let line = info.lines().find(|line| value(line)).and_then(|line| line.split_once(':'));
    line.map_or("processors of an unknown model", |(_, model)| model.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_the_processor() {
        assert_eq!(model("processor\t: 0\nmodel name\t: AMD EPYC 7B13\n"), "AMD EPYC 7B13");
        assert_eq!(model("processor\t: 0\n"), "processors of an unknown model");
    }
}
