//! Rules about training, messages and the map of stakeholders.

use super::Rule;
use crate::diagnostic::Severity;

/// Less than 90 in 100 of those who were to be trained are, and the day for it has come.
pub static TRAINING_INCOMPLETE: Rule = Rule {
    name: "enable.training-incomplete",
    severity: Severity::Warning,
    summary: "Less than 90 in 100 of those who were to be trained are, and the day for it has come",
    why: "Who is switched on untrained asks the desk, or does not use it",
    fix: "Train them first, or let their phase wait",
};

/// The trial runs, and the plan of messages has none for its announcement or its launch.
pub static COMMS_PHASE_MISSING: Rule = Rule {
    name: "enable.comms-phase-missing",
    severity: Severity::Warning,
    summary: "The trial runs, and the plan of messages has none for its announcement or its launch",
    why: "People hear of it from their screens",
    fix: "Add the message, even a late one",
};

/// A user guide does not say what to do when the service does not work.
pub static NO_FALLBACK_IN_GUIDE: Rule = Rule {
    name: "enable.no-fallback-in-guide",
    severity: Severity::Warning,
    summary: "A user guide does not say what to do when the service does not work",
    why: "That is when people open the guide",
    fix: "One paragraph: go back to the old way, and whom to tell",
};

/// A map of stakeholders has nobody who is against it.
pub static NO_SCEPTICS: Rule = Rule {
    name: "enable.no-sceptics",
    severity: Severity::Note,
    summary: "A map of stakeholders has nobody who is against it",
    why: "Every map has sceptics; who does not name them does not talk to them",
    fix: "Ask the champions who is not convinced",
};

/// The rules of this group.
pub static RULES: &[&Rule] =
    &[&TRAINING_INCOMPLETE, &COMMS_PHASE_MISSING, &NO_FALLBACK_IN_GUIDE, &NO_SCEPTICS];
