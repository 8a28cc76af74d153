//! What do people do with one pull request, and what does the daemon say there?

use test_sim::github::{Comment, MergeMethod, NewPull, Push, ReviewState, Status, Subject};

use crate::world::{BOT, REPOSITORY, World};

/// The first line of the one living comment.
const LIVING: &str = "<!-- ipr:plan";
/// Cells of its table, counted from the text before the first bar.
const DIGEST_COLUMN: usize = 4;
const STATE_COLUMN: usize = 5;

/// A pull request that is being written.
#[derive(Debug)]
pub struct NewPullRequest<'w> {
    world: &'w World,
    title: String,
    author: String,
    files: Vec<(String, Option<String>)>,
    draft: bool,
}

/// A pull request and its branch.
#[derive(Debug)]
pub struct Pull<'w> {
    world: &'w World,
    pub number: u64,
    branch: String,
}

/// A comment that somebody wrote.
#[derive(Debug)]
pub struct Said<'w> {
    world: &'w World,
    pub id: u64,
}

impl<'w> NewPullRequest<'w> {
    pub(crate) fn new(world: &'w World, title: &str) -> Self {
        Self { world, title: title.to_owned(), author: "alice".to_owned(), files: Vec::new(), draft: false }
    }

    /// A file as the pull request leaves it.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), Some(text.to_owned())));
        self
    }

    /// A file that the pull request removes.
    pub fn without(mut self, path: &str) -> Self {
        self.files.push((path.to_owned(), None));
        self
    }

    pub fn by(mut self, login: &str) -> Self {
        self.author = login.to_owned();
        self
    }

    pub fn draft(mut self) -> Self {
        self.draft = true;
        self
    }

    /// Pushes the branch and opens the pull request.
    pub async fn open(self) -> Pull<'w> {
        let branch: String = self.title.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let changes: Vec<_> = self.files.iter().map(|(path, text)| (path.as_str(), text.as_deref())).collect();
        let repository = self.world.begin_act();
        let push = Push { branch: &branch, from: None, author: &self.author, message: &self.title, changes: &changes };
        repository.push(push).await.expect("a new branch takes a commit");
        let pull = NewPull { author: &self.author, head: &branch, base: "main", title: &self.title, body: "", draft: self.draft };
        let number = repository.open_pull_request(pull).await.expect("a branch with a commit of its own can be proposed");
        self.world.note_act();
        Pull { world: self.world, number, branch }
    }
}

impl<'w> Pull<'w> {
    pub(crate) fn existing(world: &'w World, number: u64) -> Self {
        let branch = world.forge().pull_request(REPOSITORY, number).expect("the pull request exists").head_branch;
        Self { world, number, branch }
    }

    /// Pushes one more commit to the branch. `None` removes the file.
    pub async fn push(&self, path: &str, text: impl Into<Option<&str>>) -> String {
        let push = Push { branch: &self.branch, from: None, author: "alice", message: "Think again", changes: &[(path, text.into())] };
        let pushed = self.world.begin_act().push(push).await.expect("the branch takes a commit");
        self.world.note_act();
        pushed
    }

    /// The author takes it out of the drafts.
    pub async fn ready_for_review(&self) {
        self.world.begin_act().ready_for_review(self.number, "alice").await.expect("the pull request is a draft");
        self.world.note_act();
    }

    /// Alice, who opened it, gives it exactly these labels.
    pub async fn label(&self, labels: &[&str]) {
        self.world.begin_act().set_labels(self.number, "alice", labels).await.expect("a pull request takes labels");
        self.world.note_act();
    }

    /// Somebody who has read everything approves.
    pub async fn approve(&self, login: &str) {
        self.world.people_read().await;
        self.world.begin_act().review(self.number, login, ReviewState::Approved, "").await.expect("the pull request can be reviewed");
        self.world.note_act();
    }

    /// Bob, who has read everything, presses the merge button. Answers the commit that base points at afterwards.
    pub async fn merge(&self, method: MergeMethod) -> String {
        self.world.people_read().await;
        self.merge_at_once(method).await
    }

    /// Bob merges like [`Pull::merge`]. Answers the state that the living comment shows then.
    pub async fn merged(&self, method: MergeMethod) -> String {
        self.merge(method).await;
        self.state().await
    }

    /// Bob merges without a look at what the daemon says.
    pub async fn merge_at_once(&self, method: MergeMethod) -> String {
        let merged = self.world.begin_act().merge(self.number, "bob", method).await.expect("the pull request can be merged");
        self.world.note_act();
        merged
    }

    /// Alice, who has read everything, presses the Revert button.
    pub async fn revert(&self) -> Pull<'w> {
        self.world.people_read().await;
        let number = self.world.begin_act().revert_pull_request(self.number, "alice").await.expect("the pull request is merged");
        self.world.note_act();
        Self::existing(self.world, number)
    }

    pub async fn close(&self) {
        self.world.begin_act().close(self.number, "alice").await.expect("the pull request is open");
        self.world.note_act();
    }

    /// Somebody who has read everything comments.
    pub async fn say(&self, login: &str, text: &str) -> Said<'w> {
        let id = self.world.comment(self.number, login, text).await;
        Said { world: self.world, id }
    }

    /// Its title, labels and text, as whoever opened it wrote them.
    pub async fn text(&self) -> String {
        self.world.settled().await;
        let view = self.world.forge().pull_request(REPOSITORY, self.number).expect("the pull request exists");
        self.world.normalised(&format!("{} [{}]\n\n{}", view.title, view.labels.join(", "), view.body)).await
    }

    /// A file as the branch has it.
    pub async fn file(&self, path: &str) -> String {
        self.world.settled().await;
        let head = self.world.forge().pull_request(REPOSITORY, self.number).expect("the pull request exists").head_sha;
        let file = self.world.forge().file_at(REPOSITORY, &head, path).await.expect("the head can be read");
        file.unwrap_or_else(|| panic!("the branch has no {path}"))
    }

    /// The text of the one living comment.
    pub async fn comment(&self) -> String {
        let comment = self.living_comment().await;
        self.world.normalised(&comment.body).await
    }

    /// The living comment as GitHub keeps it, with its former texts.
    pub async fn living_comment(&self) -> Comment {
        let mut living = self.living_comments().await;
        assert_eq!(living.len(), 1, "there is exactly one living comment on #{}: {living:#?}", self.number);
        living.remove(0)
    }

    async fn living_comments(&self) -> Vec<Comment> {
        self.world.settled().await;
        let comments = self.world.forge().comments(REPOSITORY, self.number).into_iter();
        comments.filter(|comment| comment.author == BOT && comment.body.starts_with(LIVING)).collect()
    }

    /// What the daemon said in comments of its own, oldest first, without the living one.
    pub async fn replies(&self) -> Vec<String> {
        let comments = self.world.comments_on(self.number).await;
        comments.into_iter().filter(|text| !text.starts_with(LIVING)).collect()
    }

    /// Whether the daemon said nothing at all: no comment and no status.
    pub async fn is_quiet(&self) -> bool {
        self.world.comments_on(self.number).await.is_empty() && self.statuses().await.is_empty()
    }

    /// The newest status of each context on the head, by context.
    pub async fn statuses(&self) -> std::collections::BTreeMap<String, Status> {
        self.world.settled().await;
        let head = self.world.forge().pull_request(REPOSITORY, self.number).expect("the pull request exists").head_sha;
        let statuses = self.world.forge().statuses(REPOSITORY, &head).into_iter();
        statuses.map(|status| (status.context.clone(), status)).collect()
    }

    /// The digest that the living comment shows for `prod`.
    pub async fn digest(&self) -> String {
        self.cell(DIGEST_COLUMN).await.trim_matches('`').to_owned()
    }

    /// The state that the living comment shows for `prod`.
    pub async fn state(&self) -> String {
        self.cell(STATE_COLUMN).await
    }

    /// One cell of the row of `prod` in the living comment's table.
    async fn cell(&self, column: usize) -> String {
        let comment = self.living_comment().await.body;
        let row = comment.lines().find(|line| line.starts_with("| prod |"));
        let row = row.unwrap_or_else(|| panic!("no row for `prod` in:\n{comment}"));
        row.split('|').nth(column).map(|cell| cell.trim().to_owned()).unwrap_or_else(|| panic!("no column {column} in `{row}`"))
    }
}

impl Said<'_> {
    /// The daemon's reactions, in the order it made them.
    pub async fn reactions(&self) -> Vec<String> {
        self.world.settled().await;
        let reactions = self.world.forge().reactions(REPOSITORY, Subject::Comment(self.id)).into_iter();
        reactions.filter(|reaction| reaction.user == BOT).map(|reaction| reaction.content).collect()
    }

    /// Somebody changes the comment afterwards.
    pub async fn edit(&self, login: &str, text: &str) {
        self.world.people_read().await;
        self.world.begin_act().edit_comment(self.id, login, text).await.expect("the comment exists");
        self.world.note_act();
    }
}
