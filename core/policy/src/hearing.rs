//! What is asked of a process of its own that judges, and what does it say? Rules and documents go in; out comes a line for each
//! result. Asked one by one, a line says which rule is next, so that whoever waits knows at which one the process ended.

use std::collections::BTreeMap;

use core_model::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

use crate::compile::{Files, Rules, is_policy, sources};
use crate::places::Places;
use crate::trial::Trials;
use crate::verdict::Verdict;

/// What is asked, by whoever wants to know.
#[derive(Debug, Serialize)]
pub struct Question<'a> {
    rules: BTreeMap<&'a str, &'a str>,
    /// To judge; without them, the rules' own unit tests are run.
    documents: Option<&'a [serde_json::Value]>,
    /// Whether one rule is asked after the other, each told before.
    one_by_one: bool,
}

impl<'a> Question<'a> {
    /// Which verdict does each document get?
    ///
    /// # Errors
    /// What is wrong with rules that are no texts.
    pub fn judge(files: &'a Files, documents: &'a [serde_json::Value]) -> Result<Self, String> {
        Ok(Self { rules: texts(files)?, documents: Some(documents), one_by_one: false })
    }

    /// Do the rules pass their unit tests?
    ///
    /// # Errors
    /// As of [`Question::judge`].
    pub fn test(files: &'a Files) -> Result<Self, String> {
        Ok(Self { rules: texts(files)?, documents: None, one_by_one: true })
    }

    /// The same, one rule after the other.
    #[must_use]
    pub fn one_by_one(self) -> Self {
        Self { one_by_one: true, ..self }
    }
}

fn texts(files: &Files) -> Result<BTreeMap<&str, &str>, String> {
    let policies = files.iter().filter(|(path, _)| is_policy(path));
    let texts: Option<_> = policies.map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?))).collect();
    texts.ok_or_else(|| rendered(&Rules::compile(files).err().unwrap_or_default(), files))
}

/// What the process says, a line each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// The rule that is asked next: `main.deny`, and where it is written.
    Asking {
        rule: String,
        #[serde(with = "crate::place")]
        at: Span,
    },
    /// What the rules say of the next document.
    Verdict(Verdict),
    /// What became of the unit tests.
    Trials(Trials),
    /// The rules whose tests are asked for do not compile.
    Broken(String),
}

/// A question as the process reads it.
#[derive(Debug, Deserialize)]
pub struct Hearing {
    rules: BTreeMap<String, String>,
    documents: Option<Vec<serde_json::Value>>,
    one_by_one: bool,
}

impl Hearing {
    /// Answers. Once `say` answers no, nobody listens any more, and it ends.
    pub fn answer(self, say: &mut dyn FnMut(&Said) -> bool) {
        let files: Files = self.rules.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let rules = Rules::compile(&files);
        match (self.documents, &rules) {
            (None, Ok(rules)) => {
                let trials = rules.test_telling(&mut asking(say));
                say(&Said::Trials(trials));
            }
            (None, Err(diagnostics)) => _ = say(&Said::Broken(rendered(diagnostics, &files))),
            (Some(documents), Ok(rules)) => {
                for document in documents {
                    let verdict = match self.one_by_one {
                        true => rules.judge_one_by_one(&document, &mut asking(say)),
                        false => rules.judge(&document, Places::default()),
                    };
                    if !say(&Said::Verdict(verdict)) {
                        return;
                    }
                }
            }
            (Some(documents), Err(diagnostics)) => {
                let verdict = Said::Verdict(Verdict::of_fault(rendered(diagnostics, &files)));
                documents.iter().all(|_| say(&verdict));
            }
        }
    }
}

fn asking(say: &mut dyn FnMut(&Said) -> bool) -> impl FnMut(&str, &Span) -> bool {
    move |rule, at| say(&Said::Asking { rule: rule.to_owned(), at: at.clone() })
}

/// What is wrong with rules, as one text.
fn rendered(diagnostics: &[Diagnostic], files: &Files) -> String {
    let sources = sources(files);
    diagnostics.iter().map(|diagnostic| diagnostic.render(&sources)).collect::<Vec<_>>().join("\n")
}
