//! Does this very tree have the shape of a repository that is managed?

use std::path::Path;
use std::process::Command;

#[test]
fn the_shipped_rules_pass_their_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_ipr")).args(["policy", "test"]).arg(root).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.ends_with(" 0 failed, 100 % of the rules' lines reached\n"), "{said}");
}

#[test]
fn this_tree_validates() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_ipr")).arg("validate").arg(root).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let expected = "branch: 12 resources in 1 blueprint, on branch-router\ndemo: 4 resources in 1 blueprint, on local\nlab: 5 resources in 1 blueprint, on pve-lab\n\
                    rack: 2 resources in 1 blueprint, on rack1/r1-n01, rack1/r1-n02\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}
