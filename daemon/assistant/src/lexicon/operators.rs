//! Which words change what the rest of a sentence means? Where one stands unread, the rest must not be acted on.

/// How the meaning is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// "do not", "instead of": the opposite.
    Negation,
    /// "if", "when": only sometimes.
    Condition,
    /// "tomorrow", "every night": not now.
    Schedule,
    /// "except", "only": not all of it.
    Exception,
    /// "or", "maybe": the author has not decided.
    Doubt,
    /// "no wait", "anzi": what stands before it is taken back, and nobody here knows how much of it.
    Correction,
    /// "then", "after that": one thing after another.
    Sequence,
}

#[rustfmt::skip]
pub(crate) const OPERATORS: &[(Operator, &[&str])] = &[
    (Operator::Negation, &["not", "don t", "do not", "never", "dont", "doesnt", "isnt", "arent", "shouldnt", "wont", "cant", "wouldnt", "didnt", "wasnt", "havent", "hasnt", "doesn t", "isn t", "aren t", "no longer", "instead of", "rather than", "stop deleting", "stop removing", "stop destroying", "stop restarting", "smetti di cancellare", "smetti di eliminare", "smetti di riavviare", "shouldn t", "won t", "cannot", "can t", "non", "mai", "invece di", "piuttosto che", "anziche", "without touching", "leave alone", "lascia stare", "senza toccare"]),
    (Operator::Condition, &["if", "unless", "whenever", "in case", "provided that", "as long as", "once it", "only when", "only if", "depending on", "se", "qualora", "a meno che", "nel caso", "a patto che", "solo se", "when load", "when the load", "when cpu", "when traffic", "quando il carico", "quando la cpu", "quando il traffico"]),
    (Operator::Schedule, &["tomorrow", "tonight", "every night", "every day", "every hour", "next week", "next month", "on monday", "on friday", "at midnight", "later today", "in an hour", "at noon", "this weekend", "every weekend", "over the weekend", "during the weekend", "on the weekend", "at the weekend", "nightly", "weekly", "for one hour", "for an hour", "for two hours", "temporarily", "for a week", "until", "by friday", "after hours", "domani", "stanotte", "ogni notte", "ogni giorno", "ogni ora", "settimana prossima", "la prossima settimana", "prossimo mese", "a mezzanotte", "tra un ora", "fra un ora", "stasera", "nel fine settimana", "temporaneamente", "per un ora", "entro venerdi", "lunedi prossimo", "il weekend", "nel weekend", "nel week end", "next monday", "next friday", "on weekends", "at night", "di notte", "in spring", "in summer", "in autumn", "in winter", "next year", "next spring", "next summer", "in primavera", "in estate", "in autunno", "in inverno", "l anno prossimo", "il prossimo anno", "on sunday", "on saturday", "domenica", "sabato prossimo"]),
    (Operator::Exception, &["but", "ma", "leave", "keep", "lascia", "lasciando", "except", "except for", "but not", "apart from", "excluding", "other than", "all but", "tranne", "eccetto", "salvo", "ma non", "ad eccezione di", "a parte", "escluso", "esclusi"]),
    (Operator::Doubt, &["or", "maybe", "perhaps", "not sure", "either", "oppure", "o", "forse", "magari", "non so", "non sono sicuro", "a few", "a couple of", "un paio di", "qualche", "alcuni", "alcune", "several"]),
    (Operator::Correction, &["no wait", "wait no", "wait", "scratch that", "i mean", "i meant", "actually no", "or rather", "on second thought", "correction", "make that", "rename", "renaming", "renamed", "rinomina", "rinominare", "rinominate", "anzi", "no aspetta", "aspetta", "volevo dire", "cioe", "ripensandoci"]),
    (Operator::Sequence, &["and then", "then", "after that", "afterwards", "followed by", "e poi", "poi", "dopo di che", "dopodiche", "successivamente", "quindi"]),
];
