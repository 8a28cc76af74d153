//! Which existing resource is meant? Exact names first, then what people make of them, then what is near.

use std::collections::BTreeSet;

use core_model::Address;
use serde::{Deserialize, Serialize};

use crate::lexicon::{CONCEPTS, PRODUCTS, THINGS};
use crate::token::Words;
use crate::view::View;

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum How {
    /// The name, the address, or the object's name on its target.
    Exact,
    /// The name without its hyphens, or the name of a set.
    Alias,
    /// What it is, where only one thing is that: "the database".
    Description,
    /// Spelled differently in a letter or two.
    Near,
}

/// Resources that some words may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) addresses: BTreeSet<Address>,
    pub(crate) how: How,
    /// All of them are meant, not one of them.
    pub(crate) is_set: bool,
}

impl Named {
    fn one_of(addresses: BTreeSet<Address>, how: How) -> Option<Self> {
        (!addresses.is_empty()).then_some(Self { addresses, how, is_set: false })
    }
}

const FORWARD: &[&str] = &["roll", "rolled", "going", "look", "looking", "move", "moving", "bring", "carry", "put", "straight"];

/// Behind "web" these make of it what a browser shows.
const OF_PAGES: &[&str] = &[
    "port",
    "interface",
    "ui",
    "page",
    "pages",
    "site",
    "console",
    "gui",
    "portal",
    "traffic",
    "frontend",
    "application",
    "apps",
    "developers",
    "team",
];

/// The resources that the words at a place name, with the number of words. Near names are asked for apart.
pub(crate) fn named_at(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<(Named, usize)> {
    let fold = words.fold(place);
    if !fold.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let spoken = || {
        let next = words.fold(place + 1);
        let is_number = !next.is_empty() && next.len() <= 3 && next.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| squashed(view, &[fold, next].concat())).flatten().map(|named| (named, 2))
    };
    // "roll it forward", "going forward": where to, and not what is called so.
    let is_direction = fold == "forward" && (place.saturating_sub(7)..place).any(|before| FORWARD.contains(&words.word(before)));
    several(view, fold)
        .map(|named| (named, 1))
        .or_else(|| called_like_environment(view, words, place).map(|named| (named, 2)))
        .or_else(|| exact(view, fold).map(|named| (named, 1)))
        .filter(|_| !is_direction)
        .or_else(spoken)
        .or_else(|| squashed(view, fold).map(|named| (named, 1)))
        .or_else(|| called_by_stem(view, words, place).map(|named| (named, 1)))
        .or_else(|| both_of_stem(view, words, place).map(|named| (named, 2)))
        .or_else(|| plural(view, words, place).map(|named| (named, 1)))
        .or_else(|| possessive(view, fold).map(|named| (named, 1)))
        .or_else(|| set(view, fold).filter(|_| !OF_PAGES.contains(&words.fold(place + 1))).map(|named| (named, 1)))
}

/// "la cache dev" for `cache-dev`, where there is no `cache` in `dev`.
fn called_like_environment(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<Named> {
    let (fold, next) = (words.fold(place), words.fold(place + 1));
    let environment = view.environments().find(|environment| environment.name.as_str() == next)?;
    let is_there = environment.desired.resources.keys().any(|address| address.resource.as_str() == fold);
    if is_there { None } else { exact(view, &format!("{fold}-{next}")).map(|named| Named { how: How::Alias, ..named }) }
}

/// "web-a/web-b": two names in one word.
fn several(view: &View<'_>, fold: &str) -> Option<Named> {
    let parts = fold.split(['/', '+', '&']).map(|part| exact(view, part).filter(|named| named.addresses.len() == 1)).collect::<Option<Vec<_>>>()?;
    let addresses: BTreeSet<Address> = parts.into_iter().flat_map(|named| named.addresses).collect();
    (addresses.len() > 1).then_some(Named { addresses, how: How::Exact, is_set: true })
}

fn exact(view: &View<'_>, fold: &str) -> Option<Named> {
    // "tools/grafana": an address as people write paths.
    let fold = &fold.replace('/', ".");
    let mut addresses = BTreeSet::new();
    for environment in view.environments() {
        for (address, resource) in &environment.desired.resources {
            let is_it = address.resource.as_str() == fold || resource.object == *fold || (fold.contains('.') && address.to_string() == *fold);
            if is_it {
                addresses.insert(address.clone());
            }
        }
    }
    Named::one_of(addresses, How::Exact)
}

/// `web01`, `web_01` and `web 1` for `web-01`.
fn squashed(view: &View<'_>, fold: &str) -> Option<Named> {
    let wanted = squash(fold);
    if wanted.iter().map(String::len).sum::<usize>() < 3 || !fold.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'_')) {
        return None;
    }
    let addresses = view.resources().into_keys().filter(|address| squash(address.resource.as_str()) == wanted).cloned().collect();
    Named::one_of(addresses, How::Alias)
}

/// Words for one machine, beside which a part of its name names it.
const MACHINES: &[&str] = &["server", "machine", "vm", "box", "host", "container", "macchina"];

/// "the build server", "la macchina delle build" for `build-01`, where only one is called so.
fn called_by_stem(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<Named> {
    let fold = words.word(place);
    let before = |distance: usize| place.checked_sub(distance).map_or("", |place| words.word(place));
    let is_english =
        MACHINES.contains(&words.word(place + 1)) && (DEFINITE.contains(&before(1)) || DEFINITE.contains(&before(2)) && before(1) != "new");
    let joins = matches!(before(1), "di" | "del" | "della" | "delle" | "dei" | "per" | "of" | "for");
    let is_italian = joins && MACHINES.contains(&before(2)) && DEFINITE_ITALIAN.contains(&before(3))
        || MACHINES.contains(&before(1)) && DEFINITE_ITALIAN.contains(&before(2));
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_it = |address: &&Address| address.resource.as_str().strip_prefix(fold).and_then(|rest| rest.strip_prefix('-')).is_some_and(is_number);
    if fold.is_empty() || !(is_english || is_italian) {
        return None;
    }
    let found: BTreeSet<Address> = view.resources().into_keys().filter(is_it).cloned().collect();
    Named::one_of(found, How::Alias).filter(|named| named.addresses.len() == 1)
}

/// "both web servers" for `web-01` and `web-02`: as many machines as are told, called so with a number.
fn both_of_stem(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<Named> {
    let fold = words.word(place);
    // "two more web machines" are new ones.
    let before = |back: usize| place.checked_sub(back).map_or("", |before| words.word(before));
    let is_many = matches!(before(1), "both" | "two") || matches!(before(1), "the" | "our" | "of") && matches!(before(2), "both" | "two" | "of");
    let is_kind = matches!(words.word(place + 1), "servers" | "machines" | "vms" | "boxes" | "hosts");
    if fold.is_empty() || !is_many || !is_kind {
        return None;
    }
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_it = |address: &&Address| address.resource.as_str().strip_prefix(fold).and_then(|rest| rest.strip_prefix('-')).is_some_and(is_number);
    let addresses: BTreeSet<Address> = view.resources().into_keys().filter(is_it).cloned().collect();
    (addresses.len() == 2).then_some(Named { addresses, how: How::Alias, is_set: true })
}

/// "both of the caches" for `cache` and `cache-dev`: a name in the plural, and others of its kind that begin with it.
fn plural(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<Named> {
    let stem = words.fold(place).strip_suffix('s')?;
    let resources = view.resources();
    let of_stem = |address: &&&Address| address.resource.as_str() == stem || address.resource.as_str().starts_with(&format!("{stem}-"));
    let kind = |address: &Address| resources.get(address).and_then(|found| found.first()).map(|(_, resource)| resource.type_name.clone());
    let exact = resources.keys().find(|address| address.resource.as_str() == stem)?;
    let addresses: BTreeSet<Address> = resources
        .keys()
        .filter(of_stem)
        .filter(|address| address.blueprint == exact.blueprint && kind(address) == kind(exact))
        .map(|address| (*address).clone())
        .collect();
    let is_many =
        (1..=4).filter_map(|back| place.checked_sub(back)).any(|before| matches!(words.word(before), "both" | "all" | "two" | "the" | "our"));
    (addresses.len() > 1 && is_many).then_some(Named { addresses, how: How::Alias, is_set: true })
}

/// `web-01s` for "web-01's": behind a digit the letter is nothing else.
fn possessive(view: &View<'_>, fold: &str) -> Option<Named> {
    let owner = fold.strip_suffix('s').filter(|owner| owner.ends_with(|letter: char| letter.is_ascii_digit()))?;
    exact(view, owner).map(|named| Named { how: How::Alias, ..named })
}

/// The letters and the numbers of a name in turn, without leading zeros: `node-1-1` is not `node-11`, nor `web` `web-0`.
fn squash(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let is_number = first.is_ascii_digit();
            let end = rest.find(|letter: char| letter.is_ascii_digit() != is_number).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            let bare = part.trim_start_matches('0');
            match parts.last_mut().filter(|last| !is_number && !last.starts_with(|letter: char| letter.is_ascii_digit())) {
                Some(last) => last.push_str(part),
                None if is_number => parts.push(if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }),
                None => parts.push(part.to_owned()),
            }
            rest = after;
        }
    }
    parts
}

/// `web` for `web-${each.key}`.
/// Shorter words are too near to other words.
const STEM_LETTERS_MIN: usize = 4;

fn set(view: &View<'_>, fold: &str) -> Option<Named> {
    // "the rack" for `rack1`.
    let stem = |name: &str| name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    let is_word = || CONCEPTS.iter().any(|(_, words)| words.contains(&fold)) || THINGS.iter().any(|(_, words)| words.contains(&fold));
    let is_stem = |name: &str| !is_word() && fold.len() >= STEM_LETTERS_MIN && stem(name) == fold && stem(name) != name;
    let is_it = |name: &str| name == fold || fold.strip_suffix('s') == Some(name) || is_stem(name);
    let groups: Vec<_> = view.groups.iter().filter(|group| is_it(&group.name)).collect();
    match groups.as_slice() {
        [group] => Some(Named { addresses: group.members.clone(), how: How::Alias, is_set: true }),
        _ => None,
    }
}

#[rustfmt::skip]
const DATABASES: &[&str] = &["database", "databases", "db", "datenbank", "base dati", "il db"];
const DEFINITE: &[&str] = &["the", "our", "il", "lo", "la", "l", "al", "del", "dal", "sul", "nel", "nostro", "nostra"];
const DEFINITE_ITALIAN: &[&str] = &["il", "la", "al", "alla", "del", "della", "dal", "dalla", "sul", "sulla", "nel", "nella", "nostro", "nostra"];
const DATABASE_PRODUCTS: &[&str] = &["postgres", "mysql", "mariadb", "mongo", "mongodb", "postgresql"];

/// The only resource that is what the word says: "the database", "the postgres container".
pub(crate) fn described_at(view: &View<'_>, words: &Words<'_>, place: usize) -> Option<(Named, usize)> {
    let fold = words.word(place);
    let products: Vec<&str> = if DATABASES.contains(&fold) {
        DATABASE_PRODUCTS.to_vec()
    } else {
        PRODUCTS.iter().find(|(_, names)| names.contains(&fold)).map(|(image, names)| names.iter().copied().chain([*image]).collect())?
    };
    let runs_it = |image: &str| {
        let path = image.split(['@', ':']).next().unwrap_or_default();
        products.iter().any(|product| path == *product || path.ends_with(&format!("/{product}")))
    };
    let resources = view.resources();
    let of_image = resources
        .iter()
        .filter(|(_, found)| found.iter().any(|(_, resource)| resource.spec("image").and_then(serde_json::Value::as_str).is_some_and(runs_it)));
    let addresses: BTreeSet<Address> = of_image.map(|(address, _)| (*address).clone()).collect();
    // "the redis" is one that is there, and which one is asked; "a redis" is a new one.
    let is_definite = place.checked_sub(1).is_some_and(|before| DEFINITE.contains(&words.word(before)));
    let are_both =
        addresses.len() == 2 && place.checked_sub(1).is_some_and(|before| matches!(words.word(before), "both" | "entrambi" | "entrambe" | "due"));
    if are_both {
        return Some((Named { addresses, how: How::Description, is_set: true }, 1));
    }
    let is_one_of_several = addresses.len() > 1 && is_definite && words.word(place + 1) != "image";
    let is_indefinite = place.checked_sub(1).is_some_and(|before| matches!(words.word(before), "a" | "another" | "new" | "un" | "nuovo"));
    (addresses.len() == 1 && !is_indefinite || is_one_of_several).then_some((Named { addresses, how: How::Description, is_set: false }, 1))
}

/// The resources whose names are nearly this one; the nearest only.
pub(crate) fn near(view: &View<'_>, fold: &str) -> Option<Named> {
    let length = fold.chars().count();
    if !(3..=60).contains(&length) {
        return None;
    }
    let limit = if length < 5 { 1 } else { 2 };
    let distance = |address: &Address| {
        let full = address.to_string();
        let known = if fold.contains('.') { full.as_str() } else { address.resource.as_str() };
        strsim::osa_distance(fold, known)
    };
    let resources = view.resources();
    let near: Vec<(usize, &Address)> =
        resources.into_keys().map(|address| (distance(address), address)).filter(|(distance, _)| *distance <= limit).collect();
    // Another number is another machine, not a slip of the pen.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let near: Vec<_> = near.into_iter().filter(|(_, address)| digits(address.resource.as_str()) == digits(fold)).collect();
    let nearest = near.iter().map(|(distance, _)| *distance).min()?;
    let addresses = near.into_iter().filter(|(distance, _)| *distance == nearest).map(|(_, address)| address.clone()).collect();
    Named::one_of(addresses, How::Near)
}
