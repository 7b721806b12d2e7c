//! From levels and facts to rights. Not built yet: it says so.

use crate::case::Case;
use crate::determination::Finding;
use crate::instrument::definition::Severity;

/// Answers for the rights of a case that asks for them.
pub(crate) fn answer(case: &Case, findings: &mut Vec<Finding>) {
    if !case.asks_levels_alone() {
        findings.push(Finding::new(
            "rights_not_yet",
            Severity::Info,
            String::new(),
        ));
    }
}
