//! Who is logged in? The handshake, and the messages of sessions.

use std::collections::{BTreeMap, BTreeSet};

use crate::cryptography::{SUITES, Suite, decrypt, encrypt, random};
use crate::machine::User;
use crate::world::World;

#[derive(Default)]
pub(crate) struct Sessions {
    by_id: BTreeMap<u32, Session>,
    next_id: u32,
    /// The most that were open at once.
    pub(crate) most: usize,
    pub(crate) opened: usize,
    /// The suites of all sessions that were opened.
    pub(crate) suites: Vec<u8>,
}

struct Session {
    suite: Suite,
    console_id: u32,
    console_random: [u8; 16],
    bmc_random: [u8; 16],
    role: u8,
    user: Option<User>,
    /// `None` until the handshake is over.
    keys: Option<Keys>,
    privilege: u8,
    sequence: u32,
    newest: u32,
    seen: BTreeSet<u32>,
}

struct Keys {
    integrity: Vec<u8>,
    confidentiality: [u8; 16],
}

impl Sessions {
    pub(crate) fn open(&self) -> usize {
        self.by_id.values().filter(|session| session.keys.is_some()).count()
    }

    pub(crate) fn forget(&mut self) {
        self.by_id.clear();
    }

    pub(crate) fn close(&mut self, id: u32) -> bool {
        self.by_id.remove(&id).is_some()
    }

    pub(crate) fn set_privilege(&mut self, id: u32, privilege: u8) -> Option<u8> {
        let session = self.by_id.get_mut(&id)?;
        let max = session.user.as_ref().map_or(0, |user| user.privilege).min(session.role & 0x0f);
        if privilege > max {
            return None;
        }
        if privilege > 0 {
            session.privilege = privilege;
        }
        Some(session.privilege)
    }

    pub(crate) fn privilege(&self, id: u32) -> u8 {
        self.by_id.get(&id).map_or(0, |session| session.privilege)
    }
}

/// The answer to a message of the handshake: its kind and its bytes.
pub(crate) fn handshake(world: &mut World, kind: u8, payload: &[u8]) -> Option<(u8, Vec<u8>)> {
    match kind {
        0x10 => open_session(world, payload).map(|answer| (0x11, answer)),
        0x12 => challenge(world, payload).map(|answer| (0x13, answer)),
        0x14 => confirm(world, payload).map(|answer| (0x15, answer)),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn open_session(world: &mut World, payload: &[u8]) -> Option<Vec<u8>> {
    let (tag, console_id) = (*payload.first()?, number(payload, 4)?);
    let algorithms = [*payload.get(12)?, *payload.get(20)?, *payload.get(28)?];
    let refuse = |status: u8| Some([&[tag, status, 0, 0][..], &console_id.to_le_bytes()].concat());
    let Some(suite) = SUITES.into_iter().find(|suite| suite.algorithms == algorithms && world.kit.suites.contains(&suite.id)) else {
        return refuse(0x11);
    };
    if world.sessions.open() >= world.kit.sessions_max {
        return refuse(0x01);
    }
    world.sessions.next_id += 1;
    let id = world.sessions.next_id;
    let session = Session {
        suite,
        console_id,
        console_random: [0; 16],
        bmc_random: [0; 16],
        role: 0,
        user: None,
        keys: None,
        privilege: 2,
        sequence: 0,
        newest: 0,
        seen: BTreeSet::new(),
    };
    world.sessions.by_id.insert(id, session);
    let mut answer = vec![tag, 0, 4, 0];
    answer.extend(console_id.to_le_bytes());
    answer.extend(id.to_le_bytes());
    for (kind, algorithm) in (0_u8..).zip(algorithms) {
        answer.extend([kind, 0, 0, 8, algorithm, 0, 0, 0]);
    }
    Some(answer)
}

/// RAKP 1 and 2. A repeated question gets a new challenge: that is hard on consoles, and some BMCs do it.
fn challenge(world: &mut World, payload: &[u8]) -> Option<Vec<u8>> {
    let (tag, id) = (*payload.first()?, number(payload, 4)?);
    let console_random: [u8; 16] = payload.get(8..24)?.try_into().ok()?;
    let (role, length) = (*payload.get(24)?, usize::from(*payload.get(27)?));
    let name = String::from_utf8(payload.get(28..28 + length)?.to_vec()).ok()?;
    let guid = world.machine.guid;
    let users = &world.machine.users;
    let user = users.iter().find(|user| user.name == name && user.enabled && user.may_send && !name.is_empty()).cloned();
    let Some(session) = world.sessions.by_id.get_mut(&id) else {
        return Some(vec![tag, 0x02, 0, 0, 0, 0, 0, 0]);
    };
    let refuse = |status: u8| Some([&[tag, status, 0, 0][..], &session.console_id.to_le_bytes()].concat());
    let Some(user) = user else { return refuse(0x0d) };
    if role & 0x0f > user.privilege {
        return refuse(0x09);
    }
    let bmc_random = random();
    let mut answer = [&[tag, 0, 0, 0][..], &session.console_id.to_le_bytes(), &bmc_random, &guid].concat();
    let names = [&[role, length as u8], name.as_bytes()].concat();
    let covered = [&session.console_id.to_le_bytes()[..], &id.to_le_bytes(), &console_random, &bmc_random, &guid, &names].concat();
    answer.extend(session.suite.hmac(user.password.as_bytes(), &covered));
    (session.console_random, session.bmc_random, session.role, session.user) = (console_random, bmc_random, role, Some(user));
    Some(answer)
}

/// RAKP 3 and 4.
fn confirm(world: &mut World, payload: &[u8]) -> Option<Vec<u8>> {
    let (tag, id) = (*payload.first()?, number(payload, 4)?);
    let bmc_key = world.kit.bmc_key.clone();
    let guid = world.machine.guid;
    let Some(session) = world.sessions.by_id.get_mut(&id) else {
        return Some(vec![tag, 0x02, 0, 0, 0, 0, 0, 0]);
    };
    let beginning = |status: u8, session: &Session| [&[tag, status, 0, 0][..], &session.console_id.to_le_bytes()].concat();
    let user = session.user.clone()?;
    let names = [&[session.role, user.name.len() as u8], user.name.as_bytes()].concat();
    let covered = [&session.bmc_random[..], &session.console_id.to_le_bytes(), &names].concat();
    let expected = session.suite.hmac(user.password.as_bytes(), &covered);
    if payload.get(8..8 + expected.len()) != Some(&expected[..]) {
        let answer = beginning(0x0f, session);
        world.sessions.by_id.remove(&id);
        return Some(answer);
    }
    let suite = session.suite;
    let key = bmc_key.unwrap_or(user.password);
    let session_key = suite.hmac(key.as_bytes(), &[&session.console_random[..], &session.bmc_random, &names].concat());
    let mut confidentiality = [0; 16];
    confidentiality.copy_from_slice(&suite.hmac(&session_key, &[2; 20])[..16]);
    let is_new = session.keys.is_none();
    session.keys = Some(Keys { integrity: suite.hmac(&session_key, &[1; 20]), confidentiality });
    let code = suite.hmac(&session_key, &[&session.console_random[..], &id.to_le_bytes(), &guid].concat());
    let answer = [beginning(0, session), code[..suite.short_code_length()].to_vec()].concat();
    if is_new {
        world.sessions.opened += 1;
        world.sessions.suites.push(suite.id);
        world.sessions.most = world.sessions.most.max(world.sessions.open());
    }
    Some(answer)
}

/// The message in a protected packet, if its code is right and its number was not seen before.
pub(crate) fn unseal(sessions: &mut Sessions, id: u32, sequence: u32, payload: &[u8], covered: &[u8]) -> Option<Vec<u8>> {
    let session = sessions.by_id.get_mut(&id)?;
    let keys = session.keys.as_ref()?;
    let length = session.suite.short_code_length();
    let (protected, code) = covered.split_at(covered.len().checked_sub(length)?);
    if session.suite.hmac(&keys.integrity, protected)[..length] != *code {
        return None;
    }
    // A window of sixteen, as the standard asks for.
    if sequence == 0 || sequence + 16 <= session.newest || !session.seen.insert(sequence) {
        return None;
    }
    session.newest = session.newest.max(sequence);
    let vector: [u8; 16] = payload.get(..16)?.try_into().ok()?;
    decrypt(&keys.confidentiality, &vector, &payload[16..])
}

/// A message of the session as a datagram.
pub(crate) fn seal(sessions: &mut Sessions, id: u32, message: &[u8]) -> Option<Vec<u8>> {
    let session = sessions.by_id.get_mut(&id)?;
    let keys = session.keys.as_ref()?;
    session.sequence += 1;
    let vector = random();
    let encrypted = encrypt(&keys.confidentiality, &vector, message);
    let mut bytes = vec![6, 0xc0];
    bytes.extend(session.console_id.to_le_bytes());
    bytes.extend(session.sequence.to_le_bytes());
    bytes.extend(((16 + encrypted.len()) as u16).to_le_bytes());
    bytes.extend(vector);
    bytes.extend(encrypted);
    let mut pad = 0;
    while (bytes.len() + 2) % 4 != 0 {
        bytes.push(0xff);
        pad += 1;
    }
    bytes.extend([pad, 7]);
    let code = session.suite.hmac(&keys.integrity, &bytes);
    bytes.extend(&code[..session.suite.short_code_length()]);
    Some([&[6, 0, 0xff, 7], &bytes[..]].concat())
}
