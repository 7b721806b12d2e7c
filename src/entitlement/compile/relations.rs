//! Relations between programmes: orders without circles, bars, what stands together.

use super::{Compiler, Scope, overlap};
use crate::entitlement::definition::{Relation, RelationRule};
use crate::entitlement::program::{Bar, Life, Link, LinkKind, Place};
use crate::rulebook::DiagnosticKind as Kind;

impl<'c> Compiler<'c, '_> {
    /// No programme pays after itself, by whatever way round.
    pub(super) fn orders(&mut self, links: &[Link]) {
        let after: Vec<&Link> = links
            .iter()
            .filter(|link| link.kind == LinkKind::After)
            .collect();
        for link in &after {
            let Some((start, _)) = link.programmes.split_first() else {
                continue;
            };
            // Orders meet where one place lies above the other, on a day of both.
            let meets = |other: &Link| {
                let places = other.place.above(link.place).is_some()
                    || link.place.above(other.place).is_some();
                places && overlap(other.life.widest(), link.life.widest())
            };
            let mut reached: Vec<usize> = Vec::new();
            let mut waiting = vec![*start];
            while let Some(programme) = waiting.pop() {
                for other in after.iter().filter(|other| meets(other)) {
                    let Some((_, earlier)) = other
                        .programmes
                        .split_first()
                        .filter(|(later, _)| **later == programme)
                    else {
                        continue;
                    };
                    for one in earlier {
                        if !reached.contains(one) {
                            reached.push(*one);
                            waiting.push(*one);
                        }
                    }
                }
            }
            if reached.contains(start) {
                self.fault(
                    link.file,
                    &format!("/relations/{}/rule/after", link.position),
                    Kind::UnknownReference,
                    "expected an order without a circle",
                );
            }
        }
    }

    pub(super) fn relations(&mut self, file: usize, links: &mut Vec<Link>, bars: &mut Vec<Bar>) {
        let files = self.files;
        let Some(of) = files.get(file) else {
            return;
        };
        for (i, relation) in of.relations.iter().enumerate() {
            let at = format!("/relations/{i}");
            self.cited(file, &at, &relation.cite);
            let twice = files.iter().take(file + 1).enumerate().any(|(f, other)| {
                let before = if f == file { i } else { usize::MAX };
                let mut known = other.relations.iter().take(before);
                other.jurisdiction == of.jurisdiction && known.any(|known| known.id == relation.id)
            });
            if twice {
                self.fault(
                    file,
                    &format!("{at}/id"),
                    Kind::DuplicateCode,
                    format!(
                        "expected each id once in a place; found {:?} again",
                        relation.id
                    ),
                );
            }
            self.no_c(file, &at, relation.grade);
            let life = self.life(file, &format!("{at}/in_force"), relation.in_force);
            self.relation(file, i, &at, relation, life, links, bars);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn relation(
        &mut self,
        file: usize,
        position: usize,
        at: &str,
        relation: &'c Relation,
        life: Life,
        links: &mut Vec<Link>,
        bars: &mut Vec<Bar>,
    ) {
        let Some(of) = self.files.get(file) else {
            return;
        };
        let place = Place::of(&of.jurisdiction);
        let at = format!("{at}/rule");
        match &relation.rule {
            RelationRule::After(after) => {
                let at = format!("{at}/after");
                let later = self.programme(file, &format!("{at}/programme"), &after.programme);
                let before = self.several(file, &format!("{at}/of"), &after.of, 1);
                if let (Some(later), Some(before)) = (later, before) {
                    links.push(Link::after(place, life, file, position, later, before));
                }
            }
            RelationRule::Excludes(rule) | RelationRule::Suspends(rule) => {
                let word = match &relation.rule {
                    RelationRule::Suspends(_) => "suspends",
                    _ => "excludes",
                };
                let at = format!("{at}/{word}");
                let programme = self.programme(file, &format!("{at}/programme"), &rule.programme);
                let scope = Scope {
                    file,
                    jurisdiction: &of.jurisdiction,
                    programme,
                    relation: true,
                    life: life.clone(),
                };
                let node = self.condition(&format!("{at}/when"), &rule.when, &scope);
                if let (Some(programme), Some(node)) = (programme, node) {
                    bars.push(Bar {
                        place,
                        life,
                        file,
                        position,
                        programme,
                        node,
                    });
                }
            }
            RelationRule::Together(rule) => {
                let at = format!("{at}/together/programmes");
                if let Some(programmes) = self.several(file, &at, &rule.programmes, 2) {
                    links.push(Link::together(place, life, file, position, programmes));
                }
            }
            RelationRule::Coordinated(rule) => {
                let at = format!("{at}/coordinated/programmes");
                if let Some(programmes) = self.several(file, &at, &rule.programmes, 2) {
                    links.push(Link::coordinated(place, life, file, position, programmes));
                }
            }
        }
    }

    fn several(
        &mut self,
        file: usize,
        at: &str,
        ids: &[String],
        least: usize,
    ) -> Option<Vec<usize>> {
        if ids.len() < least {
            self.fault(
                file,
                at,
                Kind::Shape,
                format!("expected at least {least} programme(s)"),
            );
        }
        let found: Vec<Option<usize>> = ids
            .iter()
            .enumerate()
            .map(|(i, id)| {
                let at = format!("{at}/{i}");
                if ids.iter().take(i).any(|other| other == id) {
                    self.fault(
                        file,
                        &at,
                        Kind::DuplicateCode,
                        format!("expected each programme once; found {id:?} again"),
                    );
                    return None;
                }
                self.programme(file, &at, id)
            })
            .collect();
        found.into_iter().collect()
    }
}
