//! The phrases. `{name}` stands for an argument.

use crate::words::Lang;

/// Key, Chinese, English.
const PHRASES: &[(&str, &str, &str)] = &[
    (
        "heading",
        "{name}（{number}）· 评估日期 {day}",
        "{name} ({number}) · assessed {day}",
    ),
    ("level.none", "等级未定", "level undetermined"),
    ("section.way", "评定过程", "How it came about"),
    ("section.missing", "尚未作答", "Not answered"),
    (
        "section.alternatives",
        "按另一种解读",
        "Under another reading",
    ),
    ("section.findings", "请留意", "Please look at"),
    (
        "heading.unnumbered",
        "{name} · 评估日期 {day}",
        "{name} · assessed {day}",
    ),
    ("total", "{name} {total}", "{name} {total}"),
    (
        "total.range",
        "{name}仍可能为 {min}–{max}",
        "the {name} can still be {min}–{max}",
    ),
    (
        "preliminary",
        "初步等级：{level}",
        "preliminary level: {level}",
    ),
    (
        "preliminary.row",
        "初步等级：{level}（总分在 {row}）",
        "preliminary level: {level} (total within {row})",
    ),
    ("columns.final", "最终等级：{level}", "final level: {level}"),
    (
        "columns.open",
        "等级未定：{name} 未作答",
        "level undetermined: {name} was not answered",
    ),
    (
        "columns.open.rule",
        "等级未定：规则未收录",
        "level undetermined: the rule is not in the rulebook",
    ),
    (
        "columns.refused",
        "未评定：{name} 没有这个取值",
        "not decided: {name} has no such value",
    ),
    ("change", "{rule}：{effect}", "{rule}: {effect}"),
    (
        "change.grounds",
        "{rule}（依据 {grounds}）：{effect}",
        "{rule} (on {grounds}): {effect}",
    ),
    ("change.applied", "成立，等级变更", "met, changes the level"),
    ("change.not_met", "不成立", "not met"),
    (
        "change.one_level_only",
        "不再提高：合计只提高一级",
        "no further change: one level in all",
    ),
    (
        "change.already_worst",
        "不再提高：已是最重等级",
        "no further change: already the worst level",
    ),
    (
        "change.decided_by_other",
        "不影响：等级已由另一条直接评定",
        "no effect: another rule gives the level directly",
    ),
    (
        "change.unanswered",
        "未作答，仍可能改变等级",
        "not answered, could still change the level",
    ),
    (
        "change.no_level",
        "暂不适用：尚无等级",
        "not yet: there is no level to change",
    ),
    (
        "final",
        "最终等级：{level}（证据 {grade}）",
        "final level: {level} (evidence {grade})",
    ),
    (
        "final.possible",
        "仍可能：{levels}",
        "still possible: {levels}",
    ),
    (
        "grade.a",
        "A：两个以上独立来源一致",
        "A: two or more independent sources agree",
    ),
    ("grade.b", "B：单一来源", "B: one source"),
    (
        "grade.c",
        "C：待与印刷本核对",
        "C: to be confirmed against the printed standard",
    ),
    (
        "alternative",
        "{question}，{answer}：{level}",
        "{question}, {answer}: {level}",
    ),
    (
        "foot.case",
        "个案 {case} · 决定日 {day}",
        "case {case} · decided as of {day}",
    ),
    ("foot.place", "地点 {place}", "place {place}"),
    (
        "foot.rules",
        "规则 {version}（{digest}…）· 引擎 {engine}",
        "rules {version} ({digest}…) · engine {engine}",
    ),
    (
        "why.level",
        "为什么是{level}：{form}",
        "Why {level}: {form}",
    ),
    (
        "why.right",
        "为什么{status}：{name}",
        "Why {status}: {name}",
    ),
    (
        "why.payment",
        "为什么这样负担：{payment}，{cost}",
        "Why it is shared so: {payment}, {cost}",
    ),
    (
        "why.sum",
        "{name}：{parts} = {result}",
        "{name}: {parts} = {result}",
    ),
    ("why.count", "{name}：{result} 项", "{name}: {result}"),
    (
        "why.band",
        "{name}：{value}，在 {row} 之内：{result}",
        "{name}: {value} lies within {row}: {result}",
    ),
    (
        "why.worst",
        "{name}：{parts}，取较重者：{result} 级",
        "{name}: of {parts} the worse counts: grade {result}",
    ),
    (
        "why.table",
        "{name}：由{parts}得出：{result}",
        "{name}: {parts} give {result}",
    ),
    (
        "why.grade",
        "{grade} 级（0 最好）",
        "grade {grade} (0 is best)",
    ),
    ("why.score", "{score} 分", "score {score}"),
    (
        "why.score.label",
        "{score} 分，{label}",
        "score {score}, {label}",
    ),
    (
        "why.item",
        "{code} {name}：{answer}",
        "{code} {name}: {answer}",
    ),
    (
        "why.item.open",
        "{code} {name}：未作答",
        "{code} {name}: not answered",
    ),
    (
        "why.rule",
        "适用的规定：{place}，{source}",
        "The rule that applies: {place}, {source}",
    ),
    (
        "why.under",
        "{text}（属于“{under}”的含义）",
        "{text} (part of what “{under}” means)",
    ),
    (
        "why.assessed",
        "{day} 按{instrument}评估：{level}",
        "assessed by {instrument} on {day}: {level}",
    ),
    (
        "why.years",
        "{name} {since}，到 {day} 满 {full} 年",
        "{name} {since}: {full} full years on {day}",
    ),
    (
        "why.months",
        "{name} {since}，到 {day} 满 {full} 个月",
        "{name} {since}: {full} full months on {day}",
    ),
    ("why.given", "所以给予：{text}", "So what is given: {text}"),
    (
        "why.pays",
        "{name}负担 {amount}：{base} 的 {ratio}{cap}",
        "{name} pays {amount}: {ratio} of {base}{cap}",
    ),
    ("why.and", "，", ", "),
    ("why.cap", "，至多{cap}", ", at most {cap}"),
    (
        "why.self",
        "本人负担其余 {amount}",
        "the person pays the rest, {amount}",
    ),
    ("why.fen.open", "尚不能定", "cannot be told yet"),
    (
        "distance.from",
        "离相邻的等级有多远：{level}，{form}",
        "How far from the next level: {level}, {form}",
    ),
    ("distance", "到{level}：{ways}", "to {level}: {ways}"),
    (
        "distance.none",
        "到{level}：没有分数或理由可以到达",
        "to {level}: no scores or grounds lead there",
    ),
    ("distance.or", "；或 ", "; or "),
    ("distance.and", "，并且", " and "),
    (
        "distance.point",
        "{sums}（{points} 分）",
        "{sums} ({points} point)",
    ),
    (
        "distance.points",
        "{sums}（{points} 分）",
        "{sums} ({points} points)",
    ),
    (
        "distance.item",
        "{sums}（{points} 项）",
        "{sums} ({points} item)",
    ),
    (
        "distance.items",
        "{sums}（{points} 项）",
        "{sums} ({points} items)",
    ),
    ("distance.met", "“{rule}”成立", "“{rule}” met"),
    ("distance.not_met", "“{rule}”不成立", "“{rule}” not met"),
    (
        "carried.answers",
        "差一步就改变结果的回答（抽查从这里开始）",
        "Answers that carry the result: one step would change it (check these first)",
    ),
    (
        "carried.facts",
        "换一个值就改变结果的事实",
        "Facts that carry the result: another value would change it",
    ),
    (
        "carried.move",
        "{name}：{from} → {to}",
        "{name}: {from} → {to}",
    ),
    ("carried.or", "；或 ", "; or "),
    (
        "carried.payments",
        "费用的负担会不同",
        "who pays would change",
    ),
    (
        "what_if.level",
        "{instrument}：{from} → {to}",
        "{instrument}: {from} → {to}",
    ),
    (
        "what_if.level.same",
        "{instrument}：仍为{to}",
        "{instrument}: still {to}",
    ),
    (
        "what_if.right",
        "{name}：{from} → {to}",
        "{name}: {from} → {to}",
    ),
    (
        "what_if.payment",
        "原来 {from}；改后 {to}",
        "before: {from}; after: {to}",
    ),
    (
        "ask.level",
        "定下等级，最少要问什么：{instrument}，{day}",
        "The least to ask for a level: {instrument}, {day}",
    ),
    (
        "ask.right",
        "定下结果，最少要问什么：{name}",
        "The least to ask for a result: {name}",
    ),
    (
        "ask.all",
        "全部问清，必定可定：{asked}",
        "all of these settle it: {asked}",
    ),
    (
        "ask.always",
        "无论怎样回答都可定：{asked}",
        "whatever the answer, this settles it: {asked}",
    ),
    (
        "ask.some",
        "有的回答可定：{asked}",
        "some answers settle it: {asked}",
    ),
    ("ask.answer", "{given} ⇒ {to}", "{given} ⇒ {to}"),
    (
        "graded",
        "{domain}：{grade} 级（0 最好）",
        "{domain}: grade {grade} (0 is best)",
    ),
    (
        "care_level",
        "{scheme}：{level}（{basis}）",
        "{scheme}: {level} ({basis})",
    ),
    ("basis.official", "官方规定", "official"),
    ("basis.customary", "习惯用法，并非规定", "custom, no rule"),
    ("basis.institution", "机构自定", "the institution's own"),
    ("section.care_levels", "照护等级", "Care levels"),
    ("section.due", "到期事项", "What falls due"),
    ("due.reassessment", "重新评估", "reassessment"),
    (
        "due.over",
        "{what}：应不晚于 {by}，已过",
        "{what}: was due by {by}",
    ),
    ("due.by", "{what}：不晚于 {by}", "{what}: by {by}"),
    ("due.upon", "{what}：{upon}", "{what}: {upon}"),
    (
        "due.upon.change_of_consciousness",
        "意识状态改变时",
        "when the state of consciousness changes",
    ),
    (
        "meaning.unknown",
        "本规则库未载其含义",
        "meaning not in this rulebook",
    ),
    (
        "finding.only_one_level_possible",
        "无论未答的怎样作答，等级都会是{level}；但未答全，不给出等级",
        "whatever the missing answers are, the level would be {level}; it is not given while they are missing",
    ),
    (
        "finding.superseded",
        "评估日期时 {instrument} 已被取代（自 {since}）；照样评定，但不作为待遇依据",
        "{instrument} was no longer in force on the day of the form (since {since}); graded, but no right reads it",
    ),
    (
        "finding.too_few_assessors",
        "评估人员 {found} 人；标准要求至少 {at_least} 人",
        "{found} assessor(s); the standard asks for at least {at_least}",
    ),
    (
        "finding.no_assessor_with_background",
        "评估人员中无人具有所要求的背景（{one_with}）",
        "no assessor has a background that the standard asks for ({one_with})",
    ),
    (
        "finding.reason_contradicts",
        "评估原因与表中 {code} 的作答不一致",
        "the reason given differs from the answer to {code}",
    ),
    (
        "finding.no_jurisdiction",
        "个案没有写明地点：只按全国的规则判定待遇",
        "the case names no place: rights are decided by national rules alone",
    ),
    (
        "finding.no_local_rules",
        "规则库中没有{jurisdiction}自己的规则，按上级规则判定（最近的：{nearest}）",
        "there are no rules of {jurisdiction} itself here; those above it decide (the nearest: {nearest})",
    ),
    (
        "finding.fact_contradicted",
        "“{fact}”：个案所填与评估中的作答不一致；按个案所填判定",
        "{fact}: the case differs from an answer of an assessment; what the case says was taken",
    ),
    (
        "finding.application_needed",
        "要申请才有：{programmes}",
        "must be applied for: {programmes}",
    ),
    (
        "finding.no_application_needed",
        "不必申请：{programmes}",
        "needs no application: {programmes}",
    ),
    (
        "finding.plan_period_over",
        "{source}：规划期已满（{ended} 起），仍照此判定：{programmes}",
        "{source}: its period is over (since {ended}), and it still decides: {programmes}",
    ),
    (
        "finding.coordination_unstated",
        "文件要求衔接，没有写明怎样衔接：{programmes}",
        "the text asks that they be coordinated and does not say how: {programmes}",
    ),
    (
        "finding.may_be_drawn_together",
        "可以同时享受：{programmes}",
        "may be drawn together: {programmes}",
    ),
    (
        "finding.ceiling_not_applied",
        "{programme}的年度上限没有计入费用分担",
        "{programme}: the yearly ceiling enters no payment here",
    ),
    (
        "finding.ask_first",
        "先问这些，能定下的项目最多：{ask}",
        "ask these first, they settle most: {ask}",
    ),
    ("background.medical", "医疗", "medical"),
    ("background.nursing", "护理", "nursing"),
    (
        "background.health_management",
        "健康管理",
        "health management",
    ),
    ("background.elder_care", "养老服务", "elder care"),
    ("background.social_work", "社会工作", "social work"),
    (
        "background.ltci_expert",
        "长期护理保险评估专家",
        "expert of assessment for long-term care insurance",
    ),
    ("background.other", "其他", "other"),
    ("section.rights", "待遇与服务", "Rights"),
    ("section.payments", "费用由谁负担", "Who pays"),
    ("section.questions", "先问这些", "Ask these first"),
    ("section.readings", "采用的读法", "read as"),
    ("section.frame", "沿用上级框架", "from the frame above"),
    ("group.entitled", "可以享受", "Entitled"),
    ("group.undetermined", "待定", "Not yet known"),
    (
        "group.discretionary",
        "当地可以给予",
        "May be given by the place",
    ),
    (
        "group.excluded",
        "因其他规定不给予",
        "Kept back by another rule",
    ),
    ("group.not_entitled", "不符合", "Not entitled"),
    ("status.entitled", "可以享受", "entitled"),
    ("status.undetermined", "待定", "not yet known"),
    (
        "status.discretionary",
        "当地可以给予",
        "may be given by the place",
    ),
    (
        "status.excluded",
        "因其他规定不给予",
        "kept back by another rule",
    ),
    ("status.not_entitled", "不符合", "not entitled"),
    ("status.none", "没有施行", "not in force"),
    ("access.automatic", "不必申请", "without an application"),
    ("access.application", "要申请", "on application"),
    (
        "right.grade.c",
        "含本项目的解读或尚待核对的文本",
        "rests on a reading of this project, or on a text still to be confirmed",
    ),
    (
        "right.alternative",
        "按另一种读法（{question}：{answer}）：{status}",
        "read otherwise ({question}: {answer}): {status}",
    ),
    (
        "right.layer",
        "{place} · {source}：{status}",
        "{place} · {source}: {status}",
    ),
    (
        "excluded.excludes",
        "不与此同时享受：{grounds}",
        "does not go with this: {grounds}",
    ),
    (
        "excluded.suspends",
        "在此期间暂停：{grounds}",
        "rests while: {grounds}",
    ),
    ("frame.rows", "支付比例", "ratios"),
    ("frame.starts", "起始", "the start"),
    ("frame.validity_months", "有效期", "the validity"),
    ("frame.ceiling", "上限", "the ceiling"),
    ("frame.waived", "不另设条件", "no further condition"),
    ("citation.headings", "（{headings}）", " ({headings})"),
    ("reason", "{name}：{value}", "{name}: {value}"),
    (
        "reason.wanted",
        "{name}：{value}（{wanted}）",
        "{name}: {value} ({wanted})",
    ),
    ("value.yes", "是", "yes"),
    ("value.no", "否", "no"),
    ("value.unknown", "未知", "not known"),
    (
        "value.not_assessed",
        "没有可用的评估",
        "no assessment that counts",
    ),
    ("value.not_stated", "未填", "not stated"),
    (
        "value.assumed",
        "未填，依文件视为符合",
        "not stated, taken as given by the text",
    ),
    ("value.no_item", "没有", "none"),
    ("value.confirmed", "已确认符合", "confirmed"),
    ("value.local", "由当地认定，未知", "set locally, not known"),
    (
        "diagnosis",
        "{instrument}的疾病诊断",
        "diagnoses of {instrument}",
    ),
    ("receives", "现享受{programme}", "receives {programme} now"),
    (
        "local",
        "{programme}的当地条件",
        "conditions of the place for {programme}",
    ),
    ("want.is", "要求：{want}", "required: {want}"),
    ("want.one_of", "要求其一：{want}", "any of {want}"),
    ("want.any_of", "要求其一：{want}", "any of {want}"),
    ("want.at_least", "要求至少 {want}", "at least {want}"),
    ("want.at_most", "要求至多 {want}", "at most {want}"),
    ("want.between", "要求 {want}", "required: {want}"),
    ("want.within", "要求在{want}", "required: {want}"),
    ("want.level.is", "要求：{want}", "required: {want}"),
    ("want.level.at_least", "要求{want}或更重", "{want} or worse"),
    ("want.level.at_most", "要求{want}或更轻", "{want} or better"),
    ("want.not.is", "不得是：{want}", "must not be {want}"),
    (
        "want.not.one_of",
        "不得是其中之一：{want}",
        "must be none of {want}",
    ),
    (
        "want.not.any_of",
        "不得是其中之一：{want}",
        "must be none of {want}",
    ),
    ("want.not.at_least", "要求低于 {want}", "below {want}"),
    ("want.not.at_most", "要求高于 {want}", "above {want}"),
    ("want.not.between", "要求不在 {want}", "outside {want}"),
    ("want.not.within", "要求不在{want}", "must not be in {want}"),
    ("want.not.level.is", "不得是：{want}", "must not be {want}"),
    (
        "want.not.level.at_least",
        "要求轻于{want}",
        "must be better than {want}",
    ),
    (
        "want.not.level.at_most",
        "要求重于{want}",
        "must be worse than {want}",
    ),
    ("want.must_not", "要求：不是", "required: not so"),
    (
        "want.months",
        "{want}，{months} 个月内的评估",
        "{want}, assessed within {months} months",
    ),
    (
        "want.under_months",
        "{want}，不满 {months} 个月的评估",
        "{want}, assessed less than {months} months ago",
    ),
    (
        "cond.assumed",
        "{condition}（未填视为符合）",
        "{condition} (taken as given if not stated)",
    ),
    ("cond.is", "{want}", "{want}"),
    ("cond.one_of", "{want} 之一", "any of {want}"),
    ("cond.any_of", "{want} 之一", "any of {want}"),
    ("cond.at_least", "至少 {want}", "at least {want}"),
    ("cond.at_most", "至多 {want}", "at most {want}"),
    ("cond.between", "{want}", "{want}"),
    ("cond.within", "在{want}", "in {want}"),
    ("cond.level.is", "{want}", "{want}"),
    ("cond.level.at_least", "{want}或更重", "{want} or worse"),
    ("cond.level.at_most", "{want}或更轻", "{want} or better"),
    ("cond.and", "，且", ", and "),
    ("cond.or", "，或", ", or "),
    ("cond.everyone", "不限", "everyone"),
    ("cond.nobody", "无", "nobody"),
    ("cond.not", "不是（{condition}）", "not ({condition})"),
    ("cond.nested", "（{condition}）", "({condition})"),
    (
        "cond.reading",
        "读作“{answer}”：{condition}",
        "read as “{answer}”: {condition}",
    ),
    ("cond.readings", "；", "; "),
    (
        "asked.assessment",
        "{instrument}的评估",
        "an assessment by {instrument}",
    ),
    ("asked.local", "{name}（当地认定）", "{name} (set locally)"),
    ("rows.others", "其他", "others"),
    ("per.day", "每日{blank}{amount}", "{amount}{blank}a day"),
    ("per.week", "每周{blank}{amount}", "{amount}{blank}a week"),
    ("per.month", "每月{blank}{amount}", "{amount}{blank}a month"),
    ("per.year", "每年{blank}{amount}", "{amount}{blank}a year"),
    ("per.meal", "每餐{blank}{amount}", "{amount}{blank}a meal"),
    ("per.once", "一次{blank}{amount}", "{amount}{blank}once"),
    (
        "amount.local",
        "标准由当地确定，本规则库未载",
        "set locally, not in this rulebook",
    ),
    (
        "amount.possible",
        "{amounts}，视所缺而定",
        "{amounts}, as what is missing decides",
    ),
    ("amount.at_least", "至少{amount}", "at least {amount}"),
    ("amount.up_to", "最多{amount}", "up to {amount}"),
    (
        "cap.local",
        "限额由当地确定，本规则库未载",
        "cap set locally, not in this rulebook",
    ),
    ("share", "{share}", "{share}"),
    (
        "share.local",
        "比例由当地确定，本规则库未载",
        "ratio set locally, not in this rulebook",
    ),
    ("share.cash", "另加{amount}", "and {amount} besides"),
    ("share.starts", "自 {day} 起", "from {day}"),
    ("share.valid_until", "有效至 {day}", "valid until {day}"),
    (
        "share.validity",
        "有效 {months} 个月",
        "valid for {months} months",
    ),
    (
        "share.after",
        "自“{fact}”后第 {months} 个月起",
        "from month {months} after {fact}",
    ),
    ("ceiling", "上限{amount}", "no more than {amount}"),
    ("ceiling.share", "{of}的 {share}", "{share} of {of}"),
    (
        "ceiling.known",
        "{ceiling}（{amount}）",
        "{ceiling} ({amount})",
    ),
    (
        "ceiling.disposable_income_per_capita",
        "居民人均可支配收入",
        "disposable income per head",
    ),
    ("ceiling.other", "当地的基数", "a local base"),
    ("yuan", "{amount} 元", "{amount} yuan"),
    ("setting.home", "居家", "at home"),
    ("setting.institution", "机构", "in an institution"),
    ("setting.community", "社区", "in the community"),
    ("times", "至少{times}", "at least {times}"),
    ("times.most", "至多{times}", "at most {times}"),
    ("count", "{count} 次", "{count} times"),
    ("count.1", "1 次", "once"),
    ("count.2", "2 次", "twice"),
    ("waiver.all", "全免", "free"),
    ("waiver.share", "减免 {share}", "{share} off"),
    ("waiver.amount", "优惠{amount}", "lower by {amount}"),
    ("tier", "第 {tier} 顺位", "rank {tier}"),
    ("payment", "{setting} · {month}", "{setting} · {month}"),
    (
        "payment.alternative",
        "按另一种读法（{question}：{answer}）",
        "read otherwise ({question}: {answer})",
    ),
    ("payer.self", "本人", "the person"),
    ("payer.unknown", "未知", "not known"),
    ("question", "可定 {count} 项", "settles {count}"),
    ("question.one", "可定 {count} 项", "settles {count}"),
    ("question.none", "单独定不了", "settles none alone"),
    ("beside.previous", "上次（{day}）", "previous ({day})"),
    ("beside.new", "这次（{day}）", "new ({day})"),
    (
        "beside.foot.previous",
        "上次：个案 {case} · 决定日 {day} · 地点 {place} · 规则 {version}（{digest}…）· {how}",
        "previous: case {case} · as of {day} · place {place} · rules {version} ({digest}…) · {how}",
    ),
    (
        "beside.foot.new",
        "这次：个案 {case} · 决定日 {day} · 地点 {place} · 规则 {version}（{digest}…）· {how}",
        "new: case {case} · as of {day} · place {place} · rules {version} ({digest}…) · {how}",
    ),
    ("beside.recorded", "以当时的记录为准", "as it was recorded"),
    ("beside.decided", "现在判定", "decided now"),
    ("beside.of", "{of}：{what}", "{of}: {what}"),
    ("beside.level", "等级与得分", "Level and scores"),
    ("beside.final", "最终等级", "final level"),
    ("beside.preliminary", "初步等级", "preliminary level"),
    (
        "beside.levels_worse",
        "加重 {count} 级",
        "{count} levels worse",
    ),
    ("beside.levels_worse.1", "加重 1 级", "1 level worse"),
    (
        "beside.levels_better",
        "好转 {count} 级",
        "{count} levels better",
    ),
    ("beside.levels_better.1", "好转 1 级", "1 level better"),
    ("beside.items", "评估项目", "Items"),
    ("beside.diagnoses", "疾病诊断", "Diagnoses"),
    ("beside.fields", "其他作答", "Other answers"),
    ("beside.changes", "等级变更", "Level change"),
    ("beside.unanswered", "未作答", "not answered"),
    ("side.new", "这次", "the new result"),
    ("side.previous", "上次", "the previous result"),
    ("turn.better", "好转", "better"),
    ("turn.worse", "变差", "worse"),
    ("turn.newly_answered", "新作答", "newly answered"),
    ("turn.newly_missing", "未再作答", "no longer answered"),
    ("turn.vanished", "没有了", "vanished"),
    ("turn.gained", "新出现", "gained"),
    (
        "finding.nothing_to_compare",
        "两次没有用同一评估工具，等级无法对照",
        "no instrument is in both: there are no levels to compare",
    ),
    (
        "finding.seal_broken",
        "{side}：记录在封存后被改动过",
        "{side}: the record was changed after it was sealed",
    ),
    (
        "finding.other_rulebook",
        "{side}：是按另一版规则判定的；变化可能来自规则",
        "{side} was decided by another version of the rules: differences may come from the rules",
    ),
    (
        "finding.other_place",
        "两次的地点不同：待遇的变化可能来自地点",
        "the places differ: rights may differ for that reason",
    ),
    (
        "finding.other_readings",
        "{instrument}：两次采用的解读不同，变化可能由此而来",
        "{instrument}: the two were read in different ways, and may differ for that reason",
    ),
    (
        "finding.not_the_first",
        "{instrument}：评估原因写的是首次评估，但之前已有一次",
        "{instrument}: the reason given is a first assessment, and there was one before",
    ),
];

/// The phrase of `key`, if there is one.
pub(super) fn known(key: &str, lang: Lang) -> Option<&'static str> {
    let (_, zh, en) = PHRASES.iter().find(|(known, _, _)| *known == key)?;
    Some(match lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}

/// The phrase of `key`; the key itself if there is none.
pub(super) fn say(key: &str, lang: Lang) -> &str {
    known(key, lang).unwrap_or(key)
}

/// The phrase of `key` with its arguments put in.
pub(super) fn say_with(key: &str, lang: Lang, args: &[(&str, &str)]) -> String {
    fill(say(key, lang), args)
}

/// `text` with `{name}` replaced by arguments.
pub(super) fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = args.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or(name, |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

pub(super) fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

/// Between values of which one is enough.
pub(super) fn either(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => " / ",
    }
}

pub(super) fn span(from: u8, to: u8) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}–{to}")
    }
}

/// Money, as yuan to the fen.
pub(super) fn yuan(fen: i64, lang: Lang) -> String {
    let digits = (fen.unsigned_abs() / 100).to_string();
    let mut amount = String::with_capacity(digits.len() + 8);
    if fen < 0 {
        amount.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            amount.push(',');
        }
        amount.push(digit);
    }
    let cents = format!(".{:02}", fen.unsigned_abs() % 100);
    say_with("yuan", lang, &[("amount", &(amount + &cents))])
}

/// A share of a thousand as a share of a hundred.
pub(super) fn percent(per_mille: u16) -> String {
    match per_mille % 10 {
        0 => format!("{}%", per_mille / 10),
        tenth => format!("{}.{tenth}%", per_mille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_in_both_languages() {
        let names = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            names.sort();
            names
        };
        for (key, zh, en) in PHRASES {
            assert!(!zh.is_empty() && !en.is_empty(), "{key}");
            assert_eq!(names(zh), names(en), "{key}");
        }
        assert_eq!(
            say_with("total", Lang::En, &[("name", "total"), ("total", "69")]),
            "total 69"
        );
    }

    #[test]
    fn no_key_stands_twice() {
        let mut keys: Vec<&str> = PHRASES.iter().map(|(key, _, _)| *key).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn money_to_the_fen() {
        for (fen, text) in [
            (0, "0.00 yuan"),
            (5, "0.05 yuan"),
            (140_000, "1,400.00 yuan"),
            (12_345_678_901, "123,456,789.01 yuan"),
            (-100, "-1.00 yuan"),
            (i64::MIN, "-92,233,720,368,547,758.08 yuan"),
        ] {
            assert_eq!(yuan(fen, Lang::En), text);
        }
        assert_eq!(yuan(100_000, Lang::Zh), "1,000.00 元");
    }

    #[test]
    fn shares_of_a_hundred() {
        for (per_mille, text) in [(0, "0%"), (5, "0.5%"), (750, "75%"), (1000, "100%")] {
            assert_eq!(percent(per_mille), text);
        }
    }
}
