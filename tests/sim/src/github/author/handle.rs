//! What do people do with one repository?

use crate::github::act::{IssueEdit, MergeMethod, MergeOrder, NewIssue, NewWork, PullEdit, PullOrder};
use crate::github::error::ForgeError;
use crate::github::forge::Forge;
use crate::github::refusal::Refusal;
use crate::github::webhook::{Event, Hook};
use crate::github::world::{Permission, World};

use super::{NewPull, Push, ReviewState};

/// One repository of a forge, and what people do with it.
#[derive(Clone, Debug)]
pub struct RepositoryHandle {
    forge: Forge,
    full_name: String,
}

impl RepositoryHandle {
    pub(super) fn new(forge: Forge, full_name: &str) -> Self {
        Self { forge, full_name: full_name.to_owned() }
    }

    /// `owner/name`.
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    async fn act<T: Send + 'static>(&self, action: impl FnOnce(&mut World, &str) -> Result<T, Refusal> + Send + 'static) -> Result<T, ForgeError> {
        let name = self.full_name.clone();
        self.forge.act(move |world| action(world, &name)).await
    }

    /// A ruleset for branches whose names begin so, with rules by GitHub's words. The forge tells of it, and holds nobody back.
    pub async fn ruleset(&self, branches: &str, rules: &[&str]) -> Result<(), ForgeError> {
        let (branches, rules) = (branches.to_owned(), rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>());
        self.act(move |world, name| world.add_ruleset(name, &branches, &rules)).await
    }

    /// Lets a user in, who is made if need be, and answers their token.
    pub async fn user(&self, login: &str, permission: Permission) -> Result<String, ForgeError> {
        let owned = login.to_owned();
        self.act(move |world, name| world.grant(name, &owned, permission)).await?;
        Ok(self.forge.token_for(login))
    }

    /// Adds a webhook for all events and sends it a ping.
    pub async fn webhook(&self, url: &str, secret: &str) -> Result<(), ForgeError> {
        let (url, secret) = (url.to_owned(), secret.to_owned());
        self.act(move |world, name| {
            let hook = Hook { id: world.next_id(), url, secret };
            let owner = world.repository(name)?.owner.clone();
            world.repository_mut(name)?.hooks.push(hook.clone());
            world.emit(name, Event::plain("ping"), &owner, |world| world.ping_json(name, &hook));
            Ok(())
        })
        .await
    }

    /// Pushes one commit and answers its id.
    pub async fn push(&self, push: Push<'_>) -> Result<String, ForgeError> {
        self.push_anyhow(push, false).await
    }

    /// Pushes one commit on top of `from`, whatever the branch held before.
    pub async fn force_push(&self, push: Push<'_>) -> Result<String, ForgeError> {
        self.push_anyhow(push, true).await
    }

    async fn push_anyhow(&self, push: Push<'_>, is_forced: bool) -> Result<String, ForgeError> {
        let [branch, author, message] = [push.branch, push.author, push.message].map(str::to_owned);
        let from = push.from.map(str::to_owned);
        let changes: Vec<_> = push.changes.iter().map(|(path, text)| ((*path).to_owned(), text.map(str::to_owned))).collect();
        self.act(move |world, name| {
            let repository = world.repository(name)?;
            let tip = repository.branch(&branch).filter(|_| !is_forced).map(str::to_owned);
            let start = from.or_else(|| repository.branch(&branch).map(str::to_owned));
            let start = start.unwrap_or_else(|| repository.default_branch.clone());
            let parent = tip.or_else(|| repository.git.resolve_commit(&start));
            let work = NewWork { author: &author, message: &message, parent: parent.as_deref(), changes: &changes };
            let commit = world.write_work(name, &work)?;
            world.move_ref(name, &author, &format!("refs/heads/{branch}"), Some(&commit))?;
            Ok(commit)
        })
        .await
    }

    /// Points a branch at a commit that exists, whatever it pointed at before.
    pub async fn reset_branch(&self, branch: &str, commit: &str, by: &str) -> Result<(), ForgeError> {
        let [branch, commit, by] = [branch, commit, by].map(str::to_owned);
        self.act(move |world, name| world.move_ref(name, &by, &format!("refs/heads/{branch}"), Some(&commit))).await
    }

    /// Deletes a branch, which closes its pull requests.
    pub async fn delete_branch(&self, branch: &str, by: &str) -> Result<(), ForgeError> {
        let [branch, by] = [branch, by].map(str::to_owned);
        self.act(move |world, name| world.move_ref(name, &by, &format!("refs/heads/{branch}"), None)).await
    }

    /// Opens a pull request and answers its number.
    pub async fn open_pull_request(&self, pull: NewPull<'_>) -> Result<u64, ForgeError> {
        let [author, head, base, title, body] = [pull.author, pull.head, pull.base, pull.title, pull.body].map(str::to_owned);
        let draft = pull.draft;
        self.act(move |world, name| {
            let body = Some(body.as_str());
            world.open_pull(name, &PullOrder { author: &author, head: &head, base: &base, title: &title, body, draft })
        })
        .await
    }

    /// Changes the title or body of a pull request.
    pub async fn edit_pull_request(&self, number: u64, by: &str, title: Option<&str>, body: Option<&str>) -> Result<(), ForgeError> {
        let by = by.to_owned();
        let edit = PullEdit { title: title.map(str::to_owned), body: body.map(str::to_owned), ..PullEdit::default() };
        self.act(move |world, name| world.edit_pull(name, number, &by, edit)).await
    }

    /// Comments on an issue or pull request and answers the comment's id.
    pub async fn comment(&self, number: u64, author: &str, body: &str) -> Result<u64, ForgeError> {
        let [author, body] = [author, body].map(str::to_owned);
        self.act(move |world, name| Ok(world.add_comment(name, number, &author, &body)?.id)).await
    }

    pub async fn edit_comment(&self, id: u64, by: &str, body: &str) -> Result<(), ForgeError> {
        let [by, body] = [by, body].map(str::to_owned);
        self.act(move |world, name| world.edit_comment(name, id, &by, &body).map(drop)).await
    }

    pub async fn delete_comment(&self, id: u64, by: &str) -> Result<(), ForgeError> {
        let by = by.to_owned();
        self.act(move |world, name| world.delete_comment(name, id, &by)).await
    }

    /// Reviews the head that the pull request has now.
    pub async fn review(&self, number: u64, author: &str, state: ReviewState, body: &str) -> Result<u64, ForgeError> {
        let [author, body] = [author, body].map(str::to_owned);
        let state = match state {
            ReviewState::Approved => "APPROVED",
            ReviewState::ChangesRequested => "CHANGES_REQUESTED",
            ReviewState::Commented => "COMMENTED",
        };
        self.act(move |world, name| Ok(world.review_pull(name, number, &author, state, &body)?.id)).await
    }

    /// Presses the merge button and answers the commit that base points at afterwards.
    pub async fn merge(&self, number: u64, by: &str, method: MergeMethod) -> Result<String, ForgeError> {
        let by = by.to_owned();
        let order = MergeOrder { method, expected_head: None, title: None, message: None };
        self.act(move |world, name| world.merge_pull(name, number, &by, &order)).await
    }

    /// Opens the pull request that GitHub's Revert button makes, and answers its number.
    pub async fn revert_pull_request(&self, number: u64, author: &str) -> Result<u64, ForgeError> {
        let author = author.to_owned();
        self.act(move |world, name| world.revert_pull(name, number, &author)).await
    }

    /// Changes the title or body of an issue.
    pub async fn edit_issue(&self, number: u64, by: &str, title: Option<&str>, body: Option<&str>) -> Result<(), ForgeError> {
        let by = by.to_owned();
        let edit = IssueEdit { title: title.map(str::to_owned), body: body.map(str::to_owned), ..IssueEdit::default() };
        self.act(move |world, name| world.edit_issue(name, number, &by, edit)).await
    }

    /// Closes an issue or pull request.
    pub async fn close(&self, number: u64, by: &str) -> Result<(), ForgeError> {
        self.set_open(number, by, false).await
    }

    /// Opens a closed issue or pull request again.
    pub async fn reopen(&self, number: u64, by: &str) -> Result<(), ForgeError> {
        self.set_open(number, by, true).await
    }

    async fn set_open(&self, number: u64, by: &str, open: bool) -> Result<(), ForgeError> {
        let by = by.to_owned();
        let edit = IssueEdit { open: Some(open), ..IssueEdit::default() };
        self.act(move |world, name| world.edit_issue(name, number, &by, edit)).await
    }

    pub async fn ready_for_review(&self, number: u64, by: &str) -> Result<(), ForgeError> {
        let by = by.to_owned();
        self.act(move |world, name| world.set_draft(name, number, &by, false)).await
    }

    pub async fn convert_to_draft(&self, number: u64, by: &str) -> Result<(), ForgeError> {
        let by = by.to_owned();
        self.act(move |world, name| world.set_draft(name, number, &by, true)).await
    }

    /// Opens an issue and answers its number.
    pub async fn open_issue(&self, author: &str, title: &str, body: &str, labels: &[&str]) -> Result<u64, ForgeError> {
        let [author, title, body] = [author, title, body].map(str::to_owned);
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        self.act(move |world, name| world.open_issue(name, &NewIssue { author: &author, title: &title, body: Some(&body), labels: &labels })).await
    }

    /// Gives an issue or pull request exactly these labels.
    pub async fn set_labels(&self, number: u64, by: &str, labels: &[&str]) -> Result<(), ForgeError> {
        let by = by.to_owned();
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.act(move |world, name| world.set_labels(name, number, &by, labels)).await
    }

    /// Copies the repository under another owner and answers its handle.
    pub async fn fork(&self, owner: &str) -> Result<RepositoryHandle, ForgeError> {
        let owner = owner.to_owned();
        let fork = self.act(move |world, name| world.fork(name, &owner)).await?;
        Ok(self.forge.at(&fork))
    }

    /// Deletes the repository. Pull requests from it keep their commits and have a null head repository.
    pub async fn delete(self) -> Result<(), ForgeError> {
        self.act(|world, name| world.delete_repository(name)).await
    }
}
