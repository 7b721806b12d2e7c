//! The rows of files of programmes.

use super::walk::Walk;
use super::{Reason, What};
use crate::entitlement::definition::{
    BenefitRule, LayerDefinition, NamedCondition, ProgrammesFile, Relation, RelationRule,
};
use crate::entitlement::{Mark, Observed, Site};
use crate::json::Path;
use crate::rulebook::Rulebook;

pub(super) fn walk(rulebook: &Rulebook, observed: &Observed, walk: &mut Walk<'_>) {
    for (i, file) in rulebook.programme_files().enumerate() {
        walk.file(|sources| sources.file(&file.kind, &file.id));
        of_file(i, file, observed, walk);
    }
}

fn of_file(i: usize, file: &ProgrammesFile, observed: &Observed, walk: &mut Walk<'_>) {
    let root = Path::Root;
    if file.period_ends.is_some() {
        walk.cite_nothing();
        let yes = observed.has(i, Mark::PeriodOver);
        walk.row(&root.key("period_ends"), What::Ended, yes, Reason::NotAsked);
    }
    let at = root.key("interpretations");
    for (j, interpretation) in file.interpretations.iter().enumerate() {
        let at = at.index(j);
        let at = at.key("choices");
        walk.cite(&interpretation.cite);
        for choice in 0..interpretation.choices.len() {
            let yes = observed.has(i, Mark::Choice(j, choice));
            walk.row(&at.index(choice), What::Read, yes, Reason::NotAsked);
        }
    }
    let at = root.key("definitions");
    for (j, definition) in file.definitions.iter().enumerate() {
        of_definition(i, j, definition, &at.index(j), observed, walk);
    }
    let at = root.key("layers");
    for (j, layer) in file.layers.iter().enumerate() {
        of_layer(i, j, layer, &at.index(j), observed, walk);
    }
    let at = root.key("relations");
    for (j, relation) in file.relations.iter().enumerate() {
        of_relation(i, j, relation, &at.index(j), observed, walk);
    }
}

fn of_definition(
    file: usize,
    j: usize,
    definition: &NamedCondition,
    at: &Path<'_>,
    observed: &Observed,
    walk: &mut Walk<'_>,
) {
    walk.cite(&definition.cite);
    let whole = observed.whole(file, Site::Definition(j));
    walk.truths(at, whole, Reason::Follows);
    let leaves = observed.leaves(file, Site::Definition(j));
    walk.condition(&at.key("is"), &definition.is, leaves);
}

fn of_layer(
    file: usize,
    j: usize,
    layer: &LayerDefinition,
    at: &Path<'_>,
    observed: &Observed,
    walk: &mut Walk<'_>,
) {
    walk.cite(&layer.cite);
    for (what, mark) in [
        (What::Covered, Mark::Covered(j)),
        (What::NotCovered, Mark::NotCovered(j)),
        (What::Open, Mark::Open(j)),
    ] {
        walk.row(at, what, observed.has(file, mark), Reason::Follows);
    }
    if let Some(who) = &layer.who {
        walk.condition(&at.key("who"), who, observed.leaves(file, Site::Who(j)));
    }
    let parts = at.key("parts");
    for (id, part) in &layer.parts {
        let at = parts.key(id);
        walk.cite(&part.cite);
        match &part.when {
            Some(when) => {
                let leaves = observed.leaves(file, Site::Part(j, id.clone()));
                walk.condition(&at.key("when"), when, leaves);
            }
            None => {
                let yes = observed.has(file, Mark::Waived(j, id.clone()));
                walk.row(&at, What::Waived, yes, Reason::NotAsked);
            }
        }
    }
    walk.cite(&layer.cite);
    let benefit = at.key("benefit");
    let given = observed.has(file, Mark::Given(j));
    walk.row(&benefit, What::Given, given, Reason::Follows);
    let table = match &layer.benefit {
        BenefitRule::Cash(_) => benefit.key("cash"),
        BenefitRule::Priority(_) => benefit.key("priority"),
        _ => benefit.key("cost_share"),
    };
    let rows = table.key("rows");
    let conditions: Vec<_> = match &layer.benefit {
        BenefitRule::Cash(rule) => rule.rows.iter().map(|row| Some(&row.when)).collect(),
        BenefitRule::Priority(rule) => rule.rows.iter().map(|row| Some(&row.when)).collect(),
        BenefitRule::CostShare(rule) => rule.rows.iter().map(|row| row.when.as_ref()).collect(),
        _ => Vec::new(),
    };
    for (row, when) in conditions.into_iter().enumerate() {
        let at = rows.index(row);
        let yes = observed.has(file, Mark::Row(j, row));
        walk.row(&at, What::Decides, yes, Reason::Follows);
        if let Some(when) = when {
            let leaves = observed.leaves(file, Site::Row(j, row));
            walk.condition(&at.key("when"), when, leaves);
        }
    }
    let notes = at.key("notes");
    for (note, written) in layer.notes.iter().enumerate() {
        walk.cite(&written.cite);
        let yes = observed.has(file, Mark::Note(j, note));
        walk.row(&notes.index(note), What::Raised, yes, Reason::Follows);
    }
}

fn of_relation(
    file: usize,
    j: usize,
    relation: &Relation,
    at: &Path<'_>,
    observed: &Observed,
    walk: &mut Walk<'_>,
) {
    walk.cite(&relation.cite);
    let yes = observed.has(file, Mark::Relation(j));
    walk.row(at, What::Applied, yes, Reason::NotAsked);
    let (word, bars) = match &relation.rule {
        RelationRule::Excludes(bars) => ("excludes", bars),
        RelationRule::Suspends(bars) => ("suspends", bars),
        _ => return,
    };
    let at = at.key("rule");
    let at = at.key(word);
    let leaves = observed.leaves(file, Site::Relation(j));
    walk.condition(&at.key("when"), &bars.when, leaves);
}
