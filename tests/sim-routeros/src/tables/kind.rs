//! Which values does a field take?

/// The kind of a field's values; `values` brings each into the form in which a router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A text that is made up if it is not given: the word and the lowest free number.
    Name(String),
    /// `true` or `false`; `yes` and `no` are taken too.
    Bool,
    /// Present or absent; shown as an empty value.
    Flag,
    Number(Option<(i64, i64)>),
    Enum(Vec<String>),
    /// Words of a list in the list's order, perhaps negated as a whole.
    Set(Vec<String>),
    /// Words separated by commas, in the order given.
    List,
    Duration,
    /// A duration, or one of these words.
    DurationOr(Vec<String>),
    /// Such as `2048KiB`.
    SizeKib,
    Mac,
    Ip,
    /// An address with its prefix length: `192.168.88.1/24`.
    Prefix,
    /// A network, its host bits cleared: `10.0.0.0/24`.
    Network,
    Prefix6,
    Network6,
    /// An address or network as rules match it: `10.0.0.1`, `10.0.0.0/24`, a range, each perhaps negated.
    MatchAddress,
    MatchAddress6,
    /// An entry of an address list: an address, a network, a range or a host name.
    ListAddress,
    /// A protocol by name or number, perhaps negated.
    Protocol,
    Protocol6,
    /// `1,10-20`.
    VlanIds,
    /// The name of an entry of another menu.
    Reference(String),
    /// The same, perhaps negated.
    MatchReference(String),
    ReferenceOr(String, Vec<String>),
    /// Names of entries, separated by commas.
    References(String),
    /// What a group may do: words, those left out shown negated.
    PolicySet,
    /// What a script may do.
    PolicyList,
    /// 32 bytes in base64; made up if it is empty.
    WireguardKey,
}

impl Kind {
    /// As `tables` writes it: a word, perhaps a colon and its particulars.
    pub(crate) fn parse(text: &str) -> Option<Kind> {
        let (word, rest) = text.split_once(':').unwrap_or((text, ""));
        let words = || rest.split('|').map(str::to_owned).collect::<Vec<_>>();
        let kind = match word {
            "text" => Kind::Text,
            "name" => Kind::Name(rest.to_owned()),
            "bool" => Kind::Bool,
            "flag" => Kind::Flag,
            "number" => Kind::Number(parse_range(rest)),
            "enum" => Kind::Enum(words()),
            "set" => Kind::Set(words()),
            "list" => Kind::List,
            "duration" => Kind::Duration,
            "duration-or" => Kind::DurationOr(words()),
            "size-kib" => Kind::SizeKib,
            "mac" => Kind::Mac,
            "ip" => Kind::Ip,
            "prefix" => Kind::Prefix,
            "network" => Kind::Network,
            "prefix6" => Kind::Prefix6,
            "network6" => Kind::Network6,
            "match-address" => Kind::MatchAddress,
            "match-address6" => Kind::MatchAddress6,
            "list-address" => Kind::ListAddress,
            "protocol" => Kind::Protocol,
            "protocol6" => Kind::Protocol6,
            "vlan-ids" => Kind::VlanIds,
            "ref" => Kind::Reference(rest.to_owned()),
            "match-ref" => Kind::MatchReference(rest.to_owned()),
            "ref-or" => {
                let (menu, others) = rest.split_once('|')?;
                Kind::ReferenceOr(menu.to_owned(), others.split('|').map(str::to_owned).collect())
            }
            "refs" => Kind::References(rest.to_owned()),
            "policy-set" => Kind::PolicySet,
            "policy-list" => Kind::PolicyList,
            "wireguard-key" => Kind::WireguardKey,
            _ => return None,
        };
        Some(kind)
    }

    /// The menu whose entries a value names.
    pub(crate) fn refers_to(&self) -> Option<&str> {
        match self {
            Kind::Reference(menu) | Kind::MatchReference(menu) | Kind::ReferenceOr(menu, _) | Kind::References(menu) => Some(menu),
            _ => None,
        }
    }
}

/// `1..4094`, or no limits.
fn parse_range(text: &str) -> Option<(i64, i64)> {
    let (least, most) = text.split_once("..")?;
    Some((least.parse().ok()?, most.parse().ok()?))
}
