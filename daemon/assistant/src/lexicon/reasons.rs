//! Which words begin a reason, and which are the verbs of a sentence that tells how things are?

/// What begins a reason. It ends with its part of the sentence.
#[rustfmt::skip]
pub(crate) const REASONS: &[&str] = &[
    "because", "since", "cause", "cos", "due to", "given that", "seeing that", "seeing as", "considering that", "now that", "owing to", "thanks to", "on account of",
    "so that", "so we can", "so it can", "so they can", "so i can", "so people can", "so everyone can", "so users can", "so nobody", "so the", "as the", "as we", "as they", "as it", "as our", "as there", "as i", "as nobody", "as everyone", "as that", "as this", "as these", "as those", "as she", "as he", "in order to", "reason being", "the reason is", "while we", "while i", "while they", "while it", "while the", "mentre", "intanto che",
    "atteso che", "atteso il", "attesa la", "stante", "in considerazione", "alla luce", "a fronte", "considerata la", "considerato il", "preso atto", "con riferimento", "in riferimento", "perche", "poiche", "siccome", "dato che", "visto che", "dal momento che", "considerato che", "giacche", "tanto", "in modo che", "in quanto", "a causa di", "a causa del", "a causa della",
    "that way", "this way", "so then", "so at least", "cosi poi", "cosi non", "cosi almeno", "cosi da", "cosi i", "cosi il", "cosi la", "cosi le", "cosi gli", "in questo modo", "in tal modo", "altrimenti", "otherwise", "hence", "senno", "se no",
    "dovuto a", "dovuta a", "grazie a", "per colpa di", "per colpa del", "per via del", "per via della", "per via di", "cosi che", "che tanto", "che nessuno", "visti i", "vista la", "visto il",
];

/// Forms that stand in sentences that tell, and hardly in orders.
#[rustfmt::skip]
pub(crate) const TELLING: &[&str] = &[
    "is", "are", "was", "were", "am", "has", "had", "s", "re", "isn", "aren", "wasn", "weren", "hasn", "hadn", "doesn", "didn", "does", "did", "will", "ll", "won", "can", "cannot", "can't",
    "couldn", "keeps", "gets", "got", "goes", "went", "runs", "says", "said", "seems", "looks", "feels", "felt", "became", "takes", "took", "makes", "made", "thinks", "complain", "complains",
    "complaining", "hangs", "crashes", "crashed", "dies", "died", "fails", "failed", "breaks", "broke", "swaps", "stays", "stayed", "uses", "used", "needed", "wanted", "told", "knows", "comes",
    "came", "starts", "started", "stopped", "moved", "switched", "migrated", "expects", "works", "worked", "happens", "happened", "noticed", "holds", "serves", "reads", "wrote", "left", "grew",
    "have", "use", "keep", "think", "know", "see", "run", "feel", "live",
    "era", "erano", "sono", "ha", "hanno", "aveva", "avevano", "sta", "stanno", "siamo", "stiamo", "abbiamo", "ho", "usa", "usano", "usiamo", "gira", "girano", "fa", "fanno", "va", "vanno", "c",
    "pare", "sembra", "dice", "dicono", "finisce", "continua", "continuano", "muore", "cade", "resta", "restano", "rimane", "arriva", "arrivano", "parte", "partono", "riempie", "crasha", "piange", "piangono",
    "sara", "saranno", "puo", "possono", "viene", "vengono", "lavora", "lavorano", "passa", "passiamo", "manca", "mancano", "parla", "lamenta", "lamentano", "regge", "reggono", "swappa", "tiene", "cresce",
    "isnt", "arent", "doesnt", "cant", "wasnt", "werent", "hasnt", "havent", "didnt", "wont", "couldnt", "tested", "testato", "testata", "testati", "testate", "provato", "provata", "verificato", "verificata", "collaudato", "collaudata", "joining", "prometto", "promettiamo", "concluded", "assigned", "identified", "confirmed", "discussed", "demanded", "explained", "mentioned", "observed", "suspect", "suspects", "believe", "believes", "assume", "suppose", "guess", "hope", "hopes", "wonder", "affects", "affect", "fixes", "fixed", "terminates", "overlaps", "behaved", "produces", "quadruples", "triples", "arrives", "asks", "begs", "belongs", "burns", "clashes", "chokes", "clogs", "collides", "competes", "conflicts", "contains", "costs", "crawls", "cries", "deals", "deserves", "does", "doubles", "drops", "dropped", "eats", "ends", "enjoys", "errors", "exists", "explodes", "fights", "fills", "filled", "finds", "fits", "flaps", "freezes", "grows", "hates", "hears", "hits", "hosts", "hurts", "keeps", "kept", "lacks", "lags", "lasts", "leaks", "leaves", "likes", "lives", "loads", "looked", "loses", "lost", "loves", "means", "misses", "moans", "needs", "occurs", "opens", "pays", "peaks", "pings", "plans", "prefers", "promises", "reaches", "receives", "relies", "remains", "reports", "reported", "requests", "returns", "says", "sees", "sends", "shows", "sits", "slows", "spends", "stalls", "stands", "stops", "struggles", "stutters", "suffers", "suggests", "talks", "tells", "thrashes", "throws", "tries", "turns", "wants", "wastes", "writes", "asked", "broken", "getting", "becoming", "struggling", "suffering", "complained", "decided", "finished", "agreed", "arrived", "bought", "filed", "forgot", "gave", "heard", "hired", "introduced", "launched", "learned", "planned", "promised", "realised", "realized", "received", "sent", "showed", "signed", "sold", "tried", "upgraded", "went", "won", "been", "being",
    "arranca", "arrancano", "annaspa", "annaspano", "apre", "aprono", "aspetta", "aspettano", "avvisa", "basta", "blocca", "bloccano", "cambia", "capita", "carica", "caricano", "compete", "confonde", "contiene", "costa", "crede", "deve", "devono", "dorme", "esaurisce", "esiste", "esplode", "esplodono", "fallisce", "falliscono", "fatica", "faticano", "ferma", "finiscono", "gela", "gestisce", "impazzisce", "impiega", "impiegano", "interessa", "lagna", "lagnano", "mangia", "mangiano", "merita", "mostra", "muoiono", "nasce", "occupa", "ospita", "pensa", "pesa", "piace", "prende", "protesta", "protestano", "rallenta", "rallentano", "respira", "restituisce", "ricevono", "riceve", "rompe", "salgono", "sale", "scade", "scatta", "schiatta", "scoppia", "scoppiano", "segnala", "segnalano", "serve", "servono", "sfora", "soffoca", "soffrono", "spreca", "supera", "superano", "tengono", "tocca", "trova", "urla", "urlano", "vedono", "vede", "vive", "vivono", "diceva", "dicevano", "diventa", "diventano", "dava", "davano", "stava", "stavano", "andava", "faceva", "finita", "finito", "esaurita", "arrivati", "arrivato", "arrivata", "stato", "stata", "detto", "chiesto", "segnalato", "deciso",
    "funziona", "funzionano", "risponde", "rispondono", "consuma", "soffre", "satura", "chiede", "chiedono", "vuole", "vogliono", "andiamo", "faremo", "avremo", "parte",
];

/// Before a verb these say who does something: what follows tells, and orders nothing.
#[rustfmt::skip]
pub(crate) const SUBJECTS: &[&str] = &[
    "we", "they", "he", "she", "i", "who", "that", "which", "nobody", "everyone", "everybody", "people", "users", "customers", "has", "have", "had", "been", "already", "just", "ve", "keeps", "keep",
    "abbiamo", "ho", "ha", "hanno", "hai", "avete", "nessuno", "tutti", "gia", "chi",
];

/// Before a number these say where something is written.
#[rustfmt::skip]
pub(crate) const SECTIONS: &[&str] = &[
    "finding", "findings", "section", "chapter", "paragraph", "item", "point", "rule", "clause", "requirement", "step", "figure", "table", "page", "appendix", "annex", "control", "article",
    "rilievo", "punto", "sezione", "capitolo", "paragrafo", "articolo", "comma", "allegato", "pagina", "riga", "requisito", "regola", "passo",
];

/// Labels of lines that say why.
#[rustfmt::skip]
pub(crate) const REASON_LABELS: &[&str] = &[
    "reason", "reasons", "rationale", "motivation", "justification", "background", "context", "why", "explanation", "purpose", "use", "usage",
    "motivo", "motivi", "motivazione", "ragione", "ragioni", "giustificazione", "causale", "contesto", "perche", "scopo", "finalita", "uso", "utilizzo",
];
