//! Which words ask?

/// Words that begin a question wherever they begin a sentence. "what", "how", "which" and "che" depend on the word behind them.
#[rustfmt::skip]
pub(crate) const ASKING: &[&str] = &["whats", "where", "wheres", "quale", "quali", "qual", "quanto", "quanta", "quanti", "quante", "dove", "cosa"];

/// Words before a question that is told: "can you tell me which ...", "mi servirebbe sapere che ...".
#[rustfmt::skip]
pub(crate) const KNOWING: &[&str] = &[
    "tell", "know", "knows", "say", "remind", "forgot", "forget", "wonder", "wondering", "curious", "check", "show", "find", "learn", "idea", "remember", "recall", "question", "quick", "see", "look",
    "dimmi", "dirmi", "ditemi", "dici", "dite", "dire", "sapere", "sai", "sapete", "sapreste", "sapresti", "ricordi", "ricordami", "ricordo", "ricordate", "sa", "capire", "vedere", "controllare", "controlla", "verificare", "curiosita", "domanda", "so", "sappiamo", "conoscere", "chiedo", "chiedere", "indicarmi", "indicami",
];

/// Words that ask to be shown something.
#[rustfmt::skip]
pub(crate) const SHOWING: &[&str] = &["list", "show", "elenca", "elencami", "mostra", "mostrami", "fammi"];

/// How words begin that tell of a change: behind "who".
#[rustfmt::skip]
pub(crate) const CHANGING: &[&str] = &[
    "chang", "modif", "edit", "touch", "updat", "upgrad", "downgrad", "alter", "tweak", "bump", "rais", "lower", "increas", "decreas", "resiz", "renam", "mess", "brok", "break", "creat", "added", "adds", "remov", "delet", "deploy", "merg", "push", "fiddl", "configur", "install", "mov", "switch", "turn", "adjust", "introduc", "set", "put", "gave", "shrank", "shrunk", "grew", "cut", "did", "made", "wrote",
    "cambi", "tocc", "aggiorn", "aggiun", "tolt", "rimoss", "elimin", "cancell", "alzat", "abbass", "aument", "ridott", "spost", "rott", "mess", "fatto", "combin", "scritt", "impost", "mani", "port", "dato", "spent", "acces", "install", "ritocc", "manomess", "intervenut", "lavorat",
];
