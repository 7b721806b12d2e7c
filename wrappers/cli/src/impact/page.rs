//! What was counted, as a page.

use nengli::compare::{Count, Money};

use super::view::{Change, Key, Line, Matrix, View, examples, yuan};
use crate::page::{Cell, Html, Page, Tone, thousands};

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
        shade.max(3)
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
        page.table("", &head(view), &rows);
    }
}

fn head(view: &View<'_>) -> [&'static str; 5] {
    [
        "",
        view.word("变动前", "before"),
        view.word("变动后", "after"),
        view.word("个案数", "cases"),
        view.word("例", "for example"),
    ]
}

fn number(number: u64) -> Cell {
    Html::number(thousands(number)).into()
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
    let rows: Vec<Vec<Cell>> = lines
        .iter()
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
    let head = [
        view.word("项目", "programme"),
        view.word("地区", "place"),
        view.word("前可享受", "entitled before"),
        view.word("后可享受", "after"),
        view.word("新增", "gained"),
        view.word("失去", "lost"),
        view.word("其他变动", "otherwise"),
        view.word("待遇不同", "given otherwise"),
    ];
    page.table("", &head, &rows);

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
        page.table("", &head_of_changes(view), &rows);
    }
}

fn head_of_changes(view: &View<'_>) -> [&'static str; 5] {
    let mut head = head(view);
    if let Some(first) = head.first_mut() {
        *first = view.word("项目", "programme");
    }
    head
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
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| {
            let money = &line.counted;
            let mut shown = money.more.clone();
            shown.examples.extend(money.less.examples.iter().cloned());
            shown.examples.truncate(2);
            vec![
                programme(line),
                place(view, line),
                Html::number(yuan(money.before_fen, false)).into(),
                Html::number(yuan(money.after_fen, false)).into(),
                Html::number(yuan(money.difference_fen(), true)).into(),
                number(money.more.cases),
                number(money.less.cases),
                number(money.not_known),
                cases(&shown),
            ]
        })
        .collect();
    let head = [
        view.word("项目", "programme"),
        view.word("地区", "place"),
        view.word("前", "before"),
        view.word("后", "after"),
        view.word("差额", "difference"),
        view.word("增", "more"),
        view.word("减", "less"),
        view.word("不明", "not known"),
        view.word("例", "for example"),
    ];
    page.part(&Html::text(heading));
    page.table("", &head, &rows);
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
    let head = [
        view.word("提示", "finding"),
        view.word("出现", "appeared"),
        view.word("消失", "gone"),
        view.word("内容不同", "changed"),
        view.word("例", "for example"),
    ];
    page.table("", &head, &rows);
}
