//! Which fields of a container are one option each? A table.

use crate::guest::option::{Default, Form, Plain, row};

pub(super) const TABLE: &[Plain] = &[
    row("specs.name", "hostname", Form::Text, Default::Nothing),
    row("specs.memory", "memory", Form::Mebibytes, Default::Fixed("512")),
    row("specs.swap", "swap", Form::Mebibytes, Default::Fixed("512")),
    row("specs.dns.servers", "nameserver", Form::Spaced, Default::Nothing),
    row("specs.dns.domain", "searchdomain", Form::Text, Default::Nothing),
    row("specs.timezone", "timezone", Form::Text, Default::Nothing),
    row("specs.console.device", "console", Form::Flag, Default::Builtin("1")),
    row("specs.console.terminals", "tty", Form::Number, Default::Builtin("2")),
    row("specs.console.mode", "cmode", Form::Text, Default::Builtin("tty")),
    row("specs.onboot", "onboot", Form::Flag, Default::Builtin("0")),
    row("specs.protection", "protection", Form::Flag, Default::Builtin("0")),
];
