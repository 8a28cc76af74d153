//! Nothing that a rule set holds ends the process, and the same rules take the same work everywhere.

use core_policy::{Files, Places, Rules};

use crate::{files, input, judge, rules};

/// The smallest stack that the daemon gives to a thread.
const STACK_BYTES: usize = 2 << 20;

#[test]
fn the_deepest_chain_that_is_taken_fits_the_stack() {
    let chain = |length: usize| {
        let links: String =
            (1..length).map(|link| format!("f{link}(x) := f{}(x) if {{ y := [z | z := f{}(x)]; count(y) == 1 }}\n", link + 1, link + 1)).collect();
        format!("package main\n{links}f{length}(x) := x\ndeny contains \"m\" if {{ f1(1) == 1 }}")
    };
    // Each link is called twice, so that a long chain is refused for its work; a chain of single calls shows the stack.
    let single: String = (1..39).map(|link| format!("f{link}(x) := f{}(x)\n", link + 1)).collect();
    let text = format!("package main\n{single}f39(x) := x\ndeny contains \"m\" if {{ f1(1) == 1 }}");
    let verdict = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || judge(&text, &input())).unwrap().join().unwrap();
    assert_eq!((verdict.findings.len(), verdict.faults), (1, Vec::new()));
    let refused = Rules::compile(&files(&chain(60))).unwrap_err();
    assert_eq!(refused[0].summary, "Rules nested too deeply");
}

#[test]
fn a_name_that_hides_a_rule_is_no_use_of_it() {
    let text = "package main\nname(x) := y if { y := x }\nport := name(1)\ndeny contains \"m\" if { name := 1; port == name }";
    assert_eq!(judge(text, &input()).findings.len(), 1);
}

#[test]
fn work_is_counted_and_not_timed() {
    let text = |bound: u32| {
        format!(
            "package main\ndeny contains \"m\" if {{ some i in numbers.range(1, {bound}); some j in numbers.range(1, {bound}); i + j == {} }}",
            bound * 2
        )
    };
    assert_eq!(judge(&text(500), &input()).findings.len(), 1);
    // One rule without an end takes nothing from the others.
    let both = format!("{}\nwarn contains \"w\" if true", text(5_000));
    let verdict = rules(&both).judge(&input(), Places::default());
    assert_eq!((verdict.findings.len(), verdict.faults.len()), (1, 1));
}

#[test]
fn too_much_is_refused() {
    let many: Files = (0..501).map(|index| (format!("policies/{index}.rego"), format!("package p{index}").into_bytes())).collect();
    assert!(Rules::compile(&many).is_err());
    let large = format!("package main\n# {}", "x".repeat(300_000));
    assert!(Rules::compile(&files(&large)).is_err());
    let answers = "package main\ndeny contains sprintf(\"%d\", [i]) if some i in numbers.range(1, 2000)";
    assert_eq!(judge(answers, &input()).faults.len(), 1);
    let deep = format!("package main\nx := {}1{}", "[".repeat(2_000), "]".repeat(2_000));
    assert!(Rules::compile(&files(&deep)).is_err());
    let parentheses = format!("package main\nx := {}1{}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(Rules::compile(&files(&parentheses)).is_err());
}

#[test]
fn more_teams_than_anybody_gathers_are_refused_by_name() {
    let text = |teams: u32| {
        format!("package main\nneeds_approval contains {{\"team\": sprintf(\"t%d\", [i]), \"msg\": \"m\"}} if some i in numbers.range(1, {teams})")
    };
    assert!(judge(&text(20), &input()).permits());
    let refused = judge(&text(21), &input());
    assert!(!refused.permits() && refused.faults[0].contains("`main.needs_approval`, policies/a.rego:2"), "{:?}", refused.faults);
}

#[test]
fn of_what_is_too_much_to_keep_the_strictest_is_kept_and_the_rest_counted() {
    let long = "x".repeat(500);
    let text = format!(
        "package main\nwarn contains sprintf(\"%d {long}\", [i]) if some i in numbers.range(1, 1000)\ndeny contains \"d\" if true\nwarn_also contains sprintf(\"%d\", [i]) if some i in numbers.range(1, 900)"
    );
    let verdict = judge(&text, &input());
    assert_eq!((verdict.count(), verdict.denials().count(), verdict.faults.len()), (1901, 1, 0));
    assert!(verdict.left_out > 1_000 && serde_json::to_string(&verdict).unwrap().len() < 300 * 1024);
}
