//! Which words ask for something to be done?

/// What a verb asks for. The reader of the request decides from it, and from what else is said, which command is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    /// "need", "want": a new thing, or more of a thing.
    Want,
    Set,
    Increase,
    Decrease,
    Add,
    /// "remove": a resource, or something of a resource.
    Remove,
    Delete,
    Scale,
    Clone,
    PowerOn,
    PowerOff,
    PowerCycle,
    RollBack,
    Adopt,
    Promote,
    Explain,
    Status,
    WhoChanged,
    Move,
    Install,
    Publish,
    Name,
    Connect,
}

#[rustfmt::skip]
pub(crate) const VERBS: &[(Verb, &[&str])] = &[
    (Verb::Create, &[
        "create", "creating", "spin up", "spin me up", "set up", "setup", "deploy", "launch", "provision", "bring up", "stand up", "build", "make me", "make a new",
        "start a new", "boot a new", "run a new", "install a new", "get me a", "get me an", "give me a", "give us a", "give me an", "set me up", "fire up",
        "crea", "creare", "creami", "creiamo", "creane", "creati", "metti su", "mettimi su", "tira su", "tirami su", "prepara", "preparami", "preparare", "avvia un nuovo", "avvia una nuova",
        "installa un nuovo", "installa una nuova", "fammi", "dammi", "configura un nuovo", "configura una nuova", "lancia", "predisponi", "allestisci", 
        "deployare", "deploya",
    ]),
    (Verb::Want, &[
        "need", "needs", "want", "would like", "d like", "looking for", "require", "wants", "requires",
        "serve", "servono", "mi serve", "ci serve", "mi servono", "ci servono", "vorrei", "vorremmo", "voglio", "vogliamo", "ho bisogno di", "abbiamo bisogno di", "avrei bisogno di", "ha bisogno di", "desidero", "servirebbe", "servirebbero", "ci vuole", "ci vogliono", "ci vorrebbe", "ci vorrebbero", "occorre", "occorrono", "occorrerebbe",
        "would love", "d love", "would appreciate", "gradirei", "gradiremmo",
    ]),
    (Verb::Set, &[
        "set", "give", "gives", "change", "update", "upgrade", "modify", "adjust", "make", "switch", "use", "resize", "assign", "let", "put", "configure", "edit", "bring", "replace", "should have", "should be", "should use", "should run",
        "downgrade", "pin", "allocate", "reconfigure", "bump", "needs to have", "have", "take", "turn",
        "imposta", "impostare", "dai", "dare", "cambia", "cambiare", "aggiorna", "aggiornare", "modifica", "modificare", "porta", "portare", "portiamo", "metti", "mettere", "assegna", "usa", "configura", "ridimensiona", "fai", "fissa", "passa", "setta", "regola", "sostituisci", "alloca", "deve avere", "dovrebbe avere", "deve usare", "rendi", "diamo", "mettiamo", "cambiamo", "aggiorniamo", "passare", "assegnare", "assegniamo", "impostiamo", "metta", "dia", "dare a", "dovrebbe diventare", "deve diventare", "diventi", "passi", "abbia", "should become", "must be", "must have", "should get", "limit", "cap", "limita",
        "roll out", "rolling out", "ship", "hotfix", "limited to", "capped at", "capped to", "limitato a", "limitata a", "limitati a", "re-ip", "reip", "renumber", "re-address", "readdress", "point", "points", "should point", "must point", "point it", "punta", "puntare", "punti", "deve puntare", "dovrebbe puntare", "fai puntare", "becomes", "become", "diventa", "diventare",
    ]),
    (Verb::Increase, &[
        "increase", "raise", "grow", "extend", "expand", "enlarge", "beef up", "scale up the memory", "up the", "boost", "extend the disk",
        "aumenta", "aumentare", "incrementa", "alza", "espandi", "ingrandisci", "estendi", "allarga", "potenzia", "innalza", "aumentiamo", "incrementare", "estendere", "alzare",
    ]),
    (Verb::Decrease, &[
        "decrease", "reduce", "lower", "shrink", "cut", "trim", "drop the memory", "drop the ram", "drop the cpu", "lessen",
        "riduci", "ridurre", "diminuisci", "diminuire", "abbassa", "abbassare", "restringi", "cala", "riduciamo", "taglia", "riduca",
    ]),
    (Verb::Add, &["add", "adding", "append", "attach", "include", "plus", "aggiungi", "aggiungere", "aggiungiamo", "aggiungici", "aggiungimi", "aggiunga", "allega"]),
    (Verb::Remove, &["remove", "take away", "strip", "unset", "clear", "detach", "drop", "take out", "rimuovi", "rimuovere", "togli", "togliere", "leva", "stacca", "rimuoviamo", "togliamo", "tolga", "rimuova",
        "lose", "ditch", "untag", "no longer expose", "should not expose", "shouldn t expose", "must not expose", "should not publish", "shouldn t publish", "must not publish", "non deve piu esporre", "non deve piu pubblicare", "non deve esporre", "non esponga piu", "close port", "close ports", "close the port", "close the ports", "uninstall", "disinstalla", "disinstallare", "deinstall", "unpublish", "stop publishing", "stop exposing", "no longer publish", "unexpose", "chiudi la porta", "chiudere la porta", "chiudi le porte", "non pubblicare piu", "non esporre piu", "smetti di pubblicare", "smetti di esporre",
    ]),
    (Verb::Delete, &[
        "delete", "deleting", "destroy", "get rid of", "tear down", "decommission", "kill", "erase", "retire", "dispose of", "wipe", "nuke", "throw away", "scrap", "purge", "rm", "del",
        "elimina", "eliminare", "cancella", "cancellare", "distruggi", "distruggere", "dismetti", "butta via", "butta giu", "sopprimi", "disfati di", "eliminiamo", "cancelliamo", "sbarazzati di", "dismettere", "demolisci",
    ]),
    (Verb::Scale, &["scale", "scale up", "scale out", "scale down", "scale in", "rescale", "scala", "scalare", "scaliamo", "replicas", "replica count", "instances of", "istanze di", "repliche di", "repliche", "numero di repliche", "copies of", "copie di"]),
    (Verb::Clone, &[
        "clone", "cp", "copy", "duplicate", "replicate", "mirror", "same machine as", "same vm as", "same container as", "same box as", "same server as", "stessa macchina di", "stessa vm di", "another one like", "another like", "one more like", "one just like", "exactly like", "just like", "same as", "the same specs as", "same specs as", "same size as", "same configuration as", "same settings as", "stesse caratteristiche di", "le stesse caratteristiche di", "stesse specifiche di", "identical to", "similar to", "as big as", "as large as", "as powerful as", "as strong as", "as beefy as", "as fast as", "the size of", "sized like", "like", "a copy of", "a clone of", "a twin of", "modelled on", "based on",
        "clona", "clonare", "copia", "copiare", "duplica", "duplicare", "replica", "un altra come", "un altro come", "uno come", "una come", "uguale a", "uguale ad", "identico a", "identica a", "identica alla", "come", "simile a", "sul modello di", "una copia di", "stessa cosa di", "stesso di", "tale e quale a", "gemella di", "gemello di", "grande come", "grande quanto", "grossa come", "grossa quanto", "grosso come", "grosso quanto", "potente come", "potente quanto", "la stessa di", "lo stesso di", "come quella di", "come quello di",
        "twin of", "sibling of", "duplicate of", "the twin of", "a second copy of", "un doppione di", "doppione di", "una seconda copia di", "un clone di", "clone di", "copia di",
    ]),
    (Verb::PowerOn, &["power on", "turn on", "switch on", "power up", "boot", "boot up", "start", "start up", "wake", "wake up", "accendi", "accendere", "avvia", "avviare", "fai partire", "riaccendi", "metti in funzione", "turn back on", "power back on", "accendiamo"]),
    (Verb::PowerOff, &["power off", "turn off", "switch off", "power down", "shut down", "shutdown", "stop", "halt", "spegni", "spegnere", "ferma", "fermare", "arresta", "arrestare", "metti in pausa", "spegniamo", "spegnimi", "pause"]),
    (Verb::PowerCycle, &["power cycle", "powercycle", "reboot", "restart", "reset", "bounce", "cycle", "hard reset", "riavvia", "riavviare", "fai ripartire", "resetta", "spegni e riaccendi", "turn off and on again", "turn it off and on again", "riavviamo"]),
    (Verb::RollBack, &[
        "roll back", "roll it back", "roll this back", "roll that back", "roll everything back", "rollback", "rolling back", "undo", "revert", "reverting", "restore", "go back", "put back", "bring back", "take back", "return to", "back out", "turn back the clock", "back to how it was", "as it was", "the way it was", "reverse",
        "annulla", "annullare", "ripristina", "ripristinare", "torna", "tornare", "torniamo", "disfa", "rimetti", "rimettere", "riporta", "riportare", "fai il rollback", "rifai come era", "come era", "come prima", "revoca", "storna", "ritorna", "rimetti come era", "riportiamo", "annulliamo", "ripristiniamo",
    ]),
    (Verb::Adopt, &["adopt", "take over", "take ownership of", "bring under management", "start managing", "manage the existing", "import", "take control of", "bring under control", "adotta", "adottare", "importa", "importare", "prendi in gestione", "prendi in carico", "gestisci l esistente", "metti sotto gestione", "prendi il controllo di", "adottiamo", "porta sotto gestione"]),
    (Verb::Promote, &["promote", "promuovi", "promuovere", "promuoviamo", "promote to", "graduate", "ship what is in", "release what is in", "roll out what is in", "push what is in"]),
    (Verb::Explain, &[
        "explain", "why", "what is", "what s", "whats", "what does", "what are", "what would happen", "what happens", "describe", "how much", "how many", "which", "tell me about", "what would", "where is", "where does", "what image", "what version", "what depends on", "who uses", "does", "do we have",
        "spiega", "spiegami", "perche", "cos e", "cosa e", "che cos e", "cosa fa", "che cosa fa", "cosa succede", "cosa succederebbe", "cosa succede se", "descrivi", "quanta", "quanto", "quanti", "quante", "quale", "parlami di", "dov e", "dove sta", "da cosa dipende", "cosa dipende da", "che immagine", "che versione", "chi usa", "a cosa serve",
    ]),
    (Verb::Status, &[
        "status", "what s the status", "what is the status", "what s the state", "what is the state", "whats the status", "state of", "how is", "how are", "is everything", "list", "show", "show me", "are there", "what is running", "what s running", "whats running", "overview", "health of", "is there any drift", "any drift", "any pending", "what is pending", "is it up", "what do we have", "what s deployed", "what is deployed", "drift",
        "stato", "com e", "come sta", "come stanno", "come va", "elenca", "elencami", "mostra", "mostrami", "fammi vedere", "quali", "cosa gira", "che cosa gira", "panoramica", "e tutto a posto", "tutto a posto", "ci sono", "cosa c e", "c e drift", "dimmi lo stato",
    ]),
    (Verb::WhoChanged, &[
        "who changed", "who modified", "who touched", "who deleted", "who created", "who added", "who removed", "who set", "who updated", "who edited", "who did", "who made", "when was", "when did", "which pr changed", "what pr changed", "which pull request", "who approved", "history of", "changelog of", "blame", "last change to", "last changed", "who last changed", "who last", "who has changed", "whose idea was", "whose idea is", "whose change", "whose change was", "who is responsible for", "who s responsible for", "who introduced", "who is behind", "who s behind", "who put", "who moved", "who gave", "who switched", "who bumped", "who upgraded", "who downgraded", "who resized", "who lowered", "who renamed", "who increased", "who raised", "who reduced", "who broke",
        "chi ha", "chi e stato", "chi e che ha", "quando e stato", "quando e stata", "quando abbiamo", "che pr ha", "quale pr ha", "storia di", "cronologia di", "storico di", "ultima modifica di", "ultima modifica a", "chi l ha", "in quale pr", "da chi e stato", "da chi e stata", "chi modifico", "chi cambio",
    ]),
    (Verb::Move, &["belongs on", "belongs in", "belong in", "belong on", "should live", "must live", "deve stare", "deve girare", "move", "mv", "migrate", "relocate", "sposta", "spostare", "migra", "migrare", "trasferisci", "spostiamo", "trasloca", "live-migrate", "live migrate"]),
    (Verb::Install, &["install", "installa", "installare", "installiamo", "installami"]),
    (Verb::Publish, &["expose", "publish", "open", "listen on", "listens on", "answer on", "answers on", "respond on", "reachable on", "available on", "rispondere su", "rispondere sulla", "risponda su", "risponda sulla", "ascoltare su", "ascoltare sulla", "raggiungibile su", "raggiungibile sulla", "in ascolto su", "in ascolto sulla", "esponi", "esporre", "pubblica", "apri", "aprire", "pubblicare"]),
    (Verb::Name, &["called", "named", "name it", "call it", "with the name", "with name", "by the name of", "hostname", "naming it", "with the hostname", "chiamata", "chiamato", "chiamala", "chiamalo", "di nome", "dal nome", "con nome", "con il nome", "col nome", "nominata", "nominato", "che si chiami", "che si chiama", "denominata", "denominato", "chiamate", "chiamati", "chiamandola", "chiamandolo",
        "under the name", "under the name of", "call them", "name them", "calling it", "to be called", "name of", "known as", "dubbed", "and call it", "we call it", "let s call it", "i d call it", "which we call",
        "si chiama", "si chiamera", "si chiamano", "si chiamino", "si chiameranno", "si deve chiamare", "si dovrebbe chiamare", "deve chiamarsi", "chiamarla", "chiamarlo", "chiamarle", "chiamarli", "chiamale", "chiamali", "la chiamerei", "lo chiamerei", "la chiamiamo", "lo chiamiamo", "chiamiamola", "chiamiamolo", "sotto il nome", "a nome", "col nome di", "con il nome di",
    ]),
    (Verb::Connect, &["connect", "connected to", "join", "joined to", "attached to", "collega", "collegata a", "collegato a", "collegata alla", "collegato alla", "collegata al", "collegato al", "connessa a", "connesso a", "attaccata a", "attaccato a", "hook up"]),
];
