//! Who agreed to a plan? People approve on GitHub while it is reviewed; what waits is agreed to by naming its digest.

use std::collections::BTreeMap;

use core_model::record::Approval;
use core_model::{Hash, Name};
use daemon_github::{IssueNumber, Login, Permission};

use crate::commands::{self, Command};
use crate::error::FlowError;
use crate::merges::Group;
use crate::project::Project;

impl Project {
    /// The approvals of what waits: those given on GitHub to a plan of this digest, and one by everybody who may write here, did not
    /// ask for the change, and said `/apply` with the digest. A digest names the very steps, so it says what they saw.
    pub(crate) async fn agreed(
        &self,
        issue: IssueNumber,
        group: &Group,
        environment: &Name,
        digests: [&Hash; 2],
    ) -> Result<Vec<Approval>, FlowError> {
        let mut agreed: BTreeMap<String, Approval> = BTreeMap::new();
        if let Some(pull) = &group.pull {
            let reviews = self.approvals(pull, environment, digests[0].as_str()).await?;
            agreed.extend(reviews.into_iter().map(|approval| (approval.login.clone(), approval)));
        }
        let askers = self.askers(group.pull.as_ref()).await?;
        for comment in self.github.comments(&self.repository, issue).await? {
            let people = comment.author.filter(|login| *login != self.viewer && !comment.author_is_bot && !askers.people.contains(login));
            let Some(login) = people.filter(|login| !agreed.contains_key(login.as_str())) else { continue };
            let is_as_it_was_written = comment.updated_at == comment.created_at;
            if is_as_it_was_written && names(&comment.body, environment, digests) && self.may_write(&login).await? {
                agreed.insert(login.as_str().to_owned(), Approval { login: login.as_str().to_owned(), at: comment.created_at.to_string() });
            }
        }
        Ok(agreed.into_values().collect())
    }

    /// Whether it is known who asked for the change. Who pushed is not: git believes every name that a commit gives.
    pub(crate) async fn is_author_known(&self, group: &Group) -> Result<bool, FlowError> {
        Ok(self.askers(group.pull.as_ref()).await?.is_known)
    }

    async fn may_write(&self, login: &Login) -> Result<bool, FlowError> {
        Ok(self.github.permission(&self.repository, login).await? >= Permission::Write)
    }
}

fn names(comment: &str, environment: &Name, digests: [&Hash; 2]) -> bool {
    commands::parse(comment).iter().any(|parsed| match &parsed.command {
        Ok(Command::Apply { environment: named, digest: Some(digest), .. }) => {
            named.as_deref().is_none_or(|named| named == environment.as_str()) && digests.iter().any(|known| known.is_named_by(digest))
        }
        _ => false,
    })
}
