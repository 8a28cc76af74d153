//! In which language does the author write? The answer is in the same one.

use serde::{Deserialize, Serialize};

use crate::token::Words;

/// The languages that are read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    English,
    Italian,
}

impl Language {
    /// One of two texts.
    pub(crate) fn choose<'t>(self, english: &'t str, italian: &'t str) -> &'t str {
        match self {
            Self::English => english,
            Self::Italian => italian,
        }
    }
}

#[rustfmt::skip]
const ITALIAN: &[&str] = &[
    "il", "lo", "la", "gli", "le", "un", "una", "uno", "di", "che", "con", "per", "del", "della", "dello", "dei", "delle", "al", "alla", "alle", "ai", "da", "dal", "dalla", "nel", "nella", "sul", "sulla", "su", "chi", "mi", "ci", "ha", "e", "grazie", "ciao", "dai", "crea", "porta", "aggiungi", "elimina", "togli", "cambia", "vorrei", "serve", "ambiente", "come", "perche", "stato", "giga", "quanta", "quanto", "ieri", "rete", "disco", "macchina", "raddoppia", "aumenta", "riduci", "spegni", "accendi", "riavvia", "annulla", "clona", "nuova", "nuovo", "imposta", "metti", "cancella", "rimuovi", "scala", "aggiorna", "usa", "sposta", "esponi", "apri", "installa", "abbassa", "dimezza", "ripristina", "torna", "promuovi", "adotta", "clona", "duplica", "pubblica", "modifica", "memoria", "porte", "etichetta", "versione", "immagine", "altra", "altro", "degli", "dopo", "prima", "serve", "mostra", "elenca", "quale", "cosa", "sono", "deve", "devono",
];

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "the", "an", "of", "to", "with", "for", "and", "please", "give", "make", "create", "add", "on", "in", "is", "it", "from", "what", "who", "how", "why", "we", "need", "i", "new", "more", "delete", "remove", "set", "change", "update", "up", "at", "by", "network", "disk", "machine", "called", "undo", "show", "status", "like", "same", "double",
];

pub(crate) fn language(words: &Words<'_>) -> Language {
    let votes = |known: &[&str]| words.tokens.iter().filter(|token| !token.is_data && known.contains(&token.fold.as_str())).count();
    if votes(ITALIAN) > votes(ENGLISH) { Language::Italian } else { Language::English }
}
