// Every word of the page itself: Chinese, English. Names of items, places and rights
// come from the rulebook; sentences about a result come from the engine's report.

const WORDS = {
  title: ['老年人能力评估', 'Ability assessment of older adults'],
  subtitle: ['离线使用，数据不出本机', 'Works offline; nothing leaves this device'],
  skip: ['跳到表单', 'Skip to the form'],
  switch: ['English', '中文'],
  fresh: ['新建', 'New'],
  open: ['打开', 'Open'],
  save: ['保存', 'Save'],
  print: ['打印', 'Print'],
  seal: ['导出记录', 'Record'],
  sections: ['表单各部分', 'Parts of the form'],
  form: ['评估表', 'Form'],
  forms: ['评估表', 'Forms of this case'],
  about: ['基本信息', 'About'],
  fields: ['其他信息', 'Further questions'],
  facts: ['个人情况', 'The person'],
  costs: ['费用', 'Costs'],
  next: ['下一部分：{name}', 'Next: {name}'],
  finish: ['看结果', 'See the result'],
  answered: ['已答 {done}／{all}', '{done} of {all} answered'],
  given: ['已填 {done}', '{done} given'],
  complete: ['已答完', 'complete'],
  meaning: ['释义', 'Meaning'],
  clause: ['依据', 'Clause'],
  clear: ['清除', 'Clear'],
  band: ['{range} 分', '{range}'],
  pair: ['{key}：{value}', '{key}: {value}'],
  points: ['{n} 分', 'score {n}'],
  meaningless: ['本规则库没有这一选项的说明', 'the rulebook has no wording for this option'],
  scoreOnly: ['只记了 {n} 分，未记是哪一项', 'only the score {n} is recorded, not which option'],
  none: ['都没有', 'None of these'],
  yes: ['是', 'Yes'],
  no: ['否', 'No'],
  unknown: ['未知', 'Not known'],
  otherCode: ['其他编码（ICD-10，用空格分开）', 'Other codes (ICD-10, separated by spaces)'],
  caseId: ['个案编号', 'Case number'],
  caseIdHint: ['化名编号。不要填姓名、身份证号。', 'A pseudonym. No name, no identity number.'],
  asOf: ['判定日期', 'Day of decision'],
  place: ['常住地', 'Place of residence'],
  placeNone: ['不问待遇，只评等级', 'Levels alone, no rights'],
  placeRules: ['有规则的地方', 'Places with rules'],
  placeOther: ['其他省份', 'Other provinces'],
  placeCode: ['其他区划代码…', 'Another division code…'],
  placeCodeLabel: ['六位区划代码', 'Six-digit division code'],
  instrument: ['评估标准', 'Instrument'],
  date: ['评估日期', 'Day of assessment'],
  assessor: ['评估人员 {n}', 'Assessor {n}'],
  assessorId: ['编号', 'Number'],
  background: ['专业背景', 'Background'],
  informant: ['信息提供者', 'Informant'],
  addForm: ['再加一份评估', 'Add another form'],
  removeForm: ['删去这份评估', 'Remove this form'],
  readings: ['标准中的不同解读', 'Readings of the text'],
  readingsHint: ['原文可有两种读法之处，在此改选。', 'Where the text admits two readings, choose here.'],
  byDefault: ['（默认）', ' (default)'],
  keep: ['在本机留一份草稿', 'Keep a draft on this device'],
  keepHint: ['默认不留。勾选后，草稿留在这个浏览器里，去掉勾选即删除。', 'Off by default. The draft then stays in this browser; unticking deletes it.'],
  restored: ['已取回本机的草稿', 'The draft of this device was restored'],
  askFirst: ['先问这些', 'Ask these first'],
  otherFacts: ['其他情况', 'The rest'],
  factsHint: ['不知道的留空：空着就是未知，不当作“否”。', 'Leave out what is not known: empty means unknown, never no.'],
  factsPlace: ['先在“基本信息”里选常住地，才会判定待遇。', 'Choose the place of residence under “About” first.'],
  yuan: ['元', 'yuan'],
  addCost: ['加一项费用', 'Add a cost'],
  removeCost: ['删去这项', 'Remove'],
  setting: ['服务地点', 'Where'],
  amount: ['{month} 的费用（元，不含床位和伙食）', 'Cost in {month} (yuan, without bed and meals)'],
  costsHint: ['填一个月的服务费用，看由谁负担。', 'Enter a month’s cost of services to see who pays.'],
  result: ['结果', 'Result'],
  showResult: ['看详情', 'Details'],
  hideResult: ['回到表单', 'Back to the form'],
  undecided: ['等级未定', 'Level undetermined'],
  unanswered: ['还没有作答', 'Nothing answered yet'],
  level: ['最终等级', 'Final level'],
  mayBe: ['还可能是：{levels}', 'Still possible: {levels}'],
  is: ['最终', 'final'],
  may: ['可能', 'possible'],
  was: ['初步', 'preliminary'],
  levelsFrom: ['等级，从好到差', 'Levels, best first'],
  scores: ['各项得分', 'Scores'],
  changes: ['等级变更', 'Level changes'],
  stillMissing: ['还差 {n} 题', '{n} still to answer'],
  andMore: ['等 {n} 题', 'and {n} more'],
  rightsNone: ['选了常住地，这里会列出待遇。', 'Rights appear once a place is chosen.'],
  rights: ['待遇与服务', 'Rights'],
  payments: ['费用由谁负担', 'Who pays'],
  lookAt: ['请留意', 'Please look at'],
  careLevels: ['照护等级', 'Care levels'],
  due: ['到期事项', 'What falls due'],
  alternatives: ['按另一种解读', 'By another reading'],
  ask: ['还要问', 'To ask'],
  grounds: ['逐条依据', 'Grounds'],
  gradeC: ['(C) 含本项目的解读或尚待核对的文本', '(C) rests on a reading of this project, or on a text still to be checked'],
  source: ['出处', 'Source'],
  refused: ['有几处要改', 'Something must be mended'],
  saved: ['已保存 {name}', 'Saved {name}'],
  opened: ['已打开 {name}', 'Opened {name}'],
  notCase: ['打不开：这个文件不是个案，也不是记录。', 'Not opened: the file is neither a case nor a record.'],
  sealHolds: ['已打开记录 {name}，重算结果相同', 'Opened the record {name}; recomputed, the same'],
  sealBroken: ['已打开记录 {name}，但与重算结果不符', 'Opened the record {name}, but it does not replay'],
  confirmNew: ['当前内容还没有保存。要新建吗？', 'What is here is not saved. Start a new case?'],
  noEngine: ['这个浏览器打不开判定模块，请换用较新的浏览器。', 'This browser cannot start the engine; please use a newer one.'],
  reportTitle: ['老年人能力评估报告', 'Report of the ability assessment'],
  basicFacts: ['基本信息', 'Basic facts'],
  itemScores: ['评估指标得分', 'Scores by item and domain'],
  code: ['代码', 'Code'],
  item: ['指标', 'Item'],
  chosen: ['选项', 'Option'],
  score: ['得分', 'Score'],
  subtotal: ['小计', 'Subtotal'],
  noAnswer: ['未答', 'not answered'],
  preliminary: ['初步等级', 'Preliminary level'],
  sumOf: ['一级指标得分与总分', 'Scores of the domains and the total'],
  groundsOfChange: ['等级变更依据', 'Grounds of level change'],
  signAssessor: ['评估人员（签名）', 'Assessor (signature)'],
  signInformant: ['信息提供者（签名）', 'Informant (signature)'],
  signDay: ['日期', 'Date'],
  signatures: ['签名', 'Signatures'],
  answersBesides: ['其他信息', 'Further answers'],
  status: ['判定', 'Status'],
  right: ['项目', 'Programme'],
  content: ['内容', 'What is given'],
  medical: ['医疗', 'medical'],
  nursing: ['护理', 'nursing'],
  health_management: ['健康管理', 'health management'],
  elder_care: ['养老服务', 'elder care'],
  social_work: ['社会工作', 'social work'],
  ltci_expert: ['长期护理评估专家', 'expert of long-term care insurance'],
  other: ['其他', 'other'],
  self: ['本人', 'the person'],
  spouse: ['配偶', 'spouse'],
  child: ['子女', 'child'],
  other_relative: ['其他亲属', 'another relative'],
  hired_carer: ['雇用的照顾者', 'a paid carer'],
  committee_staff: ['村（居）委会工作人员', 'staff of the residents’ committee'],
  home: ['居家', 'at home'],
  community: ['社区', 'in the community'],
  institution: ['机构', 'in an institution'],
};

const speech = { lang: 'zh' };

export function language() {
  return speech.lang;
}

export function speak(lang) {
  speech.lang = lang;
}

/** A word of the page, its `{places}` filled. */
export function say(key, args = {}) {
  const [zh, en] = WORDS[key];
  const text = speech.lang === 'en' ? en : zh;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? String(args[name]) : whole));
}

/** A name of the rulebook in the language of the page. */
export function name(words) {
  return words[speech.lang] ?? words.zh;
}

/** `key: value`, with the colon of the language. */
export function pair(key, value) {
  return say('pair', { key, value });
}

/** Joins statements as the language does. */
export function statements(texts) {
  return texts.join(speech.lang === 'en' ? '; ' : '；');
}

/** Joins names as the language does. */
export function list(names) {
  return names.join(speech.lang === 'en' ? ', ' : '、');
}
