//! What does a failure mean? Status and completion codes become a kind and words that a person can act on.

use engine_api::{EngineError, ErrorKind};

use super::lan::{NoAnswer, OpenError, Suite};

/// What a completion code says: IPMI 2.0, table 5-2. Codes below 0xc0 are the command's own.
pub(super) fn completion(attempt: &str, code: u8) -> EngineError {
    let (kind, words) = match code {
        0xc0 | 0xd0 | 0xd1 | 0xd2 | 0xd3 => (ErrorKind::Busy, "it is busy"),
        // It may have done what it was asked to: it ran out of time over it, has no answer to it, or has seen it before.
        0xc3 | 0xce | 0xcf => (ErrorKind::Timeout, "it does not say how it went; whether the command took effect is not known"),
        0xc1 | 0xc2 => (ErrorKind::Rejected, "this BMC does not know the command"),
        0xc4 => (ErrorKind::Rejected, "it has no room left"),
        0xc5 => (ErrorKind::Busy, "something changed in between; the reservation was cancelled"),
        0xc6..=0xca => (ErrorKind::Rejected, "it does not take requests of this length"),
        0xcb => (ErrorKind::NotFound, "it has no such sensor, record or slot"),
        0xcc | 0xcd => (ErrorKind::Rejected, "it does not take a value in the request"),
        0xd4 => (ErrorKind::Unauthorised, "the account's privilege is too low for this, on this channel"),
        0xd5 => (ErrorKind::Conflict, "not in the state that the machine is in"),
        0xd6 => (ErrorKind::Rejected, "the command is switched off on this BMC"),
        0x80..=0xbe => (ErrorKind::Rejected, "it refuses, for a reason of this command"),
        _ => (ErrorKind::Rejected, "it refuses, and does not say why"),
    };
    EngineError::new(kind, attempt, format!("{words} (completion code 0x{code:02x})"))
}

/// Whether a code says that this BMC does not have what was asked for, now or ever.
pub(super) fn means_not_there(code: u8) -> bool {
    // Reserved commands, unknown data, and parameters that are not supported (0x80 of several reading commands).
    matches!(code, 0x80 | 0xc1 | 0xc2 | 0xc9 | 0xcb | 0xcc | 0xcd | 0xd6)
}

/// A session in which nobody answers any more.
pub(super) fn silence(attempt: &str, no_answer: &NoAnswer) -> EngineError {
    let why = match (no_answer.refused, no_answer.strange) {
        (true, _) => "nothing listens there any more; the BMC may be restarting".to_owned(),
        (false, Some(strange)) => format!("no proper answer came; of the last one: {strange}"),
        (false, None) => "the BMC fell silent".to_owned(),
    };
    EngineError::new(ErrorKind::Timeout, attempt, format!("{why}; whether the command took effect is not known"))
}

/// Why there is no session.
pub(super) fn opening(place: &str, user: &str, error: OpenError) -> EngineError {
    let attempt = format!("log in to the BMC at {place}");
    let of = |kind: ErrorKind, words: String| EngineError::new(kind, attempt.clone(), words);
    match error {
        OpenError::Socket(error) => of(ErrorKind::Unreachable, "no datagram can be sent there".to_owned()).with_source(error),
        OpenError::NoRandomness => of(ErrorKind::Busy, "the operating system gives no random numbers".to_owned()),
        OpenError::NoAnswer(NoAnswer { refused: true, .. }) => {
            of(ErrorKind::Unreachable, "the machine there has no BMC on this port. Hint: is IPMI over LAN enabled?".to_owned())
        }
        OpenError::NoAnswer(NoAnswer { strange: None, .. }) => {
            of(ErrorKind::Unreachable, "nobody answers. Hint: is the address right, is UDP let through, is IPMI over LAN enabled?".to_owned())
        }
        OpenError::NoAnswer(NoAnswer { strange: Some(why), .. }) => of(ErrorKind::Protocol, format!("what answers there is no BMC: {why}")),
        OpenError::Malformed(why) => of(ErrorKind::Protocol, format!("its answer makes no sense: {why}")),
        OpenError::OldBmc => {
            let words = "it speaks IPMI 1.5 alone, whose sessions are not encrypted. Hint: update the BMC's firmware";
            of(ErrorKind::Rejected, words.to_owned())
        }
        OpenError::NeedsBmcKey => of(
            ErrorKind::Unauthorised,
            "it has a key of its own (Kg), which sessions need beside the password. Hint: leave Kg empty on the BMC".to_owned(),
        ),
        OpenError::NoCommonSuite(offered) => of(ErrorKind::Rejected, no_common_suite(offered.as_deref())),
        OpenError::Refused { suite, status } => refused(&attempt, user, suite, status),
        OpenError::WrongCode { suite } => {
            let words = format!(
                "the password of `{user}` is not the one that the BMC has, or its key (Kg) is not ({suite}). It was tried once, so that nothing \
                 is locked. Hint: check the target's credential"
            );
            of(ErrorKind::Unauthorised, words)
        }
        OpenError::LostTrack => {
            let words = "the BMC forgot the beginning of the login before its end. Hint: packets are lost on the way, or it is overloaded";
            of(ErrorKind::Unreachable, words.to_owned())
        }
        OpenError::Silent(no_answer) => {
            let last = no_answer.strange.map_or_else(String::new, |why| format!(" (of the last packet: {why})"));
            let hint = "it may have no session left; it frees them after a minute or two";
            of(ErrorKind::Unreachable, format!("the BMC fell silent while the session was opened{last}. Hint: {hint}"))
        }
        OpenError::Privilege { completion } => {
            let words = format!(
                "`{user}` may log in, but not with the privilege that is configured (completion code 0x{completion:02x}). Hint: raise the \
                 account's privilege on the LAN channel, or lower the target's"
            );
            of(ErrorKind::Unauthorised, words)
        }
    }
}

fn no_common_suite(offered: Option<&[u8]>) -> String {
    let offered = offered.map_or_else(String::new, |ids| {
        let ids: Vec<String> = ids.iter().map(u8::to_string).collect();
        format!("; it offers {}", ids.join(", "))
    });
    format!("none of the cipher suites that may be used is offered{offered}. Hint: enable suite 17 on the BMC; suite 0 is never used")
}

/// A status of the handshake: IPMI 2.0, table 13-15.
fn refused(attempt: &str, user: &str, suite: Suite, status: u8) -> EngineError {
    let (kind, words) = match status {
        0x01 | 0x0b => {
            (ErrorKind::Busy, "it has no session left. Hint: close those of other programs; it frees idle ones after a minute or two".to_owned())
        }
        0x09 | 0x0a => (
            ErrorKind::Unauthorised,
            format!("`{user}` may not log in with the privilege that is configured. Hint: raise the account's privilege, or lower the target's"),
        ),
        0x04 | 0x05 | 0x10 | 0x11 => {
            (ErrorKind::Rejected, format!("it refuses {suite}. Hint: enable suite 17 on the BMC, or pin the one it has in the target's settings"))
        }
        0x0c | 0x0d => (
            ErrorKind::Unauthorised,
            format!("it knows no user `{user}` who may log in by LAN. Hint: is the name right, is the account enabled and not locked?"),
        ),
        _ => (ErrorKind::Rejected, "it refuses to open a session".to_owned()),
    };
    EngineError::new(kind, attempt, format!("{words} (status 0x{status:02x})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_been_done_is_not_merely_busy() {
        for (code, kind) in [
            (0xc0, ErrorKind::Busy),
            (0xc3, ErrorKind::Timeout),
            (0xce, ErrorKind::Timeout),
            (0xcf, ErrorKind::Timeout),
            (0xd4, ErrorKind::Unauthorised),
            (0x81, ErrorKind::Rejected),
        ] {
            assert_eq!(completion("reset the machine", code).kind, kind, "0x{code:02x}");
        }
    }

    #[test]
    fn a_handshake_for_which_there_is_no_room_may_work_later() {
        for (status, kind) in [
            (0x01, ErrorKind::Busy),
            (0x0b, ErrorKind::Busy),
            (0x0d, ErrorKind::Unauthorised),
            (0x09, ErrorKind::Unauthorised),
            (0x11, ErrorKind::Rejected),
        ] {
            assert_eq!(refused("log in", "ops", Suite::Seventeen, status).kind, kind, "0x{status:02x}");
        }
    }
}
