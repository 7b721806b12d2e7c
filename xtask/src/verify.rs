//! All steps one after another, and the page of figures.

use std::fs;
use std::io;
use std::time::Instant;

use crate::shell::{Account, Shell};
use crate::steps::{STEPS, Step};
use crate::target;

/// What a step came to.
struct Outcome {
    step: &'static Step,
    account: Account,
    fault: Option<String>,
}

impl Outcome {
    fn word(&self) -> &'static str {
        match &self.fault {
            Some(_) => "FAILED",
            None if self.account.not_run => "not run",
            None => "ok",
        }
    }
}

pub(crate) fn list() -> Result<(), String> {
    for step in &STEPS {
        println!("{:<14}{}", step.name, step.what);
    }
    Ok(())
}

/// Runs the named steps, or all; every one is run, whatever came of those before it.
pub(crate) fn verify(names: &[&str]) -> Result<(), String> {
    let known = |name: &&&str| STEPS.iter().all(|step| step.name != **name);
    if let Some(unknown) = names.iter().find(known) {
        return Err(format!("no step {unknown:?}; `--list` names them"));
    }
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.contains(&step.name))
        .collect();

    let since = Instant::now();
    let mut outcomes = Vec::new();
    for (at, step) in chosen.iter().enumerate() {
        let label = format!("{}/{} {}", at + 1, chosen.len(), step.name);
        let outcome = run(step, label.clone()).map_err(|error| error.to_string())?;
        eprintln!("{label}: {}, {} s", outcome.word(), outcome.account.seconds);
        outcomes.push(outcome);
    }

    print(&outcomes, since.elapsed().as_secs());
    match outcomes.iter().filter(|one| one.fault.is_some()).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} steps failed", outcomes.len())),
    }
}

fn run(step: &'static Step, label: String) -> io::Result<Outcome> {
    let folder = target()?.join("verify");
    fs::create_dir_all(&folder)?;
    let mut shell = Shell::new(label, &folder.join(format!("{}.log", step.name)))?;
    let fault = (step.run)(&mut shell).err();
    if let Some(fault) = &fault {
        shell.write(&format!("{fault}\n"));
    }
    let account = shell.finish();
    Ok(Outcome {
        step,
        account,
        fault,
    })
}

/// A row for each figure and note; the first of a step has its name, seconds and outcome.
fn print(outcomes: &[Outcome], seconds: u64) {
    let mut rows = vec![["step", "s", "", "figure", "what"].map(str::to_owned)];
    for outcome in outcomes {
        let account = &outcome.account;
        let mut lines: Vec<[String; 2]> = Vec::new();
        for figure in &account.figures {
            let words = match figure.unit.as_str() {
                unit if figure.name.contains(unit) => figure.name.clone(),
                unit => format!("{} ({unit})", figure.name),
            };
            lines.push([grouped(figure.number), words]);
        }
        let notes = account.notes.iter().chain(&outcome.fault);
        lines.extend(notes.map(|note| [String::new(), note.clone()]));
        if lines.is_empty() {
            lines.push([String::new(), outcome.step.what.to_owned()]);
        }
        let mut head = [
            outcome.step.name.to_owned(),
            account.seconds.to_string(),
            outcome.word().to_owned(),
        ];
        for [figure, words] in lines {
            let [step, seconds, word] = std::mem::take(&mut head);
            rows.push([step, seconds, word, figure, words]);
        }
    }
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [a, b, c, d, _] = widths;
    println!();
    for [step, seconds, word, figure, words] in &rows {
        println!("{step:<a$}  {seconds:>b$}  {word:<c$}  {figure:>d$}  {words}");
    }
    println!(
        "\n{} steps, {}:{:02} min",
        outcomes.len(),
        seconds / 60,
        seconds % 60
    );
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ];
        for (number, expected) in cases {
            assert_eq!(super::grouped(number), expected);
        }
    }
}
