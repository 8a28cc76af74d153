//! Does a container get the image of another product? Where a new one may have been meant, the author is asked.

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing};

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
}

/// The last part of the path, without tag and digest: "docker.io/grafana/loki:3.1.0" is "loki".
fn product(image: &str) -> &str {
    let path = image.split('@').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(':').next().unwrap_or_default()
}
