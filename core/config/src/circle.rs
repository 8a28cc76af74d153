//! Do dependencies lead back to where they started? Each knot is told as one circle, with every step and its position.

use std::collections::{HashMap, VecDeque};

use core_model::Diagnostic;

use crate::expand::Declared;
use crate::report::Report;
use crate::resolve::Edges;

/// Reports the circles among the dependencies, one for each knot of resources that wait for one another.
pub(crate) fn report_circles(declared: &[Declared<'_>], edges: &Edges, report: &mut Report) {
    let knots = Knots::of(edges);
    for members in knots {
        let Some(start) = members.iter().copied().min_by_key(|place| &declared[*place].address) else { continue };
        let circle = shortest(start, &members, edges);
        let Some(at) = circle.first().and_then(|(from, to)| edges[*from].get(to)) else { continue };
        let mut detail = format!("`{}`", declared[start].address);
        for (from, to) in &circle {
            detail.push_str(&format!(" waits for `{}` ({}), which", declared[*to].address, edges[*from][to]));
        }
        let detail = format!("{}.", detail.trim_end_matches(", which"));
        report.push(Diagnostic::error("Dependency cycle", detail).hint("remove one of these links, references or `depends_on`").at(at));
    }
}

/// The shortest way from `start` back to itself, as pairs of dependant and dependency.
fn shortest(start: usize, members: &[usize], edges: &Edges) -> Vec<(usize, usize)> {
    let mut before = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for to in edges[from].keys().copied().filter(|to| members.binary_search(to).is_ok()) {
            if to == start {
                let mut steps = vec![(from, start)];
                let mut place = from;
                while place != start {
                    steps.push((before[&place], place));
                    place = before[&place];
                }
                steps.reverse();
                return steps;
            }
            before.entry(to).or_insert_with(|| {
                queue.push_back(to);
                from
            });
        }
    }
    Vec::new()
}

/// Tarjan's strongly connected components, without recursion: a chain of dependencies may be as long as an environment.
struct Knots<'a> {
    edges: &'a Edges,
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    met: usize,
    found: Vec<Vec<usize>>,
}

impl<'a> Knots<'a> {
    /// The groups of more than one place, and the places that wait for themselves. Each group is sorted.
    fn of(edges: &'a Edges) -> Vec<Vec<usize>> {
        let count = edges.len();
        let mut knots =
            Self { edges, order: vec![None; count], low: vec![0; count], on_stack: vec![false; count], stack: Vec::new(), met: 0, found: Vec::new() };
        for place in 0..count {
            if knots.order[place].is_none() {
                knots.visit(place);
            }
        }
        knots.found
    }

    fn visit(&mut self, root: usize) {
        let mut path = vec![(root, self.enter(root))];
        while let Some((place, targets)) = path.last_mut() {
            let place = *place;
            match targets.next() {
                Some(target) => match self.order[target] {
                    None => path.push((target, self.enter(target))),
                    Some(order) if self.on_stack[target] => self.low[place] = self.low[place].min(order),
                    Some(_) => {}
                },
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[place]);
                    }
                    self.leave(place);
                }
            }
        }
    }

    fn enter(&mut self, place: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.order[place] = Some(self.met);
        self.low[place] = self.met;
        self.met += 1;
        self.stack.push(place);
        self.on_stack[place] = true;
        self.edges[place].keys().copied()
    }

    fn leave(&mut self, place: usize) {
        if Some(self.low[place]) != self.order[place] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            members.push(member);
            if member == place {
                break;
            }
        }
        members.sort_unstable();
        if members.len() > 1 || self.edges[place].contains_key(&place) {
            self.found.push(members);
        }
    }
}
