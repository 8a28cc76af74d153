//! Unit tests of rules: what passes, what fails and why, and which lines were reached.

use core_policy::{Files, Rules};

#[test]
fn tests_pass_fail_and_tell_what_they_reached() {
    let files = Files::from([
        ("policies/a.rego".to_owned(), b"package a\ndeny contains \"x\" if {\n  input.n > 1\n}\ndeny contains \"y\" if {\n  input.never\n  print(\"reached\")\n}".to_vec()),
        (
            "policies/a_test.rego".to_owned(),
            b"package a_test\nimport data.a\ntest_denied if \"x\" in a.deny with input as {\"n\": 2}\ntest_wrong if \"x\" in a.deny with input as {\"n\": 1}\ntest_broken := 1\ntest_printed if { print(\"seen\", 1); true }"
                .to_vec(),
        ),
    ]);
    let trials = Rules::compile(&files).unwrap().test();
    let told: Vec<_> =
        trials.trials.iter().map(|trial| (trial.name.as_str(), trial.at.line, trial.failure.as_deref(), trial.printed.len())).collect();
    assert_eq!(
        told,
        [
            ("a_test.test_denied", 3, None, 0),
            ("a_test.test_wrong", 4, Some("It is undefined: some line of it does not hold."), 0),
            ("a_test.test_broken", 5, Some("It is 1, not true."), 0),
            ("a_test.test_printed", 6, None, 1),
        ]
    );
    assert_eq!(trials.failed(), 2);
    let [coverage] = trials.coverage.as_slice() else { panic!("one file is no test") };
    assert!(coverage.covered.contains(&3) && coverage.not_covered.contains(&7), "{coverage:?}");
    assert!(trials.percent().is_some_and(|percent| percent < 100));
}
