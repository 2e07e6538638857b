//! A conversation that branches (edited questions, answers made again): what are its turns?
//!
//! Messages name their parents. Every answer is a turn, with the question above it and with what led to it (calls of
//! tools, words before them) as steps; a question nobody answered is a turn without an output. Each message is visited
//! a bounded number of times, whatever the shape: parents that are missing or run in a circle cut the branch there.

use std::collections::HashMap;

use super::{
    messages::{Message, Speaker},
    turns::{Allowance, Exchange},
};
use crate::row::Reason;

pub(super) struct Node {
    pub id: String,
    pub parent: Option<String>,
    /// None where the node only holds the tree together.
    pub message: Option<Message>,
}

pub(super) struct Tree {
    nodes: Vec<Node>,
    by_id: HashMap<String, usize>,
    parents: Vec<Option<usize>>,
    /// Parents before their children, children in the order of the file.
    order: Vec<usize>,
}

/// A turn to be.
pub(super) struct PathTurn {
    /// Questions on the way from the root, this one's included.
    pub position: i64,
    /// The node of the question; answers with the same one are alternatives.
    pub question: Option<usize>,
    pub question_id: Option<String>,
    pub exchange: Exchange,
}

impl Tree {
    pub fn new(nodes: Vec<Node>) -> Self {
        let by_id: HashMap<String, usize> =
            nodes.iter().enumerate().map(|(place, node)| (node.id.clone(), place)).collect();
        let mut parents: Vec<Option<usize>> = nodes
            .iter()
            .enumerate()
            .map(|(place, node)| by_id.get(node.parent.as_ref()?).copied().filter(|parent| *parent != place))
            .collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for (place, parent) in parents.iter().enumerate() {
            if let Some(parent) = parent {
                children[*parent].push(place);
            }
        }
        let mut order = Vec::with_capacity(nodes.len());
        let mut seen = vec![false; nodes.len()];
        let roots = (0..nodes.len()).filter(|place| parents[*place].is_none()).collect::<Vec<_>>();
        // What no root leads to runs in a circle, which is cut where the file names it first.
        for start in roots.into_iter().chain(0..nodes.len()) {
            if seen[start] {
                continue;
            }
            parents[start] = None;
            let mut stack = vec![start];
            while let Some(place) = stack.pop() {
                if std::mem::replace(&mut seen[place], true) {
                    continue;
                }
                order.push(place);
                stack.extend(children[place].iter().rev().filter(|child| !seen[**child]));
            }
        }
        Self { nodes, by_id, parents, order }
    }

    /// Marks the nodes from `id` up to the root.
    pub fn mark_path(&self, id: &str, marks: &mut [bool]) {
        let mut place = self.by_id.get(id).copied();
        while let Some(here) = place {
            if std::mem::replace(&mut marks[here], true) {
                return;
            }
            place = self.parents[here];
        }
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn place(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Where each node stands, for marks that outlive the tree.
    pub fn places(&self) -> HashMap<String, usize> {
        self.by_id.clone()
    }

    /// Every system message, in order, one under the other.
    pub fn system(&self) -> Option<String> {
        let texts: Vec<&str> = self
            .order
            .iter()
            .filter_map(|place| self.nodes[*place].message.as_ref())
            .filter(|message| message.speaker == Speaker::System)
            .filter_map(|message| message.text.as_deref())
            .filter(|text| !text.trim().is_empty())
            .collect();
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    }

    fn speaker(&self, place: usize) -> Option<Speaker> {
        self.nodes[place].message.as_ref().map(|message| message.speaker)
    }

    fn answers(&self, place: usize) -> bool {
        let message = self.nodes[place].message.as_ref();
        message.is_some_and(|message| message.speaker == Speaker::Assistant && message.text.is_some())
    }

    /// The turns, in the order of the tree.
    pub fn exchanges(mut self) -> Result<Vec<PathTurn>, Reason> {
        let count = self.nodes.len();
        let (mut question, mut position) = (vec![None; count], vec![0_i64; count]);
        for place in &self.order {
            let (above, passed) = self.parents[*place].map_or((None, 0), |parent| (question[parent], position[parent]));
            let asks = self.speaker(*place) == Some(Speaker::User);
            question[*place] = if asks { Some(*place) } else { above };
            position[*place] = passed + i64::from(asks);
        }
        // An answer that goes on (with tools, with another answer) before the next question is a step of that one.
        let mut goes_on = vec![false; count];
        for place in self.order.iter().rev() {
            if self.speaker(*place) != Some(Speaker::User)
                && (goes_on[*place] || self.answers(*place))
                && let Some(parent) = self.parents[*place]
            {
                goes_on[parent] = true;
            }
        }
        let ids: Vec<String> = self.nodes.iter().map(|node| node.id.clone()).collect();
        let id_of = |place: Option<usize>| place.map(|place| ids[place].clone());
        let mut allowance = Allowance::default();
        let mut walked = vec![false; count];
        let mut found: Vec<PathTurn> = Vec::new();
        // The first turn of each question: what leads nowhere is told there.
        let mut first: HashMap<Option<usize>, usize> = HashMap::new();
        for place in self.order.clone() {
            if !self.answers(place) || goes_on[place] {
                continue;
            }
            let asked = question[place];
            let mut exchange = Exchange { answer: self.nodes[place].message.take(), ..Exchange::default() };
            let mut above = self.parents[place];
            // What another answer has walked belongs to that one, and so does everything above it.
            while let Some(here) = above.filter(|here| Some(*here) != asked && !walked[*here]) {
                walked[here] = true;
                exchange.steps.extend(self.nodes[here].message.take_if(|message| message.speaker != Speaker::System));
                above = self.parents[here];
            }
            exchange.steps.reverse();
            if let Some(message) = asked.and_then(|asked| self.nodes[asked].message.as_ref()) {
                allowance.question(message.text.as_ref().map_or(0, String::len))?;
                let mut query = message.clone();
                // Whoever speaks of the question means its first answer.
                query.id = query.id.filter(|_| !first.contains_key(&asked));
                exchange.query = Some(query);
            }
            first.entry(asked).or_insert(found.len());
            found.push(PathTurn { position: position[place], question: asked, question_id: id_of(asked), exchange });
        }
        for place in self.order.clone() {
            match self.speaker(place) {
                Some(Speaker::User) if !first.contains_key(&Some(place)) => {
                    let exchange = Exchange { query: self.nodes[place].message.take(), ..Exchange::default() };
                    first.insert(Some(place), found.len());
                    found.push(PathTurn {
                        position: position[place],
                        question: Some(place),
                        question_id: id_of(Some(place)),
                        exchange,
                    });
                }
                Some(Speaker::Assistant | Speaker::Tool) => {
                    let message = self.nodes[place].message.take();
                    let asked = question[place];
                    let turn = *first.entry(asked).or_insert(found.len());
                    if turn == found.len() {
                        let exchange = Exchange::default();
                        found.push(PathTurn {
                            position: position[place],
                            question: asked,
                            question_id: id_of(asked),
                            exchange,
                        });
                    }
                    found[turn].exchange.steps.extend(message);
                }
                _ => {}
            }
        }
        found.iter_mut().for_each(|found| found.exchange.settle());
        found.sort_by_key(|found| found.position);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(nodes: &[(&str, &str, Speaker)]) -> String {
        let nodes = nodes
            .iter()
            .map(|(id, parent, speaker)| {
                let mut message = Message::new(*speaker, (!id.ends_with('-')).then(|| (*id).to_owned()));
                message.id = Some((*id).to_owned());
                message.raw = Some(format!("{id:?}"));
                Node { id: (*id).into(), parent: Some((*parent).into()), message: Some(message) }
            })
            .collect();
        let word = |message: &Option<Message>| message.as_ref().and_then(|m| m.text.clone()).unwrap_or_default();
        let mut told = String::new();
        for found in Tree::new(nodes).exchanges().unwrap() {
            let steps: Vec<_> = found.exchange.steps.iter().filter_map(|step| step.id.clone()).collect();
            told += &format!(
                "{}: {} [{}] {}\n",
                found.position,
                word(&found.exchange.query),
                steps.join(" "),
                word(&found.exchange.answer)
            );
        }
        told
    }

    #[test]
    fn every_answer_is_a_turn_of_its_path() {
        use Speaker::{Assistant, System, Tool, User};
        let told = tree(&[
            ("s", "", System),
            ("q1", "s", User),
            ("call-", "q1", Assistant),
            ("t", "call-", Tool),
            ("a1", "t", Assistant),
            ("a1b", "q1", Assistant),
            ("q2", "a1b", User),
            ("q3", "a1", User),
            ("lost-", "q3", Assistant),
        ]);
        assert_eq!(told, "1: q1 [call- t] a1\n1: q1 [] a1b\n2: q3 [] \n2: q2 [] \n");
    }

    #[test]
    fn circles_and_missing_parents_end() {
        use Speaker::{Assistant, User};
        assert_eq!(tree(&[("q", "a", User), ("a", "q", Assistant)]), "1: q [] a\n");
        assert_eq!(tree(&[("q", "q", User), ("a", "gone", Assistant)]), "0:  [] a\n1: q [] \n");
        assert_eq!(tree(&[]), "");
    }

    /// Half of the messages lead to each of the other half, which would be quadratic if each walked all of them.
    #[test]
    fn long_ways_with_many_ends_are_walked_once() {
        let mut nodes = vec![("q".to_owned(), String::new(), Speaker::User)];
        let count = 60_000;
        for step in 0..count {
            let parent = if step == 0 { "q".to_owned() } else { format!("{}-", step - 1) };
            nodes.push((format!("{step}-"), parent, Speaker::Tool));
        }
        for end in 0..count {
            nodes.push((format!("a{end}"), format!("{}-", count - 1), Speaker::Assistant));
        }
        let nodes: Vec<(&str, &str, Speaker)> =
            nodes.iter().map(|(id, parent, speaker)| (id.as_str(), parent.as_str(), *speaker)).collect();
        assert_eq!(tree(&nodes).lines().count(), count);
    }
}
