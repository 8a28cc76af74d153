//! Can the daemon use its database? It is looked at and left alone, whether a daemon has it or not.

use std::error::Error as _;
use std::path::Path;

use daemon_store::Inspection;
use engine_api::Check;

use super::Entry;
use crate::config::Config;

pub(super) async fn look(config: &Config) -> Vec<Entry> {
    let path = config.database();
    let check = match daemon_store::inspect(&path).await {
        Ok(Inspection::Absent) => absent(&config.state),
        Ok(Inspection::Present { version, is_in_use }) => {
            let whose = if is_in_use { "a daemon has it open" } else { "no daemon has it open" };
            Check::ok(format!("{}: version {version}, can be written, {whose}", path.display()))
        }
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            Check::problem(format!("{first}{cause}"), "see who owns it; a damaged one can be deleted, it is rebuilt from Git, GitHub and the targets")
        }
    };
    vec![Entry::new("database", check)]
}

/// The first start makes the folder and the database, where it may.
fn absent(state: &Path) -> Check {
    let nearest = state.ancestors().find(|folder| folder.exists());
    match nearest.and_then(|folder| folder.metadata().ok()) {
        Some(facts) if facts.is_dir() && !facts.permissions().readonly() => {
            Check::ok(format!("there is none in {} yet; the first start makes it", state.display()))
        }
        _ => Check::problem(format!("{} cannot be made", state.display()), "name a folder that the daemon may write as `state` in the configuration"),
    }
}
