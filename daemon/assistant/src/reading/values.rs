//! Which values are given that are no amounts? Images, versions, addresses, ports, variables, tags, packages and words.

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing, Verb, number_word};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;

/// Systems by the name that people use, and whether their image is called `name-version`.
const SYSTEMS: &[&str] =
    &["debian", "ubuntu", "rocky", "rockylinux", "almalinux", "alma", "centos", "fedora", "opensuse", "arch", "freebsd", "windows"];

/// "debian", "ubuntu-22.04", "debian12".
pub(crate) fn is_system(fold: &str) -> bool {
    // "arch-05", "alma-01": numbered as machines are, and no version.
    let is_numbered = fold
        .split_once('-')
        .is_some_and(|(head, number)| number.starts_with('0') || head == "arch" && number.starts_with(|digit: char| digit.is_ascii_digit()));
    if is_numbered {
        return false;
    }
    let name = fold.split(|letter: char| letter.is_ascii_digit() || letter == '-').next().unwrap_or(fold);
    // "deb12".
    SYSTEMS.contains(&name) || name == "deb" && fold.len() > name.len()
}

/// The number of a release that people call by its name.
fn release(system: &str, name: &str) -> Option<&'static str> {
    RELEASES.iter().find(|(own, known, _)| *own == system && *known == name).map(|(_, _, number)| *number)
}

const RELEASES: &[(&str, &str, &str)] = &[
    ("ubuntu", "focal", "20.04"),
    ("ubuntu", "jammy", "22.04"),
    ("ubuntu", "noble", "24.04"),
    ("debian", "buster", "10"),
    ("debian", "bullseye", "11"),
    ("debian", "bookworm", "12"),
    ("debian", "trixie", "13"),
];

impl Reader<'_> {
    pub(crate) fn read_values(&self, draft: &mut Draft) {
        self.read_systems(draft);
        self.read_variables(draft);
        self.read_ports(draft);
        self.read_addresses(draft);
        self.read_vlans(draft);
        self.read_lists(draft);
        self.read_words(draft);
        self.read_known_node(draft);
        self.read_restart(draft);
        self.read_images(draft);
    }

    pub(crate) fn set(&self, draft: &mut Draft, concept: Concept, text: impl Into<String>, from: usize, to: usize) {
        for index in from..=to {
            self.use_mark(index);
        }
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Set(text.into())), self.source(from, to));
    }

    /// "Debian 12", "ubuntu-22.04".
    pub(crate) fn read_systems(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let fold = self.words.fold(self.marks[index].from);
            // "from debian 12 to debian 13": what it has now.
            let is_from = index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "from" | "da" | "dal" | "dalla"));
            let is_later = |place: usize| SYSTEMS.contains(&self.words.fold(self.marks[place].from).split('-').next().unwrap_or_default());
            if is_from
                && draft.command.value == CommandName::Update
                && SYSTEMS.contains(&fold.split('-').next().unwrap_or_default())
                && (index + 1..self.marks.len()).any(is_later)
            {
                self.use_mark(index);
                if self.marks.get(index + 1).is_some_and(|next| next.quantity().is_some()) {
                    self.use_mark(index + 1);
                }
                continue;
            }
            // "arch-05" is called so.
            if fold.contains(|letter: char| letter.is_ascii_digit()) && !is_system(fold) {
                continue;
            }
            // "debian12", "ubuntu-22.04".
            let digits =
                fold.find(|letter: char| letter.is_ascii_digit()).filter(|place| SYSTEMS.contains(&&fold[..*place]) || &fold[..*place] == "deb");
            let (name, version) = digits.map(|place| fold.split_at(place)).or_else(|| fold.split_once('-')).unwrap_or((fold, ""));
            let name = if name == "deb" { "debian" } else { name };
            let name = self.misspelled_system(index).unwrap_or(name);
            // "a vm with alpine 3.20"; of a container it is the image.
            let is_alpine = name == "alpine" && draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::VirtualMachine);
            if !(SYSTEMS.contains(&name) || is_alpine)
                || self.is_used(index)
                || self.marks[index].named().is_some()
                || !version.is_empty() && !version.starts_with(|letter: char| letter.is_ascii_digit())
            {
                continue;
            }
            if !version.is_empty() {
                self.set(draft, Concept::Os, format!("{name}-{version}"), index, index);
                continue;
            }
            let skip = usize::from(matches!(self.word(index + 1), "linux" | "server" | "version" | "versione" | "lts"));
            let next = index + 1 + skip;
            let version = self.marks.get(next).map(|mark| self.words.fold(mark.from)).filter(|text| {
                text.starts_with(|letter: char| letter.is_ascii_digit()) && text.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
            });
            // "debian 4 cores": the number is of the cores.
            let is_amount = |mark: &crate::mark::Mark| matches!(mark.concept(), Some(Concept::Cpu | Concept::Memory | Concept::Storage));
            // "debian 12 cpu: 4": the number behind is of the processors.
            let leads = self.marks.get(next + 1).is_some_and(|mark| is_amount(mark) && self.leads_its_amount(next + 1));
            // "ubuntu jammy": a release by its name.
            let release = self.marks.get(next).and_then(|mark| release(name, self.words.fold(mark.from)));
            if let Some(number) = release {
                self.set(draft, Concept::Os, format!("{name}-{number}"), index, next);
                continue;
            }
            match version.filter(|text| text.contains('.') || leads || self.marks.get(next + 1).is_none_or(|mark| !is_amount(mark))) {
                Some(version) => self.set(draft, Concept::Os, format!("{name}-{version}"), index, next),
                None => {
                    self.use_mark(index);
                    draft.wish(FieldName::Concept(Concept::Os), Wanted::Unsaid, self.source(index, index));
                }
            }
        }
    }

    /// "debain 12": one slip away from a system, with a number behind it.
    fn misspelled_system(&self, index: usize) -> Option<&'static str> {
        let fold = self.words.fold(self.marks[index].from);
        let has_number = self.words.fold(self.marks[index].to).starts_with(|letter: char| letter.is_ascii_digit());
        let is_slip = |system: &&&str| system.len() > 5 && strsim::osa_distance(fold, system) == 1;
        SYSTEMS.iter().find(is_slip).copied().filter(|_| has_number && self.marks[index].is(&Meaning::Other))
    }

    pub(crate) fn use_concept(&self, concept: Concept) {
        for (index, mark) in self.marks.iter().enumerate() {
            if mark.concept() == Some(concept) {
                self.use_mark(index);
            }
        }
    }

    fn read_addresses(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            let mark = &self.marks[index];
            // "lan in dhcp": the network gives the address.
            // "con ip dinamico", "a dynamic address".
            let is_address =
                |place: Option<usize>| place.and_then(|place| self.marks.get(place)).is_some_and(|mark| mark.concept() == Some(Concept::Address));
            let is_dynamic = matches!(self.word(index), "dinamico" | "dynamic" | "automatic" | "automatico")
                && (is_address(index.checked_sub(1)) || is_address(Some(index + 1)));
            let lease = (self.word(index) == "dhcp" || is_dynamic).then(|| "dhcp".to_owned()).or_else(|| self.short_address(draft, index));
            let Some(text) = mark.cidr().or(mark.ip()).or(lease.as_ref()) else { continue };
            if self.is_former_address(index) {
                self.use_mark(index);
                continue;
            }
            let named = (index.saturating_sub(4)..index).rev().find_map(|before| {
                self.marks[before]
                    .concept()
                    .filter(|concept| matches!(concept, Concept::Address | Concept::Subnet | Concept::Gateway))
                    .map(|concept| (before, concept))
            });
            let is_network = draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Network);
            let concept = match named {
                Some((place, concept)) => {
                    self.use_mark(place);
                    if concept == Concept::Address && is_network { Concept::Subnet } else { concept }
                }
                None if is_network => Concept::Subnet,
                None => Concept::Address,
            };
            self.set(draft, concept, text.clone(), index, index);
        }
    }

    /// "in lan on .13": the end of an address, in the network that is named or in the one that it is in. Of a /24 it is the whole host part.
    fn short_address(&self, draft: &Draft, index: usize) -> Option<String> {
        let host: u8 = self.text(index).strip_prefix('.').filter(|digits| digits.len() <= 3)?.parse().ok().filter(|host| (1..255).contains(host))?;
        let text = |address: &core_model::Address, path: &str| {
            crate::view::value_at(self.view.in_scope(draft.scope(), address)?, path)?.as_str().map(str::to_owned)
        };
        let is_given = self.marks.iter().any(|mark| mark.cidr().or(mark.ip()).is_some());
        // "the load is .5": where no address is spoken of, it is led to.
        let is_led = index.checked_sub(1).is_some_and(|before| {
            matches!(self.word(before), "to" | "on" | "at" | "ip" | "address" | "a" | "al" | "su" | "sul" | "sulla" | "," | "->" | "indirizzo" | "@")
                || self.is_network(before)
        });
        let speaks_of_addresses = (0..self.marks.len()).any(|place| self.is_network(place) || self.marks[place].concept() == Some(Concept::Address));
        let speaks_of_amounts = (0..self.marks.len()).any(|place| matches!(self.marks[place].concept(), Some(Concept::Cpu)));
        if !speaks_of_addresses && (!is_led || speaks_of_amounts) {
            return None;
        }
        let named = (0..self.marks.len()).filter(|place| self.is_network(*place)).find_map(|place| {
            let address = self.marks[place].named()?.addresses.first()?;
            text(address, "specs.address")
        });
        let own = || draft.resources.first().and_then(|meant| text(&meant.address.value, "specs.network.ip"));
        let network: ipnet::Ipv4Net = named.or_else(own).filter(|_| !is_given)?.parse().ok()?;
        let [first, second, third, _] = network.addr().octets();
        (network.prefix_len() == 24).then(|| format!("{first}.{second}.{third}.{host}"))
    }

    /// "from 10.0.20.12 to 10.0.20.44", "10.0.20.12 -> 10.0.20.44": the first is what it has now.
    fn is_former_address(&self, index: usize) -> bool {
        let is_address = |place: usize| self.marks.get(place).is_some_and(|mark| mark.cidr().or(mark.ip()).is_some());
        let follows = matches!(self.word(index + 1), "to" | "a" | "in" | "->") && is_address(index + 2);
        let is_from = index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "from" | "da" | "dal" | "dall"));
        follows && (is_from || self.word(index + 1) == "->")
    }

    fn read_vlans(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let fold = self.words.fold(self.marks[index].from);
            if let Some(number) = fold
                .strip_prefix("vlan")
                .map(|rest| rest.trim_start_matches('-'))
                .and_then(|rest| rest.parse::<u16>().ok())
                .filter(|_| self.marks[index].named().is_none() && self.marks[index].is(&Meaning::Other))
            {
                self.set(draft, Concept::Vlan, number.to_string(), index, index);
                continue;
            }
            if self.marks[index].concept() != Some(Concept::Vlan) || self.is_used(index) {
                continue;
            }
            let behind = (index + 1..self.marks.len().min(index + 11)).take_while(|next| !self.is_break(*next)).find(|next| {
                let is_number = !self.is_used(*next) && matches!(self.marks[*next].quantity(), Some(Quantity::Number(_)));
                // "what vlan is dmz in, my notes have three answers": a number in a word counts what stands behind it.
                let is_digits = self.words.fold(self.marks[*next].from).bytes().all(|letter| letter.is_ascii_digit());
                let counts = self.marks.get(*next + 1).is_some_and(|noun| noun.is(&Meaning::Other));
                is_number && (is_digits || !counts && (index + 1..*next).all(|place| !self.marks[place].is(&Meaning::Punctuation)))
            });
            let Some(place) = behind.map(|place| self.later_vlan(draft, place)) else { continue };
            let number = self.words.fold(self.marks[place].from).to_owned();
            let number = number_word(&number).map_or(number, |number| number.to_string());
            self.use_mark(index);
            self.use_mark(place);
            self.drop_present_vlan(draft, &number);
            draft.wish(FieldName::Concept(Concept::Vlan), Wanted::Change(FieldChange::Set(number)), self.source(index, place));
        }
    }

    /// "vlan 20 becomes 120": the one that it has is told, and the next number is wanted.
    fn later_vlan(&self, draft: &Draft, place: usize) -> usize {
        let number = |place: usize| match self.marks[place].quantity() {
            Some(Quantity::Number(number)) if !self.is_used(place) => Some(number),
            _ => None,
        };
        let vlan = |address: &core_model::Address| crate::view::value_at(self.view.in_scope(draft.scope(), address)?, "specs.vlan")?.as_u64();
        let is_present = !draft.resources.is_empty() && draft.resources.iter().all(|meant| vlan(&meant.address.value) == number(place));
        let later = (place + 1..self.marks.len()).find(|next| number(*next).is_some()).filter(|_| is_present);
        later.map_or(place, |later| {
            self.use_mark(place);
            later
        })
    }

    /// Fields whose value is a word: node, pool, hostname, user, interface.
    fn read_words(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let moves = (self.marks[index].verb() == Some(Verb::Move)).then_some(Concept::Node);
            let concept = moves.or_else(|| self.marks[index].concept().filter(|_| !self.is_used(index)));
            // "remove the user bob from web-02": what goes is nothing that it shall be.
            let removes =
                draft.command.value == CommandName::Update && self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some_and(|verb| verb < index);
            let Some(concept) = concept.filter(|concept| TAKES_WORDS.contains(concept) && !removes) else { continue };
            // "add user alice": one more, where a machine has one.
            if concept == Concept::User && draft.command.value == CommandName::Update && self.has(Verb::Add).is_some() {
                continue;
            }
            let Some((place, text)) = self.word_value(index, concept) else { continue };
            self.use_mark(index);
            self.use_mark(place);
            draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Set(text)), self.source(index.min(place), index.max(place)));
            self.use_concept(concept);
        }
    }

    /// The word behind a field's name that is its value.
    fn word_value(&self, index: usize, concept: Concept) -> Option<(usize, String)> {
        for next in index + 1..self.marks.len() {
            let mark = &self.marks[next];
            let token = &self.words.tokens[mark.from];
            let is_known = self.is_data(next) || self.is_known_word(concept, &token.fold);
            // "user deploy", "pool production": behind such a field's name any word is its value.
            let is_direct = next == index + 1
                && matches!(concept, Concept::User | Concept::Pool)
                && self.ends_value(next)
                && !mark.is(&Meaning::Punctuation)
                && !mark.is(&Meaning::Ignored)
                && mark.to == mark.from + 1;
            // A node has a name; "va cambiata di nodo, intendo" gives none.
            let is_word = is_known || is_direct || mark.is(&Meaning::Other) && (concept != Concept::Node || self.is_name_like(next));
            if is_word && (!self.is_used(next) || is_direct) && mark.named().is_none() {
                return Some((next, token.text.clone()));
            }
            let is_joint = JOINTS.contains(&self.word(next))
                || mark.concept() == Some(concept)
                || mark.named().is_some() && concept == Concept::Node
                || mark.thing().is_some();
            if !is_joint || self.is_break(next) {
                return None;
            }
        }
        None
    }

    /// "with user deploy, on lan" gives a name; "user reports low space" tells.
    fn ends_value(&self, index: usize) -> bool {
        let tells = crate::lexicon::TELLING.contains(&self.word(index));
        !tells && self.marks.get(index + 1).is_none_or(|next| !next.is(&Meaning::Other) || next.is(&Meaning::Ignored))
    }

    /// A word that some resource here has in that field.
    pub(crate) fn is_known_word(&self, concept: Concept, fold: &str) -> bool {
        let resources = self.view.resources();
        concept == Concept::Node
            && resources.values().flatten().any(|(_, resource)| {
                // `pve3` is a node where `pve1` is one.
                let series = |name: &str| name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
                let is_of_series = |name: &str| series(fold).len() < fold.len() && series(fold).len() > 1 && series(name) == series(fold);
                let known = |path: &&str| crate::view::value_at(resource, path).and_then(serde_json::Value::as_str);
                concept.paths().iter().filter_map(known).any(|name| name == fold || is_of_series(name))
            })
    }

    /// "on pve1": a word that is the node of some resource here.
    pub(crate) fn read_known_node(&self, draft: &mut Draft) {
        let is_told = draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Node));
        let is_place = |index: usize| {
            matches!(self.text(index).as_str(), "->" | "→") || matches!(self.word(index), "on" | "onto" | "to" | "su" | "sul" | "al" | "in")
        };
        let found = (1..self.marks.len()).find(|index| {
            let fold = self.words.fold(self.marks[*index].from);
            !self.is_used(*index) && self.marks[*index].is(&Meaning::Other) && is_place(index - 1) && self.is_known_word(Concept::Node, fold)
        });
        if let Some(index) = found.filter(|_| !is_told) {
            // "it should live on pve1".
            (index.saturating_sub(3)..index).filter(|before| self.marks[*before].verb() == Some(Verb::Move)).for_each(|before| self.use_mark(before));
            self.set(draft, Concept::Node, self.text(index), index, index);
        }
    }

    fn read_images(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let mark = &self.marks[index];
            // "grafana 11.3.0" names the resource and its image.
            let is_both = mark.named().is_some() && mark.image().is_some();
            if self.is_used(index) && !is_both {
                continue;
            }
            // "there's a CVE in grafana 11.1.0, please move to 11.1.4".
            if is_both && self.is_former_version(draft, index) {
                continue;
            }
            if let Some(image) = mark.image().filter(|_| mark.named().is_none() || mark.to > mark.from + 1) {
                self.set(draft, Concept::Image, image.clone(), index, index);
            } else if mark.product().is_some_and(|product| self.is_said_with_its_image(product, index) || self.is_part_of_a_title(index)) {
                // "two redis containers, redis:7.2": the same thing twice, once exactly.
                self.use_mark(index);
            } else if let Some(product) = mark.product().filter(|_| {
                // "next to grafana": what is there is not what is made, where an image is given.
                let is_other = self.has_own_image() && mark.named().is_some_and(|named| named.how <= crate::names::How::Alias);
                let is_machine = draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::VirtualMachine);
                matches!(draft.command.value, CommandName::Create | CommandName::Adopt) && !is_other && !is_machine
            }) {
                self.set(draft, Concept::Image, product, index, index);
            } else if let Some(version) = self.version_at(draft, index) {
                if self.is_version_of_another(draft, index) {
                    let tells = self.marks.get(index + 1).is_some_and(|next| !next.is(&Meaning::Punctuation));
                    (index - 1..=index).filter(|_| tells).for_each(|place| self.use_mark(place));
                    continue;
                }
                // "mailpit v1.21 is out, we're on 1.20, upgrade".
                let has_another =
                    (0..self.marks.len()).any(|other| other != index && self.marks[other].version().or(self.marks[other].image()).is_some());
                if has_another && self.runs_version(draft, &version) {
                    self.use_mark(index);
                    continue;
                }
                self.use_mark(index);
                draft.wish(FieldName::Concept(Concept::Version), Wanted::Tag(version), self.source(index, index));
            }
        }
        if draft.wishes.iter().any(|wish| matches!(wish.field, FieldName::Concept(Concept::Image | Concept::Version))) {
            self.use_concept(Concept::Image);
            self.use_concept(Concept::Version);
        }
    }

    /// Whether all that is named runs that version now.
    fn runs_version(&self, draft: &Draft, version: &str) -> bool {
        let tag = |address: &core_model::Address| {
            let image = self.view.in_scope(draft.scope(), address)?.spec("image")?.as_str()?;
            Some(image.rsplit_once(':')?.1.trim_start_matches('v').to_owned())
        };
        let version = version.trim_start_matches(['v', 'V']);
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| tag(&meant.address.value).as_deref() == Some(version))
    }

    /// "a Redis Commander container ... rediscommander/redis-commander:latest", "a redis exporter, oliver006/redis_exporter:v1.62.0", "an exporter
    /// for postgres": a product in what it is called or there for, where its image is given.
    fn is_part_of_a_title(&self, index: usize) -> bool {
        let is_given = self.marks.iter().any(|other| other.image().is_some_and(|image| image.contains('/') && image.contains(':')));
        let is_compound = self.marks.get(index + 1).is_some_and(|next| next.is(&Meaning::Other) && !self.is_name_like(index + 1));
        let is_purpose = index > 0 && matches!(self.word(index - 1), "for" | "per" | "of" | "di" | "del" | "behind" | "dietro");
        is_given && (is_compound || is_purpose)
    }

    fn is_said_with_its_image(&self, product: &str, index: usize) -> bool {
        self.marks.iter().enumerate().any(|(other, mark)| {
            other != index && mark.image().is_some_and(|image| image.split(['@', ':']).next() == Some(product) && image.len() > product.len())
        })
    }

    /// `1.5.0`, or any word behind "version" or "tag".
    fn version_at(&self, draft: &Draft, index: usize) -> Option<String> {
        let mark = &self.marks[index];
        // "remove the tag web, add the tag edge": of a machine, or beside its tags, it is no version.
        let has_tags = draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Tags));
        let has_image = |address: &core_model::Address| self.view.in_scope(None, address).is_some_and(|found| found.spec("image").is_some());
        let may_be_tagged = !has_tags && draft.resources.iter().all(|meant| has_image(&meant.address.value));
        let told = (index.saturating_sub(2)..index).any(|before| {
            self.marks[before].concept() == Some(Concept::Version)
                || may_be_tagged
                    && self.marks[before].concept() == Some(Concept::Tags)
                    && self.marks[before + 1..index].iter().all(|mark| mark.is(&Meaning::Ignored))
        });
        let counted = self.marks.get(index + 1).is_some_and(|next| next.concept() == Some(Concept::Cpu))
            || (1..=2).any(|back| index.checked_sub(back).is_some_and(|before| self.marks[before].concept() == Some(Concept::Cpu)));
        if counted || self.is_former_of_cpu(index) {
            return None;
        }
        if let Some(version) = mark.version() {
            return Some(version.clone());
        }
        let text = &self.words.tokens[mark.from].text;
        let is_word = mark.is(&Meaning::Other) || matches!(mark.quantity(), Some(Quantity::Number(_))) || text == "latest";
        // "rilascio approvato: web-a ...": a word is a version only where images are tagged so.
        let is_known = text.contains(|letter: char| letter.is_ascii_digit() || letter == '-')
            || TAGGED.contains(&self.word(index))
            || self.is_data(index)
            || index > 0 && matches!(self.word(index - 1), "to" | "a" | "=" | "tag" | "version" | "versione");
        (is_word && told && is_known && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))).then(|| text.clone())
    }

    /// "a DNS record api.acme.example for web-01": a name with dots, and an address or the resource that has it.
    pub(crate) fn read_dns(&self, draft: &mut Draft) {
        if !draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Dns) || draft.command.value != CommandName::Create {
            return;
        }
        let domain =
            (0..self.marks.len()).find(|index| self.marks[*index].is(&Meaning::Other) && is_domain(self.words.fold(self.marks[*index].from)));
        if let Some(index) = domain {
            self.use_mark(index);
            let text = self.words.fold(self.marks[index].from).to_owned();
            let label = text.split('.').next().and_then(|label| format!("{label}-a").parse().ok());
            let source = self.source(index, index);
            draft.names = label.map(|name| crate::source::Sourced::new(name, source.clone())).into_iter().collect();
            draft.wish(FieldName::Path("specs.name".to_owned()), Wanted::Change(FieldChange::Set(text)), source);
        }
        let holder = (0..self.marks.len()).find_map(|index| Some((index, self.marks[index].named()?.addresses.iter().next().cloned()?)));
        if let Some((index, address)) = holder {
            self.use_mark(index);
            let reference = format!("${{resource.{}.{}.specs.network.ip.host}}", address.blueprint.as_str(), address.resource.as_str());
            draft.wish(FieldName::Path("specs.address".to_owned()), Wanted::Change(FieldChange::Set(reference)), self.source(index, index));
        }
    }
}

/// Words that images are tagged with.
const TAGGED: [&str; 16] = [
    "latest",
    "stable",
    "main",
    "master",
    "edge",
    "nightly",
    "alpine",
    "slim",
    "beta",
    "dev",
    "lts",
    "mainline",
    "bookworm",
    "bullseye",
    "management",
    "snapshot",
];

fn is_domain(fold: &str) -> bool {
    fold.contains('.')
        && fold.split('.').all(|label| !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'))
        && fold.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

/// Between a field's name and its value.
#[rustfmt::skip]
const JOINTS: &[&str] = &[
    ",", "and", "e", "ed", "&", "the", "il", "lo", "la", "to", "a", "al", "as", "=", ":", "su", "on", "with", "con", "from", "sul", "onto", "over", "deve", "essere", "should", "be", "must", "is", "i", "l", "of", "di", "del", "della", "for", "per", "becomes", "diventa", "da", "dal",
];

const TAKES_WORDS: &[Concept] =
    &[Concept::Node, Concept::Pool, Concept::Hostname, Concept::User, Concept::Interface, Concept::Bridge, Concept::StorageKind];
