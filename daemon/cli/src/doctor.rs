//! What is wrong with this set-up, before it hurts? Everything is read and nothing is changed.
//!
//! One file for each thing that is looked at. Each look is bounded in time and by itself: what is down hides nothing else.

mod clock;
mod configuration;
mod content;
mod database;
mod github;
mod records;
mod report;
mod repository;
mod targets;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use core_model::{Diagnostic, TargetName};
use engine_api::{Check, CheckState, EngineError};

use crate::config::Config;
use crate::failure::Failure;

pub(crate) use report::{Entry, Report};

/// What is looked at.
pub(crate) struct Scope {
    pub(crate) config: PathBuf,
    /// A folder of the managed repository, where there is one.
    pub(crate) folder: PathBuf,
    pub(crate) what: What,
}

pub(crate) enum What {
    Everything,
    /// One target, closely. The address is that of a member of a group.
    Target(TargetName, Option<String>),
}

pub(crate) async fn examine(scope: &Scope) -> Result<Report, Failure> {
    let mut report = Report::default();
    let Some(config) = configuration::read(&scope.config, &mut report) else {
        // Without a configuration there is still what people write.
        report.extend(content::of_folder(&scope.folder, None));
        return Ok(report);
    };
    let config = Arc::new(config);
    match &scope.what {
        What::Target(name, address) => report.extend(targets::one(&config, name, address.as_deref()).await?),
        What::Everything => everything(&config, &scope.folder, &mut report).await,
    }
    Ok(report)
}

async fn everything(config: &Arc<Config>, folder: &Path, report: &mut Report) {
    let keys = configuration::secrets(config, report);
    report.extend(content::of_folder(folder, Some(config)));
    let (database, github) = tokio::join!(database::look(config), github::look(config, &keys));
    report.extend(database);
    report.extend(github.entries);
    report.extend(targets::all(config, &github.seen).await);
}

/// Waits so long, and then says that it did.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, String> {
    tokio::time::timeout(limit, work).await.map_err(|_| format!("no answer within {} s", limit.as_secs()))
}

/// A message for authors as one check.
fn of_diagnostic(diagnostic: &Diagnostic) -> Check {
    let place = diagnostic.span.as_ref().map(|span| format!("{span}: ")).unwrap_or_default();
    let text = format!("{place}{}", diagnostic.detail.trim_end_matches('.'));
    let hint = [diagnostic.hint.clone(), diagnostic.command.as_ref().map(|command| format!("`{command}`"))];
    let hint: Vec<String> = hint.into_iter().flatten().collect();
    let state = if diagnostic.is_error() { CheckState::Problem } else { CheckState::Warning };
    Check { state, text, hint: (!hint.is_empty()).then(|| hint.join(": ")), is_detail: false }
}

/// The next step after what a target said.
fn hint_for(error: &EngineError, target: &str) -> String {
    use engine_api::ErrorKind;
    match error.kind {
        ErrorKind::Unreachable | ErrorKind::Timeout => {
            format!("see that it is up and that `targets.{target}.endpoint` leads there from this machine")
        }
        ErrorKind::Unauthorised => format!("look at the credential of `targets.{target}`, and at what it may do there"),
        ErrorKind::Busy => "try again in a moment".to_owned(),
        _ => format!("see that `targets.{target}` of the configuration is right; its page in docs/engines says how it is set up"),
    }
}
