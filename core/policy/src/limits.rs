//! How much may a rule set be, and how much may it do? Bounds on texts, on work and on answers.

/// One file of rules.
pub(crate) const FILE_BYTES_MAX: usize = 256 * 1024;
/// All files of a rule set.
pub(crate) const FILES_MAX: usize = 500;
/// Rules that deny, warn or ask.
pub(crate) const ENTRIES_MAX: usize = 1_000;
/// The parser tries each bracket in several ways, so that its work doubles with each level: the sum of two to the level, over
/// all brackets and commas of a file.
pub(crate) const PARSE_WORK_MAX: u64 = 4_000_000;
/// How deep rules and functions may call each other. Every call stands on the thread's stack.
pub(crate) const CALL_DEPTH_MAX: usize = 40;
/// Units of work of one rule: about one for each expression that is looked at.
pub(crate) const RULE_WORK_MAX: u64 = 5_000_000;
/// The work of a rule is looked at each time it has done so much.
pub(crate) const WORK_CHECKED_EVERY: u32 = 1_000;
/// The longest list that `numbers.range` makes.
pub(crate) const RANGE_MAX: i64 = 10_000;
/// Findings of one rule that are kept. More are an error: nobody reads them.
pub(crate) const FINDINGS_MAX: usize = 1_000;
/// Characters of one message that are kept.
pub(crate) const MESSAGE_LENGTH_MAX: usize = 1_000;
/// Characters of the `path` that a rule names.
pub(crate) const PATH_LENGTH_MAX: usize = 500;
/// Teams that one rule set may ask.
pub(crate) const TEAMS_MAX: usize = 20;
/// What is kept of a verdict's findings, beside the first of each effect: over a thousand of them, as they mostly are.
pub(crate) const FINDINGS_BYTES_MAX: usize = 256 * 1024;
/// Rules that could not be asked, as far as they are told one by one.
pub(crate) const FAULTS_MAX: usize = 20;
/// Characters of one such message.
pub(crate) const FAULT_LENGTH_MAX: usize = 2_000;
