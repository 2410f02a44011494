//! What an output is about: an analysis, or a before and after. Both hold cells, findings and a language.

use super::words::Words;
use crate::analysis::{Analysis, ChangeAnalysis, Generator, Side};
use crate::findings::Finding;
use crate::language::Language;
use crate::stats::Cell;

/// What an output is made from.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A set of runs.
    Analysis(&'a Analysis),
    /// A baseline and its candidates.
    Changes(&'a ChangeAnalysis),
}

impl<'a> From<&'a Analysis> for Subject<'a> {
    fn from(analysis: &'a Analysis) -> Self {
        Self::Analysis(analysis)
    }
}

impl<'a> From<&'a ChangeAnalysis> for Subject<'a> {
    fn from(changes: &'a ChangeAnalysis) -> Self {
        Self::Changes(changes)
    }
}

/// The cells of one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct SideCells<'a> {
    /// What the side is called; `None` where there is only one.
    pub(super) side: Option<&'a str>,
    pub(super) cells: &'a [Cell],
}

impl<'a> Subject<'a> {
    /// The command that it comes from, which is also the usual key of a comment.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Analysis(_) => "analyze",
            Self::Changes(_) => "compare",
        }
    }

    /// The language of its sentences.
    pub const fn language(self) -> Language {
        match self {
            Self::Analysis(analysis) => analysis.language,
            Self::Changes(changes) => changes.language,
        }
    }

    pub(super) const fn words(self) -> Words {
        Words(self.language())
    }

    pub(super) const fn generator(self) -> &'a Generator {
        match self {
            Self::Analysis(analysis) => &analysis.generator,
            Self::Changes(changes) => &changes.generator,
        }
    }

    /// The level of all intervals, %, as in `95`.
    pub(super) fn interval_level(self) -> String {
        let alpha = match self {
            Self::Analysis(analysis) => analysis.alpha,
            Self::Changes(changes) => changes.alpha,
        };
        let percent = format!("{:.3}", (1.0 - alpha) * 100.0);
        percent.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// What was measured, of every side.
    pub(super) fn all_cells(self) -> Vec<SideCells<'a>> {
        match self {
            Self::Analysis(analysis) => vec![SideCells { side: None, cells: &analysis.cells }],
            Self::Changes(changes) => changes.sides.iter().map(|side| cells_of(side, true)).collect(),
        }
    }

    /// What was measured now: all of an analysis, and the candidates of a comparison.
    pub(super) fn current_cells(self) -> Vec<SideCells<'a>> {
        match self {
            Self::Analysis(_) => self.all_cells(),
            Self::Changes(changes) => {
                let is_named = 2 < changes.sides.len();
                changes.sides.iter().skip(1).map(|side| cells_of(side, is_named)).collect()
            }
        }
    }

    /// All findings: those about the whole first, then those of each side with its label.
    pub(super) fn findings(self) -> Vec<(Option<&'a str>, &'a Finding)> {
        match self {
            Self::Analysis(analysis) => analysis.findings.iter().map(|finding| (None, finding)).collect(),
            Self::Changes(changes) => {
                let own = changes.findings.iter().map(|finding| (None, finding));
                let of_side =
                    |side: &'a Side| side.findings.iter().map(move |finding| (Some(side.label.as_str()), finding));
                own.chain(changes.sides.iter().flat_map(of_side)).collect()
            }
        }
    }
}

fn cells_of(side: &Side, is_named: bool) -> SideCells<'_> {
    SideCells { side: is_named.then_some(side.label.as_str()), cells: &side.cells }
}
