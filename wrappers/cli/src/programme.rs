//! Programmes and places as tables that a policy officer can read beside the texts.

use nengli::entitlement::definition::{
    Force, LayerDefinition, Part, Programme, ProgrammesFile, Relation, RelationRule, Source,
};
use nengli::explain;
use nengli::instrument::definition::InForce;
use nengli::rulebook::Jurisdiction;
use nengli::{Lang, Rulebook};
use serde_json::json;

use crate::rules::word;
use crate::sheet::life;
use crate::table::{Table, pretty};

/// What is shown, and how.
pub(crate) struct Shown<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) lang: Lang,
    pub(crate) markdown: bool,
}

/// A layer and the file that it stands in.
struct Layer<'a> {
    file: &'a ProgrammesFile,
    layer: &'a LayerDefinition,
}

impl Layer<'_> {
    fn rule(&self) -> String {
        self.file.rule_id(self.layer)
    }

    fn life(&self) -> InForce {
        self.layer.in_force.unwrap_or(self.file.in_force)
    }
}

impl<'a> Shown<'a> {
    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        word(self.lang, zh, en)
    }

    fn place(&self, code: &str) -> String {
        explain::place(code, self.rulebook, self.lang)
    }

    fn cites(&self, ids: &[nengli::Text]) -> String {
        explain::citations(ids, self.rulebook, self.lang)
    }

    fn source(&self, source: Source) -> &'static str {
        match source {
            Source::List => self.word("清单", "list"),
            Source::Law => self.word("法规", "law"),
            Source::Scheme => self.word("制度", "scheme"),
            Source::Plan => self.word("规划", "plan"),
        }
    }

    fn programme_name(&self, id: &str) -> String {
        let found = self.rulebook.programmes().find(|one| one.id == id);
        found.map_or_else(
            || id.to_owned(),
            |one| one.names.within(self.lang).to_owned(),
        )
    }

    /// Every file of programmes.
    pub(crate) fn files(&self) -> Table {
        let mut table = Table::new([
            self.word("规则来源", "source"),
            self.word("地点", "place"),
            self.word("名称", "name"),
            self.word("类别", "kind"),
            self.word("施行", "in force"),
            self.word("规则", "layers"),
        ]);
        for file in self.rulebook.programme_files() {
            table.row([
                file.id.clone(),
                format!("{} {}", file.jurisdiction, self.place(&file.jurisdiction)),
                file.names.within(self.lang).to_owned(),
                self.source(file.source).to_owned(),
                life(file.in_force),
                file.layers.len().to_string(),
            ]);
        }
        table
    }

    fn layers(&self, programme: &str) -> Vec<Layer<'a>> {
        let mut layers: Vec<Layer<'a>> = self
            .rulebook
            .programme_files()
            .flat_map(|file| file.layers.iter().map(move |layer| Layer { file, layer }))
            .filter(|one| one.layer.programme == programme)
            .collect();
        layers.sort_by(|one, other| one.file.jurisdiction.cmp(&other.file.jurisdiction));
        layers
    }

    /// A programme and every layer of it.
    pub(crate) fn programme(&self, programme: &Programme) -> String {
        let scheme = if programme.scheme {
            self.word(
                "（各地自办：最近一级的规定逐项替换上级）",
                " (each place runs its own: the nearest version replaces those above it value by value)",
            )
        } else {
            ""
        };
        let title = format!(
            "{} {}{scheme}",
            programme.names.within(self.lang),
            programme.id
        );
        let parts = self.layers(&programme.id);
        let parts = parts.iter().map(|layer| {
            let heading = format!(
                "{} · {}",
                self.place(&layer.file.jurisdiction),
                layer.file.names.within(self.lang)
            );
            (heading, self.layer(layer))
        });
        self.document(&title, parts)
    }

    fn layer(&self, of: &Layer<'_>) -> Table {
        let (place, layer) = (of.file.jurisdiction.as_str(), of.layer);
        let mut table = Table::of(vec![self.word("规则", "rule").to_owned(), of.rule()]);
        let source = format!("{} · {}", of.file.id, self.source(of.file.source));
        table.row([self.word("来源", "source"), &source]);
        table.row([self.word("施行", "in force"), &life(of.life())]);
        let force = match layer.force {
            Force::Right => self.word("应当给予", "a right"),
            Force::Discretion => self.word("可以给予（探索、鼓励）", "the place may give it"),
        };
        table.row([self.word("效力", "force"), force]);
        let condition = |condition| explain::condition(condition, place, self.rulebook, self.lang);
        if let Some(who) = &layer.who {
            table.row([self.word("对象", "who"), &condition(who)]);
        }
        for (id, part) in &layer.parts {
            let label = format!("{} {id}", self.word("对象", "who"));
            table.row([label, self.part(part, place)]);
        }
        let benefit = explain::benefit(&layer.benefit, place, self.rulebook, self.lang);
        table.row([self.word("内容", "benefit"), &benefit.join("\n")]);
        if let Some(access) = layer.access {
            table.row([
                self.word("方式", "access"),
                explain::access(access, self.lang),
            ]);
        }
        let notes: Vec<&str> = layer
            .notes
            .iter()
            .map(|note| note.says.within(self.lang))
            .collect();
        if !notes.is_empty() {
            table.row([self.word("说明", "notes"), &notes.join("\n")]);
        }
        table.row([self.word("证据", "grade"), layer.grade.as_str()]);
        table.row([self.word("依据", "citations"), &self.cites(&layer.cite)]);
        table
    }

    fn part(&self, part: &Part, place: &str) -> String {
        let text = match &part.when {
            Some(when) => explain::condition(when, place, self.rulebook, self.lang),
            None => self.word("不要求", "not asked here").to_owned(),
        };
        format!(
            "{text}  [{} · {}]",
            self.cites(&part.cite),
            part.grade.as_str()
        )
    }

    /// The definitions, layers and relations of a place.
    pub(crate) fn jurisdiction(&self, place: &Jurisdiction) -> String {
        let files: Vec<&ProgrammesFile> = self.files_of(&place.code).collect();
        let title = format!("{} {}", place.names.within(self.lang), place.code);
        let mut parts = Vec::new();
        for file in files {
            let heading = |what: &str| format!("{} — {what}", file.names.within(self.lang));
            if !file.definitions.is_empty() {
                parts.push((
                    heading(self.word("定义", "definitions")),
                    self.definitions(file),
                ));
            }
            if !file.interpretations.is_empty() {
                let what = self.word("解读（* 为默认）", "interpretations (* by default)");
                parts.push((heading(what), self.interpretations(file)));
            }
            if !file.layers.is_empty() {
                parts.push((heading(self.word("规则", "layers")), self.layers_in(file)));
            }
            if !file.relations.is_empty() {
                let what = self.word("项目之间", "between programmes");
                parts.push((heading(what), self.relations(file)));
            }
        }
        if parts.is_empty() {
            let none = self.word(
                "本规则库没有这里自己的规则；按上级规则判定。",
                "There are no rules of this place itself; those above it decide.",
            );
            return format!("{title}\n\n{none}\n");
        }
        self.document(&title, parts.into_iter())
    }

    fn definitions(&self, file: &ProgrammesFile) -> Table {
        let mut table = Table::new([
            "id",
            self.word("名称", "name"),
            self.word("含义", "meaning"),
            self.word("施行", "in force"),
            self.word("证据", "grade"),
            self.word("依据", "citations"),
        ]);
        for named in &file.definitions {
            let meaning =
                explain::condition(&named.is, &file.jurisdiction, self.rulebook, self.lang);
            table.row([
                named.id.clone(),
                named.names.within(self.lang).to_owned(),
                meaning,
                life(named.in_force.unwrap_or(file.in_force)),
                named.grade.as_str().to_owned(),
                self.cites(&named.cite),
            ]);
        }
        table
    }

    fn interpretations(&self, file: &ProgrammesFile) -> Table {
        let mut table = Table::new([
            "id",
            self.word("问题", "question"),
            self.word("读法", "readings"),
            self.word("证据", "grade"),
        ]);
        for interpretation in &file.interpretations {
            let choices: Vec<String> = interpretation
                .choices
                .iter()
                .map(|choice| {
                    let default = choice.key == interpretation.default;
                    let mark = if default { "*" } else { "" };
                    format!("{mark}{} — {}", choice.key, choice.names.within(self.lang))
                })
                .collect();
            table.row([
                format!("{}/{}", file.jurisdiction, interpretation.id),
                interpretation.names.within(self.lang).to_owned(),
                choices.join("\n"),
                interpretation.grade.as_str().to_owned(),
            ]);
        }
        table
    }

    fn layers_in(&self, file: &ProgrammesFile) -> Table {
        let mut table = Table::new([
            self.word("规则", "rule"),
            self.word("项目", "programme"),
            self.word("对象", "who"),
            self.word("内容", "benefit"),
            self.word("施行", "in force"),
            self.word("证据", "grade"),
            self.word("依据", "citations"),
        ]);
        for layer in &file.layers {
            let of = Layer { file, layer };
            let place = file.jurisdiction.as_str();
            let who: Vec<String> = layer
                .who
                .iter()
                .map(|who| explain::condition(who, place, self.rulebook, self.lang))
                .chain(layer.parts.values().filter_map(|part| {
                    let when = part.when.as_ref()?;
                    Some(explain::condition(when, place, self.rulebook, self.lang))
                }))
                .collect();
            let benefit = explain::benefit(&layer.benefit, place, self.rulebook, self.lang);
            table.row([
                of.rule(),
                self.programme_name(&layer.programme),
                who.join("\n"),
                benefit.join("\n"),
                life(of.life()),
                layer.grade.as_str().to_owned(),
                self.cites(&layer.cite),
            ]);
        }
        table
    }

    fn relations(&self, file: &ProgrammesFile) -> Table {
        let mut table = Table::new([
            "id",
            self.word("规定", "rule"),
            self.word("证据", "grade"),
            self.word("依据", "citations"),
        ]);
        for relation in &file.relations {
            table.row([
                relation.id.to_string(),
                self.relation(relation, &file.jurisdiction),
                relation.grade.as_str().to_owned(),
                self.cites(&relation.cite),
            ]);
        }
        table
    }

    fn relation(&self, relation: &Relation, place: &str) -> String {
        let names = |ids: &[String]| {
            let names: Vec<String> = ids.iter().map(|id| self.programme_name(id)).collect();
            names.join(self.word("、", ", "))
        };
        let when = |when| explain::condition(when, place, self.rulebook, self.lang);
        match &relation.rule {
            RelationRule::After(after) => {
                let (later, before) = (self.programme_name(&after.programme), names(&after.of));
                match self.lang {
                    Lang::Zh => format!("先{before}，余额再由{later}支付"),
                    Lang::En => format!("{later} pays on what {before} leaves"),
                }
            }
            RelationRule::Excludes(bars) => {
                let (name, when) = (self.programme_name(&bars.programme), when(&bars.when));
                match self.lang {
                    Lang::Zh => format!("{when}的，不给予{name}"),
                    Lang::En => format!("no {name} where: {when}"),
                }
            }
            RelationRule::Suspends(bars) => {
                let (name, when) = (self.programme_name(&bars.programme), when(&bars.when));
                match self.lang {
                    Lang::Zh => format!("{when}期间，暂停{name}"),
                    Lang::En => format!("{name} rests while: {when}"),
                }
            }
            RelationRule::Together(several) => match self.lang {
                Lang::Zh => format!("可以同时享受：{}", names(&several.programmes)),
                Lang::En => format!("may be drawn together: {}", names(&several.programmes)),
            },
            RelationRule::Coordinated(several) => match self.lang {
                Lang::Zh => format!("要相互衔接：{}", names(&several.programmes)),
                Lang::En => format!("to be coordinated: {}", names(&several.programmes)),
            },
        }
    }

    fn document(&self, title: &str, parts: impl Iterator<Item = (String, Table)>) -> String {
        let mut out = if self.markdown {
            format!("# {title}\n")
        } else {
            format!("{title}\n")
        };
        for (heading, table) in parts {
            let (mark, body) = if self.markdown {
                ("## ", table.markdown())
            } else {
                ("", table.drawn())
            };
            out.push_str(&format!("\n{mark}{heading}\n\n{body}\n"));
        }
        out
    }

    /// The rule files of a place.
    pub(crate) fn files_of(&self, code: &str) -> impl Iterator<Item = &'a ProgrammesFile> {
        let files = self.rulebook.programme_files();
        files.filter(move |file| file.jurisdiction == code)
    }

    /// A programme and its layers as JSON.
    pub(crate) fn programme_json(&self, programme: &Programme) -> String {
        let layers: Vec<_> = self
            .layers(&programme.id)
            .iter()
            .map(|one| {
                json!({
                    "rule": one.rule(),
                    "jurisdiction": one.file.jurisdiction,
                    "source": one.file.id,
                    "in_force": one.life(),
                    "layer": one.layer,
                })
            })
            .collect();
        pretty(&json!({ "programme": programme, "layers": layers }))
    }

    /// A place and its rule files as JSON.
    pub(crate) fn jurisdiction_json(&self, place: &Jurisdiction) -> String {
        let files: Vec<&ProgrammesFile> = self.files_of(&place.code).collect();
        pretty(&json!({ "jurisdiction": place, "files": files }))
    }
}
