//! What do people find when they look? Records, issues and comments, read from GitHub and its git.

use test_sim::github::IssueView;

use super::{BOT, REPOSITORY, World};
use crate::normalise::normalise;
use crate::record::Record;

impl World {
    /// The newest record of an environment, whose signature is good.
    pub async fn record(&self, environment: &str) -> Record {
        let record = self.records(environment).await.into_iter().next();
        record.unwrap_or_else(|| panic!("there is no record of `{environment}`"))
    }

    /// All records of an environment, newest first; all of them are signed.
    pub async fn records(&self, environment: &str) -> Vec<Record> {
        if self.daemon.is_running() {
            self.settled().await;
        }
        let records = Record::all(&self.forge, REPOSITORY, environment).await;
        records.iter().for_each(|record| record.verify(self.configuration.public_key()));
        records
    }

    /// The records of whatever is on the branch, believed or not.
    pub async fn unverified_records(&self, environment: &str) -> Vec<Record> {
        Record::all(&self.forge, REPOSITORY, environment).await
    }

    /// The issues that the daemon opened, as it left them.
    pub async fn issues(&self) -> Vec<IssueView> {
        self.settled().await;
        self.forge.issues(REPOSITORY).into_iter().filter(|issue| issue.author == BOT).collect()
    }

    /// The text of the environment's issue as it stands now, if it is open.
    pub fn issue_text(&self) -> Option<String> {
        let issues = self.forge.issues(REPOSITORY).into_iter();
        issues.filter(|issue| issue.author == BOT && issue.is_open).filter_map(|issue| issue.body).next_back()
    }

    /// The pull requests that the assistant opened.
    pub async fn proposals(&self) -> Vec<u64> {
        self.settled().await;
        let is_proposal =
            |number: &u64| self.forge.pull_request(REPOSITORY, *number).is_some_and(|pull| pull.head_branch.starts_with("ipr/request-"));
        self.forge.pull_requests(REPOSITORY).into_iter().filter(is_proposal).collect()
    }

    /// The texts of the daemon's comments on an issue or pull request, as they stand, in their order.
    pub async fn comments_on(&self, number: u64) -> Vec<String> {
        self.settled().await;
        let mut texts = Vec::new();
        for comment in self.forge.comments(REPOSITORY, number).into_iter().filter(|comment| comment.author == BOT) {
            texts.push(self.normalised(&comment.body).await);
        }
        texts
    }

    /// A text of the daemon without what differs from run to run.
    pub async fn normalised(&self, text: &str) -> String {
        let mut commits = Vec::new();
        for (name, commit) in self.forge.refs(REPOSITORY) {
            commits.push(commit);
            if let Some(branch) = name.strip_prefix("refs/heads/") {
                let log = self.forge.branch_log(REPOSITORY, branch).await.expect("the branch exists");
                commits.extend(log.into_iter().map(|commit| commit.sha));
            }
        }
        normalise(text, self.forge.web_url(), &commits)
    }
}
