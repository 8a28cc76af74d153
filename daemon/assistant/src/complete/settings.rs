//! Which field gets which value? Wishes are tied to the fields of a type's table and to what is there now.

use std::collections::BTreeMap;

use core_model::decode::{self, Findings, LinkProblem, LinkResolver, LinkedResource};
use core_model::resource_type::TypeFacts;
use core_model::schema::Kind;
use core_model::state::DesiredResource;
use core_model::tree::{Entry, Node, NodeValue, Style};
use core_model::{Address, Origin, Span};
use serde_json::Value;

use crate::command::{FieldChange, Scope, Setting};
use crate::draft::{Draft, FieldName, Wanted, Wish};
use crate::language::Language;
use crate::lexicon::Concept;
use crate::question::{Fill, Question, Slot};
use crate::source::Sourced;
use crate::view::{field_of, value_at};

use super::{Completed, Completion, Stop, impossible};

/// The path of a field in a type's table.
pub(crate) fn path_of(field: &FieldName, facts: &TypeFacts) -> Option<String> {
    match field {
        FieldName::Path(path) => field_of(facts, path).map(|_| path.clone()),
        FieldName::Concept(concept) => concept.paths().iter().find(|path| field_of(facts, path).is_some()).map(|path| (*path).to_owned()),
    }
}

/// The canonical value that a text has in a field, or why it has none.
pub(crate) fn canonical(facts: &TypeFacts, path: &str, text: &str) -> Result<Value, String> {
    let mut segments = path.split('.');
    let root = segments.next().unwrap_or_default();
    let fields = if root == "metadata" { facts.metadata } else { facts.specs };
    let names: Vec<&str> = segments.collect();
    let origin = || Origin::new(Span::new("assistant", 1, 1));
    let mut node = Node::scalar(text, Style::Plain, origin());
    for name in names.iter().rev() {
        let entry = Entry { key: (*name).to_owned(), key_origin: origin(), node };
        node = Node { value: NodeValue::Map(vec![entry]), origin: origin() };
    }
    let mut findings = Findings::default();
    let values = decode::decode(fields, &node, root, &AnyLink, &mut findings);
    let mut value = Value::Object(values);
    for name in &names {
        value = value.get(name).cloned().unwrap_or(Value::Null);
    }
    // Fields that are required and not given here are no fault of this value.
    match findings.diagnostics.iter().find(|diagnostic| diagnostic.summary != "Missing field" && diagnostic.detail.contains(path)) {
        Some(diagnostic) if value.is_null() => Err(diagnostic.detail.clone()),
        _ => Ok(value),
    }
}

/// A link is checked when the whole blueprint is loaded.
struct AnyLink;

impl LinkResolver for AnyLink {
    fn resolve(&self, text: &str, _types: &[&str]) -> Result<LinkedResource, LinkProblem> {
        let problem = || LinkProblem { detail: format!("`{text}` is no name."), hint: None };
        let full = if text.contains('.') { text.to_owned() } else { format!("any.{text}") };
        let address: Address = full.parse().map_err(|_| problem())?;
        Ok(LinkedResource { object_name: address.resource.as_str().to_owned(), address })
    }
}

/// An address alone, in a field that takes one with its prefix length.
fn is_bare_address(facts: &TypeFacts, path: &str, text: &str) -> bool {
    let Ok(address) = text.parse::<std::net::IpAddr>() else { return false };
    let length = if address.is_ipv4() { 32 } else { 128 };
    canonical(facts, path, text).is_err() && canonical(facts, path, &format!("{text}/{length}")).is_ok()
}

impl Completion<'_, '_> {
    pub(crate) fn update_settings(&self, draft: &mut Draft, scope: &Scope) -> Completed<Vec<Setting>> {
        let addresses: Vec<Address> = draft.addresses().into_iter().cloned().collect();
        let mut all: Vec<Vec<Setting>> = Vec::new();
        for address in &addresses {
            let facts = self.view.in_scope(Some(scope), address).and_then(|resource| self.view.facts(resource));
            let Some(facts) = facts else { return Err(impossible("")) };
            let settings = self.settings(draft, facts, &[address], scope)?;
            self.address_in_new_network(draft, address, &settings, scope)?;
            all.push(settings);
        }
        let first = all.first().cloned().unwrap_or_default();
        let language = draft.notes.language;
        if all.iter().any(|other| {
            other.iter().map(|setting| (&setting.path, &setting.change.value)).ne(first.iter().map(|setting| (&setting.path, &setting.change.value)))
        }) {
            return Err(impossible(language.choose(
                "These resources would get different values. Ask for one at a time.",
                "Queste risorse avrebbero valori diversi. Chiedine una alla volta.",
            )));
        }
        if first.is_empty() {
            let text = language.choose("What shall change, and to what value?", "Che cosa deve cambiare, e in quale valore?");
            return Err(Question::new(Slot::Size, text).into());
        }
        Ok(first)
    }

    /// The settings that the wishes come to, for resources of one type. `like` are the resources whose values they are relative to.
    pub(crate) fn settings(&self, draft: &mut Draft, facts: &TypeFacts, like: &[&Address], scope: &Scope) -> Completed<Vec<Setting>> {
        let like = like.first().and_then(|address| self.view.in_scope(Some(scope), address)).cloned();
        self.place_bare_sizes(draft, facts, like.as_ref())?;
        // "nginx out, caddy in": what is taken from a list stands beside what is added to it.
        let mut settings: BTreeMap<(String, u8), Setting> = BTreeMap::new();
        for wish in draft.wishes.clone() {
            for setting in self.setting(draft, &wish, facts, like.as_ref(), scope)? {
                let kind = match setting.change.value {
                    FieldChange::Add(_) => 0,
                    FieldChange::Remove(_) => 1,
                    _ => WHOLE,
                };
                let is_same = |(path, known): &&(String, u8)| *path == setting.path && (*known == kind || *known == WHOLE || kind == WHOLE);
                let key = settings.keys().find(is_same).cloned().unwrap_or_else(|| (setting.path.clone(), kind));
                match settings.get_mut(&key) {
                    None => _ = settings.insert(key, setting),
                    Some(known) => merge(draft, known, setting)?,
                }
            }
        }
        Ok(settings.into_values().collect())
    }

    /// A size without a field is the memory or the disk, whichever is still free; of two the smaller is the memory.
    fn place_bare_sizes(&self, draft: &mut Draft, facts: &TypeFacts, like: Option<&DesiredResource>) -> Completed<()> {
        let is_new = like.is_none();
        let has = |draft: &Draft, concept: Concept| {
            draft.wishes.iter().any(|wish| {
                wish.wanted.value.bare_size().is_none()
                    && path_of(&wish.field, facts).is_some()
                    && path_of(&wish.field, facts) == path_of(&FieldName::Concept(concept), facts)
            })
        };
        let free: Vec<Concept> = [Concept::Memory, Concept::Storage]
            .into_iter()
            .filter(|concept| path_of(&FieldName::Concept(*concept), facts).is_some() && !has(draft, *concept))
            .filter(|concept| *concept == Concept::Memory || !draft.wishes.iter().any(|wish| cannot_be_disk(&wish.wanted.value, facts, like)))
            .collect();
        let bare: Vec<usize> = (0..draft.wishes.len()).filter(|place| draft.wishes[*place].wanted.value.bare_size().is_some()).collect();
        let size = |draft: &Draft, place: usize| {
            let text = draft.wishes[place].wanted.value.bare_size().unwrap_or_default();
            text.parse::<core_model::units::Size>().map_or(0, |size| size.bytes)
        };
        let language = draft.notes.language;
        let put = |draft: &mut Draft, place: usize, concept: Concept| {
            let wanted = draft.wishes[place].wanted.value.clone();
            let (Some(text), Some(placed)) = (wanted.bare_size(), wanted.placed()) else { return };
            let what = if concept == Concept::Memory { language.choose("memory", "memoria") } else { language.choose("disk", "disco") };
            draft.assume(match language {
                Language::English => format!("{text} is the {what}."),
                Language::Italian => format!("{text} è la dimensione di: {what}."),
            });
            draft.wishes[place].field = FieldName::Concept(concept);
            draft.wishes[place].wanted.value = placed;
        };
        let disk = like.zip(path_of(&FieldName::Concept(Concept::Storage), facts)).and_then(|(like, path)| value_at(like, &path)?.as_u64());
        let is_less_than_disk = |bytes: u64| disk.is_some_and(|disk| bytes < disk);
        match (bare.as_slice(), free.as_slice()) {
            ([], _) => Ok(()),
            ([place], [only]) => {
                put(draft, *place, *only);
                Ok(())
            }
            ([place], [Concept::Memory, Concept::Storage]) if has(draft, Concept::Cpu) => {
                put(draft, *place, Concept::Memory);
                Ok(())
            }
            // "the same as web-02 but with 16gb": less than its disk is no disk of the copy.
            ([place], [Concept::Memory, Concept::Storage])
                if draft.command.value == crate::command::CommandName::Clone && is_less_than_disk(size(draft, *place)) =>
            {
                put(draft, *place, Concept::Memory);
                Ok(())
            }
            ([one, other], [Concept::Memory, Concept::Storage]) if is_new => {
                let (small, large) = if size(draft, *one) <= size(draft, *other) { (*one, *other) } else { (*other, *one) };
                put(draft, small, Concept::Memory);
                put(draft, large, Concept::Storage);
                Ok(())
            }
            // "requested: 4 vCPU / 8 GB / 100 GB": the one is less than its disk, and the other is not.
            ([one, other], _)
                if disk.is_some_and(|disk| {
                    let (one, other) = (size(draft, *one), size(draft, *other));
                    one.min(other) < disk && disk <= one.max(other)
                }) && !has(draft, Concept::Memory)
                    && !has(draft, Concept::Storage) =>
            {
                let (small, large) = if size(draft, *one) <= size(draft, *other) { (*one, *other) } else { (*other, *one) };
                put(draft, small, Concept::Memory);
                put(draft, large, Concept::Storage);
                Ok(())
            }
            ([place, ..], _) => {
                let wanted = &draft.wishes[*place].wanted.value;
                let Some((text, placed)) = wanted.bare_size().zip(wanted.placed()) else { return Ok(()) };
                let sentence = match (language, wanted) {
                    (Language::English, Wanted::OneOfMore(_)) => format!("Of what shall it have {text} more?"),
                    (Language::Italian, Wanted::OneOfMore(_)) => format!("Di che cosa deve avere {text} in più?"),
                    (Language::English, Wanted::OneOfLess(_)) => format!("Of what shall it have {text} less?"),
                    (Language::Italian, Wanted::OneOfLess(_)) => format!("Di che cosa deve avere {text} in meno?"),
                    (Language::English, _) => format!("What shall be {text}?"),
                    (Language::Italian, _) => format!("Che cosa deve essere {text}?"),
                };
                let options = free.iter().filter_map(|concept| {
                    let path = path_of(&FieldName::Concept(*concept), facts)?;
                    let value = match &placed {
                        Wanted::Change(FieldChange::Set(text)) => text.clone(),
                        relative => super::growth::resolved(draft, relative, facts, &path, value_at(like?, &path)).ok()?,
                    };
                    let label = if *concept == Concept::Memory { language.choose("memory", "memoria") } else { language.choose("disk", "disco") };
                    Some((label.to_owned(), Fill::Settings(vec![(path, FieldChange::Set(value))])))
                });
                Err(Question::new(Slot::Size, sentence).options(options).into())
            }
        }
    }

    fn setting(&self, draft: &mut Draft, wish: &Wish, facts: &TypeFacts, like: Option<&DesiredResource>, scope: &Scope) -> Completed<Vec<Setting>> {
        let source = wish.wanted.source.clone();
        if let Some(setting) = self.parameter(draft, wish)? {
            return Ok(vec![setting]);
        }
        let one = |path: String, change: FieldChange| vec![Setting { path, change: Sourced::new(change, source.clone()) }];
        if let FieldName::Path(path) = &wish.field
            && path == "specs"
        {
            return Err(self.ask_which_grows(draft, wish, facts, like));
        }
        if let Some((path, change)) = self.link_of_vlan(wish, facts, like, scope) {
            return Ok(one(path, change));
        }
        let Some(path) = path_of(&wish.field, facts) else {
            // "on the host": a word for a field that this has not, beside what is wished.
            if wish.wanted.value == Wanted::Unsaid && draft.wishes.len() > 1 {
                return Ok(Vec::new());
            }
            return Err(self.elsewhere(draft, wish, facts));
        };
        // A version of a machine is that of its system: "web-02 is still on 22.04, get it to 24.04".
        let has_value = |path: &&&str| like.and_then(|resource| value_at(resource, path)).is_some();
        let path = match (&wish.wanted.value, &wish.field) {
            (Wanted::Tag(_), FieldName::Concept(concept)) => concept.paths().iter().find(has_value).map_or(path, |path| (*path).to_owned()),
            _ => path,
        };
        let now = like.and_then(|resource| value_at(resource, &path));
        let change = match &wish.wanted.value {
            // "web-a to shop:1.6.0", where ghcr.io/acme/shop runs: another tag of the same image.
            Wanted::Change(FieldChange::Set(text)) if short_name_of(&path, text, now).is_some() => {
                FieldChange::Set(retagged(draft, &path, text.rsplit(':').next().unwrap_or_default(), now)?)
            }
            Wanted::Change(change) => self.fitted(draft, facts, &path, change, like, scope)?,
            Wanted::Tag(version) => FieldChange::Set(retagged(draft, &path, version, now)?),
            Wanted::SameAs(address) => FieldChange::Set(self.same_as(draft, address, &path, facts)?),
            bare if bare.bare_size().is_some() => return Ok(Vec::new()),
            Wanted::Unsaid => return Err(self.ask_value(draft, facts, &path)),
            relative => FieldChange::Set(super::growth::resolved(draft, relative, facts, &path, now)?),
        };
        self.check(draft, facts, &path, &change)?;
        if let (FieldChange::Set(text), Some(before)) = (&change, now.and_then(Value::as_u64))
            && Concept::Storage.paths().contains(&path.as_str())
            && canonical(facts, &path, text).ok().and_then(|value| value.as_u64()).is_some_and(|after| after < before)
        {
            let now = written(facts, &path, &Value::from(before)).unwrap_or_default();
            return Err(impossible(match draft.notes.language {
                Language::English => {
                    format!("A disk can grow and never shrink; it has {now} now. For a smaller one, make a new machine and move the data.")
                }
                Language::Italian => {
                    format!("Un disco può crescere e mai ridursi; ora ha {now}. Per averne uno più piccolo, crea una macchina nuova e sposta i dati.")
                }
            }));
        }
        self.check_filled(draft, &path, &change)?;
        Ok(one(path, change))
    }

    /// A change in the form that the field has: lists take items, links one name, networks a prefix.
    fn fitted(
        &self,
        draft: &Draft,
        facts: &TypeFacts,
        path: &str,
        change: &FieldChange,
        like: Option<&DesiredResource>,
        scope: &Scope,
    ) -> Completed<FieldChange> {
        let Some(field) = field_of(facts, path) else { return Err(impossible("")) };
        let is_list = matches!(field.kind, Kind::List(_) | Kind::Set(_)) || matches!(field.kind, Kind::Any) && path.ends_with(".tags");
        Ok(match (change, is_list) {
            (FieldChange::Set(text), true) => FieldChange::Add(vec![text.clone()]),
            (FieldChange::Add(items), false) => FieldChange::Set(items.first().cloned().unwrap_or_default()),
            (FieldChange::Remove(_), false) => FieldChange::Unset,
            (FieldChange::Add(items), true) if like.is_none() => FieldChange::SetList(items.clone()),
            (FieldChange::Set(text), false) if is_bare_address(facts, path, text) => {
                FieldChange::Set(self.with_prefix(draft, path, text, like, scope)?)
            }
            (FieldChange::Set(text), false) if matches!(field.kind, Kind::Ip) => FieldChange::Set(text.split('/').next().unwrap_or(text).to_owned()),
            (FieldChange::Remove(items), true) => FieldChange::Remove(items.clone()),
            (other, _) => other.clone(),
        })
    }

    /// An address takes its prefix length from the one before it, or from the network that holds it.
    fn with_prefix(&self, draft: &Draft, path: &str, text: &str, like: Option<&DesiredResource>, scope: &Scope) -> Completed<String> {
        let before = like
            .and_then(|resource| value_at(resource, path))
            .and_then(Value::as_str)
            .and_then(|cidr| cidr.split_once('/'))
            .map(|(_, prefix)| prefix.to_owned());
        let around = || {
            let address: std::net::IpAddr = text.parse().ok()?;
            let networks = self
                .view
                .environments()
                .filter(|environment| matches!(scope, Scope::All) || *scope == Scope::One(environment.name.clone()))
                .flat_map(|environment| environment.desired.resources.values());
            let cidrs = networks
                .filter(|resource| resource.type_name == "network")
                .filter_map(|resource| Concept::Subnet.paths().iter().find_map(|path| value_at(resource, path)).and_then(Value::as_str));
            cidrs
                .filter_map(|cidr| cidr.parse::<ipnet::IpNet>().ok())
                .find(|network| network.contains(&address))
                .map(|network| network.prefix_len().to_string())
        };
        match before.or_else(around) {
            Some(prefix) => Ok(format!("{text}/{prefix}")),
            None => {
                let question =
                    draft.notes.language.choose("With which prefix length, for example /24?", "Con quale lunghezza del prefisso, per esempio /24?");
                let options = ["24", "16"].into_iter().map(|prefix| {
                    (format!("{text}/{prefix}"), Fill::Settings(vec![(path.to_owned(), FieldChange::Set(format!("{text}/{prefix}")))]))
                });
                Err(Question::new(Slot::Field(path.to_owned()), question).options(options).into())
            }
        }
    }

    fn same_as(&self, draft: &Draft, address: &Address, path: &str, facts: &TypeFacts) -> Completed<String> {
        let value = self.view.in_scope(draft.scope(), address).and_then(|resource| value_at(resource, path).cloned());
        let text = value.as_ref().and_then(|value| written(facts, path, value));
        text.ok_or_else(|| {
            impossible(match draft.notes.language {
                Language::English => format!("`{address}` does not set `{path}`."),
                Language::Italian => format!("`{address}` non imposta `{path}`."),
            })
        })
    }

    /// A VLAN of a machine is the network that has it, where a blueprint has one.
    fn link_of_vlan(&self, wish: &Wish, facts: &TypeFacts, like: Option<&DesiredResource>, scope: &Scope) -> Option<(String, FieldChange)> {
        let (FieldName::Concept(Concept::Vlan), Wanted::Change(FieldChange::Set(number))) = (&wish.field, &wish.wanted.value) else { return None };
        let own = path_of(&wish.field, facts);
        if own.is_some_and(|path| path != "specs.network.vlan") {
            return None;
        }
        let link = path_of(&FieldName::Concept(Concept::Networks), facts)?;
        let wanted = number.parse::<i64>().ok()?;
        let network = self.in_scope_of(scope).find(|resource| value_at(resource, "specs.vlan").and_then(Value::as_i64) == Some(wanted))?;
        let is_elsewhere = like.is_some_and(|resource| resource.address.blueprint != network.address.blueprint);
        let name = if is_elsewhere { network.address.to_string() } else { network.address.resource.as_str().to_owned() };
        Some((link, FieldChange::Set(name)))
    }

    /// What a type does not have cannot be.
    fn elsewhere(&self, draft: &Draft, wish: &Wish, facts: &TypeFacts) -> Stop {
        let name = match &wish.field {
            FieldName::Path(path) => path.clone(),
            FieldName::Concept(concept) => {
                concept.paths().first().map_or_else(String::new, |path| path.trim_start_matches("specs.").trim_start_matches("metadata.").to_owned())
            }
        };
        let known = facts.specs.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ");
        impossible(match draft.notes.language {
            Language::English => format!("A `{}` of `{}` has no `{name}` that I can set. It has {known}.", facts.name, facts.provider),
            Language::Italian => format!("Un `{}` di `{}` non ha un campo `{name}` che io possa impostare. Ha {known}.", facts.name, facts.provider),
        })
    }

    /// The value must be one that the field's type takes.
    fn check(&self, draft: &Draft, facts: &TypeFacts, path: &str, change: &FieldChange) -> Completed<()> {
        let items = match change {
            FieldChange::Set(text) => std::slice::from_ref(text),
            FieldChange::SetList(items) | FieldChange::Add(items) => items.as_slice(),
            FieldChange::Remove(_) | FieldChange::Unset => &[],
        };
        if path.strip_prefix("specs.env.").is_some_and(is_secret_name) {
            return Err(Stop::Refuse(crate::reading::refuse(crate::outcome::RefusalReason::Secrets, draft.notes.language)));
        }
        if !items.iter().all(|text| refers_to_resources_alone(text)) {
            return Err(impossible(
                draft
                    .notes
                    .language
                    .choose("References to secrets and values are written by people.", "I riferimenti a segreti e valori li scrivono le persone."),
            ));
        }
        let FieldChange::Set(text) = change else { return Ok(()) };
        let detail = if text.starts_with("${resource.") { None } else { unfit(facts, path, text) };
        let Some(detail) = detail else { return Ok(()) };
        let text = match draft.notes.language {
            Language::English => format!("{} What shall it be?", detail.trim_start_matches("assistant")),
            Language::Italian => format!("Il valore non va bene ({}). Quale deve essere?", crate::text::shown(&detail)),
        };
        Err(Question::new(Slot::Field(path.to_owned()), text).into())
    }

    fn ask_value(&self, draft: &Draft, facts: &TypeFacts, path: &str) -> Stop {
        let meaning = field_of(facts, path).map_or("", |field| field.meaning);
        let sentence = match draft.notes.language {
            Language::English if !meaning.is_empty() => format!("What shall `{path}` be? {meaning}"),
            Language::English => format!("What shall `{path}` be?"),
            Language::Italian => format!("Quale deve essere `{path}`?"),
        };
        let resources = self.view.resources();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (_, resource) in
            resources.values().flatten().filter(|(_, resource)| resource.type_name == facts.name && resource.provider == facts.provider)
        {
            if let Some(text) = value_at(resource, path).and_then(|value| written(facts, path, value)) {
                *known.entry(text).or_default() += 1;
            }
        }
        let options = known.into_keys().map(|text| (text.clone(), Fill::Settings(vec![(path.to_owned(), FieldChange::Set(text))])));
        Question::new(Slot::Field(path.to_owned()), sentence).options(options).without_default().into()
    }
}

/// A disk never shrinks, and nobody writes "16 GB more" of a disk of hundreds to a machine with as much memory: then it is the memory.
fn cannot_be_disk(wanted: &Wanted, facts: &TypeFacts, like: Option<&DesiredResource>) -> bool {
    let bytes = |concept: Concept| {
        let path = path_of(&FieldName::Concept(concept), facts)?;
        value_at(like?, &path)?.as_u64()
    };
    let Some(size) = wanted.bare_size().and_then(|text| text.parse::<core_model::units::Size>().ok()) else { return false };
    match wanted {
        Wanted::OneOfLess(_) => bytes(Concept::Storage).is_some(),
        Wanted::OneOfMore(_) => bytes(Concept::Memory).is_some_and(|memory| size.bytes <= memory),
        _ => bytes(Concept::Storage).is_some_and(|disk| size.bytes < disk),
    }
}

/// Why a text is no value of a field, in a sentence.
pub(crate) fn unfit(facts: &TypeFacts, path: &str, text: &str) -> Option<String> {
    match canonical(facts, path, text) {
        Ok(value) => beyond_limits(path, &value).map(|(least, most)| format!("`{path}` is `{text}`, which is not from {least} to {most}.")),
        Err(detail) => Some(detail),
    }
}

/// A change that is of the whole field, and not of items in a list.
const WHOLE: u8 = 2;

/// What a machine may have: path, least and most in canonical units, and both as people write them.
const LIMITS: [(&str, u64, u64, &str, &str); 3] =
    [("specs.cpu", 10, 64_000, "0.01", "64"), ("specs.memory", 6 << 20, 1 << 40, "6MB", "1TB"), ("specs.storage", 1 << 30, 10 << 40, "1GB", "10TB")];

/// The limits of a field, if a value is beyond them.
fn beyond_limits(path: &str, value: &Value) -> Option<(&'static str, &'static str)> {
    let (_, least, most, shown_least, shown_most) = LIMITS.iter().find(|(own, ..)| *own == path)?;
    let amount = value.as_u64()?;
    (!(*least..=*most).contains(&amount)).then_some((*shown_least, *shown_most))
}

/// Whether a variable of this name holds a secret. Such a value does not belong into Git.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "CREDENTIAL"].iter().any(|part| name.contains(part))
}

/// Two wishes for one field: lists are joined, different values are asked about.
fn merge(draft: &Draft, known: &mut Setting, other: Setting) -> Completed<()> {
    match (&mut known.change.value, other.change.value) {
        (FieldChange::Add(items), FieldChange::Add(more))
        | (FieldChange::Remove(items), FieldChange::Remove(more))
        | (FieldChange::SetList(items), FieldChange::SetList(more)) => {
            items.extend(more.into_iter().filter(|item| !items.contains(item)).collect::<Vec<_>>());
            Ok(())
        }
        (one, two) if *one == two => Ok(()),
        (one, two) => {
            let text = match draft.notes.language {
                Language::English => format!("Two values are given for `{}`. Which one?", known.path),
                Language::Italian => format!("Per `{}` ci sono due valori. Quale?", known.path),
            };
            let options = [one.clone(), two].map(|change| (change.to_string(), Fill::Settings(vec![(known.path.clone(), change)])));
            Err(Question::new(Slot::Field(known.path.clone()), text).options(options).without_default().into())
        }
    }
}

/// The same image with another tag.
/// The name of an image without its path, where the image that runs there has that name behind one.
fn short_name_of<'a>(path: &str, text: &'a str, now: Option<&Value>) -> Option<&'a str> {
    let (name, _) = text.split_once(':').filter(|(name, tag)| path == "specs.image" && !name.contains('/') && !tag.contains(['/', '@']))?;
    let own = now.and_then(Value::as_str)?.split('@').next()?;
    let (path, own) = own.rsplit_once('/')?;
    (own.split(':').next() == Some(name) && !path.is_empty()).then_some(name)
}

fn retagged(draft: &Draft, path: &str, version: &str, now: Option<&Value>) -> Completed<String> {
    let Some(image) = now.and_then(Value::as_str) else {
        let text = draft.notes.language.choose("Which image?", "Quale immagine?");
        return Err(Question::new(Slot::Field(path.to_owned()), text).into());
    };
    let name = image.split('@').next().unwrap_or(image);
    if path.ends_with(".os") {
        return Ok(format!("{}-{version}", name.split('-').next().unwrap_or(name)));
    }
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    Ok(format!("{name}:{version}"))
}

/// A canonical value as people write it in a blueprint.
pub(crate) fn written(facts: &TypeFacts, path: &str, value: &Value) -> Option<String> {
    let field = field_of(facts, path)?;
    match (&field.kind, value) {
        (Kind::Size, Value::Number(bytes)) => Some(core_model::units::Size { bytes: bytes.as_u64()? }.to_string()),
        (Kind::Duration, Value::Number(milliseconds)) => Some(core_model::units::Span { milliseconds: milliseconds.as_u64()? }.to_string()),
        (Kind::Thousandths { .. }, Value::Number(thousandths)) => Some(decode::shown_thousandths(thousandths.as_i64()?)),
        (Kind::Link(_), Value::Object(link)) => link.get("resource").and_then(Value::as_str).map(str::to_owned),
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        (_, Value::Bool(flag)) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether every reference in a text is one to a resource, and the text begins with it. Other references reach for what a chat
/// must not: secrets, and what the daemon knows.
pub(super) fn refers_to_resources_alone(text: &str) -> bool {
    let is_allowed = |(place, _): (usize, &str)| text[place..].starts_with("${resource.");
    !text.contains("${") || text.starts_with("${resource.") && text.match_indices("${").all(is_allowed)
}
