//! Which words say nothing about what is wanted? Everything else that is not read is told to the author, or asked about.

#[rustfmt::skip]
const IGNORED: &[&str] = &[
    // English
    "a", "an", "the", "of", "to", "for", "on", "in", "at", "by", "with", "from", "into", "onto", "up", "as", "is", "are", "be", "been", "was", "were", "am", "it", "its", "it's", "s", "this", "that", "these", "those", "there", "here", "and", "&", "also", "too", "please", "pls", "plz", "thanks", "thank", "you", "your", "hi", "hello", "hey", "dear", "all", "team", "folks", "everyone", "morning", "good", "afternoon", "evening", "can", "could", "would", "will", "shall", "should", "may", "might", "must", "we", "us", "our", "i", "me", "my", "m", "d", "ll", "ve", "re", "they", "them", "their", "he", "she", "his", "her", "do", "did", "done", "has", "had", "having", "just", "now", "new", "so", "that's", "which", "who", "whose", "what", "how", "when", "where", "want", "like", "get", "got", "go", "going", "needed", "need", "total", "each", "both", "every", "one", "ones", "other", "more", "again", "currently", "current", "existing", "right", "away", "asap", "soon", "today", "quickly", "kindly", "thx", "cheers", "size", "sized", "sizes", "amount", "value", "worth", "limit", "equal", "equals", "=", "about", "called", "named", "name", "via", "per", "only", "simple", "small", "little", "bit", "old", "ipr", "because", "since", "as", "running", "runs", "run", "using", "uses", "machine's", "possible", "ok", "okay", "well", "im", "id", "let", "lets", "let's", "give", "make", "set", "request", "issue", "change", "following", "follows", "settings", "setting", "configuration", "config", "specs", "spec", "resource", "resources", "standard", "usual", "normal", "default", "along", "of", "static", "virtual", "gb", "respectively", "able", "currently", "already", "still", "instead", "better", "tier", "too", "much", "slow", "low", "out", "bigger", "smaller", "box", "time", "help", "look", "looks", "some", "any", "way", "think", "see", "if", "possible", "capacity", "space", "inside", "within", "under", "over",
    "somebody", "someone", "anybody", "anyone", "qualcuno", "itself", "themselves", "stesso", "stessa", "possono", "potremmo", "dovremmo",
    "potrebbe", "potrebbero", "ours", "mine", "yours", "elsewhere", "altrove",
    "presente", "provvedere", "provvediate", "provveda", "provvedete", "prega", "pregasi", "preghiamo", "spettabile", "gentili", "gentile", "richiede", "richiedere", "chiedere", "chiede", "chiedervi", "chiederle", "vogliate", "voglia", "sottoscritto", "sottoscritta",
    "richiediamo", "richiedo", "chiediamo", "procedere", "procedete", "requesting",
    "together", "insieme", "nonche", "along",
    "our", "infra", "infrastructure", "cluster", "platform", "home", "lab", "homelab", "users", "customers", "traffic", "load", "peak", "project", "purpose", "colleague", "colleagues", "boss", "developers", "testing", "tests", "test", "internal", "public", "website", "site", "web", "service", "services", "workload", "workloads", "job", "jobs", "ci", "builds", "it.", "based", "i.e", "e.g", "ie", "eg", "grz", "tks", "tnx", "ty", "tx", "btw", "fyi", "imho", "imo", "afaik", "tbh", "lol", "haha", "guys", "folks", "ta",
    "oom-killed", "oom-killer", "oomkilled", "oom", "ooms",
    "x", "um", "uhm", "hmm", "ehm", "beh", "mah", "boh", "yo", "omg", "oops", "ops", "eh", "uh", "oh", "ah", "hiya", "heya", "ciao", "allora", "insomma", "comunque", "magari", "gentilissimi", "supervisor", "intern", "stagista", "tutor",
    "hence", "thus", "therefore", "consequently", "accordingly", "pertanto", "dunque", "percio",
    "disponga", "disporre", "disponiamo", "domanda", "domandiamo", "domandasi", "chiedesi", "richiedesi", "sollecita", "sollecitiamo", "hereby",
    // Italian
    "definitiva", "definitivo", "definitive", "definitivi", "andrebbe", "andrebbero", "servirebbe", "servirebbero", "converrebbe", "occorre", "occorrerebbe", "bisogna", "bisognerebbe", "toccherebbe", "devono", "dovrebbe", "dovrebbero", "dovra", "dovranno", "direi", "diciamo", "facciamo", "il", "lo", "la", "i", "gli", "le", "l", "un", "uno", "una", "di", "a", "da", "in", "con", "su", "per", "tra", "fra", "del", "dello", "della", "dei", "degli", "delle", "dell", "al", "allo", "alla", "ai", "agli", "alle", "all", "dal", "dallo", "dalla", "dai", "dagli", "dalle", "dall", "nel", "nello", "nella", "nei", "negli", "nelle", "nell", "sul", "sullo", "sulla", "sui", "sugli", "sulle", "sull", "col", "e", "ed", "anche", "che", "chi", "cui", "quello", "quella", "questo", "questa", "questi", "queste", "quel", "quei", "ci", "si", "vi", "ne", "mi", "ti", "gli", "me", "te", "noi", "voi", "loro", "io", "tu", "lei", "lui", "mio", "mia", "nostro", "nostra", "nostri", "nostre", "vostro", "suo", "sua", "e'", "sono", "sei", "siamo", "essere", "sia", "ha", "ho", "hai", "hanno", "abbiamo", "avere", "avra", "per favore", "favore", "perfavore", "grazie", "ciao", "salve", "buongiorno", "buonasera", "gentilmente", "cortesemente", "cortesia", "puoi", "potresti", "potete", "potreste", "posso", "possiamo", "possibile", "puo", "vuoi", "bisogna", "bisogno", "dobbiamo", "devo", "deve", "devi", "fare", "fai", "fatto", "ora", "adesso", "subito", "oggi", "presto", "nuovo", "nuova", "nuovi", "nuove", "totale", "ciascuno", "ciascuna", "ognuno", "ognuna", "ogni", "entrambi", "entrambe", "altro", "altra", "altri", "altre", "piu", "meno", "attuale", "esistente", "cosi", "come", "cosa", "quando", "dove", "poiche", "siccome", "dato", "essendo", "perche", "troppo", "poco", "poca", "lento", "lenta", "piccola", "piccolo", "grande", "dimensione", "quantita", "valore", "limite", "pari", "uguale", "chiamata", "chiamato", "nome", "richiesta", "modifica", "impostazioni", "impostazione", "configurazione", "risorsa", "risorse", "basta", "va", "bene", "tutto", "tutta", "tutti", "tutte", "solo", "soltanto", "almeno", "gia", "ancora", "tempo", "cluster", "progetto", "collega", "colleghi", "clienti", "utenti", "traffico", "carico", "sito", "servizio", "servizi", "base", "vecchia", "vecchio", "attualmente", "finire", "sotto", "sopra", "dentro", "tipo", "modo", "lavoro", "nostra", "ragazzi", "squadra", "pure", "piacere", "tranquillamente", "interno", "interna",
];

/// Politeness that would read as a condition or a doubt by its words.
#[rustfmt::skip]
pub(crate) const POLITE: &[&str] = &[
    "instance attribute", "instance attributes", "modify instance", "like in user data", "as in user data", "like in the user data", "as in the user data", "like with user data", "come nello user data", "come negli user data",
    "or else", "or something", "o qualcosa del genere", "even if", "even when", "even though", "anche se", "anche quando", "not sure this is the right place", "not sure if this is the right place", "not sure where to ask", "non so se e il posto giusto", "non di meno", "non se ne parla piu", "non se ne parla", "non di piu", "no less", "no more",
    "may i ask that", "can i ask that", "could i ask that", "i would ask that", "i d ask that", "i was told to ask that", "i was told to ask for", "i was told to ask", "i was asked to ask", "i was asked to", "i ve been asked to", "i have been asked to", "i m told to", "i ve been told to", "i have been told to", "i was told to", "they told me to", "they want me to", "they asked me to", "mi e stato chiesto di", "mi e stato detto di", "mi hanno chiesto di", "mi hanno detto di", "mi dicono di", "mi chiedono di", "ci hanno chiesto di", "ci chiedono di", "ci e stato chiesto di",
    "dont ask", "don t ask", "do not ask", "dont ask why", "don t ask why", "dont ask me why", "don t ask me why", "non chiedete", "non chiedetemi perche", "non chiedermi perche", "non chiedere",
    "don t care", "dont care", "do not care", "doesn t matter", "doesnt matter", "does not matter", "non importa", "non mi importa", "non m importa", "but please do it", "but do it", "please do it", "so please do it", "ma fatelo", "ma fallo", "pero fatelo",
    "or at least", "o almeno", "o perlomeno", "o meglio ancora",
    "web interface", "web ui", "admin interface", "interfaccia web", "interfaccia di amministrazione",
    "in one of the two", "on one of the two", "in uno dei due", "in una delle due",
    "non se ne discute", "e non se ne discute", "punto e basta", "si vede se", "si vede subito se", "vediamo se", "per vedere se", "to see if", "to see whether", "so we can see if", "and see if", "and see whether",
    "vi chiederei la cortesia di", "vi chiederei di", "le chiederei di", "ti chiederei di", "vi chiedo di", "le chiedo di", "ti chiedo di", "vi chiedo la cortesia di", "chiederei la cortesia di", "chiedo la cortesia di", "vi pregherei di", "la pregherei di", "vi sarei grato di", "vi sarei grata di", "bare metal",
    "could you maybe", "can you maybe", "could we maybe", "can we maybe", "maybe you could", "maybe we could", "could you perhaps", "perhaps you could", "perhaps we could", "potreste magari", "magari potreste", "potresti magari", "magari potresti", "magari si potrebbe", "si potrebbe magari",
    "for now", "per ora", "per adesso", "per il momento", "for the moment",
    "feel free to", "feel free", "go ahead and", "sentiti libero di", "sentitevi liberi di", "time to", "it s time to", "e ora di", "e il momento di",
    "tutte e due", "tutti e due", "tutte e tre", "tutti e tre", "agreed", "has agreed", "agrees", "d accordo",
    "looks like", "look like", "seems like", "seem like", "sounds like", "feels like", "looking like", "quick one", "one more thing", "one thing", "small one", "easy one", "sembra che", "pare che",
    "no more than", "not more than", "at most", "no less than", "not less than", "up to", "a maximum of", "a minimum of", "al massimo", "non piu di", "non meno di", "al minimo",
    "any longer", "anymore", "any more", "no longer needed", "no longer in use", "don t use it", "do not use it", "don t use it any more", "is obsolete", "is unused", "isn t used", "isn t needed", "is not used", "is not needed", "nobody needs it", "no one needs it", "has no use", "e inutilizzata", "e inutilizzato", "e obsoleta", "e obsoleto", "non la usiamo", "non lo usiamo", "non serve a nessuno", "non la usa piu", "non lo usa piu",
    "not used", "not needed", "have not used it", "haven t used it", "have not been using it", "nobody uses it", "no one uses it", "don t need it", "do not need it", "don t need this", "not used any more", "not needed any more", "non lo usa nessuno", "non la usa nessuno", "non lo usa piu nessuno", "non la usa piu nessuno", "non lo usiamo piu", "non la usiamo piu", "non ci serve piu", "non mi serve piu", "non ci serve", "non mi serve", "no longer needed", "no longer used", "not in use", "not needed anymore", "non serve piu", "non serve", "non usata", "non usato", "non e piu usata", "non e piu usato", "if possible", "if you can", "if you could", "if that s ok", "if that is ok", "if it is possible", "if you don t mind", "when you can", "when you have time", "when possible", "why not", "i think", "no rush", "no hurry", "not urgent", "around", "roughly", "approximately", "about", "enough", "probably", "some", "a bit", "a little", "not enough", "isn t enough", "is not enough", "doesn t have enough", "does not have enough", "as soon as possible", "once you can", "at least", "thank you", "we don t have", "don t worry", "as well", "as usual", "on the fly", "have a nice weekend", "have a good weekend", "have a great weekend", "have a nice day", "have a good day", "have a great day", "have a good one", "have a nice evening", "had a nice weekend", "had a good weekend", "enjoy your weekend", "buon weekend", "best regards", "kind regards", "warm regards", "regards", "keep running", "keep getting", "keep crashing", "keep failing", "keep having", "keep up with", "keep up", "many thanks", "thanks in advance", "thanks a lot", "a lot", "in advance", "thanks so much",
    "se possibile", "se puoi", "se potete", "se riesci", "se si puo", "quando puoi", "quando potete", "appena puoi", "appena possibile", "non c e fretta", "non e urgente", "senza fretta", "circa", "credo", "penso", "un po", "non basta", "non bastano", "non e abbastanza", "non e sufficiente", "non ce la fa", "al piu presto", "per piacere", "grazie mille", "mille grazie", "grazie in anticipo", "grazie a tutti", "buona giornata", "buona serata", "buon lavoro", "buon fine settimana", "cordiali saluti", "distinti saluti", "un saluto", "saluti", "per favore", "per cortesia", "almeno", "il prima possibile", "prima possibile", "non ha abbastanza", "abbastanza",
    "be so kind as to", "please be so kind as to", "be so kind to", "be so good as to", "would you mind", "do you mind", "if you wouldn t mind", "i would ask you to", "i d ask you to", "i must ask you to", "i have to ask you to", "may i ask you to", "can i ask you to", "could i ask you to", "might i ask you to", "i would kindly ask you to", "i kindly ask you to", "abbiate la cortesia di", "abbia la cortesia di", "siate cosi gentili da", "sii cosi gentile da", "sareste cosi gentili da", "saresti cosi gentile da", "posso chiedervi di", "posso chiederti di", "potrei chiedervi di", "potrei chiederti di", "vi dispiace", "ti dispiace", "vi dispiacerebbe", "ti dispiacerebbe",
    "if you please", "if it please you", "by any chance", "per caso", "si riuscirebbe per caso a", "si riuscirebbe a", "riuscireste per caso a", "riuscireste a", "riusciresti a", "riuscite a", "riesci a", "si riesce a", "se vi va", "se non vi dispiace", "se non ti dispiace", "se non disturbo",
    "never mind about", "never mind the", "nevermind the", "nevermind about", "don t bother about", "don t bother with", "don t worry about the", "non badate a", "non badare a", "non preoccupatevi di", "non preoccuparti di", "non preoccupatevi della", "non preoccuparti della",
    "vi prego di", "ti prego di", "la prego di", "le prego di", "prego di", "prego vivamente di", "vi preghiamo di", "la preghiamo di", "preghiamo di", "chiederei di", "chiederemmo di", "le chiederei", "vi chiederemmo di", "vorrei chiedere di", "vorrei chiedervi di", "vorrei chiederle di", "vorrei chiederti di", "i d like to ask you to", "i would like to ask you to", "i d like you to", "i would like you to", "we would like you to", "we d like you to", "i need you to", "i want you to",
    "oh no", "oh no oh no", "senza impazzire", "without going mad", "without going crazy", "without going insane",
];

/// A wish in the form of a condition: "I would be grateful if its disk could be enlarged".
#[rustfmt::skip]
pub(crate) const ASKING_IF: &[&str] = &[
    "be enough if", "enough if", "be fine if", "suffice if", "do if", "basterebbe se", "grateful if", "appreciate it if", "appreciate if", "great if", "nice if", "good if", "wonderful if", "lovely if", "awesome if", "helpful if", "glad if", "happy if", "cool if", "best if", "wondering if", "wonder if", "wondered if", "ask if", "asking if", "mind if", "see if",
    "wondering whether", "wonder whether", "wondered whether", "ask whether", "asks whether", "asking whether", "asks if", "see whether", "know if", "know whether",
    "safer if", "happier if", "easier if", "relieved if", "love it if", "like it if", "prefer it if", "better if", "nicer if", "calmer if", "pleased if", "delighted if", "thankful if", "obliged if",
    "tranquilli se", "tranquillo se", "tranquilla se", "contento se", "contenta se", "contenti se", "piacerebbe se", "comodi se", "sicuri se", "sereni se",
    "chiedermi se", "domandavo se", "domando se",
    "capire se e possibile", "capire se si puo", "capire se fosse possibile", "capire se si potesse", "capire se potete", "capire se potreste", "valutare se", "valutiate se", "vedere se e possibile", "understand whether", "understand if", "ask you if", "ask you whether", "ask everyone if",
    "let me know if i", "let me know if you", "let me know if anything", "let me know if there", "let me know if that", "let me know if this", "tell me if i", "tell me if you", "tell me if anything", "tell me if there", "ditemi se ho", "dimmi se ho", "fatemi sapere se ho", "fammi sapere se ho", "ditemi se serve", "dimmi se serve", "fatemi sapere se serve", "fammi sapere se serve", "ditemi se c", "dimmi se c", "fatemi sapere se c", "fammi sapere se c", "ditemi se manca", "dimmi se manca", "fammi sapere se manca", "fatemi sapere se manca",
    "let me know when", "let me know once", "tell me when", "tell me once", "ping me when", "ping me once", "shout when", "ditemi quando", "dimmi quando", "fatemi sapere quando", "fammi sapere quando", "avvisami quando", "avvisatemi quando", "avvisami appena", "avvisatemi appena",
    "confermatemi se", "confermami se", "correggetemi se", "correggimi se", "fermatemi se", "fermami se", "correct me if", "stop me if", "shout if", "tell me if i",
    "grato se", "grata se", "grati se", "bello se", "utile se", "comodo se", "felice se", "felici se", "meglio se", "ottimo se", "chiedevo se", "chiedo se", "chiedere se", "chiederti se", "chiedervi se", "sapere se", "vedi se", "vedere se",
];

/// "non so se bisogna dirlo a qualcuno": what the author does not know, where it is nothing of the wish.
#[rustfmt::skip]
pub(crate) const UNKNOWING: &[&str] = &[
    "non so se", "non saprei se", "don t know if", "don t know whether", "do not know if", "do not know whether", "dunno if", "dont know if", "not sure if", "not sure whether", "no idea if", "no idea whether", "idk if", "unsure if", "unsure whether", "chissa se",
];

/// Words that turn round what is said behind them. Only what cannot be taken back is read so strictly.
#[rustfmt::skip]
pub(crate) const DENYING: &[&str] = &[
    "no", "not", "never", "t", "dont", "cannot", "without", "avoid", "stop", "nothing", "nobody", "nor", "neither", "refuse", "refrain",
    "non", "mai", "senza", "evita", "evitare", "evitiamo", "niente", "nessuno", "smetti", "smettila",
];

/// Words that say when, or whether.
#[rustfmt::skip]
pub(crate) const CONDITIONAL: &[&str] = &["when", "if", "once", "after", "until", "unless", "whenever", "quando", "se", "dopo", "appena", "finche", "qualora"];

/// How a wish becomes a question.
#[rustfmt::skip]
pub(crate) const ASKING_POLITELY: &[&str] = &["can", "could", "would", "will", "please", "puoi", "potresti", "potete", "potreste", "possiamo", "puo", "riesci", "riuscite", "potrebbe", "potremmo", "riusciresti", "riuscireste", "riesce", "riusciamo", "mind", "possibile", "possible"];

/// Answers that say yes.
#[rustfmt::skip]
pub(crate) const CONFIRMATIONS: &[&str] = &[
    "yes", "y", "yep", "yeah", "sure", "ok", "okay", "correct", "right", "exactly", "confirm", "confirmed", "go ahead", "do it", "please do", "that s right", "fine", "good", "perfect", "of course", "+1",
    "si", "certo", "va bene", "esatto", "giusto", "confermo", "procedi", "perfetto", "d accordo", "corretto", "vai",
];

/// Answers that say no, or take the wish back.
#[rustfmt::skip]
pub(crate) const DENIALS: &[&str] = &[
    "no", "n", "nope", "cancel", "stop", "never mind", "nevermind", "forget it", "wrong", "abort", "don t", "do not", "leave it",
    "annulla", "lascia stare", "lascia perdere", "sbagliato", "ferma", "non importa", "niente",
];

pub(crate) fn is_ignored(fold: &str) -> bool {
    IGNORED.contains(&fold)
}
