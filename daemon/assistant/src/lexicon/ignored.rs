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
    "x", "um", "uhm", "hmm", "ehm", "beh", "mah", "boh", "yo", "omg", "oops", "ops", "eh", "uh", "oh", "ah", "hiya", "heya", "ciao", "allora", "insomma", "comunque", "magari", "gentilissimi", "supervisor", "intern", "stagista", "tutor",
    "hence", "thus", "therefore", "consequently", "accordingly", "pertanto", "dunque", "perciò",
    "disponga", "disporre", "disponiamo", "domanda", "domandiamo", "domandasi", "chiedesi", "richiedesi", "sollecita", "sollecitiamo", "hereby",
    // Italian
    "definitiva", "definitivo", "definitive", "definitivi", "andrebbe", "andrebbero", "servirebbe", "servirebbero", "converrebbe", "occorre", "occorrerebbe", "bisogna", "bisognerebbe", "toccherebbe", "devono", "dovrebbe", "dovrebbero", "dovra", "dovranno", "direi", "diciamo", "facciamo", "il", "lo", "la", "i", "gli", "le", "l", "un", "uno", "una", "di", "a", "da", "in", "con", "su", "per", "tra", "fra", "del", "dello", "della", "dei", "degli", "delle", "dell", "al", "allo", "alla", "ai", "agli", "alle", "all", "dal", "dallo", "dalla", "dai", "dagli", "dalle", "dall", "nel", "nello", "nella", "nei", "negli", "nelle", "nell", "sul", "sullo", "sulla", "sui", "sugli", "sulle", "sull", "col", "e", "ed", "anche", "che", "chi", "cui", "quello", "quella", "questo", "questa", "questi", "queste", "quel", "quei", "ci", "si", "vi", "ne", "mi", "ti", "gli", "me", "te", "noi", "voi", "loro", "io", "tu", "lei", "lui", "mio", "mia", "nostro", "nostra", "nostri", "nostre", "vostro", "suo", "sua", "e'", "sono", "sei", "siamo", "essere", "sia", "ha", "ho", "hai", "hanno", "abbiamo", "avere", "avra", "per favore", "favore", "perfavore", "grazie", "ciao", "salve", "buongiorno", "buonasera", "gentilmente", "cortesemente", "cortesia", "puoi", "potresti", "potete", "potreste", "posso", "possiamo", "possibile", "puo", "vuoi", "bisogna", "bisogno", "dobbiamo", "devo", "deve", "devi", "fare", "fai", "fatto", "ora", "adesso", "subito", "oggi", "presto", "nuovo", "nuova", "nuovi", "nuove", "totale", "ciascuno", "ciascuna", "ognuno", "ognuna", "ogni", "entrambi", "entrambe", "altro", "altra", "altri", "altre", "piu", "meno", "attuale", "esistente", "cosi", "come", "cosa", "quando", "dove", "poiche", "siccome", "dato", "essendo", "perche", "troppo", "poco", "poca", "lento", "lenta", "piccola", "piccolo", "grande", "dimensione", "quantita", "valore", "limite", "pari", "uguale", "chiamata", "chiamato", "nome", "richiesta", "modifica", "impostazioni", "impostazione", "configurazione", "risorsa", "risorse", "basta", "va", "bene", "tutto", "tutta", "tutti", "tutte", "solo", "soltanto", "almeno", "gia", "ancora", "tempo", "cluster", "progetto", "collega", "colleghi", "clienti", "utenti", "traffico", "carico", "sito", "servizio", "servizi", "base", "vecchia", "vecchio", "attualmente", "finire", "sotto", "sopra", "dentro", "tipo", "modo", "lavoro", "nostra", "ragazzi", "squadra", "pure", "piacere", "tranquillamente", "interno", "interna",
];

/// Politeness that would read as a condition or a doubt by its words.
#[rustfmt::skip]
pub(crate) const POLITE: &[&str] = &[
    "or else", "or something", "o qualcosa del genere", "even if", "even when", "even though", "anche se", "anche quando", "not sure this is the right place", "not sure if this is the right place", "not sure where to ask", "non so se e il posto giusto", "non di meno", "non se ne parla piu", "non se ne parla", "non di piu", "no less", "no more",
    "may i ask that", "can i ask that", "could i ask that", "i would ask that", "i d ask that", "i was told to ask that", "i was told to ask for", "i was told to ask", "i was asked to ask", "i was asked to", "i ve been asked to", "i have been asked to", "i m told to", "i ve been told to", "i have been told to", "i was told to", "they told me to", "they want me to", "they asked me to", "mi e stato chiesto di", "mi e stato detto di", "mi hanno chiesto di", "mi hanno detto di", "mi dicono di", "mi chiedono di", "ci hanno chiesto di", "ci chiedono di", "ci e stato chiesto di",
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

/// Such words as politeness has them: now, without haste.
#[rustfmt::skip]
const TIMELY: &[&str] = &[
    "when it suits", "whenever it suits", "when it suits you", "when it suits ye", "whenever suits", "when ready", "whenever",
    "when you can", "when you have time", "when possible", "if possible", "if you can", "if you could", "if that s ok", "if that is ok",
    "if it is possible", "if you don t mind", "once you can", "quando puoi", "quando potete", "appena puoi", "appena possibile", "se possibile",
    "se puoi", "se potete", "se riesci", "se si puo", "se riuscite", "se riusciste", "se potreste", "se ce la fate", "se vi va", "se hai tempo", "se avete tempo",
    "se non e un problema", "quando hai tempo", "quando avete tempo", "quando riesci", "quando riuscite", "if you have time", "if there is time", "if it s ok",
    "if it s okay", "if that works", "if that s alright", "if that s fine", "if that s okay", "if it s alright", "if it s fine", "if it s no trouble", "if it s no bother",
    "if that s no trouble", "if it isn t too much trouble", "if it isn t too much hassle", "if it isn t too much to ask", "if it is not too much trouble",
    "if it s not too much hassle", "if it s not too much to ask", "if it s not a problem", "if it is not a problem", "if it isn t a problem", "if it s not a bother",
    "if you wouldn t mind", "if you would", "if you re able", "if you are able", "if feasible", "if you would be so kind", "if that would be ok", "if that would be possible", "if not", "se foste cosi gentili", "se fosse possibile", "se ne", "if it s feasible", "if it is feasible", "if at all possible",
    "if it s possible", "if that s possible", "if you have a moment", "if you have a minute", "if you have a second", "if you get a minute", "if you re not busy",
    "when you have a minute", "when you have a second", "when you get a minute", "when you get a moment", "when you find time", "when you find the time",
    "whenever you can", "whenever you have time", "whenever possible", "whenever you get a chance", "whenever you have a moment", "whenever it suits you",
    "whenever convenient", "when convenient", "when it suits you", "once you have time", "once you get a chance", "as soon as you can",
    "what would it take to", "what s the chance of", "what are the chances of", "what are the odds of", "any chance of", "mi dite se si puo", "mi dite se", "mi sapete dire se", "sapete se", "if you please", "if you like", "if so", "se si", "in caso affermativo", "if i may", "if i might", "if you will", "se posso", "only if that fits", "only if it fits", "if that fits", "if it fits", "if there is room", "if there s room", "reverse proxy", "reverse proxies", "reverse dns", "reverse lookup", "e stato bello", "e stata bella", "only if it s no trouble", "only if it is no trouble", "only if you have time", "only if possible", "only if that s ok", "only if that s okay", "only if it s ok", "only if it s okay", "solo se hai tempo", "solo se avete tempo", "solo se non disturbo", "solo se possibile", "solo se non e un problema", "if i read the plan right", "if i read it right", "if i m not mistaken", "if i am not mistaken", "if i m right", "if i remember correctly", "if i remember right", "if i recall correctly", "if i understand correctly", "if i understood correctly", "if i understand it right", "if i see it right", "if i see it correctly", "if i got it right", "if i m not wrong", "unless i m mistaken", "unless i am mistaken", "unless i m wrong", "se non sbaglio", "se non erro", "se ho capito bene", "se ricordo bene", "se non ricordo male", "se ho letto bene", "se non vado errato", "if you ask me", "if any", "if need be", "if memory serves", "sorry if", "apologies if", "forgive me if", "scusate se", "scusa se", "scusami se", "scusatemi se", "perdonate se", "perdonami se", "perdona se", "mi scuso se", "quando avete un minutino", "quando hai un minutino", "quando avete un attimino", "quando hai un attimino", "quando avete un secondo", "quando hai un secondo", "quando avete un secondino", "quando avete un minuto", "quando avete cinque minuti", "quando hai cinque minuti", "se avete un minuto", "se avete un minutino", "se hai un minutino", "se avete un attimino", "se hai un attimino", "quando vi capita", "quando ti capita", "quando capita", "when you get a sec", "when you have a sec", "when you get a second", "when you ve got a sec", "when you ve got a minute", "when you ve got a moment", "when you ve got time", "when you get time", "when you get the time", "when you get round to it", "when you get around to it", "if you ve got time", "if you ve got a minute", "if you ve got a sec", "if you have a sec", "if you have a second", "if you get a sec", "whenever you get a minute", "whenever you get a sec", "whenever you re free", "when you re free",
    "se fosse possibile", "se e possibile", "se non ti dispiace", "se non vi dispiace", "se non chiedo troppo", "se non e troppo disturbo", "se non disturbo",
    "se non e di troppo disturbo", "se non e troppo", "se hai un attimo", "se avete un attimo", "se hai un momento", "se avete un momento", "se hai un minuto",
    "se riuscissi", "se potessi", "se poteste", "se c e modo", "se non e un disturbo", "se va bene", "se ti va bene", "se per te va bene", "se per voi va bene",
    "quando hai un attimo", "quando avete un attimo", "quando hai un momento", "quando avete un momento", "quando hai un minuto", "quando ti e comodo",
    "quando vi e comodo", "quando ti va", "quando vi va", "appena riesci", "appena riuscite", "appena hai tempo", "appena avete tempo", "appena hai un attimo", "if it s not too much trouble", "if you get a chance", "when you get a chance", "when you have a moment", "when you get to it",
];

/// What somebody may have to spare: "whenever you lads have a minute", "quando vi avanza un momento".
#[rustfmt::skip]
const SPARE: &[&str] = &[
    "minute", "minutes", "min", "mins", "sec", "second", "seconds", "moment", "chance", "time", "mo", "tick", "break", "bit", "slot", "free", "opportunity", "cycles", "bandwidth",
    "attimo", "attimino", "minuto", "minutino", "minuti", "momento", "momentino", "tempo", "modo", "liberi", "libero", "libera", "comodo", "comodi", "secondo", "secondino", "occasione",
];

/// What such a condition says of somebody: "if you'd be so kind".
const KIND: &[&str] = &["kind", "obliging", "good", "gentile", "gentili", "cortese", "cortesi"];

/// What it says of the wish: "if that's ok", "se per voi va bene".
const WELCOME: &[&str] = &["ok", "okay", "alright", "fine", "possible", "feasible", "doable", "convenient", "bene", "possibile", "fattibile"];

/// What the wish shall not be: "if that's not a bother", "se non è un problema".
#[rustfmt::skip]
const UNWELCOME: &[&str] = &[
    "troublesome", "lavoro", "bother", "trouble", "hassle", "problem", "imposition", "inconvenience", "problema", "problemi", "disturbo", "disturba", "dispiace", "scoccia", "secca",
];

/// What it shall not bring about: "se non rompe niente". Of what cannot be taken back that is a condition.
#[rustfmt::skip]
pub(crate) const EFFECTS: &[&str] = &[
    "expensive", "difficult", "hard", "complicated", "inconvenient", "late", "costly", "costoso", "costosa", "difficile", "complicato", "complicata", "caro", "cara", "tardi", "break", "breaks", "hurt", "hurts", "rompe", "rompiamo", "rompo", "crea", "comporta", "costa",
];

/// What people say of their own understanding.
#[rustfmt::skip]
const UNDERSTOOD: &[&str] = &[
    "understand", "understood", "remember", "recall", "gather", "gathered", "mistaken", "wrong", "right", "correctly", "misread", "miscounted", "counted", "heard", "got",
    "capito", "ricordo", "sbaglio", "erro", "letto", "visto", "sentito", "sbagliato", "contato", "calcolato", "male", "interpretato", "inteso",
];

const SOMEBODY: &[&str] = &[
    "you", "ye", "youse", "somebody", "someone", "anyone", "anybody", "u", "hai", "avete", "vi", "ti", "trovi", "trovate", "c", "qualcuno", "voi",
    "te", "foste", "fossi",
];

/// The wish itself, as such a condition speaks of it.
const SOMETHING: &[&str] = &["that", "it", "this", "there", "not", "not's", "non", "e", "fosse", "questo", "cio"];

/// How many words such politeness has, that begins at a place.
pub(crate) fn timely(words: &crate::token::Words<'_>, place: usize) -> Option<usize> {
    let begins = matches!(words.word(place), "when" | "whenever" | "once" | "if" | "quando" | "appena" | "se");
    let speaks_of = |known: &[&str]| (place + 1..place + 4).any(|next| known.contains(&words.word(next)));
    let is_plain = |end: usize| (place..=end).all(|between| words.tokens.get(between).is_some_and(|token| !token.is_punctuation()));
    let ends_with = |known: &[&str]| {
        let last = |next: &usize| known.contains(&words.word(*next)) && is_plain(*next);
        (place + 2..place + 8).find(last).map(|last| last + 1 - place)
    };
    // "if it breaks nothing".
    let is_nothing = |length: &usize| matches!(words.word(place + length), "niente" | "nulla" | "nothing" | "anything");
    let closes = |length: &usize| {
        let length = &(length + usize::from(is_nothing(length)));
        let behind = words.word(place + length);
        let has_colon = words.tokens.get(place + length - 1).is_some_and(|last| words.text.get(last.end..).is_some_and(|rest| rest.starts_with(':')));
        has_colon
            || words.tokens.get(place + length).is_none_or(crate::token::Token::is_punctuation)
            || matches!(behind, "for" | "with" | "by" | "per" | "a" | "con") && SOMEBODY.contains(&words.word(place + length + 1))
    };
    // "if it's ok with cache" waits for something, "if it's ok" does not.
    let is_whole = |phrase: &&&str, length: usize| {
        !phrase.split(' ').next_back().is_some_and(|last| last != "bene" && WELCOME.contains(&last)) || closes(&length)
    };
    let listed = TIMELY.iter().filter_map(|phrase| super::length_of(phrase, words, place).filter(|length| is_whole(&phrase, *length))).max();
    let is_denied = |length: &usize| {
        (place..place + length).any(|between| matches!(words.word(between), "not" | "no" | "t" | "non" | "nessun" | "nessuna" | "isn"))
    };
    // "se ho capito bene", "if I got the numbers right": of one's own understanding.
    let is_own = matches!(words.word(place), "if" | "se" | "unless")
        && (place + 1..place + 3).any(|next| matches!(words.word(next), "i" | "we" | "ho" | "abbiamo" | "m" | "my" | "sbaglio" | "ricordo" | "erro"));
    let found = if !begins {
        None
    } else if let Some(length) = ends_with(UNDERSTOOD).filter(|_| is_own) {
        let rest = (place + length..)
            .take_while(|next| matches!(words.word(*next), "bene" | "correctly" | "right" | "it" | "male" | "i" | "il" | "conti" | "conto" | "well"))
            .count();
        // "if we are right about the leak" waits.
        let is_open = matches!(words.word(place + length - 1), "right" | "wrong" | "got" | "heard" | "male");
        Some(length + rest).filter(|length| !is_open || closes(length))
    } else if speaks_of(SOMEBODY) {
        ends_with(SPARE)
            .or_else(|| ends_with(KIND).filter(closes))
            .or_else(|| ends_with(WELCOME).filter(|length| closes(length) && *length <= 5 && !is_denied(length)))
    } else if speaks_of(SOMETHING) {
        let is_welcome = || ends_with(WELCOME).filter(|length| closes(length) && !is_denied(length));
        is_welcome()
            .or_else(|| ends_with(UNWELCOME).filter(|length| closes(length) && is_denied(length)))
            .or_else(|| ends_with(EFFECTS).filter(|length| closes(length) && (is_denied(length) || is_nothing(length))))
    } else {
        None
    };
    listed.max(found)
}

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
