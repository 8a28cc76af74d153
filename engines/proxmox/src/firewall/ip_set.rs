//! What is an IP set, and how is it read and changed? A named set of addresses, networks and aliases.

mod members;

use async_trait::async_trait;
use core_model::diff::Sides;
use core_model::plan::{Action, FieldChange, Problem, Risk, Step};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind as FieldKind};
use core_model::state::DesiredResource;
use engine_api::{EngineError, LockDomain, ObserveScope};
use serde_json::{Value, json};

use self::members::Member;
use super::group::name_finding;
use super::named::{self, Specs};
use super::read::{Listed, Names};
use super::scope::Scope;
use super::words::{LINE, MEMBER, SET_NAME};
use super::{NOTES, OWNER};
use crate::PROVIDER;
use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};
use crate::reader::Reader;

const NAMES: Names = Names::Sets;
const TYPE: &str = "ip-set";
const MEMBERS: &[Field] = &[
    Field::new("cidr", FieldKind::Checked(&MEMBER), "The address or network."),
    Field::new("alias", FieldKind::Link(&["alias"]), "The alias that stands for it."),
    Field::new("nomatch", FieldKind::Boolean, "`true` when it is left out of a larger network of the set; left out otherwise."),
    Field::new("comment", FieldKind::Checked(&LINE), "What people should know of it."),
];
const SPECS: &[Field] = &[
    Field::new("name", FieldKind::Checked(&SET_NAME), "What the set is called, in place of `<prefix><resource>`.").replace(),
    Field::new("members", FieldKind::Set(&FieldKind::Object(MEMBERS)), "All members of the set.").required(),
];
const METADATA: &[Field] = &[NOTES, OWNER];

/// A named set of addresses.
#[derive(Debug, Clone, Copy)]
pub struct IpSet;

impl ResourceType for IpSet {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: TYPE,
            provider: PROVIDER,
            meaning: "A named set of addresses, networks and aliases that rules use.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    /// Two sets say by their names alone who reaches the nodes.
    fn remarks(&self, step: &Step) -> Vec<String> {
        let what = match step.object.as_str() {
            "management" => {
                "Proxmox lets the addresses of the set `management` reach the nodes, whatever the rules say: who is not in it may be locked out"
            }
            "blacklist" => "Proxmox drops every packet from an address of the set `blacklist` before it looks at any rule",
            _ => return Vec::new(),
        };
        vec![what.to_owned()]
    }

    fn weigh(&self, changes: &mut [FieldChange], sides: &Sides<'_>) {
        let name = sides.desired.get("specs").and_then(|specs| specs.get("name")).and_then(Value::as_str);
        if matches!(name, Some("management" | "blacklist")) {
            changes.iter_mut().filter(|change| change.path == "specs.members").for_each(|change| change.risk = change.risk.max(Risk::MayDisconnect));
        }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let members = resource.spec("members").and_then(Value::as_array).into_iter().flatten();
        let mut findings: Vec<Finding> = name_finding(resource, SET_NAME.parse, 64).into_iter().collect();
        let mut seen = Vec::new();
        for (index, member) in members.enumerate() {
            let mut report = |field: &str, summary: &'static str, detail: &str, hint: &str| {
                let path = format!("specs.members[{index}].{field}");
                findings.push(Finding { path, summary, detail: detail.to_owned(), hint: Some(hint.to_owned()) });
            };
            if member.get("cidr").is_some() == member.get("alias").is_some() {
                report("cidr", "Not one address", "A member is a `cidr` or an `alias`.", "write one of the two");
            }
            if member.get("nomatch") == Some(&Value::Bool(false)) {
                report("nomatch", "Needless value", "`nomatch` is false, which is so anyway.", "leave `nomatch` out");
            }
            let key = Member::of_blueprint(member).key;
            if seen.contains(&key) {
                report("cidr", "Member twice", "The set has this member already.", "leave one out");
            }
            seen.push(key);
        }
        findings
    }
}

/// IP sets of the cluster.
pub(crate) struct IpSetKind;

#[async_trait]
impl Kind for IpSetKind {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &IpSet
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
        let aliases = cluster.reader.names(Names::Aliases).await?;
        for step in steps {
            let members = step.desired.get("specs").and_then(|specs| specs.get("members")).and_then(Value::as_array);
            let links = members.into_iter().flatten().filter_map(|member| member.get("alias")?.get("external")?.as_str());
            let bare = links.map(|name| name.strip_prefix("dc/").unwrap_or(name));
            problems.extend(named::unknown(step, "specs.members", NAMES_OF_MEMBERS, bare, &aliases));
        }
        Ok(problems)
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        match task.step().action {
            Action::Create | Action::Replace => {
                if task.made_name(NAMES).await?.is_none() {
                    let comment = vec![("comment".to_owned(), task.comment_of_name(true))];
                    task.calls.make_name(NAMES, task.name(), comment).await?;
                }
                members::bring(task, Some(&[])).await
            }
            Action::Update | Action::Restart => {
                let found = task.existing_name(NAMES).await?;
                task.write_comment(NAMES, &found).await?;
                if !task.touches("specs.members") {
                    return Ok(());
                }
                let change = task.step().changes.iter().find(|change| change.path == "specs.members");
                let reviewed = change.and_then(|change| change.before.as_array());
                let reviewed: Option<Vec<Member>> = reviewed.map(|members| members.iter().map(Member::of_blueprint).collect());
                members::bring(task, reviewed.as_deref()).await
            }
            Action::Delete => match task.doomed_name(NAMES).await? {
                Some(_) => task.calls.remove_name(NAMES, task.name()).await,
                None => Ok(()),
            },
            Action::Adopt | Action::Move | Action::Release => Ok(()),
        }
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        let mut found = Vec::new();
        for entry in cluster.reader.names(NAMES).await?.iter().filter(|entry| entry.marker.is_none()) {
            if let Some(specs) = specs(cluster.reader, entry).await? {
                found.push(named::imported(entry, specs, "ip-set"));
            }
        }
        Ok(found)
    }

    fn lock_domain(&self, _step: &Step) -> LockDomain {
        named::lock_domain(&Scope::Cluster)
    }
}

const NAMES_OF_MEMBERS: &str = "alias";

async fn specs(reader: Reader<'_>, entry: &Listed) -> Result<Option<Specs>, EngineError> {
    let rows = reader.members(&entry.name).await?;
    Ok(rows.map(|rows| {
        let mut members: Vec<Value> = rows.iter().map(|row| Member::of_row(row).to_blueprint()).collect();
        members.sort_by_cached_key(core_model::canonical::text);
        [("members".to_owned(), json!(members))].into_iter().collect()
    }))
}

/// The aliases in the members that a set is to have, or else has.
pub(super) fn aliases_in(wanted: Option<&Value>, rows: &[Value]) -> Vec<String> {
    let wanted = wanted.and_then(Value::as_array);
    let members: Vec<Member> =
        wanted.map_or_else(|| rows.iter().map(Member::of_row).collect(), |wanted| wanted.iter().map(Member::of_blueprint).collect());
    members.iter().filter_map(Member::alias).map(str::to_owned).collect()
}
