//! What do the rules say? Asks a process of their own, one at a time, and makes a fault of whatever it did not live to say.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use core_model::{Diagnostic, Span};
use core_policy::{Files, Question, Said, Trials, Verdict, is_policy};
use serde_json::Value;

use crate::bounds;
use crate::ended;
use crate::exchange::{Ending, exchange};

/// One process of rules at a time, so that its bound on memory is the bound of all.
static ONE: Mutex<()> = Mutex::new(());

/// Asks rules in a process of their own. Every call waits until the process has ended.
#[derive(Debug, Clone)]
pub struct RulesProcess {
    /// The command of this program that the process runs.
    command: &'static str,
}

impl RulesProcess {
    /// The process is this program with `command`, which must call [`serve`](crate::serve) and nothing else.
    pub fn of_this_program(command: &'static str) -> Self {
        Self { command }
    }

    /// What these rules say of each document, in its order. What could not be judged has a fault, and permits nothing.
    pub fn judge(&self, files: &Files, documents: &[Value]) -> Vec<Verdict> {
        if !files.keys().any(|path| is_policy(path)) {
            return vec![Verdict::default(); documents.len()];
        }
        let question = match Question::judge(files, documents) {
            Ok(question) => question,
            Err(fault) => return vec![Verdict::of_fault(fault); documents.len()],
        };
        let (mut verdicts, mut early) = self.verdicts(&question);
        if early.is_some() {
            // At which rule the process ended is only known where they are asked one by one.
            (verdicts, early) = self.verdicts(&question.one_by_one());
        }
        let why = early.unwrap_or_else(ended::unfinished).render(&core_policy::sources(files));
        verdicts.resize_with(documents.len(), || Verdict::of_fault(why.clone()));
        verdicts
    }

    /// The verdicts that came, and why no more did, where the process ended early.
    fn verdicts(&self, question: &Question<'_>) -> (Vec<Verdict>, Option<Box<Diagnostic>>) {
        let mut verdicts = Vec::new();
        let asked = self.ask(question, &mut |said| {
            if let Said::Verdict(verdict) = said {
                verdicts.push(verdict);
            }
        });
        (verdicts, asked.err())
    }

    /// What these rules say of one document, as [`RulesProcess::judge`].
    pub fn judge_one(&self, files: &Files, document: &Value) -> Verdict {
        let verdict = self.judge(files, std::slice::from_ref(document)).pop();
        verdict.unwrap_or_else(|| Verdict::of_fault(ended::unfinished().render(&core_policy::sources(files))))
    }

    /// Runs the unit tests of rules that compile.
    ///
    /// # Errors
    /// The tests did not come to their end; the message names the one at which they stopped.
    pub fn test(&self, files: &Files) -> Result<Trials, Box<Diagnostic>> {
        let question = Question::test(files).map_err(ended::broken)?;
        let mut trials = Err(ended::unfinished());
        self.ask(&question, &mut |said| match said {
            Said::Trials(all) => trials = Ok(all),
            Said::Broken(why) => trials = Err(ended::broken(why)),
            Said::Asking { .. } | Said::Verdict(_) => {}
        })?;
        trials
    }

    fn ask(&self, question: &Question<'_>, take: &mut dyn FnMut(Said)) -> Result<(), Box<Diagnostic>> {
        let mut asking = None;
        let ending = self.run(question, &mut |said| match said {
            Said::Asking { rule, at } => asking = Some((rule, at)),
            other => take(other),
        });
        ended::well(ending, asking.as_ref().map(|(rule, at): &(String, Span)| (rule.as_str(), at)))
    }

    fn run(&self, question: &Question<'_>, take: &mut dyn FnMut(Said)) -> io::Result<Ending> {
        let question = serde_json::to_vec(question)?;
        // A panic of whoever held it leaves nothing half done: the process was theirs.
        let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(this_program()?);
        command.arg(self.command).env_clear().env(bounds::ALLOCATOR_STEP.0, bounds::ALLOCATOR_STEP.1).current_dir("/");
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        exchange(child, &question, bounds::ANSWER_TIMEOUT, take)
    }
}

/// On Linux a way to it that stays when its file is replaced.
fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}
