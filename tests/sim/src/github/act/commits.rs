//! How is a commit made without a work tree?

use crate::github::git::{Identity, NewCommit, TreeEdit};
use crate::github::json::{FORGE_LOGIN, email};
use crate::github::refusal::Refusal;
use crate::github::world::World;

/// A change of files on top of a commit. A file without content is removed.
#[derive(Debug)]
pub(crate) struct NewWork<'a> {
    pub(crate) author: &'a str,
    pub(crate) message: &'a str,
    pub(crate) parent: Option<&'a str>,
    pub(crate) changes: &'a [(String, Option<String>)],
}

impl World {
    /// Who a login is in a commit, at this moment.
    pub(crate) fn identity(&self, login: &str) -> Identity {
        Identity { name: login.to_owned(), email: email(login), time: self.clock.now() }
    }

    /// Whom GitHub names as committer of what its buttons make.
    pub(crate) fn forge_identity(&self) -> Identity {
        Identity { name: "GitHub".to_owned(), email: email(FORGE_LOGIN), time: self.clock.now() }
    }

    /// Writes the commit and answers its id; moves no ref.
    pub(crate) fn write_work(&mut self, full_name: &str, work: &NewWork<'_>) -> Result<String, Refusal> {
        self.clock.tick();
        let identity = self.identity(work.author);
        let git = &self.repository(full_name)?.git;
        let contents: Vec<&[u8]> = work.changes.iter().filter_map(|(_, content)| content.as_deref()).map(str::as_bytes).collect();
        let mut blobs = git.write_blobs(&contents)?.into_iter();
        let edit = |(path, content): &(String, Option<String>)| {
            let object = if content.is_some() { blobs.next() } else { None };
            TreeEdit::file(path, object)
        };
        let edits: Vec<TreeEdit> = work.changes.iter().map(edit).collect();
        let tree = git.write_tree(work.parent, &edits)?;
        let commit = NewCommit {
            tree,
            parents: work.parent.map(str::to_owned).into_iter().collect(),
            author: identity.clone(),
            committer: identity,
            message: work.message.to_owned(),
        };
        Ok(git.write_commit(&commit)?)
    }
}
