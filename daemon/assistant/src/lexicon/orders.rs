//! Which words make of a part of a sentence a reason, and which keep it from being a harmless one?
//!
//! "delete cache-dev, we moved to valkey": what is taken away may have its reason beside it. A reason asks for nothing.

use super::Verb;

/// Words that begin a reason.
#[rustfmt::skip]
pub(crate) const REASON_BEGINS: &[&str] = &[
    "passiamo a", "siamo passati a", "migriamo a", "si passa a", "we are moving to", "we re moving to", "we are switching to", "we re switching to", "because", "cause", "cuz", "coz", "cos", "bc", "since", "given", "considering", "seeing", "so", "as it", "as we", "as they", "as nobody", "as no one", "as there", "as i", "as the", "now that", "which", "due to", "thanks to", "in that", "ever since",
    "perche", "xche", "xke", "poiche", "siccome", "giacche", "visto", "visto che", "dato che", "dato", "tanto", "ormai", "in quanto", "dal momento che", "da quando", "ora che", "adesso che", "per via", "a causa", "quindi", "percio",
];

/// Who something is said of. Behind the object of an order such a word begins a sentence of its own: "plz its eating electricity".
#[rustfmt::skip]
pub(crate) const TOLD_BY: &[&str] = &["we", "i", "they", "he", "she", "nobody", "noone", "everyone", "everybody", "people", "there", "its", "it s", "it is", "it was", "it has", "it hasn", "it isn", "it does", "it doesn", "it keeps", "it hangs", "it just", "it only", "it makes", "it costs", "it eats", "it runs", "that s", "that is", "no one", "nothing", "nessuno", "nessuna",
    "both look", "both are", "both seem", "both have", "both hang", "all of them", "entrambi sono", "entrambe sono", "sono entrambi", "sono entrambe",
];

/// Behind "che" or "e" these begin what is said of the object: "che nessuno la usa", "che è piantata", "che non serve".
#[rustfmt::skip]
pub(crate) const TOLD_OF: &[&str] = &["nessuno", "non", "e", "ha", "hanno", "sta", "stanno", "tanto", "ormai", "si", "ci", "c", "mi", "era", "continua", "da", "fa", "serve", "sembra", "pare", "abbiamo", "siamo", "dobbiamo", "dovremmo", "vogliamo", "stiamo", "sono", "stavamo", "era", "lo", "la", "li", "le", "risulta", "consuma", "costa", "occupa", "nobody", "no", "is", "it", "we", "there", "nothing",
    "devo", "debbo", "voglio", "sto", "ho", "posso", "senno", "altrimenti", "oggi", "domani", "serve", "servono", "avrei", "dovrei", "qui",
];

/// What is denied in a harmless reason: that something is used, needed, known, or works.
#[rustfmt::skip]
pub(crate) const DISUSED: &[&str] = &[
    "opens", "opened", "open", "visits", "visited", "watches", "watched", "checks", "checked", "misses", "noticed", "notices", "cares", "use", "used", "uses", "using", "need", "needs", "needed", "needing", "require", "required", "requires", "want", "wants", "work", "works", "working", "worked", "run", "runs", "running", "respond", "responds", "responding", "answer", "answers", "answering", "know", "knows", "knew", "remember", "remembers", "recall", "recalls", "care", "cares", "read", "reads", "look", "looks", "looked", "log", "logs", "logged", "touched", "touches", "boot", "boots", "booting", "build", "builds", "building", "exist", "exists", "serve", "serves", "serving", "purpose", "traffic", "load", "point", "sense", "longer", "more", "start", "starts", "come", "comes", "reach", "connect", "login", "log", "miss", "misses", "pay", "afford", "test", "tests", "testing", "worth", "active", "online", "reachable", "healthy", "right", "well", "good", "ok", "okay", "enough", "busy", "there", "idea", "reason", "data", "value",
    "connect", "connects", "connecting", "print", "prints", "printing", "reach", "reaches", "reached", "sync", "syncs", "send", "sends", "receive", "receives", "see", "login", "save", "saves", "upload", "download", "pay", "order", "scan", "scans", "start", "starts", "stampa", "stampano", "stampare", "arriva", "arrivano", "collegano", "collegarsi", "connette", "connettono", "connettersi", "vede", "vedono", "vediamo", "accedono", "accedere",
    "react", "reacts", "reacting", "ping", "pings", "load", "loads", "loading", "reagisce", "reagiscono", "pinga", "carica", "caricano",
    "apre", "aprono", "consulta", "consultano", "visita", "controlla", "usa", "usano", "usiamo", "uso", "usato", "usata", "usati", "usate", "usava", "usavano", "usera", "useremo", "utilizza", "utilizzano", "utilizziamo", "utilizzato", "utilizzata", "utilizzo", "serve", "servono", "serviva", "servira", "bisogno", "necessaria", "necessario", "ricorda", "sa", "sappiamo", "conosce", "funziona", "funzionano", "funzionava", "va", "vanno", "gira", "risponde", "rispondono", "parte", "partono", "guarda", "legge", "tocca", "toccava", "entra", "accede", "esiste", "senso", "scopo", "traffico", "importa", "interessa", "collega", "riesce", "riescono", "riusciamo", "compila", "ne", "piu", "vale", "attiva", "attivo", "bene", "interesse", "utile", "paghiamo", "c", "ce", "motivo", "idea", "dati", "gira", "girano", "dentro",
];

/// Words with which a part of a text is no harmless reason: it is somebody else's wish, a doubt, a joke, or about another time.
#[rustfmt::skip]
pub(crate) const NO_REASON: &[&str] = &[
    "you", "your", "yours", "yourself", "u", "kidding", "joking", "joke", "jk", "pretend", "example", "hypothetical", "hypothetically", "later", "eventually", "someday", "sometime", "first", "before", "after", "afterwards", "until", "till", "yet", "instead", "stays", "stay", "remain", "remains", "keep", "keeps", "kept", "sure", "unsure", "ask", "asks", "asked", "check", "wonder", "careful", "backup", "backed", "said", "says", "say", "wrote", "told", "tells", "claims", "ordered", "orders", "demands", "insists", "decided", "confirmed", "authorized", "authorised", "approved", "permission", "allowed", "boss", "manager", "ceo", "cto", "lawyer", "auditor", "auditors", "attorney", "police", "wait", "hold", "again", "unless", "if", "when", "whether", "once", "should", "shall", "must", "would", "might", "may", "could", "suppose", "imagine", "only", "except", "rest", 
    "tu", "te", "ti", "tuo", "tua", "voi", "vi", "vostro", "vostra", "scherzo", "scherzavo", "scherzando", "esempio", "ipotesi", "dopo", "prima", "poi", "finche", "invece", "resta", "restano", "rimane", "rimangono", "tieni", "teniamo", "sicuro", "sicura", "sicuri", "chiedi", "chiede", "chiesto", "controlla", "verifica", "attenzione", "attento", "salva", "detto", "dice", "dicono", "scritto", "ordinato", "ordina", "deciso", "confermato", "autorizzato", "approvato", "permesso", "capo", "direttore", "avvocato", "revisori", "aspetta", "aspettiamo", "quando", "se", "dovrebbe", "dovrebbero", "deve", "devono", "potrebbe", "forse", "solo", "soltanto", "tranne", "resto", "vuole", "vogliono",
];

/// Words behind which something is wished after all: "we still need it".
#[rustfmt::skip]
pub(crate) const NEEDED: &[&str] = &["need", "needs", "needed", "use", "uses", "used", "want", "wants", "require", "requires", "rely", "relies", "depend", "depends", "serve", "servono", "usa", "usano", "usiamo", "usata", "usato", "utilizza", "utilizzano", "utilizziamo", "dipende", "dipendono", "bisogno", "important", "importante", "essential", "critical", "critico", "critica", "vital", "precious"];

/// How something is told to go: "cache-dev can go", "build-01 può sparire". What stands behind it must end there.
#[rustfmt::skip]
pub(crate) const DISPOSALS: &[&str] = &[
    "can both go", "can all go", "may both go", "should both go", "possono andare entrambi", "possono andare tutti e due", "can go", "may go", "must go", "should go", "has to go", "have to go", "needs to go", "need to go", "gotta go", "has got to go", "have got to go", "is to go", "can be gone", "should be gone", "can leave us", "can disappear", "should disappear", "may disappear",
    "has to be gone", "have to be gone", "must be gone", "needs to be gone", "ought to go", "ought to disappear", "has no place here any more",
    "puo sparire", "possono sparire", "deve sparire", "devono sparire", "puo andare", "possono andare", "puo andarsene", "possono andarsene", "se ne puo andare", "se ne possono andare", "deve andarsene", "dovrebbe sparire", "puo scomparire",
    "has to die", "have to die", "must die", "should die", "needs to die", "has to disappear", "must disappear", "is up for removal", "is up for deletion", "are up for removal", "deve scomparire", "deve morire", "devono morire", "e da buttare via",
];

/// That something may come to its end. It may as well tell how little is lost with it, so that nothing else may be said.
#[rustfmt::skip]
pub(crate) const CAN_DIE: &[&str] = &[
    "can die", "may die", "can both die", "may both die", "can all die", "can be dead", "is dead weight", "are dead weight", "can bite the dust", "can retire", "may retire", "can rest in peace", "may rest in peace", "can vanish", "may vanish", "can leave", "can be history",
    "puo morire", "possono morire", "puo crepare", "puo riposare in pace", "possono riposare in pace", "puo andare in pensione", "possono andare in pensione", "puo andare al macero", "puo andare a farsi benedire", "puo scomparire", "possono scomparire", "puo svanire", "puo andare in discarica",
];

/// That something has no use, in one word.
#[rustfmt::skip]
pub(crate) const DISUSE: &[&str] = &[
    "unused", "leftover", "leftovers", "orphaned", "orphan", "obsolete", "useless", "abandoned", "stale", "deprecated", "redundant", "superfluous", "idle", "defunct", "forgotten",
    "inutilizzata", "inutilizzato", "inutilizzate", "inutilizzati", "obsoleta", "obsoleto", "obsolete", "obsoleti", "orfana", "orfano", "orfani", "orfane", "inutile", "inutili", "superflua", "superfluo", "superflui", "superflue", "abbandonata", "abbandonato", "abbandonati", "abbandonate", "dismessa", "dismesso",
];

/// What may stand behind "can go".
#[rustfmt::skip]
pub(crate) const BEHIND_DISPOSAL: &[&str] = &["but", "ma", "though", "while", "pero", "now", "too", "away", "as", "for", "then", "please", "pls", "plz", "thanks", "thx", "entirely", "completely", "also", "since", "because", "already", "and", "we", "it", "its", "nobody", "there", "pure", "anche", "via", "adesso", "ora", "grazie", "ormai", "tanto", "entrambi", "entrambe", "e", "che", "perche", "definitivamente", "tranquillamente"];

/// That something has no use any more, said of it and nothing else: "build-01 is no longer needed".
#[rustfmt::skip]
pub(crate) const ENDED: &[&str] = &[
    "no longer needed", "no longer used", "no longer required", "no longer in use", "no longer necessary", "not needed anymore", "not needed any more", "not needed any longer", "not used anymore", "not used any more", "not used any longer", "not required anymore", "not required any more", "not in use anymore", "not in use any more", "n t needed anymore", "t needed anymore", "t needed any more", "t used anymore", "t used any more", "no longer need", "no longer use", "no longer require", "don t need", "dont need", "do not need", "don t use", "dont use", "do not use", "have no use for", "has outlived its usefulness", "has served its purpose",
    "is not needed", "is not used", "is not required", "isn t needed", "isn t used", "isn t required", "are not needed", "are not used", "aren t needed", "aren t used", "is not in use",
    "not needed", "not used", "not required", "not in use", "not necessary", "t needed", "t used", "t required", "non serve", "non servono", "non ci serve", "non usiamo", "non la usiamo", "non lo usiamo", "non si usa", "non viene usata", "non viene usato", "non viene piu usata", "non viene piu usato", "non viene piu utilizzata", "non viene piu utilizzato", "non e piu in uso", "non risulta piu in uso",
    "non serve piu", "non servono piu", "non ci serve piu", "non ci servono piu", "non mi serve piu", "non serve piu a nessuno", "non usiamo piu", "non la usiamo piu", "non lo usiamo piu", "non la usa piu nessuno", "non lo usa piu nessuno", "non la usa piu", "non lo usa piu", "non e piu necessaria", "non e piu necessario", "non abbiamo piu bisogno di", "non abbiamo piu bisogno del", "non abbiamo piu bisogno della", "non e piu usata", "non e piu usato", "non si usa piu",
    "has served its sentence", "has served its time", "has had its day", "has run its course", "has done its job", "has done its duty", "have served their purpose", "have had their day", "ha fatto il suo tempo", "ha fatto il suo corso", "hanno fatto il loro tempo", "ha esaurito il suo scopo", "ha finito il suo lavoro",
];
/// In English "do not need" alone may be a wish for less of it; with one of these it has ended.
#[rustfmt::skip]
pub(crate) const NO_MORE: &[&str] = &["anymore", "more", "longer", "piu"];

/// What forbids something, before the word for touching it.
#[rustfmt::skip]
pub(crate) const FORBIDDING: &[&str] = &["nobody", "no one", "noone", "don t", "do not", "dont", "never", "not to", "please no", "let s not", "must not", "mustn t", "nessuno", "non", "che nessuno", "evita di", "evitate di", "guai a chi", "vietato"];
#[rustfmt::skip]
pub(crate) const TOUCHING: &[&str] = &["touch", "touches", "change", "changes", "modify", "modifies", "alter", "edit", "fiddle", "mess", "tamper", "toccare", "toccate", "tocchi", "tocca", "toccatemi", "cambiare", "cambiate", "cambi", "modificare", "modificate", "modifichi", "mettere", "tocchiamo", "modifichiamo"];
/// What forbids by itself.
#[rustfmt::skip]
pub(crate) const HANDS_OFF: &[&str] = &["hands off", "keep your hands off", "keep off", "leave alone", "giu le mani", "stai lontano da", "state lontani da", "lascia stare", "lasciate stare", "lascia in pace", "lasciate in pace", "alla larga da"];

/// What is asked for by a noun: "richiediamo la dismissione di web-02".
#[rustfmt::skip]
pub(crate) const DEEDS: &[(Verb, &[&str])] = &[
    (Verb::Delete, &["dismissione", "eliminazione", "cancellazione", "rimozione", "distruzione", "removal", "deletion", "decommissioning", "disposal", "termination", "deprovisioning", "teardown", "soppressione", "smantellamento", "demolizione", "rottamazione"]),
    (Verb::PowerOff, &["spegnimento", "arresto", "shutdown", "poweroff"]),
    (Verb::PowerOn, &["accensione", "riaccensione", "startup", "poweron"]),
    (Verb::PowerCycle, &["riavvio", "reboot"]),
    (Verb::RollBack, &["annullamento", "ripristino", "rollback", "reversal", "ritorno", "storno", "revoca", "reversion", "restoration", "return", "revert", "undoing"]),
];

/// Before such a noun: that it is asked for, and not told of.
#[rustfmt::skip]
pub(crate) const REQUESTING: &[&str] = &[
    "richiediamo", "richiedo", "richiede", "chiedo", "chiediamo", "richiesta", "procedere", "procedete", "procedi", "serve", "servirebbe", "request", "requesting", "requests", "ask", "asking", "please", "proceed", "propose", "need", "want", "richiedere", "chiedere", "chiede", "chiedervi", "chiederle", "richiedono", "provvedere", "provvediate", "provveda", "provvedete", "vogliate", "necessita", "occorre", "oggetto", "subject", "action", "azione", "type", "tipo",
    "proceda", "procedano", "procediate", "procediamo", "arrange", "arranging", "organise", "organize", "schedule the", "initiate", "disponete",
    "disponga", "disporre", "disponiamo", "dispone", "domanda", "domandiamo", "domando", "domandasi", "chiedesi", "richiedesi", "sollecita", "sollecitiamo", "sollecito", "auspica", "prega", "pregasi", "hereby", "kindly", "effettuare", "eseguire", "eseguite", "effettuate",
];

/// That something shall stay, before it is named: "keep its volume".
#[rustfmt::skip]
pub(crate) const KEEPING: &[&str] = &[
    "keep", "keeping", "leave", "leaving", "leave alone", "hold on to", "hang on to", "preserve", "preserving", "retain", "retaining", "spare", "don t touch", "do not touch", "dont touch", "without touching", "don t delete", "do not delete", "don t remove", "do not remove",
    "lascia", "lasciate", "lasciamo", "lasciando", "tieni", "tenete", "teniamo", "tenendo", "conserva", "conservate", "conservando", "mantieni", "mantenete", "manteniamo", "mantenendo", "preserva", "preservando", "salva", "salvando", "non toccare", "non toccate", "senza toccare", "non cancellare", "non eliminare", "non rimuovere",
];

/// That something stays, behind its name: "cache stays".
#[rustfmt::skip]
pub(crate) const STAYING: &[&str] = &[
    "stay", "stays", "staying", "remain", "remains", "be kept", "is kept", "are kept", "to keep", "be left alone",
    "resta", "restano", "rimane", "rimangono", "restare", "rimanere", "resti", "rimanga", "tienilo", "tienila", "tenetelo", "tenetela", "lo teniamo", "la teniamo", "lo tengo", "va tenuto", "va tenuta", "va conservato", "va mantenuto", "non si tocca", "lascialo", "lasciala", "lasciatelo", "lasciatela",
];

/// Verbs of which the second part stands behind what goes: "get web-02 out of here".
#[rustfmt::skip]
pub(crate) const SPLIT_DISPOSALS: &[(&[&str], &[&str])] = &[
    (
        &["get", "take", "throw", "kick", "chuck", "haul", "toss", "put", "drag", "pull", "send", "move"],
        &["out of here", "out of the way", "out of our way", "out of my way", "out of my sight", "out of its misery", "out of their misery", "out of the repo", "out of the repository", "out of the blueprint", "out of the blueprints", "out of there", "out of that", "out with the trash", "to rest", "down for good", "off for good", "to the scrapyard", "to the bin", "in the bin", "into the bin", "in the trash"],
    ),
    (&["take"], &["out back", "out the back", "round the back", "behind the shed", "behind the barn", "behind the bike shed", "out back and shoot it", "out the back and shoot it", "out back and shoot them", "behind the barn and shoot it", "to the dump", "to the tip", "out of service for good", "out of the inventory", "out of our inventory", "out of the config", "out of the configuration", "out of git"]),
    (&["put"], &["out to pasture", "on the scrapheap", "in the skip", "down for good"]),
    (&["send"], &["to the scrapyard", "to the scrapheap", "to the great datacenter in the sky", "packing"]),
    (&["throw", "kick", "chuck", "toss", "boot"], &["out", "away"]),
    (&["take"], &["away"]),
    (&["let"], &["go", "die"]),
    (&["lay"], &["to rest"]),
    (&["togli", "toglimi", "togliete", "toglietemi", "leva", "levami", "levate", "levatemi", "togliamo", "leviamo"], &["di mezzo", "di torno", "dai piedi", "dalle scatole", "dalle palle"]),
    (&["manda", "mandate", "mandiamo", "mandiamola", "butta", "buttate", "metti", "mettete"], &["in pensione", "al macero", "in discarica", "nel cestino", "alla rottamazione"]),
];
