//! What is a security group, and how is it read and changed? A named list of rules that rules of a scope include.

use async_trait::async_trait;
use core_model::plan::{Action, Problem, Step};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind as FieldKind};
use core_model::state::DesiredResource;
use engine_api::{EngineError, LockDomain, ObserveScope};
use serde_json::{Value, json};

use super::list::List;
use super::named::{self, Specs};
use super::read::{Listed, Names};
use super::rule::{OwnNames, RULE, Rule};
use super::ruleset::preflight as ruleset_preflight;
use super::scope::Scope;
use super::words::{GROUP_LENGTH_MAX, GROUP_NAME};
use super::{NOTES, OWNER, reviewed, rule_findings, rules_of};
use crate::PROVIDER;
use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};
use crate::reader::Reader;

const NAMES: Names = Names::Groups;
const TYPE: &str = "security-group";
const SPECS: &[Field] = &[
    Field::new("name", FieldKind::Checked(&GROUP_NAME), "What the group is called, in place of `<prefix><resource>`.").replace(),
    Field::new("rules", FieldKind::List(&FieldKind::Object(RULE)), "The rules, in order.").required(),
];
const METADATA: &[Field] = &[NOTES, OWNER];

/// A named list of rules.
#[derive(Debug, Clone, Copy)]
pub struct SecurityGroup;

impl ResourceType for SecurityGroup {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: TYPE,
            provider: PROVIDER,
            meaning: "A named list of rules that the firewalls of the cluster, of nodes and of guests include.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = rule_findings::of(resource, None);
        findings.extend(name_finding(resource, GROUP_NAME.parse, GROUP_LENGTH_MAX));
        findings
    }
}

/// The name may follow from the address, where nobody has looked at its letters.
pub(super) fn name_finding(resource: &DesiredResource, parse: fn(&str) -> Result<String, String>, length_max: usize) -> Option<Finding> {
    let why = parse(&resource.object).err().filter(|_| resource.spec("name").is_none())?;
    let detail = format!("It would be called `{}`, which {why}.", resource.object);
    let hint = Some(format!("give it a `name` of {length_max} characters at most"));
    Some(Finding { path: "specs.name".to_owned(), summary: "Name not possible", detail, hint })
}

/// Security groups.
pub(crate) struct GroupKind;

#[async_trait]
impl Kind for GroupKind {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &SecurityGroup
    }

    fn noun(&self) -> &'static str {
        NAMES.noun()
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        let listed = match cluster.reader.names(NAMES).await {
            Ok(listed) => named::chosen(listed, scope, TYPE),
            Err(error) => return named::unseen(TYPE, &error),
        };
        let mut sighting = Sighting::default();
        for (entry, is_read) in listed {
            let specs = if is_read { Some(specs(cluster.reader, &entry).await) } else { None };
            named::sight(&mut sighting, TYPE, &entry, specs);
        }
        sighting
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        let mut problems = named::permissions(cluster, steps).await?;
        problems.extend(ruleset_preflight::unknown_names(cluster, steps).await?);
        Ok(problems)
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        let own = OwnNames::new();
        let list = List { path: NAMES.path_of(task.name()), own: &own };
        match task.step().action {
            Action::Create | Action::Replace => {
                if task.made_name(NAMES).await?.is_none() {
                    let comment = vec![("comment".to_owned(), task.comment_of_name(true))];
                    task.calls.make_name(NAMES, task.name(), comment).await?;
                }
                list.bring(task, Some(&[]), &wanted(task)).await
            }
            Action::Update | Action::Restart => {
                let found = task.existing_name(NAMES).await?;
                task.write_comment(NAMES, &found).await?;
                if !task.touches("specs.rules") {
                    return Ok(());
                }
                list.bring(task, reviewed(&task.step().changes).as_deref(), &wanted(task)).await
            }
            Action::Delete => {
                if task.doomed_name(NAMES).await?.is_none() {
                    return Ok(());
                }
                list.empty(task).await?;
                task.calls.remove_name(NAMES, task.name()).await
            }
            Action::Adopt | Action::Move | Action::Release => Ok(()),
        }
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        let mut found = Vec::new();
        for entry in cluster.reader.names(NAMES).await?.iter().filter(|entry| entry.marker.is_none()) {
            if let Some(specs) = specs(cluster.reader, entry).await? {
                found.push(named::imported(entry, specs, "group"));
            }
        }
        Ok(found)
    }

    fn lock_domain(&self, _step: &Step) -> LockDomain {
        named::lock_domain(&Scope::Cluster)
    }
}

fn wanted(task: &Task<'_>) -> Vec<Rule> {
    rules_of(task.firewall_values().get("specs.rules"))
}

async fn specs(reader: Reader<'_>, entry: &Listed) -> Result<Option<Specs>, EngineError> {
    let rules = reader.group_rules(&entry.name).await?;
    Ok(rules.map(|seen| {
        let rules: Vec<Value> = seen.rules.iter().map(Rule::to_blueprint).collect();
        [("rules".to_owned(), json!(rules))].into_iter().collect()
    }))
}
