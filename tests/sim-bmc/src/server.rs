//! Who listens on the socket? One task, which takes a datagram, does what it says, and answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::UdpSocket;

use crate::commands;
use crate::packets::{Message, Packet, plain, setup, take_apart};
use crate::sessions::{handshake, seal, unseal};
use crate::world::{Misbehaviour, Request, World};

pub(crate) fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) async fn serve(socket: UdpSocket, world: Arc<Mutex<World>>) {
    let mut buffer = vec![0; 2_048];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        let answers = receive(&mut locked(&world), &buffer[..length], from);
        for (answer, to) in answers {
            // A console that is gone does not matter.
            let _ = socket.send_to(&answer, to).await;
        }
    }
}

fn receive(world: &mut World, datagram: &[u8], from: SocketAddr) -> Vec<(Vec<u8>, SocketAddr)> {
    let mut answers = Vec::new();
    for (datagram, from) in world.incoming.pass((datagram.to_vec(), from)) {
        if world.silent {
            continue;
        }
        if let Some(answer) = answer(world, &datagram) {
            answers.extend(world.outgoing.pass((answer, from)));
        }
    }
    answers
}

fn answer(world: &mut World, datagram: &[u8]) -> Option<Vec<u8>> {
    match take_apart(datagram)? {
        Packet::Plain(bytes) => {
            let message = Message::read(bytes)?;
            let (completion, data) = commands::before_login(world, &message);
            Some(plain(&message.answer(completion, &data)))
        }
        Packet::Plus { kind: 0xc0, session, sequence, payload, covered } => {
            let message = Message::read(&unseal(&mut world.sessions, session, sequence, payload, covered)?)?;
            let reply = carried_out(world, session, &message)?;
            let sealed = seal(&mut world.sessions, session, &reply);
            if (message.function, message.command) == commands::CLOSE_SESSION {
                world.sessions.close(session);
            }
            sealed
        }
        Packet::Plus { kind, session: 0, payload, .. } => handshake(world, kind, payload).map(|(kind, payload)| setup(kind, &payload)),
        Packet::Plus { .. } => None,
    }
}

fn carried_out(world: &mut World, session: u32, message: &Message) -> Option<Vec<u8>> {
    let fault = world.fault(message.function, message.command);
    match fault {
        Some(Misbehaviour::Refuse(completion)) => return Some(message.answer(completion, &[])),
        Some(Misbehaviour::Ignore) => return None,
        _ => {}
    }
    world.requests.push(Request { function: message.function, command: message.command, data: message.data.clone() });
    let (completion, data) = commands::carry_out(world, session, message);
    match fault {
        Some(Misbehaviour::LoseReply) => None,
        Some(Misbehaviour::Garble) => Some(message.answer(0, &[])),
        _ => Some(message.answer(completion, &data)),
    }
}
