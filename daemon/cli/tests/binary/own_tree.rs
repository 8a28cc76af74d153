//! Does this very tree have the shape of a repository that is managed?

use std::fs;
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
    let expected = "branch: 12 resources in 1 blueprint, on branch-router\ndemo: 4 resources in 1 blueprint, on local\n\
                    edge: 5 resources in 1 blueprint, on edge-router, pve-lab\nlab: 7 resources in 1 blueprint, on pve-lab\n\
                    rack: 2 resources in 1 blueprint, on rack1/r1-n01, rack1/r1-n02\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

/// The files that a page shows: each block of YAML begins with its path.
fn files_of(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("```yaml\n# ").skip(1);
    blocks.map(|block| block.split_once("\n```").unwrap().0.split_once('\n').unwrap()).collect()
}

#[test]
fn the_page_of_the_language_is_a_repository() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = files_of(&page);
    assert_eq!(files.len(), page.matches("```yaml").count(), "each block says which file it is");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_ipr")).arg("validate").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = "dev: 5 resources in 1 blueprint, on nas\nprod: 5 resources in 1 blueprint, on dock-01\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}
