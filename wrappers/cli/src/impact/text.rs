//! What was counted, for a terminal.

use std::fmt::Write as _;

use nengli::Lang;
use nengli::compare::Money;

use super::view::{Change, Line, Matrix, View, examples, few, yuan};
use crate::page::thousands;
use crate::table::Table;

/// Lines of a table that are shown, and places of a programme; the page and the JSON have
/// all.
const FIRST: usize = 20;
const PLACES: usize = 5;

pub(super) fn text(view: &View<'_>) -> String {
    let mut out = String::new();
    for (what, rulebook) in view.rulebooks() {
        let _ = writeln!(out, "{what}  {rulebook}");
    }
    for note in view.notes() {
        let _ = writeln!(out, "{note}");
    }
    let mut table = Table::new([view.title(), view.word("数目", "count")]);
    for (number, words) in view.figures() {
        table.row([words.to_owned(), thousands(number)]);
    }
    let _ = writeln!(out, "{}", table.drawn());

    let (changed, same) = view.levels();
    for matrix in &changed {
        let _ = writeln!(out, "\n{}\n{}", matrix.name, levels(view, matrix).drawn());
    }
    if !same.is_empty() {
        let words = view.word("等级不变：", "No level changed: ");
        let _ = writeln!(out, "{words}{}", same.join(view.word("、", ", ")));
    }
    changes(
        &mut out,
        view,
        view.word("等级变动的例子", "Examples of levels"),
        &view.level_changes(),
    );
    changes(
        &mut out,
        view,
        view.word("照护等级", "Care levels"),
        &view.care_levels(),
    );
    rights(&mut out, view);
    let impact = view.impact();
    for (heading, of) in [
        (view.word("按月发放的钱", "Monthly cash"), &impact.cash),
        (
            view.word("费用由谁支付", "Who pays the costs"),
            &impact.payments,
        ),
    ] {
        money(&mut out, view, heading, &view.money(of));
    }
    findings(&mut out, view);
    out.truncate(out.trim_end().len());
    out
}

fn levels(view: &View<'_>, matrix: &Matrix<'_>) -> Table {
    let mut head = vec![view.word("前 \\ 后", "before \\ after").to_owned()];
    head.extend(matrix.keys.iter().map(|key| key.name.clone()));
    let mut table = Table::of(head);
    for before in &matrix.keys {
        let cells =
            matrix
                .keys
                .iter()
                .map(|after| match matrix.levels.count(before.key, after.key) {
                    0 => "·".to_owned(),
                    count => thousands(count),
                });
        table.row(std::iter::once(before.name.clone()).chain(cells));
    }
    table
}

/// A table, and how many lines it does not show.
fn shown(out: &mut String, view: &View<'_>, heading: &str, table: &Table, more: usize) {
    let _ = writeln!(out, "\n{heading}\n{}", table.drawn());
    if more > 0 {
        let _ = match view.lang {
            Lang::Zh => writeln!(out, "……另有 {more} 行；--report 或 --json 给出全部"),
            Lang::En => writeln!(out, "… {more} more lines; --report or --json has all"),
        };
    }
}

fn changes(out: &mut String, view: &View<'_>, heading: &str, changes: &[Change<'_>]) {
    if changes.is_empty() {
        return;
    }
    let mut table = Table::new(view.heads_of_changes(""));
    for change in changes.iter().take(FIRST) {
        table.row([
            change.what.clone(),
            change.before.clone(),
            change.after.clone(),
            thousands(change.count.cases),
            examples(change.count),
        ]);
    }
    shown(
        out,
        view,
        heading,
        &table,
        changes.len().saturating_sub(FIRST),
    );
}

fn rights(out: &mut String, view: &View<'_>) {
    let lines = view.rights();
    if lines.is_empty() {
        let none = "权益无变动。";
        let _ = writeln!(out, "\n{}", view.word(none, "No right changed."));
        return;
    }
    let mut table = Table::new(view.heads_of_rights());
    for line in few(&lines, PLACES) {
        let rights = &line.counted;
        table.row([
            line.programme.clone(),
            place(view, line),
            thousands(rights.before),
            thousands(rights.after),
            thousands(rights.gained()),
            thousands(rights.lost()),
            thousands(rights.otherwise()),
            thousands(rights.benefit.cases),
        ]);
    }
    let heading = view.word("权益", "Rights");
    shown(
        out,
        view,
        heading,
        &table,
        lines.len() - few(&lines, PLACES).count(),
    );

    let statuses = View::statuses(&lines);
    if statuses.is_empty() {
        return;
    }
    let mut table = Table::new(view.heads_of_changes(view.word("项目", "programme")));
    for (programme, before, after, count) in statuses.iter().take(FIRST) {
        table.row([
            (*programme).to_owned(),
            view.status(before),
            view.status(after),
            thousands(count.cases),
            examples(count),
        ]);
    }
    let heading = view.word("状态变动", "Changes of status");
    shown(
        out,
        view,
        heading,
        &table,
        statuses.len().saturating_sub(FIRST),
    );
}

fn place<T>(view: &View<'_>, line: &Line<T>) -> String {
    let all = || view.all_places().to_owned();
    line.place.clone().unwrap_or_else(all)
}

fn money(out: &mut String, view: &View<'_>, heading: &str, lines: &[Line<Money>]) {
    if lines.is_empty() {
        return;
    }
    let mut table = Table::new(view.heads_of_money());
    for line in few(lines, PLACES) {
        let money = &line.counted;
        table.row([
            line.programme.clone(),
            place(view, line),
            yuan(money.before_fen, false),
            yuan(money.after_fen, false),
            yuan(money.difference_fen(), true),
            thousands(money.more.cases),
            thousands(money.less.cases),
            thousands(money.not_known),
        ]);
    }
    shown(
        out,
        view,
        heading,
        &table,
        lines.len() - few(lines, PLACES).count(),
    );
    let _ = writeln!(out, "{}", view.money_note());
}

fn findings(out: &mut String, view: &View<'_>) {
    let findings = &view.impact().findings;
    if findings.is_empty() {
        return;
    }
    let mut table = Table::new(view.heads_of_findings());
    for (code, one) in findings.iter().take(FIRST) {
        table.row([
            code.clone(),
            thousands(one.appeared.cases),
            thousands(one.gone.cases),
            thousands(one.changed.cases),
        ]);
    }
    let heading = view.word("提示", "Findings");
    shown(
        out,
        view,
        heading,
        &table,
        findings.len().saturating_sub(FIRST),
    );
}
