//! Which words ask?

/// Words that begin a question wherever they begin a sentence. "what", "how", "which" and "che" depend on the word behind them.
#[rustfmt::skip]
pub(crate) const ASKING: &[&str] = &["whats", "where", "wheres", "quale", "quali", "qual", "quanto", "quanta", "quanti", "quante", "dove", "cosa"];

/// Words before a question that is told: "can you tell me which ...", "mi servirebbe sapere che ...".
#[rustfmt::skip]
pub(crate) const KNOWING: &[&str] = &[
    "tell", "know", "knows", "say", "remind", "forgot", "forget", "wonder", "wondering", "curious", "check", "show", "find", "learn", "idea", "remember", "recall", "question", "quick", "see", "look", "hear", "interested", "happen",
    "understand", "figure", "clarify", "enlighten", "comprendere", "capirne", "chiarire", "chiarirmi", "spiegare", "spiegarmi",
    "dimmi", "dirmi", "ditemi", "dici", "dite", "dire", "sapere", "sai", "sapete", "sapreste", "sapresti", "ricordi", "ricordami", "ricordo", "ricordate", "sa", "capire", "vedere", "controllare", "controlla", "verificare", "curiosita", "domanda", "so", "sappiamo", "conoscere", "chiedo", "chiedere", "indicarmi", "indicami",
];

/// Words that ask to be shown something.
#[rustfmt::skip]
pub(crate) const SHOWING: &[&str] = &["list", "show", "elenca", "elencami", "mostra", "mostrami", "fammi"];

/// How words begin that tell of a change: behind "who".
#[rustfmt::skip]
pub(crate) const CHANGING: &[&str] = &[
    "chang", "modif", "edit", "touch", "updat", "upgrad", "downgrad", "alter", "tweak", "bump", "rais", "lower", "increas", "decreas", "resiz", "renam", "mess", "brok", "break", "creat", "added", "adds", "remov", "delet", "deploy", "merg", "push", "fiddl", "configur", "install", "mov", "switch", "turn", "adjust", "introduc", "set", "put", "gave", "laid", "lay", "been", "play", "plai", "shrank", "shrunk", "grew", "cut", "did", "made", "wrote", "terminat", "kill", "destroy", "retir", "decommission", "scal",
    "cambi", "tocc", "aggiorn", "aggiun", "tolt", "rimoss", "elimin", "cancell", "alzat", "abbass", "aument", "ridott", "spost", "rott", "mess", "fatto", "combin", "scritt", "impost", "mani", "port", "dato", "spent", "acces", "install", "ritocc", "manomess", "intervenut", "lavorat",
];

/// Before a field without a value: that it is to be told.
#[rustfmt::skip]
pub(crate) const TELLING_ME: &[&str] = &[
    "tell", "read", "remind", "forgot", "forget", "check", "confirm", "look", "find", "know", "learn", "report", "list", "show", "remember", "recall", "lookup", "wondering",
    "dimmi", "ditemi", "dirmi", "dirci", "dici", "dite", "ricordami", "ricordi", "ricordo", "ricordate", "sapere", "conoscere", "comunicare", "comunicarmi", "comunicarci", "comunicate", "indicare", "indicarmi", "indicarci", "indicami", "indicate", "verificare", "verifica", "controlla", "controllare", "leggi", "leggimi", "mostrami", "mostrate", "riferire", "riferiscimi", "trovare", "trovami", "fornire", "fornirmi", "fornirci",
];

/// Before "the" and a field: that its value is asked for, and not something of it.
#[rustfmt::skip]
pub(crate) const GIVING_ME: &[&str] = &["give", "get", "send", "need", "want", "like", "have", "hand", "pass", "provide", "supply", "after", "dammi", "datemi", "mandami", "mandatemi", "passami", "serve", "servirebbe", "servirebbero", "servono", "vorrei", "voglio", "avere", "bisogno", "inviami", "inviatemi"];

/// Words that stand for all fields of something.
pub(crate) const DETAILS: &[&str] = &[
    "specs",
    "spec",
    "details",
    "settings",
    "configuration",
    "config",
    "caratteristiche",
    "configurazione",
    "impostazioni",
    "dettagli",
    "specifiche",
];

/// Between a field and what has it.
#[rustfmt::skip]
pub(crate) const OF: &[&str] = &["of", "on", "in", "for", "from", "assigned", "di", "del", "della", "dello", "dell", "su", "sul", "sulla", "in", "nel", "nella", "da", "dal", "dalla", "assegnata", "assegnato"];

/// With one of these more or less of a field is wished.
#[rustfmt::skip]
pub(crate) const COMPARING: &[&str] = &["more", "less", "fewer", "bigger", "larger", "smaller", "extra", "additional", "another", "higher", "lower", "faster", "increase", "piu", "meno", "maggiore", "minore", "altra", "altro", "ulteriore", "maggior", "changed", "fixed", "different", "new", "nuovo", "nuova", "cambiato", "cambiata", "diverso", "diversa"];

/// Words for who did something.
#[rustfmt::skip]
pub(crate) const CULPRITS: &[&str] = &["whodunnit", "whodunit", "culprit", "perpetrator", "colpevole"];
