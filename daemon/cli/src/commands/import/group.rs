//! `ipr import rack1 --members ..`: what would ipr.yaml and a blueprint of a whole group say?

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use core_config::{Files, Loaded};
use core_model::{Diagnostic, Name, TargetName};
use engine_api::Member;

use super::names::{self, Nameless};
use super::{addresses, ask, blueprint, new_file, settings};
use crate::config::{Config, Mistakes, TargetConfig};
use crate::terminal::{self, plain, several};
use crate::{engines, failure::Failure, folder, propose, runtime};

const SETTINGS: &str = "ipr.yaml";
/// How often a blueprint's name is tried with another number.
const NAMES_MAX: usize = 100;

/// What is asked for.
pub(super) struct Wish<'a> {
    pub(super) group: &'a TargetName,
    pub(super) members: &'a [String],
    pub(super) list: Option<&'a Path>,
    pub(super) environment: Option<&'a Name>,
    pub(super) output: Option<&'a Path>,
    pub(super) folder: &'a Path,
}

/// The repository as it is, and the part of the group in it.
struct Ground {
    root: PathBuf,
    files: Files,
    loaded: Loaded,
    /// The group's members, each with its address as ipr.yaml writes it.
    members: BTreeMap<Name, String>,
}

/// Everything that was found, under the names that it gets.
struct Found {
    members: BTreeMap<Name, Member>,
    addresses: BTreeMap<Name, IpAddr>,
    /// A line for each address, for people.
    told: BTreeMap<IpAddr, String>,
}

pub(super) fn run(config: &Config, wish: &Wish<'_>) -> Result<ExitCode, Failure> {
    let target = engines::known(config, wish.group)?;
    is_group(target, wish.group)?;
    let listed = addresses::read(wish.members, wish.list)?;
    let ground = Ground::read(wish, target)?;
    let environment = ground.environment(wish, target)?;
    let listed = ground.named(listed, wish.group)?;
    let (managed, asked): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(_, name)| ground.manages(wish.group, name.as_ref()));
    let places = ask::places(target, wish.group, &asked.iter().map(|(address, _)| *address).collect::<Vec<_>>())?;
    let answers = runtime::block_on(ask::all(target, places))??;
    let mut found = Found::of(answers, &asked.into_iter().collect(), &ground.members);
    let managed = managed.into_iter().filter_map(|(address, name)| Some((address, format!("{}/{} has a blueprint already", wish.group, name?))));
    found.told.extend(managed);
    found.told.iter().for_each(|(address, line)| terminal::tell(format_args!("{address}  {}\n", plain(line))));
    if found.members.is_empty() {
        let detail = format!("No new member was found among the listed addresses, of which there are {}.", found.told.len());
        return Err(Failure::new(Diagnostic::error("Nothing imported", detail)));
    }
    ground.write(wish, target, environment, &found)
}

fn is_group(target: &TargetConfig, group: &TargetName) -> Result<(), Failure> {
    let refused = |detail: String| Failure::new(Diagnostic::error("No group", detail));
    if !engines::has_members(target) {
        return Err(refused(format!("`{group}` is a target of `{}`, and such targets have no members.", target.provider)));
    }
    match group.member() {
        None => Ok(()),
        Some(_) => Err(refused(format!("`{group}` is one member of a group.")).hint(format!("name the group: {}", group.group()))),
    }
}

impl Ground {
    fn read(wish: &Wish<'_>, target: &TargetConfig) -> Result<Self, Failure> {
        let root = folder::root(wish.folder)?;
        let files = folder::read(&root)?;
        let loaded = core_config::load(&files, &engines::registry());
        let loaded = right(loaded)?;
        let members = loaded.repository.targets.get(&target.name).map(|declared| declared.members.clone()).unwrap_or_default();
        Ok(Self { root, files, loaded, members })
    }

    /// The environment that the machines are for: what the configuration lets use the target, and ipr.yaml has.
    fn environment<'a>(&'a self, wish: &Wish<'_>, target: &TargetConfig) -> Result<&'a Name, Failure> {
        let usable = self.loaded.repository.environments.keys().filter(|name| target.environments.contains(name));
        let usable: Vec<&Name> = usable.filter(|name| wish.environment.is_none_or(|wanted| wanted == *name)).collect();
        if let [only] = usable[..] {
            return Ok(only);
        }
        let detail = match (wish.environment, usable.is_empty()) {
            (Some(name), _) => format!("`{name}` is no environment of ipr.yaml that may use the target `{}`.", target.name),
            (None, true) => format!("The configuration lets no environment of ipr.yaml use the target `{}`.", target.name),
            (None, false) => format!("Several environments may use the target `{}`.", target.name),
        };
        let names: Vec<&str> = target.environments.iter().map(Name::as_str).collect();
        let hint = format!("use `--environment`; `targets.{}.environments` of the configuration has: {}", target.name, names.join(", "));
        Err(Failure::new(Diagnostic::error("Which environment?", detail)).hint(hint))
    }

    /// The list with the names that ipr.yaml gives already. Nothing there is given another name, or another address.
    fn named(&self, mut listed: addresses::Listed, group: &TargetName) -> Result<addresses::Listed, Failure> {
        let mut mistakes = Vec::new();
        for (name, address) in &self.members {
            let known: Option<IpAddr> = address.parse().ok();
            for (other, _) in listed.iter().filter(|(other, given)| given.as_ref() == Some(name) && known != Some(**other)) {
                mistakes.push(format!("{other}: `{group}/{name}` is at {address} in ipr.yaml."));
            }
            let Some(given) = known.and_then(|known| listed.get_mut(&known)) else { continue };
            match given {
                Some(other) if other != name => mistakes.push(format!("{address}: it is `{group}/{name}` in ipr.yaml, and not `{other}`.")),
                _ => *given = Some(name.clone()),
            }
        }
        if mistakes.is_empty() {
            return Ok(listed);
        }
        let hint = "keep to the names of ipr.yaml, or change them there first";
        Err(Failure::new(Diagnostic::error("Member known otherwise", mistakes.join("\n"))).hint(hint))
    }

    fn manages(&self, group: &TargetName, name: Option<&Name>) -> bool {
        let Some(target) = name.map(|name| format!("{group}/{name}")) else { return false };
        let mut resources = self.loaded.repository.environments.values().flat_map(|environment| environment.desired.resources.values());
        resources.any(|resource| resource.target.as_str() == target)
    }

    /// The group's name, with a number behind it where a blueprint has that.
    fn blueprint_name(&self, group: &Name) -> Name {
        let environments = self.loaded.repository.environments.values();
        let used: BTreeSet<&Name> =
            environments.flat_map(|environment| environment.desired.resources.keys().map(|address| &address.blueprint)).collect();
        let numbered = (2..NAMES_MAX).filter_map(|number| format!("{group}-{number}").parse().ok());
        std::iter::once(group.clone()).chain(numbered).find(|name| !used.contains(name)).unwrap_or_else(|| group.clone())
    }

    fn write(&self, wish: &Wish<'_>, target: &TargetConfig, environment: &Name, found: &Found) -> Result<ExitCode, Failure> {
        let (group, provider) = (wish.group.as_str(), target.provider.as_str());
        let name = self.blueprint_name(&target.name);
        let text = blueprint::text(&blueprint::Heading { blueprint: &name, environment, group }, &found.members);
        let new: BTreeMap<&Name, IpAddr> =
            found.addresses.iter().filter(|(name, _)| !self.members.contains_key(name)).map(|(name, address)| (name, *address)).collect();
        let old = self.files.get(SETTINGS).map(Vec::as_slice).unwrap_or_default();
        let written = std::str::from_utf8(old).ok().and_then(|old| settings::with_members(old, group, provider, &new));
        let written = written.filter(|written| self.only_members_are_new(written, target, found));
        let by_hand = settings::lines(group, provider, &new);
        let Some(output) = wish.output else {
            terminal::print(text);
            let also = if new.is_empty() { String::new() } else { format!("\nipr.yaml needs as well:\n\n{by_hand}\n") };
            terminal::tell(format_args!("{also}Nothing was written. With `--output blueprints/{name}.yaml` both files are.\n"));
            return Ok(ExitCode::SUCCESS);
        };
        if let Some(written) = &written {
            self.is_right(written, &text)?;
        }
        self.is_unchanged()?;
        new_file(output, &text)?;
        match written.filter(|_| !new.is_empty()) {
            Some(written) => {
                let failed = |error| Failure::of("ipr.yaml not written", error).hint(format!("add this to it by hand:\n\n{by_hand}"));
                propose::put(&self.root.join(SETTINGS), &written).map_err(failed)?;
                terminal::tell(format_args!("{} and ipr.yaml are written: {}.\n", output.display(), several(found.members.len(), "member")));
            }
            None if new.is_empty() => {
                terminal::tell(format_args!("{} is written: {}.\n", output.display(), several(found.members.len(), "member")));
            }
            None => terminal::tell(format_args!(
                "{} is written. ipr.yaml cannot be edited safely as it is written; add this to it by hand:\n\n{by_hand}\n",
                output.display()
            )),
        }
        terminal::tell("Keep of it what is to be managed, then see that nothing would change: ipr plan\n");
        Ok(ExitCode::SUCCESS)
    }

    /// Asking takes a while, and somebody may have edited the file meanwhile.
    fn is_unchanged(&self) -> Result<(), Failure> {
        let now = std::fs::read(self.root.join(SETTINGS)).map_err(|error| Failure::of("Nothing written", error))?;
        if self.files.get(SETTINGS) == Some(&now) {
            return Ok(());
        }
        let detail = "ipr.yaml is no longer as it was read. Nothing was written.";
        Err(Failure::new(Diagnostic::error("File changed meanwhile", detail)).hint("give the command again"))
    }

    /// What an editor of texts made is never trusted: our own reader says what is in it.
    fn only_members_are_new(&self, written: &str, target: &TargetConfig, found: &Found) -> bool {
        let mut files = self.files.clone();
        files.insert(SETTINGS.to_owned(), written.as_bytes().to_vec());
        let (before, mut after) = (&self.loaded.repository, core_config::load(&files, &engines::registry()).repository);
        let mut expected = self.members.clone();
        expected.extend(
            found.addresses.iter().filter(|(name, _)| !self.members.contains_key(name)).map(|(name, address)| (name.clone(), address.to_string())),
        );
        let Some(group) = after.targets.remove(&target.name) else { return false };
        let others = before.targets.iter().filter(|(name, _)| **name != target.name);
        let is_same = |a: &core_config::TargetDeclaration, b: &core_config::TargetDeclaration| {
            (&a.provider, &a.address, &a.credential, &a.members, a.retired) == (&b.provider, &b.address, &b.credential, &b.members, b.retired)
        };
        group.members == expected
            && others.clone().count() == after.targets.len()
            && others.into_iter().all(|(name, declared)| after.targets.get(name).is_some_and(|after| is_same(declared, after)))
            && (&before.owner_id, &before.record_keys) == (&after.owner_id, &after.record_keys)
            && before.environments.keys().eq(after.environments.keys())
            && before.secrets.keys().eq(after.secrets.keys())
    }

    /// Both files together have to be what a repository may say.
    fn is_right(&self, settings: &str, blueprint: &str) -> Result<(), Failure> {
        let mut files = self.files.clone();
        files.insert(SETTINGS.to_owned(), settings.as_bytes().to_vec());
        files.insert("blueprints/imported-members.yaml".to_owned(), blueprint.as_bytes().to_vec());
        right(core_config::load(&files, &engines::registry())).map(drop)
    }
}

/// Mistakes end the command.
fn right(loaded: Loaded) -> Result<Loaded, Failure> {
    if loaded.is_plannable() {
        return Ok(loaded);
    }
    let diagnostics = loaded.diagnostics.into_iter().chain(loaded.not_yet).collect();
    Err(Mistakes { diagnostics, sources: loaded.sources }.into())
}

impl Found {
    /// Two addresses that lead to one machine are one member: the one that has a name, or else the first.
    fn of(answers: ask::Answers, asked: &addresses::Listed, declared: &BTreeMap<Name, String>) -> Self {
        let mut told = BTreeMap::new();
        let mut seen: BTreeMap<IpAddr, Member> = BTreeMap::new();
        let given = |address: &IpAddr| asked.get(address).and_then(Option::as_ref);
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.sort_by_key(|(address, _)| (given(address).is_none(), *address));
        for (address, answer) in answers {
            match answer {
                Err(why) => _ = told.insert(address, format!("not imported: {why}")),
                Ok(member) => match seen.iter().find(|(_, other)| other.identity == member.identity) {
                    Some((other, _)) => _ = told.insert(address, format!("not imported: it is the machine at {other} ({})", member.identity)),
                    None => _ = seen.insert(address, member),
                },
            }
        }
        let nameless = seen.iter().map(|(address, member)| Nameless { address: *address, given: given(address), proposals: &member.names });
        let taken = asked.values().flatten().chain(declared.keys()).cloned().collect();
        let names = names::choose(&nameless.collect::<Vec<_>>(), &taken);
        let mut found = Self { members: BTreeMap::new(), addresses: BTreeMap::new(), told };
        for (address, member) in seen {
            let Some(name) = names.get(&address) else { continue };
            found.told.insert(address, format!("{name}: {}, {}", member.what, member.identity));
            found.addresses.insert(name.clone(), address);
            found.members.insert(name.clone(), member);
        }
        found
    }
}
