//! How is a request answered?

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::route::{Shown, route};
use crate::calls::Via;
use crate::commands::{Answer, Caller, Request, Row, carry_out, execute};
use crate::fault::Fault;
use crate::trap::Trap;
use crate::world::World;

/// A request as it came.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) method: String,
    /// What follows `/rest`, decoded.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// The value of `Authorization`.
    pub(super) authorization: String,
    pub(super) body: Vec<u8>,
}

/// An answer, and the fault that it meets on its way.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
    pub(super) fault: Option<Fault>,
}

/// A status of 400 or more, with a detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    detail: String,
}

impl Refusal {
    pub(super) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    fn of(trap: &Trap) -> Self {
        let status = if *trap == Trap::no_such_item() { 404 } else { 400 };
        Self::new(status, &trap.message)
    }

    fn body(&self) -> Value {
        let message = match self.status {
            401 => "Unauthorized",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Bad Request",
        };
        if self.detail.is_empty() {
            return json!({"error": self.status, "message": message});
        }
        json!({"error": self.status, "message": message, "detail": self.detail})
    }
}

pub(super) fn exchange(world: &mut World, connection: u64, incoming: &Incoming) -> Outgoing {
    let mut fault = None;
    match answer(world, connection, incoming, &mut fault) {
        Ok((status, body)) => Outgoing { status, body, fault },
        Err(refusal) => Outgoing { status: refusal.status, body: Some(refusal.body()), fault },
    }
}

fn answer(world: &mut World, connection: u64, incoming: &Incoming, fault: &mut Option<Fault>) -> Result<(u16, Option<Value>), Refusal> {
    let caller = log_in(world, connection, &incoming.authorization).ok_or_else(|| Refusal::new(401, ""))?;
    let body: Value = match &incoming.body[..] {
        [] => Value::Null,
        bytes => serde_json::from_slice(bytes).map_err(|_| Refusal::new(400, "malformed JSON"))?,
    };
    let tree = world.tree.clone();
    let route = route(&tree.root, &incoming.method, &incoming.path, &incoming.query, &body)?;
    *fault = world.faults.take(&route.request.path());
    let answer = match fault {
        Some(Fault::TrapBefore(message)) => return Err(Refusal::new(400, message.as_str())),
        Some(fault) if fault.is_before_effect() => return Ok((200, None)),
        _ => execute(world, &caller, &route.request).map_err(|trap| Refusal::of(&trap))?,
    };
    if *fault == Some(Fault::PowerCutAfterEffect) {
        world.reboot();
    }
    if let Some(Fault::TrapAfterEffect(message)) = fault {
        return Err(Refusal::new(400, message.as_str()));
    }
    show(world, &caller, &route.request, route.shown, answer)
}

fn log_in(world: &mut World, connection: u64, authorization: &str) -> Option<Caller> {
    let decoded = STANDARD.decode(authorization.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, password) = text.split_once(':')?;
    world.log_in(name, password, Via::Rest, connection)
}

fn show(world: &mut World, caller: &Caller, request: &Request, shown: Shown, answer: Answer) -> Result<(u16, Option<Value>), Refusal> {
    let rows = |rows: Vec<Row>| Value::Array(rows.into_iter().map(object).collect());
    let one = |rows: Vec<Row>| rows.into_iter().next().map(object).ok_or_else(|| Refusal::of(&Trap::no_such_item()));
    match shown {
        Shown::Rows => Ok((200, Some(rows(answer.rows)))),
        Shown::OneRow => Ok((200, Some(one(answer.rows)?))),
        Shown::Nothing => Ok((204, None)),
        Shown::Output => match answer.ret {
            Some(ret) => Ok((200, Some(json!({"ret": ret})))),
            None => Ok((200, Some(rows(answer.rows)))),
        },
        Shown::Made | Shown::Changed => {
            let id = answer.ret.or_else(|| request.argument(".id").map(str::to_owned)).unwrap_or_default();
            let print =
                Request { menu: request.menu.clone(), command: "print".to_owned(), arguments: vec![(".id".to_owned(), id)], ..Request::default() };
            let printed = carry_out(world, caller, &print).map_err(|trap| Refusal::of(&trap))?;
            let status = if shown == Shown::Made { 201 } else { 200 };
            Ok((status, Some(one(printed.rows)?)))
        }
    }
}

fn object(row: Row) -> Value {
    Value::Object(row.into_iter().map(|(name, value)| (name, Value::String(value))).collect::<Map<_, _>>())
}
