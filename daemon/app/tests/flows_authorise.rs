//! Which conditions stand between a request and an apply? Each one alone, and all together.

#![allow(clippy::unwrap_used)]

use core_config::{Environment, Files, load};
use core_model::Hash;
use core_model::plan::{Action, Inverse, PLAN_FORMAT, Plan, Problem, ProblemKind, Risk, Step};
use core_model::record::Approval;
use core_model::resource_type::Registry;
use core_policy::{Effect, Finding, Verdict};
use daemon_app::{Asked, Operation, TeamApproval, all_met, authorise};
use daemon_github::{Login, Permission};

/// The environment `prod` with these settings.
fn environment(settings: &str) -> Environment {
    let text = format!("version: \"1.0\"\nowner_id: c0ffee01\nenvironments:\n  prod: {{id: prod{settings}}}\n");
    let files: Files = [("ipr.yaml".to_owned(), text.into_bytes())].into();
    let mut loaded = load(&files, &Registry::default());
    assert!(loaded.is_plannable(), "{:?}", loaded.diagnostics);
    loaded.repository.environments.remove(&"prod".parse().unwrap()).unwrap()
}

fn step(action: Action, number: usize) -> Step {
    Step {
        digest: Hash::of_bytes(format!("{number}").as_bytes()),
        address: format!("app.r{number}").parse().unwrap(),
        type_name: "network".to_owned(),
        provider: "fake".to_owned(),
        target: "lab".parse().unwrap(),
        action,
        object: format!("app-r{number}"),
        moved_from: None,
        changes: Vec::new(),
        desired: Default::default(),
        pins: Default::default(),
        risk: Risk::InPlace,
        inverse: Inverse::Exact,
        waits_for: Default::default(),
        reason: "the blueprint changed".to_owned(),
    }
}

/// A plan with one step for each action, in an environment of so many resources.
fn plan(actions: &[Action], managed: usize) -> Plan {
    let steps: Vec<Step> = actions.iter().enumerate().map(|(number, action)| step(*action, number)).collect();
    Plan {
        format: PLAN_FORMAT,
        environment: "prod".parse().unwrap(),
        digest: Plan::compute_digest(&"prod".parse().unwrap(), &steps),
        steps,
        pending: Vec::new(),
        drift: Vec::new(),
        unknown: Vec::new(),
        orphans: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        after: Vec::new(),
        targets: Default::default(),
        managed,
    }
}

fn problem() -> Problem {
    Problem { kind: ProblemKind::Conflict, address: "app.r0".parse().unwrap(), detail: "It exists.".to_owned(), hint: None, at: None }
}

fn login(name: &str) -> Login {
    name.parse().unwrap()
}

/// A request, with everything that is judged.
struct Request {
    operation: Operation,
    by: Option<(Login, Permission)>,
    before: Option<Environment>,
    after: Option<Environment>,
    approvals: usize,
    plan: Plan,
    verdict: Verdict,
    teams: Vec<TeamApproval>,
    named_digest: bool,
    named_deletes: Option<usize>,
    is_author_known: bool,
}

impl Request {
    /// A merge of a plan with these steps, in an environment without settings.
    fn merge(actions: &[Action]) -> Self {
        let plain = || Some(environment(""));
        let (plan, operation) = (plan(actions, 0), Operation::Apply);
        let (verdict, teams) = (Verdict::default(), Vec::new());
        Self {
            operation,
            by: None,
            before: plain(),
            after: plain(),
            approvals: 0,
            plan,
            verdict,
            teams,
            named_digest: false,
            named_deletes: None,
            is_author_known: true,
        }
    }

    /// The texts of the conditions that are not met.
    fn unmet(&self) -> Vec<String> {
        let approval = |number| Approval { login: format!("user-{number}"), at: "2026-01-01T00:00:00Z".to_owned() };
        let approvals: Vec<Approval> = (0..self.approvals).map(approval).collect();
        let settings: Vec<&Environment> = [&self.before, &self.after].into_iter().flatten().collect();
        let conditions = authorise(&Asked {
            operation: self.operation,
            by: self.by.as_ref().map(|(login, permission)| (login, *permission)),
            settings: &settings,
            approvals: &approvals,
            is_author_known: self.is_author_known,
            plan: Some(&self.plan),
            verdict: Some(&self.verdict),
            teams: &self.teams,
            named_digest: self.named_digest,
            named_deletes: self.named_deletes,
        });
        let unmet: Vec<String> = conditions.iter().filter(|condition| !condition.met).map(|condition| condition.text.clone()).collect();
        assert_eq!(all_met(&conditions), unmet.is_empty());
        assert!(conditions.iter().all(|condition| !condition.who.is_empty()), "every condition says who can meet it");
        unmet
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_plain_merge_needs_nothing() {
    assert_eq!(Request::merge(&[Action::Update, Action::Create, Action::Delete, Action::Replace]).unmet(), NOTHING);
}

#[test]
fn who_commands_must_be_allowed_to_write() {
    let permissions = [
        (Permission::None, false),
        (Permission::Read, false),
        (Permission::Triage, false),
        (Permission::Write, true),
        (Permission::Maintain, true),
        (Permission::Admin, true),
    ];
    for (permission, allowed) in permissions {
        for operation in [Operation::Plan, Operation::Apply, Operation::Skip] {
            let request = Request { operation, by: Some((login("mallory"), permission)), ..Request::merge(&[Action::Update]) };
            let expected = if allowed { vec![] } else { vec!["mallory may write to this repository"] };
            assert_eq!(request.unmet(), expected, "{permission:?} {operation:?}");
        }
    }
}

#[test]
fn only_applying_asks_for_more_than_permission() {
    for operation in [Operation::Plan, Operation::Skip] {
        let before = Some(environment(", approvals: {count: 2}, confirm: [replace], apply: manual"));
        assert_eq!(Request { operation, before, ..Request::merge(&[Action::Replace; 7]) }.unmet(), NOTHING);
    }
}

#[test]
fn approvals_are_counted() {
    for (given, expected) in [(0, vec!["0 of 2 approvals of this digest"]), (1, vec!["1 of 2 approvals of this digest"]), (2, vec![]), (3, vec![])] {
        let after = Some(environment(", approvals: {count: 2}"));
        assert_eq!(Request { after, approvals: given, ..Request::merge(&[Action::Update]) }.unmet(), expected);
    }
}

#[test]
fn a_plan_with_problems_is_never_applied() {
    for (count, text) in [(1, "the plan has 1 problem"), (2, "the plan has 2 problems")] {
        let mut request = Request { named_digest: true, approvals: 9, ..Request::merge(&[Action::Update]) };
        request.plan.problems = (0..count).map(|_| problem()).collect();
        assert_eq!(request.unmet(), [text]);
    }
}

/// The reason for which the digest is asked, if any; naming the digest must meet it.
fn reason(mut request: Request) -> Option<String> {
    let unmet = request.unmet();
    request.named_digest = true;
    assert_eq!(request.unmet(), NOTHING, "the digest in a person's own hand");
    let asked = format!("`/apply {}`, because ", request.plan.digest);
    unmet.first().map(|text| text.strip_prefix(&asked).unwrap().to_owned())
}

#[test]
fn what_the_environment_confirms_waits_for_its_digest() {
    for (word, action, expected) in [
        ("replace", Action::Replace, "the environment confirms replacements"),
        ("restart", Action::Restart, "the environment confirms restarts"),
        ("delete", Action::Delete, "the environment confirms deletes"),
    ] {
        let after = || Some(environment(&format!(", confirm: [{word}]")));
        assert_eq!(reason(Request { after: after(), ..Request::merge(&[Action::Update, action]) }).as_deref(), Some(expected));
        assert_eq!(reason(Request { after: after(), ..Request::merge(&[Action::Update, Action::Create]) }), None, "{word}");
    }
}

#[test]
fn data_loss_always_waits_for_its_digest() {
    let mut request = Request::merge(&[Action::Delete]);
    request.plan.steps[0].risk = Risk::DataLoss;
    assert_eq!(reason(request).as_deref(), Some("data would be lost"));
}

#[test]
fn manual_mode_waits_for_its_digest() {
    let after = Some(environment(", apply: manual"));
    assert_eq!(reason(Request { after, ..Request::merge(&[Action::Update]) }).as_deref(), Some("the environment applies by hand"));
}

#[test]
fn all_reasons_are_named_at_once() {
    let after = Some(environment(", apply: manual, confirm: [replace, delete]"));
    let mut request = Request { after, ..Request::merge(&[Action::Replace, Action::Delete]) };
    request.plan.steps[0].risk = Risk::DataLoss;
    let expected = "the environment applies by hand and data would be lost and the environment confirms replacements \
                    and the environment confirms deletes";
    assert_eq!(reason(request).as_deref(), Some(expected));
}

#[test]
fn a_mass_delete_is_more_than_five_or_more_than_a_fifth_of_ten_or_more() {
    for (deletes, managed, is_mass) in [(5, 25, false), (6, 1000, true), (2, 10, false), (3, 10, true), (3, 15, false), (4, 15, true), (5, 9, false)]
    {
        assert_eq!(plan(&vec![Action::Delete; deletes], managed).is_mass_delete(), is_mass, "{deletes} of {managed}");
    }
}

#[test]
fn a_mass_delete_must_be_named_by_its_number_or_approved_by_two() {
    let asked = vec!["6 deletes are named, or two people approved"];
    for (named_deletes, approvals, expected) in [
        (None, 0, asked.clone()),
        (None, 1, asked.clone()),
        (None, 2, vec![]),
        (Some(5), 0, asked.clone()),
        (Some(7), 0, asked.clone()),
        (Some(6), 0, vec![]),
    ] {
        let request = Request { named_deletes, approvals, named_digest: true, ..Request::merge(&[Action::Delete; 6]) };
        assert_eq!(request.unmet(), expected, "{named_deletes:?} {approvals}");
    }
    let request = Request { named_deletes: Some(6), ..Request::merge(&[Action::Delete; 6]) };
    assert!(request.unmet()[0].ends_with("because it deletes much"), "its digest is asked for, too");
}

#[test]
fn the_stricter_of_before_and_after_holds() {
    for (strict, action) in
        [(", approvals: {count: 1}", Action::Update), (", confirm: [replace]", Action::Replace), (", apply: manual", Action::Update)]
    {
        let (plain, strict_one) = (|| Some(environment("")), || Some(environment(strict)));
        for (before, after) in [(plain(), strict_one()), (strict_one(), plain()), (None, strict_one()), (strict_one(), None)] {
            assert_eq!(Request { before, after, ..Request::merge(&[action]) }.unmet().len(), 1, "{strict}");
        }
    }
    let [one, two] = [", approvals: {count: 1}", ", approvals: {count: 2}"].map(|text| Some(environment(text)));
    let request = Request { before: two, after: one, approvals: 1, ..Request::merge(&[Action::Update]) };
    assert_eq!(request.unmet(), ["1 of 2 approvals of this digest"]);
}

#[test]
fn everything_together_is_listed_in_the_order_in_which_people_meet_it() {
    let after = Some(environment(", approvals: {count: 3}, apply: manual"));
    let mut request = Request { by: Some((login("mallory"), Permission::Read)), after, ..Request::merge(&[Action::Delete; 6]) };
    request.plan.problems = vec![problem()];
    let expected = [
        "mallory may write to this repository".to_owned(),
        "0 of 3 approvals of this digest".to_owned(),
        "the plan has 1 problem".to_owned(),
        format!("`/apply {}`, because the environment applies by hand and it deletes much", request.plan.digest),
        "6 deletes are named, or two people approved".to_owned(),
    ];
    assert_eq!(request.unmet(), expected);
}

/// A finding of the rule `main.x`.
fn finding(effect: Effect, message: &str) -> Finding {
    let (rule, written_at) = ("main.x".to_owned(), "policies/a.rego:3".to_owned());
    Finding { effect, rule, written_at, address: None, path: None, message: message.to_owned(), blueprint: None }
}

#[test]
fn a_denial_and_a_rule_that_breaks_stop_everybody() {
    let verdict = Verdict { findings: vec![finding(Effect::Deny, "too open")], faults: vec!["broken".to_owned()], left_out: 0 };
    let by = Some((login("ann"), Permission::Admin));
    let request = Request { by, approvals: 5, named_digest: true, verdict, ..Request::merge(&[Action::Update]) };
    assert_eq!(request.unmet(), ["a plan that `main.x` at policies/a.rego:3 does not forbid: too open", "rules that can be asked; 1 cannot"]);
}

#[test]
fn of_many_denials_the_first_are_told_and_the_rest_counted() {
    let findings = (0..30).map(|number| finding(Effect::Deny, &format!("no {number}"))).collect();
    let unmet = Request { verdict: Verdict { findings, ..Verdict::default() }, ..Request::merge(&[Action::Update]) }.unmet();
    assert_eq!((unmet.len(), unmet[10].as_str()), (11, "a plan without 20 more denials; `/why` lists them"));
}

#[test]
fn a_team_is_asked_once_for_all_that_it_must_agree_to_and_a_warning_asks_nobody() {
    let team = || Effect::NeedsApproval { team: "platform".to_owned() };
    let findings = vec![finding(team(), "a"), finding(team(), "b"), finding(Effect::Warn, "w")];
    let verdict = Verdict { findings, ..Verdict::default() };
    let unmet = Request { verdict: verdict.clone(), approvals: 5, ..Request::merge(&[Action::Update]) }.unmet();
    assert_eq!(unmet, ["the team platform approves this digest: a; b"]);
    for (team, by, expected) in [("platform", vec!["eve"], 0), ("platform", vec![], 1), ("web", vec!["eve"], 1)] {
        let teams = vec![TeamApproval { team: team.to_owned(), by: by.into_iter().map(str::to_owned).collect() }];
        assert_eq!(Request { verdict: verdict.clone(), teams, ..Request::merge(&[Action::Update]) }.unmet().len(), expected, "{team}");
    }
}

#[test]
fn where_nobody_knows_the_author_one_more_approves() {
    let asks_for_one = Request { after: Some(environment(", approvals: {count: 1}")), is_author_known: false, ..Request::merge(&[Action::Create]) };
    assert_eq!(Request { approvals: 1, ..asks_for_one }.unmet(), ["1 of 2 approvals of this digest"]);
    let asks_for_one = Request { after: Some(environment(", approvals: {count: 1}")), is_author_known: false, ..Request::merge(&[Action::Create]) };
    assert_eq!(Request { approvals: 2, ..asks_for_one }.unmet(), NOTHING);
    assert_eq!(Request { is_author_known: false, ..Request::merge(&[Action::Create]) }.unmet(), NOTHING);
}
