//! What was counted, as a page.

use nengli::Lang;
use nengli::compare::{Count, Money};

use super::view::{Change, Key, Line, Matrix, View, examples, few, yuan};
use crate::page::{Cell, Html, Page, Tone, thousands};

/// Places of a programme that are shown.
const PLACES: usize = 12;

pub(super) fn page(view: &View<'_>) -> String {
    let mut page = Page::new(view.lang, view.title());
    for (what, rulebook) in view.rulebooks() {
        page.note(format_args!("{what}  {rulebook}"));
    }
    for note in view.notes() {
        page.paragraph(note);
    }
    page.figures(view.figures());

    page.section(view.word("等级", "Levels"));
    let (changed, same) = view.levels();
    for matrix in &changed {
        page.part(&Html::text(&matrix.name));
        levels(&mut page, view, matrix);
    }
    if !changed.is_empty() {
        page.note(view.word(
            "行为变动前，列为变动后。蓝色：不变；绿色：失能更重，所需照护更多；橙色：更轻。颜色越深，占该行的比例越大。",
            "Rows: before; columns: after. Blue: as it was. Green: a worse level, more care needed; \
             orange: a better one. The darker, the larger the share of the row.",
        ));
    }
    if !same.is_empty() {
        let words = view.word("等级不变：", "No level changed: ");
        page.paragraph(format_args!("{words}{}", same.join(view.word("、", ", "))));
    }
    changes(&mut page, view, &view.level_changes());
    let care_levels = view.care_levels();
    if !care_levels.is_empty() {
        page.section(view.word("照护等级", "Care levels"));
        changes(&mut page, view, &care_levels);
    }

    page.section(view.word("权益", "Rights"));
    rights(&mut page, view);
    let impact = view.impact();
    page.section(view.word("每月的钱", "Money each month"));
    page.note(view.money_note());
    let (cash, payments) = (view.money(&impact.cash), view.money(&impact.payments));
    if cash.is_empty() && payments.is_empty() {
        page.paragraph(view.word("没有已知的金额变动。", "No known amount changed."));
    }
    money(
        &mut page,
        view,
        view.word("按月发放的钱", "Monthly cash"),
        &cash,
    );
    money(
        &mut page,
        view,
        view.word("费用由谁支付", "Who pays the costs"),
        &payments,
    );
    findings(&mut page, view);
    page.finish()
}

// ---- levels ------------------------------------------------------------------

fn levels(page: &mut Page, view: &View<'_>, matrix: &Matrix<'_>) {
    let mut head = vec![view.word("前 \\ 后", "before \\ after")];
    head.extend(matrix.keys.iter().map(|key| key.name.as_str()));
    let rows: Vec<Vec<Cell>> = matrix
        .keys
        .iter()
        .map(|before| {
            let count = |after: &Key<'_>| matrix.levels.count(before.key, after.key);
            let all = matrix.keys.iter().map(count).sum();
            let cells = matrix
                .keys
                .iter()
                .map(|after| cell(before, after, count(after), all));
            std::iter::once(before.name.as_str().into())
                .chain(cells)
                .collect()
        })
        .collect();
    page.table("", &head, &rows);
}

fn cell(before: &Key<'_>, after: &Key<'_>, count: u64, all: u64) -> Cell {
    if count == 0 {
        return Html::heat(Tone::Same, 0, "·");
    }
    let per_mille = u128::from(count) * 1000 / u128::from(all.max(1));
    let shade = match per_mille {
        0..=4 => 1,
        5..=9 => 2,
        10..=24 => 3,
        25..=49 => 4,
        50..=99 => 5,
        100..=199 => 6,
        200..=399 => 7,
        400..=699 => 8,
        _ => 9,
    };
    let tone = match (before.code, after.code) {
        (Some(before), Some(after)) if after > before => Tone::More,
        (Some(before), Some(after)) if after < before => Tone::Less,
        _ => Tone::Same,
    };
    // What stays is most of it, and must not outshine what changes.
    let shade = if before.key == after.key {
        shade / 3
    } else {
        shade + 2
    };
    Html::heat(tone, shade, thousands(count))
}

fn changes(page: &mut Page, view: &View<'_>, changes: &[Change<'_>]) {
    let rows: Vec<Vec<Cell>> = changes
        .iter()
        .map(|change| {
            vec![
                change.what.as_str().into(),
                change.before.as_str().into(),
                change.after.as_str().into(),
                number(change.count.cases),
                cases(change.count),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.table("", &view.heads_of_changes(""), &rows);
    }
}

fn number(number: u64) -> Cell {
    Cell::number(thousands(number))
}

/// Ids of the first cases, as one looks them up.
fn cases(count: &Count) -> Cell {
    Html::code(examples(count)).into()
}

// ---- rights, money, findings -------------------------------------------------

fn rights(page: &mut Page, view: &View<'_>) {
    let lines = view.rights();
    if lines.is_empty() {
        page.paragraph(view.word("权益无变动。", "No right changed."));
        return;
    }
    let rows: Vec<Vec<Cell>> = few(&lines, PLACES)
        .map(|line| {
            let rights = &line.counted;
            vec![
                programme(line),
                place(view, line),
                number(rights.before),
                number(rights.after),
                number(rights.gained()),
                number(rights.lost()),
                number(rights.otherwise()),
                number(rights.benefit.cases),
            ]
        })
        .collect();
    page.table("", &view.heads_of_rights(), &rows);
    unlisted(page, view, &lines);

    let statuses = View::statuses(&lines);
    let rows: Vec<Vec<Cell>> = statuses
        .iter()
        .map(|(programme, before, after, count)| {
            vec![
                (*programme).into(),
                view.status(before).into(),
                view.status(after).into(),
                number(count.cases),
                cases(count),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.part(&Html::text(view.word("状态变动", "Changes of status")));
        let head = view.heads_of_changes(view.word("项目", "programme"));
        page.table("", &head, &rows);
    }
}

/// The name of a programme where its lines begin.
fn programme<T>(line: &Line<T>) -> Cell {
    match line.place {
        None => line.programme.as_str().into(),
        Some(_) => "".into(),
    }
}

fn place<T>(view: &View<'_>, line: &Line<T>) -> Cell {
    line.place
        .as_deref()
        .unwrap_or_else(|| view.all_places())
        .into()
}

fn money(page: &mut Page, view: &View<'_>, heading: &str, lines: &[Line<Money>]) {
    if lines.is_empty() {
        return;
    }
    let rows: Vec<Vec<Cell>> = few(lines, PLACES)
        .map(|line| {
            let money = &line.counted;
            let mut shown = money.more.clone();
            shown.examples.extend(money.less.examples.iter().cloned());
            shown.examples.truncate(2);
            vec![
                programme(line),
                place(view, line),
                Cell::number(yuan(money.before_fen, false)),
                Cell::number(yuan(money.after_fen, false)),
                Cell::number(yuan(money.difference_fen(), true)),
                number(money.more.cases),
                number(money.less.cases),
                number(money.not_known),
                cases(&shown),
            ]
        })
        .collect();
    let mut head = view.heads_of_money().to_vec();
    head.push(view.word("例", "for example"));
    page.part(&Html::text(heading));
    page.table("", &head, &rows);
    unlisted(page, view, lines);
}

/// Says how many places there are beside those shown.
fn unlisted<T>(page: &mut Page, view: &View<'_>, lines: &[Line<T>]) {
    let more = lines.len() - few(lines, PLACES).count();
    if more > 0 {
        page.note(match view.lang {
            Lang::Zh => format!("每个项目列出变动最大的 {PLACES} 个地区；另有 {more} 行，--json 给出全部。"),
            Lang::En => format!(
                "The {PLACES} places with the greatest change of each programme; --json has the {more} \
                 other lines too."
            ),
        });
    }
}

fn findings(page: &mut Page, view: &View<'_>) {
    let findings = &view.impact().findings;
    if findings.is_empty() {
        return;
    }
    page.section(view.word("提示", "Findings"));
    let rows: Vec<Vec<Cell>> = findings
        .iter()
        .map(|(code, one)| {
            let mut shown = one.appeared.clone();
            for other in [&one.gone, &one.changed] {
                shown.examples.extend(other.examples.iter().cloned());
            }
            shown.examples.truncate(3);
            vec![
                Html::code(code).into(),
                number(one.appeared.cases),
                number(one.gone.cases),
                number(one.changed.cases),
                cases(&shown),
            ]
        })
        .collect();
    let mut head = view.heads_of_findings().to_vec();
    head.push(view.word("例", "for example"));
    page.table("", &head, &rows);
}
