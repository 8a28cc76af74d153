//! Do the tables of an engine's page that speak of tests keep their word? A complaint has a test that exists, and what is tried
//! with every type has no gap.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "tests-on-pages", keeps: "each complaint on an engine's page names a test of the tree, and no case of a type is left empty", check };

/// What stands over the first column where a table says which test holds a complaint down.
const COMPLAINT: &str = "complaint";
/// What stands before the table of types and cases.
const CASES: &str = "<!-- cases -->";

fn check(tree: &Tree) -> Vec<Finding> {
    let tests = tests(tree);
    let mut findings = Vec::new();
    for page in tree.files.iter().filter(|file| file.path.starts_with("docs/engines/") && file.path.ends_with(".md")) {
        for table in tables(&page.text) {
            let finding = |line: usize, message: String| Finding::new(format!("{}:{line}", page.path), message);
            let names_tests = table.head.first().is_some_and(|cell| cell == COMPLAINT);
            if names_tests || table.is_of_cases {
                findings.extend(table.gaps().into_iter().map(|(line, column)| finding(line, format!("the column `{column}` is empty"))));
            }
            for (line, name) in table.last_cells().filter(|_| names_tests) {
                let name = name.trim_matches('`');
                if !name.is_empty() && !tests.contains(name) {
                    findings.push(finding(line, format!("there is no test `{name}`")));
                }
            }
        }
    }
    findings
}

/// The names of all functions with an attribute such as `#[test]` or `#[tokio::test]`.
fn tests(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, source) in tree.rust_files() {
        let mut is_test = false;
        for line in source.code.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line.starts_with("#[") {
                is_test |= line.trim_start_matches("#[").split(['(', ']']).next().is_some_and(|path| path.rsplit("::").next() == Some("test"));
                continue;
            }
            let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')).map(|(name, _)| name);
            names.extend(name.filter(|_| is_test).map(str::to_owned));
            is_test = false;
        }
    }
    names
}

/// A table with the line of each row.
struct Table {
    head: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
    is_of_cases: bool,
}

impl Table {
    /// The line and the column of each cell that is empty or missing.
    fn gaps(&self) -> Vec<(usize, &str)> {
        let empty = |cells: &Vec<String>, place: usize| cells.get(place).is_none_or(String::is_empty);
        let of_row = |(line, cells): &(usize, Vec<String>)| -> Vec<(usize, &str)> {
            let columns = self.head.iter().enumerate().filter(|(place, _)| empty(cells, *place));
            columns.map(|(_, column)| (*line, column.as_str())).collect()
        };
        self.rows.iter().flat_map(of_row).collect()
    }

    fn last_cells(&self) -> impl Iterator<Item = (usize, &str)> {
        self.rows.iter().filter_map(|(line, cells)| Some((*line, cells.get(self.head.len().checked_sub(1)?)?.as_str())))
    }
}

fn tables(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut before = "";
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('|') && !before.starts_with('|') {
            tables.push(Table { head: cells(line), rows: Vec::new(), is_of_cases: before == CASES });
        } else if line.starts_with('|') && !line.starts_with("|---") {
            tables.iter_mut().rev().take(1).for_each(|table| table.rows.push((index + 1, cells(line))));
        }
        before = line;
    }
    tables
}

fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|');
    inside.strip_suffix('|').unwrap_or(inside).split('|').map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const SOURCE: &str =
        "#[tokio::test(flavor = \"current_thread\")]\nasync fn locks_are_waited_for() {}\n\nfn helper() {}\n// #[test]\nfn gone() {}\n";

    fn findings(table: &str) -> Vec<String> {
        let tree = sample::files(&[("docs/engines/a.md", table), ("engines/a/tests/a.rs", SOURCE)]);
        check(&tree).into_iter().map(|finding| format!("{} {}", finding.place, finding.message)).collect()
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        for name in ["gone", "helper", "locks"] {
            let page = format!("| complaint | instead | test |\n|---|---|---|\n| Locks: #1 | waits | `{name}` |\n");
            assert_eq!(findings(&page), [format!("docs/engines/a.md:3 there is no test `{name}`")]);
        }
    }

    #[test]
    fn an_empty_cell_is_found() {
        for row in ["| Locks | waits | |", "| Locks | | `locks_are_waited_for` |"] {
            assert_eq!(findings(&format!("text\n\n| complaint | instead | test |\n|---|---|---|\n{row}\n")).len(), 1, "{row}");
        }
        let short = findings("| complaint | instead | test |\n|---|---|---|\n| Locks | waits |\n");
        assert_eq!(short, ["docs/engines/a.md:3 the column `test` is empty"]);
        let cases = findings("<!-- cases -->\n| type | create | import |\n|---|---|---|\n| `vm` | `suite` |  |\n");
        assert_eq!(cases, ["docs/engines/a.md:4 the column `import` is empty"]);
    }

    #[test]
    fn what_is_whole_and_other_tables_are_fine() {
        for page in [
            "| complaint | instead | test |\n|---|---|---|\n| Locks | waits | `locks_are_waited_for` |\n",
            "<!-- cases -->\n| type | create |\n|---|---|\n| `vm` | `suite` |\n",
            "| field | when it is taken out |\n|---|---|\n| `network` |  |\n",
        ] {
            assert_eq!(findings(page), [""; 0], "{page}");
        }
    }
}
