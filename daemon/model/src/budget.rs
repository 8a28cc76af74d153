//! How often may a model be asked? So many times a day by one author, and so many for one repository.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use daemon_assistant::{Prompt, Proposed, Proposer, ProposerError};

const DAY_S: i64 = 86_400;
/// The most payers that are counted in one day; with more, nobody new is served.
const PAYERS_MAX: usize = 10_000;

/// How many questions an author and a repository have in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsksADay {
    pub author: u32,
    pub repository: u32,
}

/// Who pays for a question: both of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payers {
    pub author: String,
    pub repository: String,
}

#[derive(Debug, Default)]
struct Used {
    day: i64,
    counts: HashMap<String, u32>,
}

/// A model with what may be asked of it. The counts are kept in memory: a restart forgets them, and the budget of requests stays.
pub struct Model {
    proposer: Box<dyn Proposer>,
    limits: AsksADay,
    used: Mutex<Used>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Model").field("name", &self.proposer.name()).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Model {
    pub fn new(proposer: Box<dyn Proposer>, limits: AsksADay) -> Self {
        Self { proposer, limits, used: Mutex::default() }
    }

    /// The model, asked on somebody's account at this moment.
    pub fn on_account(&self, payers: &Payers, now_s: i64) -> OnAccount<'_> {
        let keys = [(format!("@{}", payers.author), self.limits.author), (payers.repository.clone(), self.limits.repository)];
        OnAccount { model: self, payers: keys, day: now_s.div_euclid(DAY_S) }
    }

    /// Takes one question from all of these payers, or from none.
    fn take(&self, payers: &[(String, u32)], day: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.day != day {
            *used = Used { day, counts: HashMap::new() };
        }
        let known = used.counts.len();
        let is_left = payers.iter().all(|(payer, limit)| used.counts.get(payer).map_or(known < PAYERS_MAX && *limit > 0, |count| count < limit));
        if is_left {
            payers.iter().for_each(|(payer, _)| *used.counts.entry(payer.clone()).or_default() += 1);
        }
        is_left
    }
}

/// A model that is asked on somebody's account.
pub struct OnAccount<'m> {
    model: &'m Model,
    payers: [(String, u32); 2],
    day: i64,
}

#[async_trait]
impl Proposer for OnAccount<'_> {
    fn name(&self) -> &str {
        self.model.proposer.name()
    }

    async fn propose(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        if !self.model.take(&self.payers, self.day) {
            return Err(ProposerError::Budget);
        }
        self.model.proposer.propose(prompt).await
    }
}
