//! Is what people write right, and does the configuration let it be used? As `ipr validate` and every plan ask.

use std::path::Path;

use core_config::Loaded;
use core_model::diagnostic;
use daemon_github::RepositoryName;
use engine_api::{Check, CheckState};

use super::{Entry, of_diagnostic};
use crate::config::Config;
use crate::folder;
use crate::terminal::several;

/// More of the same would hide the rest.
const MISTAKES_SHOWN_MAX: usize = 10;

/// The checkout that the command was called in. The daemon's host need not have one.
pub(super) fn of_folder(folder: &Path, config: Option<&Config>) -> Vec<Entry> {
    let about = "checkout";
    let Ok(root) = folder::root(folder) else {
        return vec![Entry::new(about, Check::ok(format!("there is no ipr.yaml at `{}`; what GitHub has is looked at", folder.display())).detail())];
    };
    let loaded = match folder::load(&root) {
        Ok(loaded) => loaded,
        Err(failure) => return vec![Entry::new(about, Check::problem(failure.in_one_line(), "see that the files can be read"))],
    };
    let mut checks = of_loaded(&loaded);
    // Which of several repositories a checkout is nobody says here.
    if let Some(config) = config.filter(|config| config.repositories.len() == 1)
        && let Some(repository) = config.repositories.keys().next()
    {
        checks.extend(of_reach(&loaded, config, repository));
    }
    checks.into_iter().map(|check| Entry::new(about, check)).collect()
}

/// Mistakes in blueprints, settings and rules.
pub(super) fn of_loaded(loaded: &Loaded) -> Vec<Check> {
    let mut mistakes = [loaded.diagnostics.clone(), loaded.not_yet.clone(), daemon_app::mistakes(loaded)].concat();
    diagnostic::sort(&mut mistakes);
    let mut checks: Vec<Check> = mistakes.iter().take(MISTAKES_SHOWN_MAX).map(of_diagnostic).collect();
    // What this version does not act on stops plans, whatever it is called.
    let is_plannable = loaded.is_plannable() && !mistakes.iter().any(core_model::Diagnostic::is_error);
    if mistakes.len() > MISTAKES_SHOWN_MAX {
        checks.push(Check::warning(format!("{} more", several(mistakes.len() - MISTAKES_SHOWN_MAX, "mistake")), "`ipr validate` shows all of them"));
    }
    if is_plannable {
        let resources: usize = loaded.repository.environments.values().map(|environment| environment.desired.resources.len()).sum();
        let (environments, resources) = (several(loaded.repository.environments.len(), "environment"), several(resources, "resource"));
        checks.insert(0, Check::ok(format!("ipr.yaml and blueprints are right: {environments}, {resources}")));
    } else if !checks.iter().any(|check| check.state == CheckState::Problem) {
        checks.push(Check::problem("it cannot be planned", "`ipr validate` says why"));
    }
    checks
}

/// Whether the configuration lets the environments use the targets that they name, and marks what they make as theirs.
pub(super) fn of_reach(loaded: &Loaded, config: &Config, repository: &RepositoryName) -> Vec<Check> {
    let mut checks = Vec::new();
    let served = config.repositories.get(repository);
    for environment in loaded.repository.environments.values().filter(|known| served.is_some_and(|served| served.environments.contains(&known.name)))
    {
        let named = environment.targets.values().chain(environment.desired.resources.values().map(|resource| &resource.target));
        let named: std::collections::BTreeSet<_> = named.collect();
        for target in named {
            match config.target_for(repository, &environment.name, target) {
                Err(refusal) => checks
                    .push(Check::problem(format!("`{}` cannot use `{target}`: {refusal}", environment.name), "or take the target out of ipr.yaml")),
                Ok(found) if found.owner_id != loaded.repository.owner_id => {
                    let text = format!(
                        "`owner_id` is `{}` in ipr.yaml and `{}` at `targets.{}` of the configuration, so that the daemon would not know its own objects",
                        loaded.repository.owner_id, found.owner_id, found.name
                    );
                    checks.push(Check::problem(text, "copy the one of ipr.yaml into the configuration"));
                }
                Ok(_) => {}
            }
        }
    }
    for missing in served.into_iter().flat_map(|served| &served.environments).filter(|name| !loaded.repository.environments.contains_key(*name)) {
        let text = format!("the configuration serves the environment `{missing}`, which ipr.yaml does not have");
        checks.push(Check::warning(text, "add it there, or take it out of `repositories` in the configuration"));
    }
    checks
}
