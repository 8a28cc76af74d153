//! May this be done? One function for every trigger. Its answer is a list of conditions, met or not, and who can meet them.

use core_config::{ApplyMode, Confirm, Environment};
use core_model::plan::{Action, Plan, Risk};
use core_model::record::Approval;
use core_policy::Verdict;
use daemon_github::{Login, Permission};

use crate::rules::TeamApproval;

/// Findings of rules that a refusal tells one by one.
const FINDINGS_TOLD_MAX: usize = 10;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Plan,
    Apply,
    Skip,
    /// Have a request read, and a pull request opened for it.
    Propose,
}

/// A request with all that is needed to judge it.
pub struct Asked<'a> {
    pub operation: Operation,
    /// `None` for a merge: GitHub has judged the person already.
    pub by: Option<(&'a Login, Permission)>,
    /// The environment before and after the merge, and as it is now where that is something else: the strictest holds.
    pub settings: &'a [&'a Environment],
    /// Approvals that count: of the digest at hand, by others than the author, who may write.
    pub approvals: &'a [Approval],
    /// Whether it is known who asked for the change. Where it is not, that person may be one of those who approve, so that one more
    /// is needed.
    pub is_author_known: bool,
    pub plan: Option<&'a Plan>,
    /// What the rules say of the plan.
    pub verdict: Option<&'a Verdict>,
    /// Of the teams that the rules ask for, who has approved.
    pub teams: &'a [TeamApproval],
    /// The person typed the digest of this very plan.
    pub named_digest: bool,
    /// The person typed `--deletes N`.
    pub named_deletes: Option<usize>,
}

impl<'a> Asked<'a> {
    /// Whether a person may ask for something at all. The plan is judged later, when it is known.
    pub fn of_person(operation: Operation, author: &'a Login, permission: Permission) -> Self {
        Self {
            operation,
            by: Some((author, permission)),
            settings: &[],
            approvals: &[],
            is_author_known: true,
            plan: None,
            verdict: None,
            teams: &[],
            named_digest: false,
            named_deletes: None,
        }
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub met: bool,
    pub text: String,
    /// Who can meet it, and how.
    pub who: String,
}

/// All conditions, in the order in which people meet them.
pub fn authorise(asked: &Asked<'_>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some((login, permission)) = asked.by {
        conditions.push(Condition {
            met: permission >= Permission::Write,
            text: format!("{} may write to this repository", login.as_str()),
            who: "an administrator of the repository gives write access".to_owned(),
        });
    }
    if asked.operation != Operation::Apply {
        return conditions;
    }
    approvals(asked, &mut conditions);
    if let Some(plan) = asked.plan {
        problems(plan, &mut conditions);
    }
    if let Some(verdict) = asked.verdict {
        rules(asked, verdict, &mut conditions);
    }
    if let Some(plan) = asked.plan {
        confirmation(asked, plan, &mut conditions);
    }
    conditions
}

/// Whether nothing stands in the way.
pub fn all_met(conditions: &[Condition]) -> bool {
    conditions.iter().all(|condition| condition.met)
}

fn approvals(asked: &Asked<'_>, conditions: &mut Vec<Condition>) {
    let needed = asked.settings.iter().map(|settings| settings.approvals.count).max().unwrap_or(0) as usize;
    if needed > 0 {
        let needed = needed + one_more(asked);
        let given = asked.approvals.len();
        conditions.push(Condition { met: given >= needed, text: format!("{given} of {needed} approvals of this digest"), who: approvers(asked) });
    }
}

/// Whoever pushed something is not to approve it, and nobody knows who that was.
fn one_more(asked: &Asked<'_>) -> usize {
    usize::from(!asked.is_author_known)
}

fn approvers(asked: &Asked<'_>) -> String {
    if asked.is_author_known {
        "people who may write here and did not open the pull request approve it on GitHub, or comment `/apply` with the digest where it waits"
            .to_owned()
    } else {
        "people who may write here comment `/apply` with the digest; one more than is asked for, since nobody knows who pushed it".to_owned()
    }
}

fn problems(plan: &Plan, conditions: &mut Vec<Condition>) {
    if !plan.problems.is_empty() {
        conditions.push(Condition {
            met: false,
            text: format!("the plan has {}", counted(plan.problems.len(), "problem")),
            who: "the author solves them in a pull request".to_owned(),
        });
    }
}

/// A denial stops whoever asks, and so does a rule that could not be asked. What a team must approve waits for one of its people.
fn rules(asked: &Asked<'_>, verdict: &Verdict, conditions: &mut Vec<Condition>) {
    let who = "the author changes what is asked for, or the rule in a pull request of its own";
    for finding in verdict.denials().take(FINDINGS_TOLD_MAX) {
        let text = format!("a plan that `{}` at {} does not forbid: {}", finding.rule, finding.written_at, finding.message);
        conditions.push(Condition { met: false, text, who: who.to_owned() });
    }
    let more = verdict.denials().skip(FINDINGS_TOLD_MAX).count();
    if more > 0 {
        conditions.push(Condition { met: false, text: format!("a plan without {more} more denials; `/why` lists them"), who: who.to_owned() });
    }
    if !verdict.faults.is_empty() {
        conditions.push(Condition {
            met: false,
            text: format!("rules that can be asked; {} cannot", verdict.faults.len()),
            who: "somebody mends the rules in a pull request; `ipr policy test` shows what is wrong".to_owned(),
        });
    }
    for (team, findings) in verdict.teams() {
        let by = asked.teams.iter().find(|approval| approval.team == team).map_or(&[][..], |approval| approval.by.as_slice());
        let mut messages: Vec<String> = findings.iter().take(FINDINGS_TOLD_MAX).map(|finding| finding.message.clone()).collect();
        if findings.len() > FINDINGS_TOLD_MAX {
            messages.push(format!("and {} more", findings.len() - FINDINGS_TOLD_MAX));
        }
        conditions.push(Condition {
            met: by.len() > one_more(asked),
            text: format!("{} this digest: {}", if asked.is_author_known { format!("the team {team} approves") } else { format!("two of the team {team} approve") }, messages.join("; ")),
            who: if asked.is_author_known {
                format!("one of the team {team} who did not open the pull request approves it on GitHub, or comments `/apply` with the digest where it waits")
            } else {
                format!("two of the team {team} comment `/apply` with the digest: nobody knows which of them pushed it")
            },
        });
    }
}

/// Data loss, what `confirm` lists, mass deletes and manual mode wait for the digest in a person's own hand.
fn confirmation(asked: &Asked<'_>, plan: &Plan, conditions: &mut Vec<Condition>) {
    let reasons = reasons_to_confirm(asked.settings, plan);
    if !reasons.is_empty() {
        conditions.push(Condition {
            met: asked.named_digest,
            text: format!("`/apply {}`, because {}", plan.digest, reasons.join(" and ")),
            who: "somebody who may write here comments it".to_owned(),
        });
    }
    if plan.is_mass_delete() {
        let deletes = plan.count(Action::Delete);
        conditions.push(Condition {
            met: asked.named_deletes == Some(deletes) || asked.approvals.len() >= 2 + one_more(asked),
            text: format!("{deletes} deletes are named, or two people approved"),
            who: format!("comment `/apply {} --deletes {deletes}`", plan.digest),
        });
    }
}

fn reasons_to_confirm(settings: &[&Environment], plan: &Plan) -> Vec<String> {
    let mut reasons = Vec::new();
    let asks = |what: Confirm| settings.iter().any(|settings| settings.confirm.contains(&what));
    if settings.iter().any(|settings| settings.apply == ApplyMode::Manual) {
        reasons.push("the environment applies by hand".to_owned());
    }
    if plan.risk() == Risk::DataLoss {
        reasons.push("data would be lost".to_owned());
    }
    for (what, action, words) in [
        (Confirm::Replace, Action::Replace, "replacements"),
        (Confirm::Restart, Action::Restart, "restarts"),
        (Confirm::Delete, Action::Delete, "deletes"),
    ] {
        if asks(what) && plan.count(action) > 0 {
            reasons.push(format!("the environment confirms {words}"));
        }
    }
    if plan.is_mass_delete() {
        reasons.push("it deletes much".to_owned());
    }
    reasons
}

/// `1 problem`, `2 problems`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
