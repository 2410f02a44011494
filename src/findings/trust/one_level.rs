//! Load tests at a single level. They say how fast frameworks are there, and nothing of more load or less.

use serde_json::json;

use crate::findings::tools::is_load_test;
use crate::findings::{Evidence, Finding, Rule, Severity};

/// All load tests were made at one level.
pub(super) struct OneLevel;

impl Rule for OneLevel {
    fn id(&self) -> &'static str {
        "one-level"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let [level] = evidence.runs.levels()[..] else { return Vec::new() };
        if evidence.runs.frameworks().len() < 2 || !evidence.runs.iter().any(is_load_test) {
            return Vec::new();
        }
        let words = evidence.wording();
        let at = words.at_level(Some(level));
        let message = if level == 1 {
            words.say(
                "everything was measured with a single client: nothing is known of load",
                "全部测量都只有一个客户端：对负载下的表现一无所知",
            )
        } else {
            words.say(
                format!("everything was measured {at} only: nothing is known of more load or less"),
                format!("全部测量都只在{at}进行：对更高或更低的负载一无所知"),
            )
        };
        vec![Finding::trust(
            self,
            Severity::Info,
            Vec::new(),
            message,
            words.say(
                "Who is first at one level need not be first at another. Measure levels on both sides of the load that you \
                 expect, such as 1, 4, 16, 64 and 256.",
                "在一个级别上领先，在另一个级别上未必领先。请在预期负载的两侧都测量一些级别，例如 1、4、16、64 和 256。",
            ),
            json!({"concurrency": level}),
        )]
    }
}
