//! Which processors something runs on.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Processors by number, such as `0,2-3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cpus(Vec<usize>);

impl Cpus {
    /// Reads a list of processors; `None` where the text is empty, which is all of them.
    ///
    /// # Errors
    ///
    /// Where it is no such list.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let error = || format!("expected processors such as 0,2-3, found {text:?}");
        let mut cpus = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (first.trim().parse::<usize>(), last.trim().parse::<usize>());
            match (first, last) {
                (Ok(first), Ok(last)) if first <= last && last < CpuSet::MAX_CPU => cpus.extend(first..=last),
                _ => return Err(error()),
            }
        }
        Ok(Some(Self(cpus)))
    }

    /// Does something on these processors; what it starts stays there. The calling thread returns to where it was.
    pub(super) fn run_on<T>(cpus: Option<&Self>, work: impl FnOnce() -> T) -> Result<T, String> {
        let Some(Self(cpus)) = cpus else { return Ok(work()) };
        let error = |cause| format!("the processors {cpus:?} can't be had: {cause}");
        let before = sched_getaffinity(None).map_err(error)?;
        let mut set = CpuSet::new();
        cpus.iter().for_each(|&cpu| set.set(cpu));
        sched_setaffinity(None, &set).map_err(error)?;
        let result = work();
        sched_setaffinity(None, &before).map_err(error)?;
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_processors() {
        assert_eq!(Cpus::parse("0,2-4"), Ok(Some(Cpus(vec![0, 2, 3, 4]))));
        assert_eq!(Cpus::parse(" "), Ok(None));
        for wrong in ["a", "3-1", "1,", "-1", "0-99999999"] {
            assert!(Cpus::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_thread_returns_to_where_it_was() {
        let before = sched_getaffinity(None).unwrap();
        let first = (0..CpuSet::MAX_CPU).find(|&cpu| before.is_set(cpu)).unwrap();
        let within = Cpus::run_on(Some(&Cpus(vec![first])), || sched_getaffinity(None).unwrap()).unwrap();
        assert_eq!(within.count(), 1);
        assert_eq!(sched_getaffinity(None).unwrap(), before);
        assert!(Cpus::run_on(Some(&Cpus(vec![1000])), || ()).is_err());
    }
}
