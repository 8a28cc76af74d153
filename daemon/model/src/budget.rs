//! How often may a model be asked? So many times by one author or repository, and not more at once than it can bear.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use daemon_assistant::{Prompt, Proposer, ProposerError};

/// How many questions each author and repository has left in this period. The caller starts a new period by [`Budget::refill`].
#[derive(Debug)]
pub struct Budget {
    each: u32,
    used: Mutex<HashMap<String, u32>>,
}

/// The most payers that are counted in one period; with more, nobody new is served.
const PAYERS_MAX: usize = 10_000;

impl Budget {
    pub fn new(each: u32) -> Self {
        Self { each, used: Mutex::new(HashMap::new()) }
    }

    /// A new period: everybody has everything again.
    pub fn refill(&self) {
        self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Takes one question from all of these payers, or from none.
    fn take(&self, payers: &[String]) -> bool {
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_left = payers.iter().all(|payer| used.get(payer).map_or(used.len() < PAYERS_MAX && self.each > 0, |count| *count < self.each));
        if is_left {
            payers.iter().for_each(|payer| *used.entry(payer.clone()).or_default() += 1);
        }
        is_left
    }
}

/// A model that is asked on somebody's account.
pub struct Budgeted<'a> {
    proposer: &'a dyn Proposer,
    budget: &'a Budget,
    payers: Vec<String>,
}

impl<'a> Budgeted<'a> {
    /// `payers` are the author and the repository; each pays for every question.
    pub fn new(proposer: &'a dyn Proposer, budget: &'a Budget, payers: Vec<String>) -> Self {
        Self { proposer, budget, payers }
    }
}

#[async_trait]
impl Proposer for Budgeted<'_> {
    fn name(&self) -> &str {
        self.proposer.name()
    }

    async fn propose(&self, prompt: &Prompt) -> Result<String, ProposerError> {
        if !self.budget.take(&self.payers) {
            return Err(ProposerError::Budget);
        }
        self.proposer.propose(prompt).await
    }
}
