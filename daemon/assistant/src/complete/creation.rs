//! What does a new resource need? Type, place, name and size; defaults come from what is there, and are told.

use core_model::resource_type::TypeFacts;
use core_model::schema::Kind;
use core_model::{Address, Name};

use crate::command::{Adopt, Create, FieldChange, Scope, Setting};
use crate::draft::{Draft, FieldName, Wanted};
use crate::language::Language;
use crate::lexicon::{Concept, Thing};
use crate::question::{Fill, Question, Slot};
use crate::source::{Source, Sourced};
use crate::view::{field_of, value_at};

use super::settings::{path_of, written};
use super::{Completed, Completion, impossible, next_names};

/// What a machine of its own must say. A container needs none of it.
const MACHINE: [Concept; 4] = [Concept::Cpu, Concept::Memory, Concept::Storage, Concept::Os];

/// Sizes that are offered where nothing alike is there: processors, memory, disk.
const SIZES: [(&str, &str, &str); 3] = [("2", "4GB", "40GB"), ("1", "2GB", "20GB"), ("4", "8GB", "80GB")];
const SYSTEM: &str = "debian-12";

/// A VLAN of which nothing else is said is a network.
fn of_vlan(draft: &Draft) -> Option<Sourced<Thing>> {
    let is = |wish: &crate::draft::Wish, concepts: &[Concept]| concepts.iter().any(|concept| wish.field == FieldName::Concept(*concept));
    let vlan = draft.wishes.iter().find(|wish| is(wish, &[Concept::Vlan]))?;
    let is_machine = draft.wishes.iter().any(|wish| is(wish, &[Concept::Cpu, Concept::Memory, Concept::Storage, Concept::Os, Concept::Image]));
    (!is_machine).then(|| Sourced::new(Thing::Network, vlan.wanted.source.clone()))
}

/// "create web-05 with 2 cores, a 40 GB disk and Debian 12": what has a disk and a system is a machine.
fn of_machine(draft: &Draft) -> Option<Sourced<Thing>> {
    let wish = |concept: Concept| draft.wishes.iter().find(|wish| wish.field == FieldName::Concept(concept));
    let storage = wish(Concept::Storage)?;
    (wish(Concept::Os).is_some() && wish(Concept::Image).is_none()).then(|| Sourced::new(Thing::VirtualMachine, storage.wanted.source.clone()))
}

impl Completion<'_, '_> {
    pub(crate) fn create(&self, draft: &mut Draft) -> Completed<Create> {
        let (provider, type_name) = match self.of_template(draft)? {
            Some(kind) => kind,
            None => self.kind(draft)?,
        };
        let Some(facts) = self.view.registry.get(&provider.value, &type_name.value).map(|kind| kind.facts()) else { return Err(impossible("")) };
        let environment = self.new_environment(draft, &provider.value, &type_name.value)?;
        let names = self.new_names(draft, facts)?;
        let blueprint = self.blueprint(draft, facts, &environment.value, &names[0].value)?;
        self.refuse_taken(draft, &blueprint.value, &names)?;
        let mut settings = self.settings(draft, facts, &[], &environment.value)?;
        self.carrier(draft, facts, &mut settings, &environment.value)?;
        self.usual_size(draft, facts, &environment.source, &names, &mut settings);
        self.required(draft, facts, &settings, &environment.value)?;
        self.note_missing_tag(draft, &settings);
        settings.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Create { type_name, provider, template: draft.template.clone(), names, blueprint, environment, settings })
    }

    pub(crate) fn adopt(&self, draft: &mut Draft) -> Completed<Adopt> {
        let language = draft.notes.language;
        let Some(object) = draft.object.clone() else {
            return Err(Question::new(
                Slot::Object,
                language.choose("What is the object called on its target?", "Come si chiama l'oggetto sul suo target?"),
            )
            .into());
        };
        if draft.names.is_empty() {
            let name = crate::token::fold(&object.value).replace(['_', '.'], "-").parse::<Name>();
            let Ok(name) = name else {
                return Err(
                    Question::new(Slot::Name, language.choose("What shall the resource be called?", "Come si deve chiamare la risorsa?")).into()
                );
            };
            draft.names.push(Sourced::new(name, object.source.clone()));
        }
        let create = self.create(draft)?;
        Ok(Adopt { create, object })
    }

    /// What cannot be made at all is said before anything is asked.
    pub(crate) fn refuse_early(&self, draft: &Draft) -> Completed<()> {
        let language = draft.notes.language;
        match draft.thing.as_ref().map(|thing| thing.value) {
            Some(Thing::Cloud) => Err(impossible(language.choose(
                "There is no engine for that here; I can only propose what the targets of this repository can do.",
                "Qui non c'è un motore per quello; posso proporre solo quello che i target di questo repository sanno fare.",
            ))),
            Some(Thing::Firewall) => Err(impossible(language.choose(
                "Firewall rules are ordered, and their place matters: write the rule into the blueprint by hand.",
                "Le regole del firewall sono ordinate e il loro posto conta: scrivi la regola nel blueprint a mano.",
            ))),
            _ => Ok(()),
        }
    }

    /// Provider and type.
    fn kind(&self, draft: &mut Draft) -> Completed<(Sourced<String>, Sourced<String>)> {
        if let (Some(provider), Some(type_name)) = (&draft.provider, &draft.type_name) {
            return Ok((provider.clone(), type_name.clone()));
        }
        let language = draft.notes.language;
        let Some(thing) = draft.thing.clone().or_else(|| of_vlan(draft)).or_else(|| of_machine(draft)) else {
            return Err(self.ask_kind(draft, "compute", &self.view.providers_of("compute")));
        };
        let Some(type_name) = thing.value.type_name() else {
            return Err(self.ask_kind(draft, "compute", &self.view.providers_of("compute")));
        };
        let candidates: Vec<&'static str> = self
            .view
            .providers_of(type_name)
            .into_iter()
            .filter(|provider| self.is_such(provider, type_name, thing.value) && self.takes_all(draft, provider, type_name))
            .collect();
        match candidates.as_slice() {
            [] => Err(impossible(match language {
                Language::English => format!("No target of this repository has a `{type_name}` like that."),
                Language::Italian => format!("Nessun target di questo repository ha un `{type_name}` così."),
            })),
            [one] => {
                let source = thing.source.clone();
                Ok((Sourced::new((*one).to_owned(), source.clone()), Sourced::new(type_name.to_owned(), source)))
            }
            several => match self.used_here(draft, type_name, several).as_slice() {
                [one] => {
                    let rule = language.choose("the only one that this repository has of those", "l'unico di questi che ha questo repository");
                    Ok((Sourced::new((*one).to_owned(), Source::rule(rule)), Sourced::new(type_name.to_owned(), thing.source.clone())))
                }
                _ => Err(self.ask_kind(draft, type_name, several)),
            },
        }
    }

    /// Those providers of a type that the environment in question has such resources of, or any environment.
    fn used_here(&self, draft: &Draft, type_name: &str, providers: &[&'static str]) -> Vec<&'static str> {
        let is_in_question = |environment: &&core_config::Environment| match draft.scope() {
            Some(Scope::One(name)) => environment.name == *name,
            _ => true,
        };
        let is_used = |provider: &&&'static str| {
            let mut resources = self.view.environments().filter(is_in_question).flat_map(|environment| environment.desired.resources.values());
            resources.any(|resource| resource.provider == **provider && resource.type_name == type_name)
        };
        providers.iter().filter(is_used).copied().collect()
    }

    fn ask_kind(&self, draft: &Draft, type_name: &str, providers: &[&'static str]) -> super::Stop {
        let text = draft.notes.language.choose("What kind of thing shall it be?", "Che tipo di cosa deve essere?");
        let options = providers.iter().filter(|provider| !self.is_bare_metal(provider, type_name)).map(|provider| {
            let meaning = self.view.registry.get(provider, type_name).map_or("", |kind| kind.facts().meaning);
            (format!("{provider}: {}", meaning.trim_end_matches('.')), Fill::Provider((*provider).to_owned(), type_name.to_owned()))
        });
        Question::new(Slot::Provider, text).options(options).into()
    }

    /// A machine that exists already cannot be created.
    fn is_bare_metal(&self, provider: &str, type_name: &str) -> bool {
        let facts = self.view.registry.get(provider, type_name).map(|kind| kind.facts());
        facts.is_some_and(|facts| {
            type_name == "compute" && ["specs.image", "specs.storage", "specs.os"].iter().all(|path| field_of(facts, path).is_none())
        })
    }

    fn is_such(&self, provider: &str, type_name: &str, thing: Thing) -> bool {
        let Some(facts) = self.view.registry.get(provider, type_name).map(|kind| kind.facts()) else { return false };
        let has = |path: &str| field_of(facts, path).is_some();
        match thing {
            Thing::VirtualMachine => has("specs.storage") || has("specs.os"),
            Thing::Container => has("specs.image") && !has("specs.storage"),
            // A volume holds data; the definition of a cluster's storage does not.
            Thing::Volume => facts.data_bearing,
            _ => !self.is_bare_metal(provider, type_name),
        }
    }

    /// Whether the type has every field that is wished for. Without that, it was not meant.
    fn takes_all(&self, draft: &Draft, provider: &str, type_name: &str) -> bool {
        let Some(facts) = self.view.registry.get(provider, type_name).map(|kind| kind.facts()) else { return false };
        let decides = |wish: &&crate::draft::Wish| {
            matches!(
                wish.field,
                FieldName::Concept(Concept::Vlan | Concept::Image | Concept::Os | Concept::Storage | Concept::Ports | Concept::Interface)
            )
        };
        if !matches!(draft.thing.as_ref().map(|thing| thing.value), None | Some(Thing::Machine | Thing::Network)) {
            return true;
        }
        draft.wishes.iter().filter(decides).all(|wish| match wish.field {
            FieldName::Concept(Concept::Os) => field_of(facts, "specs.os").is_some(),
            FieldName::Concept(Concept::Image) => field_of(facts, "specs.image").is_some(),
            _ => path_of(&wish.field, facts).is_some(),
        })
    }

    fn new_environment(&self, draft: &mut Draft, provider: &str, type_name: &str) -> Completed<Sourced<Scope>> {
        let language = draft.notes.language;
        let has_target = |environment: &&core_config::Environment| environment.targets.contains_key(provider);
        if let Some(scope) = &draft.environment {
            if let Scope::One(name) = &scope.value
                && !self.view.environment(name).as_ref().is_some_and(has_target)
            {
                return Err(impossible(match language {
                    Language::English => format!("The environment `{}` has no target for `{provider}`.", name.as_str()),
                    Language::Italian => format!("L'ambiente `{}` non ha un target per `{provider}`.", name.as_str()),
                }));
            }
            return Ok(scope.clone());
        }
        let mut candidates: Vec<&core_config::Environment> = self.view.environments().filter(has_target).collect();
        if let Some(blueprint) = &draft.blueprint {
            let resources = self.view.resources();
            let used: Vec<&Name> = resources
                .iter()
                .filter(|(address, _)| address.blueprint == blueprint.value)
                .flat_map(|(_, found)| found.iter().map(|(name, _)| *name))
                .collect();
            candidates.retain(|environment| used.contains(&&environment.name));
        }
        if let Some(only) =
            self.only_home(provider, type_name).filter(|only| candidates.len() > 1 && candidates.iter().any(|one| one.name == only.name))
        {
            draft.assume(match language {
                Language::English => format!("No environment was named: all of this kind are in `{}`.", only.name.as_str()),
                Language::Italian => format!("Non è indicato un ambiente: tutte quelle di questo tipo sono in `{}`.", only.name.as_str()),
            });
            return Ok(Sourced::new(
                Scope::One(only.name.clone()),
                Source::rule(language.choose("where all of this kind are", "dove sono tutte quelle di questo tipo")),
            ));
        }
        match candidates.as_slice() {
            [] => Err(impossible(match language {
                Language::English => format!("No environment of ipr.yaml has a target for `{provider}`."),
                Language::Italian => format!("Nessun ambiente di ipr.yaml ha un target per `{provider}`."),
            })),
            [one] => Ok(Sourced::new(Scope::One(one.name.clone()), Source::at(&one.position))),
            several => {
                Err(crate::reading::choose_environment(language, Slot::Environment, several.iter().map(|environment| &environment.name)).into())
            }
        }
    }

    /// The environment that has all resources of a provider and type, if it is one.
    fn only_home(&self, provider: &str, type_name: &str) -> Option<&core_config::Environment> {
        let is_alike = |resource: &core_model::state::DesiredResource| resource.provider == provider && resource.type_name == type_name;
        let mut homes = self.view.environments().filter(|environment| environment.desired.resources.values().any(is_alike));
        homes.next().filter(|_| homes.next().is_none())
    }

    fn new_names(&self, draft: &Draft, facts: &TypeFacts) -> Completed<Vec<Sourced<Name>>> {
        let language = draft.notes.language;
        let count = draft.count.as_ref().map_or(1, |count| count.value);
        if u64::from(count) > crate::reading::NEW_RESOURCES_MAX || count == 0 {
            return Err(impossible(language.choose("One request makes from 1 to 50 resources.", "Una richiesta crea da 1 a 50 risorse.")));
        }
        let count = usize::try_from(count).unwrap_or(1).max(draft.names.len());
        let all = self.view.resources();
        let is_taken = |name: &Name| all.keys().any(|address| address.resource == *name);
        let Some(first) = draft.names.first() else {
            let suggestion = self.suggested_name(draft, facts).filter(|name| !is_taken(name));
            let text = language.choose("What shall it be called?", "Come si deve chiamare?");
            let options = suggestion.map(|name| (name.as_str().to_owned(), Fill::Names(vec![name])));
            return Err(Question::new(Slot::Name, text).options(options).into());
        };
        if draft.names.len() >= count {
            return Ok(draft.names.clone());
        }
        if draft.names.len() > 1 {
            return Err(Question::new(
                Slot::Name,
                language.choose(
                    "There are fewer names than resources. What are they all called?",
                    "Ci sono meno nomi che risorse. Come si chiamano tutte?",
                ),
            )
            .into());
        }
        let ends_in_number = first.value.as_str().ends_with(|letter: char| letter.is_ascii_digit());
        let rule = Source::rule(language.choose("numbered from the name that was given", "numerati dal nome indicato"));
        let mut names = Vec::new();
        let start = if ends_in_number {
            names.push(first.clone());
            first.value.clone()
        } else {
            let Ok(zero) = format!("{}-0", first.value.as_str()).parse::<Name>() else { return Err(impossible("")) };
            zero
        };
        let rest = next_names(&start, count - names.len(), is_taken);
        names.extend(rest.into_iter().map(|name| Sourced::new(name, rule.clone())));
        Ok(names)
    }

    /// The next of a series, or the product's name.
    fn suggested_name(&self, draft: &Draft, facts: &TypeFacts) -> Option<Name> {
        let image = draft.wishes.iter().find_map(|wish| match (&wish.field, &wish.wanted.value) {
            (FieldName::Concept(Concept::Image), Wanted::Change(FieldChange::Set(image))) => Some(image.clone()),
            _ => None,
        });
        if let Some(image) = image {
            let path = image.split(['@', ':']).next()?.rsplit('/').next()?.to_owned();
            return path.parse().ok();
        }
        let resources = self.view.resources();
        let alike = resources
            .iter()
            .filter(|(_, found)| found.iter().any(|(_, resource)| resource.type_name == facts.name && resource.provider == facts.provider));
        let last =
            alike.map(|(address, _)| &address.resource).filter(|name| name.as_str().ends_with(|letter: char| letter.is_ascii_digit())).max()?;
        next_names(last, 1, |name| resources.keys().any(|address| address.resource == *name)).pop()
    }

    /// Beside what is like it; a blueprint of its own where there is nothing.
    fn blueprint(&self, draft: &mut Draft, facts: &TypeFacts, scope: &Scope, name: &Name) -> Completed<Sourced<Name>> {
        if let Some(blueprint) = &draft.blueprint {
            return Ok(blueprint.clone());
        }
        let environments =
            self.view.environments().filter(|environment| matches!(scope, Scope::All) || *scope == Scope::One(environment.name.clone()));
        // A blueprint that is nowhere else needs no overlay for what is only here.
        let is_home = |blueprint: &Name| match scope {
            Scope::All => false,
            Scope::One(name) => !self
                .view
                .environments()
                .any(|environment| environment.name != *name && environment.desired.resources.keys().any(|address| address.blueprint == *blueprint)),
        };
        let mut alike: std::collections::BTreeMap<&Name, (usize, &core_model::Span)> = std::collections::BTreeMap::new();
        for resource in
            environments.flat_map(|environment| environment.desired.resources.values()).filter(|resource| resource.provider == facts.provider)
        {
            let weight = if resource.type_name == facts.name { 100 } else { 1 };
            let entry = alike.entry(&resource.address.blueprint).or_insert((0, &resource.declared_at));
            entry.0 += weight;
        }
        let best = alike.iter().max_by_key(|(blueprint, (weight, _))| (*weight >= 100, is_home(blueprint), *weight));
        Ok(match best {
            Some((blueprint, (_, span))) => Sourced::new((*blueprint).clone(), Source::at(span)),
            None => Sourced::new(name.clone(), Source::rule(draft.notes.language.choose("a blueprint of its own", "un blueprint a parte"))),
        })
    }

    fn refuse_taken(&self, draft: &Draft, blueprint: &Name, names: &[Sourced<Name>]) -> Completed<()> {
        let resources = self.view.resources();
        let taken = names.iter().find(|name| resources.contains_key(&Address::new(blueprint.clone(), name.value.clone())));
        let Some(taken) = taken else { return Ok(()) };
        let text = match draft.notes.language {
            Language::English => format!("`{}.{}` exists already. What shall the new one be called?", blueprint.as_str(), taken.value.as_str()),
            Language::Italian => format!("`{}.{}` esiste già. Come si deve chiamare quello nuovo?", blueprint.as_str(), taken.value.as_str()),
        };
        Err(Question::new(Slot::Name, text).into())
    }

    /// Whoever says "create a VM" and was asked where and how it is called is not asked a third time: it gets the usual size, and is told.
    fn usual_size(&self, draft: &mut Draft, facts: &TypeFacts, place: &Source, names: &[Sourced<Name>], settings: &mut Vec<Setting>) {
        let is_answer = |source: &Source| matches!(source, Source::Author { turn, .. } if *turn > 0);
        let is_machine = self.is_such(facts.provider, facts.name, Thing::VirtualMachine) && facts.name == "compute" && draft.template.is_none();
        let paths: Vec<String> = MACHINE.iter().filter_map(|concept| path_of(&FieldName::Concept(*concept), facts)).collect();
        let is_sized = settings.iter().any(|setting| paths.contains(&setting.path));
        if !is_machine || is_sized || !is_answer(place) || !names.iter().all(|name| is_answer(&name.source)) {
            return;
        }
        let (cpu, memory, storage) = SIZES[0];
        draft.assume(match draft.notes.language {
            Language::English => format!("Nothing was said of its size: {cpu} processors, {memory} of memory, {storage} of disk and {SYSTEM}."),
            Language::Italian => format!("Della dimensione non è detto nulla: {cpu} processori, {memory} di memoria, {storage} di disco e {SYSTEM}."),
        });
        let rule = Source::rule(draft.notes.language.choose("the usual size of a small machine", "la dimensione usuale di una macchina piccola"));
        settings.extend(paths.into_iter().map(|path| {
            let text = match path.as_str() {
                "specs.cpu" => cpu,
                "specs.memory" => memory,
                "specs.os" => SYSTEM,
                _ => storage,
            };
            Setting { path, change: Sourced::new(FieldChange::Set(text.to_owned()), rule.clone()) }
        }));
    }

    /// What the type requires, and what a machine cannot be without.
    fn required(&self, draft: &Draft, facts: &TypeFacts, settings: &[Setting], scope: &Scope) -> Completed<()> {
        // What a template leaves open, the reader of the blueprint says.
        if draft.template.is_some() {
            return self.required_parameters(draft, settings);
        }
        let is_set = |path: &str| settings.iter().any(|setting| setting.path == path);
        // What is adopted has its size already.
        let is_new = draft.command.value != crate::command::CommandName::Adopt;
        let is_machine = is_new && self.is_such(facts.provider, facts.name, Thing::VirtualMachine) && facts.name == "compute";
        let missing: Vec<String> =
            MACHINE.iter().filter_map(|concept| path_of(&FieldName::Concept(*concept), facts)).filter(|path| is_machine && !is_set(path)).collect();
        if !missing.is_empty() {
            return Err(self.ask_size(draft, facts, &missing, scope).into());
        }
        for field in facts.specs.iter().filter(|field| field.required && !matches!(field.kind, Kind::Object(_))) {
            let path = format!("specs.{}", field.name);
            if !is_set(&path) {
                let text = match draft.notes.language {
                    Language::English => format!("Which `{}`? {}", field.name, field.meaning),
                    Language::Italian => format!("Quale `{}`?", field.name),
                };
                return Err(Question::new(Slot::Field(path), text).into());
            }
        }
        Ok(())
    }

    /// One question for all that is missing of a machine's size.
    fn ask_size(&self, draft: &Draft, facts: &TypeFacts, missing: &[String], scope: &Scope) -> Question {
        let names = missing.iter().map(|path| path.rsplit('.').next().unwrap_or(path)).collect::<Vec<_>>().join(", ");
        let text = match draft.notes.language {
            Language::English => format!("Still missing: {names}. Which?"),
            Language::Italian => format!("Manca ancora: {names}. Quali valori?"),
        };
        let mut options: Vec<(String, Fill)> = Vec::new();
        let mut offer = |values: Vec<(String, String)>, prefix: &str| {
            let label = values.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
            let fill = Fill::Settings(values.into_iter().map(|(path, text)| (path, FieldChange::Set(text))).collect());
            if !options.iter().any(|(_, known)| *known == fill) {
                options.push((format!("{prefix}{label}"), fill));
            }
        };
        let environments =
            self.view.environments().filter(|environment| matches!(scope, Scope::All) || *scope == Scope::One(environment.name.clone()));
        let alike = environments
            .flat_map(|environment| environment.desired.resources.values())
            .filter(|resource| resource.type_name == facts.name && resource.provider == facts.provider);
        let mut system = SYSTEM.to_owned();
        for resource in alike.take(2) {
            if let Some(os) = value_at(resource, "specs.os").and_then(serde_json::Value::as_str) {
                os.clone_into(&mut system);
            }
            let values: Option<Vec<_>> = missing.iter().map(|path| Some((path.clone(), written(facts, path, value_at(resource, path)?)?))).collect();
            if let Some(values) = values {
                let like = draft.notes.language.choose("as", "come");
                offer(values, &format!("{like} {}: ", resource.address.resource.as_str()));
            }
        }
        for (cpu, memory, storage) in SIZES {
            let value = |path: &String| match path.as_str() {
                "specs.cpu" => cpu.to_owned(),
                "specs.memory" => memory.to_owned(),
                "specs.os" => system.clone(),
                _ => storage.to_owned(),
            };
            offer(missing.iter().map(|path| (path.clone(), value(path))).collect(), "");
        }
        Question::new(Slot::Size, text).options(options)
    }

    fn note_missing_tag(&self, draft: &mut Draft, settings: &[Setting]) {
        let untagged = settings.iter().any(|setting| {
            setting.path == "specs.image"
                && matches!(&setting.change.value, FieldChange::Set(image) if !image.rsplit('/').next().unwrap_or(image).contains([':', '@']))
        });
        if untagged {
            draft.assume(draft.notes.language.choose(
                "No version of the image was named: its tag `latest` is looked up once and pinned.",
                "Non è indicata una versione dell'immagine: il tag `latest` viene cercato una volta e fissato.",
            ));
        }
    }
}
