//! Which head of a pull request was looked at last, and which one when a person wrote a comment? A command is about what its
//! author could have seen.

use daemon_github::{PullNumber, PullRequest, Timestamp};

use crate::error::FlowError;
use crate::project::Project;

/// The heads that were looked at, newest last: each with GitHub's time of the look, a line each.
const LOOKED_AT: &str = "looked-at";
/// So many are kept. Whoever pushes faster than a person comments is asked again.
const LOOKS_KEPT: usize = 16;

impl Project {
    /// Remembers a head that was looked at. GitHub's time counts, as it does for the comment: a pull request has been updated
    /// when its head was pushed, and not later than we read it.
    pub(crate) async fn note_look(&self, pull: &PullRequest, head: &str) -> Result<(), FlowError> {
        let mut looks = self.looks(pull.number).await?;
        if looks.last().is_some_and(|(known, _)| known == head) {
            return Ok(());
        }
        looks.push((head.to_owned(), pull.updated_at.unix_seconds()));
        let kept = looks.len().saturating_sub(LOOKS_KEPT);
        let lines: Vec<String> = looks[kept..].iter().map(|(head, at)| format!("{head} {at}")).collect();
        Ok(self.store.facts().remember(LOOKED_AT, &self.look_key(pull.number), &lines.join("\n")).await?)
    }

    /// The head that was looked at last, so that the sweep sees what was missed.
    pub(crate) async fn looked_at(&self, number: PullNumber) -> Result<Option<String>, FlowError> {
        Ok(self.looks(number).await?.pop().map(|(head, _)| head))
    }

    /// The head that was the newest one looked at when something was written at this time. Within the same second nobody can tell.
    pub(crate) async fn looked_at_before(&self, number: PullNumber, at: Timestamp) -> Result<Option<String>, FlowError> {
        let looks = self.looks(number).await?;
        Ok(looks.into_iter().rev().find(|(_, looked)| *looked < at.unix_seconds()).map(|(head, _)| head))
    }

    async fn looks(&self, number: PullNumber) -> Result<Vec<(String, i64)>, FlowError> {
        let Some(fact) = self.store.facts().recall(LOOKED_AT, &self.look_key(number)).await? else { return Ok(Vec::new()) };
        let look = |line: &str| line.split_once(' ').and_then(|(head, at)| Some((head.to_owned(), at.parse().ok()?)));
        Ok(fact.lines().filter_map(look).collect())
    }

    fn look_key(&self, number: PullNumber) -> String {
        self.key(&number.0.to_string())
    }
}
