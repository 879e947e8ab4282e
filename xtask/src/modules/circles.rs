//! Modules that know each other in a circle can only be read together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::{Graph, Place};
use crate::finding::Finding;

/// The shortest circle through each module that is in one, each circle once.
pub fn check(graph: &Graph) -> Vec<Finding> {
    let mut told: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut findings = Vec::new();
    for module in graph.modules() {
        let Some(circle) = shortest_circle(graph, module) else { continue };
        let mut members = circle.clone();
        members.sort();
        if told.insert(members) {
            findings.push(finding(graph, &circle));
        }
    }
    findings
}

fn finding(graph: &Graph, circle: &[String]) -> Finding {
    let steps = circle.iter().zip(circle.iter().cycle().skip(1));
    let place = |(from, to): (&String, &String)| graph.knows.get(from).and_then(|known| known.get(to));
    let places: Vec<String> =
        steps.clone().filter_map(place).map(|Place { file, line }| format!("{file}:{line}")).collect();
    let around: Vec<&str> = circle.iter().chain(circle.first()).map(String::as_str).collect();
    let message = format!(
        "a circle of modules: {} ({}); move what both need to a third, or pass what one needs of the other",
        around.join(" → "),
        places.join(", ")
    );
    match steps.clone().find_map(place) {
        Some(Place { file, line }) => Finding::line(file, *line, message),
        None => Finding::file("", message),
    }
}

/// From a module over others back to it; the module first.
fn shortest_circle(graph: &Graph, begin: &str) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([begin]);
    while let Some(module) = waiting.pop_front() {
        for next in graph.knows.get(module).into_iter().flat_map(BTreeMap::keys) {
            if next == begin {
                return Some(way_back(&came_from, begin, module));
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, module);
                waiting.push_back(next);
            }
        }
    }
    None
}

fn way_back(came_from: &BTreeMap<&str, &str>, begin: &str, end: &str) -> Vec<String> {
    let mut way = vec![end.to_owned()];
    let mut at = end;
    while let Some(before) = came_from.get(at).filter(|_| at != begin) {
        way.push((*before).to_owned());
        at = before;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph_of;
    use super::*;

    #[test]
    fn a_circle_is_told_once_with_its_places() {
        let graph = graph_of(&[
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "\nuse crate::c::C;"),
            ("c.rs", "\n\nfn f() { crate::a::f() }"),
            ("d.rs", "use crate::a::A;"),
        ]);
        let said: Vec<String> = check(&graph).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("a → b → c → a (src/a.rs:1, src/b.rs:2, src/c.rs:3)"), "{said:?}");
    }

    #[test]
    fn what_points_one_way_is_no_circle() {
        assert_eq!(
            check(&graph_of(&[
                ("a.rs", "use crate::b::B; use crate::c::C;"),
                ("b.rs", "use crate::c::C;"),
                ("c.rs", "")
            ])),
            []
        );
    }
}
