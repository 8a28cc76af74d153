//! Which words begin a reason, and which are the verbs of a sentence that tells how things are?

/// What begins a reason. It ends with its part of the sentence.
#[rustfmt::skip]
pub(crate) const REASONS: &[&str] = &[
    "because", "since", "cause", "cos", "due to", "given that", "seeing that", "seeing as", "considering that", "now that", "owing to", "thanks to", "on account of",
    "so that", "so we can", "so it can", "so they can", "so i can", "so people can", "so everyone can", "so users can", "so nobody", "so the", "as the", "as we", "as they", "as it", "as our", "as there", "as i", "as nobody", "as everyone", "as that", "as this", "as these", "as those", "as she", "as he", "in order to", "reason being", "the reason is", "while we", "while i", "while they", "while it", "while the", "mentre", "intanto che",
    "perche", "poiche", "siccome", "dato che", "visto che", "dal momento che", "considerato che", "giacche", "tanto", "in modo che", "in quanto", "a causa di", "a causa del", "a causa della",
    "dovuto a", "dovuta a", "grazie a", "per colpa di", "per colpa del", "per via del", "per via della", "per via di", "cosi che", "che tanto", "che nessuno", "visti i", "vista la", "visto il",
];

/// Forms that stand in sentences that tell, and hardly in orders.
#[rustfmt::skip]
pub(crate) const TELLING: &[&str] = &[
    "is", "are", "was", "were", "am", "has", "had", "s", "re", "isn", "aren", "wasn", "weren", "hasn", "hadn", "doesn", "didn", "does", "did", "will", "ll", "won", "can", "cannot", "can't",
    "couldn", "keeps", "gets", "got", "goes", "went", "runs", "says", "said", "seems", "looks", "feels", "felt", "became", "takes", "took", "makes", "made", "thinks", "complain", "complains",
    "complaining", "hangs", "crashes", "crashed", "dies", "died", "fails", "failed", "breaks", "broke", "swaps", "stays", "stayed", "uses", "used", "needed", "wanted", "told", "knows", "comes",
    "came", "starts", "started", "stopped", "moved", "switched", "migrated", "expects", "works", "worked", "happens", "happened", "noticed", "holds", "serves", "reads", "wrote", "left", "joined", "grew",
    "have", "use", "keep", "think", "know", "see", "run", "feel", "live",
    "era", "erano", "sono", "ha", "hanno", "aveva", "avevano", "sta", "stanno", "siamo", "stiamo", "abbiamo", "ho", "usa", "usano", "usiamo", "gira", "girano", "fa", "fanno", "va", "vanno", "c",
    "pare", "sembra", "dice", "dicono", "finisce", "continua", "continuano", "muore", "cade", "resta", "restano", "rimane", "arriva", "arrivano", "parte", "partono", "riempie", "crasha", "piange", "piangono",
    "sara", "saranno", "puo", "possono", "viene", "vengono", "lavora", "lavorano", "passa", "passiamo", "manca", "mancano", "parla", "lamenta", "lamentano", "regge", "reggono", "swappa", "tiene", "cresce",
    "funziona", "funzionano", "risponde", "rispondono", "consuma", "soffre", "satura", "chiede", "chiedono", "vuole", "vogliono", "andiamo", "faremo", "avremo", "parte",
];

/// Before a verb these say who does something: what follows tells, and orders nothing.
#[rustfmt::skip]
pub(crate) const SUBJECTS: &[&str] = &[
    "we", "they", "he", "she", "i", "who", "that", "which", "nobody", "everyone", "everybody", "people", "users", "customers", "has", "have", "had", "been", "already", "just", "ve", "keeps", "keep",
    "abbiamo", "ho", "ha", "hanno", "hai", "avete", "nessuno", "tutti", "gia", "chi",
];
