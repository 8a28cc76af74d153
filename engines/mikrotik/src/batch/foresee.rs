//! What will a batch do, call by call? Foreseen on a copy of the menus before anything is changed, to count it and to undo it.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind, Order};

use crate::change::{Change, Goal};
use crate::shape::{Look, Owner, Shape};
use crate::snapshot::Snapshot;
use crate::types::shape;

/// The shape of an order's type.
pub(crate) fn shape_of(order: &Order) -> Result<&'static dyn Shape, EngineError> {
    let name = &order.step.type_name;
    shape(name).ok_or_else(|| error(order, ErrorKind::Rejected, &format!("there is no type `{name}` here")))
}

/// Where the object of an order is: what is wanted, and what the record says.
pub(crate) fn places(shape: &dyn Shape, order: &Order) -> BTreeSet<String> {
    let values = [Some(&order.desired), order.applied.as_ref().map(|applied| &applied.values)];
    values.into_iter().flatten().filter_map(|values| shape.place(values)).collect()
}

/// The menus that an order needs.
pub(crate) fn menus(order: &Order) -> Result<BTreeSet<String>, EngineError> {
    let shape = shape_of(order)?;
    Ok(shape.menus(&places(shape, order)))
}

/// The calls that an order still needs.
pub(crate) fn changes(order: &Order, snapshot: &Snapshot) -> Result<Vec<Change>, EngineError> {
    let shape = shape_of(order)?;
    let places = places(shape, order);
    if let Some(why) = shape.menus(&places).iter().find_map(|menu| snapshot.unreadable.get(menu)) {
        return Err(error(order, ErrorKind::Unauthorised, why));
    }
    let owner = Owner::of(&order.marker);
    let look = Look { object: &order.step.object, places: &places, owner: &owner };
    let goal = Goal {
        action: order.step.action,
        desired: &order.desired,
        applied: order.applied.as_ref().map(|applied| &applied.values),
        changes: &order.step.changes,
        marker: &order.marker,
    };
    shape.converge(look, snapshot, &goal).map_err(|refusal| error(order, ErrorKind::Conflict, &refusal.0))
}

/// All calls of all orders, one after the other.
pub(crate) fn all(orders: &[Order], before: &Snapshot) -> Result<Vec<Change>, EngineError> {
    let mut snapshot = before.clone();
    let mut all = Vec::new();
    for order in orders.iter().filter(|order| order.step.action.mutates()) {
        let found = changes(order, &snapshot)?;
        found.iter().for_each(|change| snapshot.apply(change));
        all.extend(found);
    }
    Ok(all)
}

pub(crate) fn error(order: &Order, kind: ErrorKind, message: &str) -> EngineError {
    let step = &order.step;
    EngineError::new(kind, format!("{} the {} `{}`", step.action.word(), step.type_name, step.object), message)
}
