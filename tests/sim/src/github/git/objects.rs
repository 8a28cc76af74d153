//! How are blobs, trees, commits and refs written without a work tree?

use super::{Git, GitError, Identity};

/// One change of a tree: a path gets an object, or loses what it had.
#[derive(Clone, Debug)]
pub(crate) struct TreeEdit {
    pub(crate) path: String,
    /// `100644`, `100755`, `120000`, `160000` or `040000`.
    pub(crate) mode: String,
    /// `None` removes the path.
    pub(crate) object: Option<String>,
}

impl TreeEdit {
    pub(crate) fn file(path: &str, object: Option<String>) -> Self {
        Self { path: path.to_owned(), mode: "100644".to_owned(), object }
    }
}

/// What a commit object holds.
#[derive(Clone, Debug)]
pub(crate) struct NewCommit {
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) author: Identity,
    pub(crate) committer: Identity,
    pub(crate) message: String,
}

impl Git {
    /// Writes all blobs with one process and answers their ids in order.
    pub(crate) fn write_blobs(&self, contents: &[&[u8]]) -> Result<Vec<String>, GitError> {
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let mut stream = Vec::new();
        for (index, content) in contents.iter().enumerate() {
            let mark = index + 1;
            stream.extend(format!("blob\nmark :{mark}\ndata {}\n", content.len()).bytes());
            stream.extend_from_slice(content);
            stream.extend(format!("\nget-mark :{mark}\n").bytes());
        }
        let answer = self.bytes(&["fast-import", "--quiet"], &stream)?;
        Ok(String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect())
    }

    /// Writes the tree that `base` becomes under `edits`.
    pub(crate) fn write_tree(&self, base: Option<&str>, edits: &[TreeEdit]) -> Result<String, GitError> {
        let index = tempfile::Builder::new()
            .prefix("index-")
            .tempdir_in(self.directory())
            .map_err(|source| GitError::Run { command: "read-tree".into(), source })?;
        let index_file = index.path().join("index");
        let environment = [("GIT_INDEX_FILE", &*index_file.to_string_lossy())];
        let run = |arguments: &[&str], input: &[u8]| self.checked(arguments, self.output(arguments, input, &environment)?);
        run(&["read-tree", base.unwrap_or("--empty")], b"")?;
        let mut lines = Vec::new();
        for edit in edits {
            match &edit.object {
                Some(object) if edit.mode == "040000" => {
                    let replaced = run(&["ls-files", "-z", "--", &edit.path], b"")?;
                    let gone = String::from_utf8_lossy(&replaced);
                    let gone: String = gone.split_terminator('\0').map(removal).collect();
                    run(&["update-index", "-z", "--index-info"], gone.as_bytes())?;
                    for row in self.tree(object, true)?.iter().filter(|row| row.kind != "tree") {
                        lines.extend(format!("{} {}\t{}/{}\0", row.mode, row.sha, edit.path, row.path).bytes());
                    }
                }
                Some(object) => lines.extend(format!("{} {object}\t{}\0", edit.mode, edit.path).bytes()),
                None => lines.extend(removal(&edit.path).bytes()),
            }
        }
        if !lines.is_empty() {
            run(&["update-index", "-z", "--index-info"], &lines)?;
        }
        let tree = run(&["write-tree"], b"")?;
        Ok(String::from_utf8_lossy(&tree).trim().to_owned())
    }

    /// Writes a commit object byte by byte, so that names, dates and message are exactly what was asked.
    pub(crate) fn write_commit(&self, commit: &NewCommit) -> Result<String, GitError> {
        let mut raw = format!("tree {}\n", commit.tree);
        for parent in &commit.parents {
            raw.push_str(&format!("parent {parent}\n"));
        }
        raw.push_str(&format!("author {}\ncommitter {}\n\n{}", commit.author, commit.committer, commit.message));
        let answer = self.bytes(&["hash-object", "-t", "commit", "-w", "--stdin"], raw.as_bytes())?;
        Ok(String::from_utf8_lossy(&answer).trim().to_owned())
    }

    /// Merges two commits in memory. `None` is a conflict.
    pub(crate) fn merge_trees(&self, base: Option<&str>, ours: &str, theirs: &str) -> Result<Option<String>, GitError> {
        let (ours, theirs) = match base {
            Some(base) => self.with_base(base, ours, theirs)?,
            None => (ours.to_owned(), theirs.to_owned()),
        };
        let arguments = ["merge-tree", "--write-tree", "--no-messages", &ours, &theirs];
        let output = self.output(&arguments, b"", &[])?;
        match output.status.code() {
            Some(0) => Ok(Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())),
            Some(1) => Ok(None),
            _ => self.checked(&arguments, output).map(|_| None),
        }
    }

    /// The trees of two commits, as commits whose only common history is the tree of `base`. Git can be told the base of a
    /// merge since 2.40; Debian 12 has 2.39.
    fn with_base(&self, base: &str, ours: &str, theirs: &str) -> Result<(String, String), GitError> {
        let stand_in = |commit: &str, parents: Vec<String>| {
            let nobody = Identity { name: "nobody".to_owned(), email: "nobody@localhost".to_owned(), time: jiff::Timestamp::UNIX_EPOCH };
            let tree = self.text(&["rev-parse", &format!("{commit}^{{tree}}")])?;
            self.write_commit(&NewCommit { tree, parents, author: nobody.clone(), committer: nobody, message: format!("stand-in for {commit}\n") })
        };
        let base = stand_in(base, Vec::new())?;
        Ok((stand_in(ours, vec![base.clone()])?, stand_in(theirs, vec![base])?))
    }

    /// Points a ref at an object, or removes it.
    pub(crate) fn set_ref(&self, name: &str, object: Option<&str>) -> Result<(), GitError> {
        match object {
            Some(object) => self.text(&["update-ref", name, object])?,
            None => self.text(&["update-ref", "-d", name])?,
        };
        Ok(())
    }
}

/// The `update-index --index-info` row that takes a path out of the index.
fn removal(path: &str) -> String {
    format!("0 {}\t{path}\0", "0".repeat(40))
}
