//! The unit of work: what a run is made of.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What `requests_count` counts, and `avg_time_per_request` is the time of.
///
/// An importer sets [`Run::work`](super::Run::work) where its tool counts something else than requests: transactions of a
/// database, I/Os of a disk, iterations of a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Work {
    /// A request to a server.
    #[default]
    Request,
    /// A transaction of a database.
    Transaction,
    /// A query of a database.
    Query,
    /// A read from or write to a disk.
    Io,
    /// A call of the function, or a run of the command, that is measured.
    Iteration,
    /// A token of a language model.
    Token,
    /// A message of a queue.
    Message,
}

impl Work {
    /// All units of work.
    pub const ALL: [Self; 7] =
        [Self::Request, Self::Transaction, Self::Query, Self::Io, Self::Iteration, Self::Token, Self::Message];

    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Transaction => "transaction",
            Self::Query => "query",
            Self::Io => "io",
            Self::Iteration => "iteration",
            Self::Token => "token",
            Self::Message => "message",
        }
    }

    /// One of it, in words.
    pub const fn one(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Io) => "I/O",
            (Language::English, work) => work.name(),
            (Language::Chinese, Self::Request) => "请求",
            (Language::Chinese, Self::Transaction) => "事务",
            (Language::Chinese, Self::Query) => "查询",
            (Language::Chinese, Self::Io) => "I/O",
            (Language::Chinese, Self::Iteration) => "迭代",
            (Language::Chinese, Self::Token) => "token",
            (Language::Chinese, Self::Message) => "消息",
        }
    }

    /// Several of it, in words.
    pub const fn many(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Request) => "requests",
            (Language::English, Self::Transaction) => "transactions",
            (Language::English, Self::Query) => "queries",
            (Language::English, Self::Io) => "I/Os",
            (Language::English, Self::Iteration) => "iterations",
            (Language::English, Self::Token) => "tokens",
            (Language::English, Self::Message) => "messages",
            (Language::Chinese, work) => work.one(language),
        }
    }

    /// The unit of work of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|work| work.name() == name)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
