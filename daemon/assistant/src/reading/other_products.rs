//! Does a container get the image of another product? Where a new one may have been meant, the author is asked.

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing};
use crate::mark::Meaning;

use super::Reader;

/// Words with which one product is put in the place of another.
#[rustfmt::skip]
const REPLACING: &[&str] = &[
    "image", "images", "replace", "swap", "switch", "migrate", "instead", "from", "use", "run", "runs", "becomes", "change", "upgrade", "update", "bump", "downgrade", "pin", "base", "flavour", "flavor", "fork", "drop-in", "version", "tag",
    "immagine", "immagini", "sostituisci", "sostituire", "sostituiamo", "passa", "passare", "passiamo", "passate", "migra", "migrare", "invece", "usa", "usare", "usi", "gira", "giri", "diventa", "cambia", "cambiare", "cambiate", "aggiorna", "aggiornare", "versione",
];

impl Reader<'_> {
    /// "put a loki container in tools next to grafana: grafana/loki:3.1.0": what is there would run something else.
    pub(super) fn turns_into_another_product(&self, draft: &Draft) -> bool {
        if draft.command.value != CommandName::Update || self.words.tokens.iter().any(|token| REPLACING.contains(&token.fold.as_str())) {
            return false;
        }
        let speaks_of_new = self.marks.iter().any(|mark| mark.thing() == Some(Thing::Container))
            || draft.wishes.iter().any(|wish| wish.field != FieldName::Concept(Concept::Image));
        let image = draft.wishes.iter().find_map(|wish| match &wish.wanted.value {
            Wanted::Change(FieldChange::Set(text)) if wish.field == FieldName::Concept(Concept::Image) => Some(text.as_str()),
            _ => None,
        });
        let Some(image) = image.filter(|_| speaks_of_new) else { return false };
        draft.resources.iter().any(|meant| {
            let resource = self.view.in_scope(None, &meant.address.value);
            let own = resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str);
            own.is_some_and(|own| product(own) != product(image))
        })
    }

    /// "drop both Redis 7.2 containers, so cache and cache-dev": by what they run it is said which are meant.
    pub(super) fn is_image_they_run(&self, index: usize, draft: &Draft) -> bool {
        let Some(image) = self.marks[index].image() else { return false };
        let runs_it = |address: &core_model::Address| {
            let own = self.view.in_scope(None, address).and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str);
            own.is_some_and(|own| own == image || own.strip_suffix(image).is_some_and(|rest| rest.ends_with('/')))
        };
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| runs_it(&meant.address.value))
    }
}

/// Before a version these say for which release of something else a wish is made: "for release 4.1", "as of 3.2".
const RELEASES: &[&str] = &["release", "milestone", "sprint", "since", "until", "rilascio", "checklist"];
/// Behind a version these are events: "the 3.9 hotfix", "2.9 checklist".
#[rustfmt::skip]
const EVENTS: &[&str] = &[
    "checklist", "hotfix", "rehearsal", "launch", "rollout", "cutover", "cut-over", "demo", "milestone", "deadline", "freeze", "campaign", "event", "go-live", "golive", "party", "sprint", "train", "lancio", "prova", "collaudo", "scadenza",
];

impl Reader<'_> {
    /// "for release 4.1 I need one VM", "the proxy takes over as of 3.2", "2.9 checklist: ...": the number of what the wish is for.
    pub(super) fn drop_numbers_of_releases(&mut self) {
        for index in 0..self.marks.len() {
            let text = self.words.fold(self.marks[index].from).trim_start_matches('v').to_owned();
            let is_number =
                text.starts_with(|letter: char| letter.is_ascii_digit()) && text.contains('.') && self.marks[index].to == self.marks[index].from + 1;
            if !is_number || self.marks[index].ip().or(self.marks[index].cidr()).is_some() {
                continue;
            }
            let before = |back: usize| index.checked_sub(back).map_or("", |place| self.words.word(self.marks[place].from));
            let is_for = before(1) == "for" && self.has_colon(self.marks[index].to - 1)
                || before(1) == "of" && before(2) == "as"
                || self.words.word(self.marks[index].from.saturating_sub(2)) == "as"
                    && self.words.word(self.marks[index].from.saturating_sub(1)) == "of";
            // "to release 1.5.0" gives a version.
            let is_named = matches!(before(1), "release" | "rilascio")
                && !matches!(before(2), "for" | "per" | "with" | "of" | "before" | "after" | "until" | "del" | "con" | "our" | "il");
            let is_release = RELEASES.contains(&before(1)) && !is_named || is_for;
            let is_event = self.marks.get(index + 1).is_some_and(|next| EVENTS.contains(&self.words.word(next.from)));
            let is_beside = (0..self.marks.len()).any(|other| {
                other != index && (self.marks[other].gives_value() || self.marks[other].concept().is_some() || self.marks[other].thing().is_some())
            });
            if (is_release || is_event) && is_beside {
                self.marks[index].meanings = vec![Meaning::Ignored];
                self.use_mark(index);
            }
        }
    }
}

/// Between a version and what it is of: "to release 1.5", "verison 1.5".
#[rustfmt::skip]
const BEFORE_VERSIONS: &[&str] = &[
    "release", "releases", "build", "rev", "revision", "ver", "vers", "version", "tag", "image", "patch", "point", "level", "tagged", "series", "branch", "stable", "newest", "latest",
    "rilascio", "versione", "immagine", "livello", "serie",
];

impl Reader<'_> {
    /// "web-a to 3GB please, the Cypress 13.15 runs get killed": the version of what nobody wishes to change.
    pub(super) fn is_version_of_another(&self, draft: &Draft, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else { return false };
        let mark = &self.marks[before];
        let text = &self.words.tokens[mark.from].text;
        let is_word = mark.is(&Meaning::Other) && mark.to == mark.from + 1 && text.len() > 2 && text.chars().all(char::is_alphabetic);
        if !is_word || self.is_data(before) || BEFORE_VERSIONS.contains(&self.word(before)) {
            return false;
        }
        let is_own = |address: &core_model::Address| {
            let image = self.view.in_scope(None, address).and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str);
            image.is_some_and(|image| image.contains(self.word(before)))
        };
        if draft.resources.iter().any(|meant| is_own(&meant.address.value)) {
            return false;
        }
        let opens = before == 0 || self.is_break(before - 1) || self.has_colon(self.marks[before - 1].to - 1);
        let is_proper = text.starts_with(char::is_uppercase) && !opens;
        let has_noun = self.marks.get(index + 1).is_some_and(|next| next.is(&Meaning::Other));
        let is_beside = (0..self.marks.len()).any(|other| other != index && self.marks[other].gives_value());
        is_proper || has_noun && is_beside
    }
}

/// The last part of the path, without tag and digest: "docker.io/grafana/loki:3.1.0" is "loki".
fn product(image: &str) -> &str {
    let path = image.split('@').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(':').next().unwrap_or_default()
}
