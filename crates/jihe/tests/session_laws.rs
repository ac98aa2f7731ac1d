//! A session says what a batch over all records so far says, whatever comes in whatever order.
//!
//! In: seeded streams of claims: late, repeated, corrected, refunded, with fields missing. Out: after every claim, equality.
//! Invariant: the rules look back, ahead, around, at neighbours, through intervals, groups, other records and tables.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::similar_names,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    reason = "a generator of small claims, written out kind by kind; a test may fail loudly"
)]

use jihe::model::finding::Finding;
use jihe::{Options, RuleFiles, Ruleset};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const RULES: &str = r#"
规则包 "会话" 版本 "1"
参数 次数上限 = 2
  自 2024-03-01 = 1
知识 单价上限 来自 "单价上限.csv" { 项目编码 键; 上限 : 单价 }
编码集 乙类 : 项目编码 = { "B*" }
派生 就诊 {
  住院   = 医疗类别 = "21"
  前次   = 上一 就诊 同一(参保人)
  前次久 = 存在(前次) 且 日(时间) - 日(前次.时间) > 3 天
  笔数   = 计数(就诊.明细)
}
派生 明细 {
  上次   = 上一 明细 同一(就诊.参保人, 项目编码) 其中 数量 > 1
  连续   = 存在(上次) 且 日(使用时间) - 日(上次.使用时间) < 5 天
  再连续 = 连续 且 上次.连续
}
统计 人月 = 明细 其中 数量 > 1 按 (就诊.参保人, 月份 = 月(使用时间)) { 金额 = 合计(本组.金额) }
规则 单价 { 编号 "L01" 针对 明细 其中 项目编码 属于 单价上限.项目编码 当 单价 > 单价上限[项目编码].上限 性质 可疑 违规金额 金额 说明 "{单价}" }
规则 往前 { 编号 "L02" 针对 明细 其中 项目编码 属于 乙类 设 窗 = 明细 同一(就诊.参保人, 项目编码) 最近 5 天 至 本条 设 量 = 合计(窗.数量) 当 量 > 次数上限 性质 若 量 > 2 × 次数上限 则 违规 否则 可疑 违规金额 超出部分(窗.数量, 次数上限) 涉及 窗 说明 "{量}" }
规则 往后 { 编号 "L03" 针对 明细 设 窗 = 其他 明细 同一(就诊.参保人, 项目编码) 随后 4 天 其中 数量 ≥ 本条.数量 当 存在(窗) 性质 可疑 涉及 窗 说明 "{计数(窗)}" }
规则 两日内 { 编号 "L04" 针对 就诊 设 窗 = 其他 就诊 同一(参保人) 前后 2 天 其中 机构 ≠ 本条.机构 当 计数(窗) ≥ 1 性质 可疑 涉及 窗 说明 "{计数(窗)}" }
规则 同日 { 编号 "L05" 针对 明细 设 窗 = 其他 明细 同一(就诊, 项目编码) 当日 当 存在(窗) 性质 可疑 涉及 窗 说明 "重" }
规则 相邻 { 编号 "L06" 针对 就诊 设 后 = 下一 就诊 同一(参保人, 机构) 当 存在(后) 且 日(后.时间) - 日(时间) ≤ 2 天 性质 可疑 涉及 后 说明 "{后.时间}" }
规则 前次 { 编号 "L07" 针对 就诊 当 前次久 且 笔数 ≥ 2 性质 可疑 涉及 前次 违规明细 就诊.明细 违规金额 合计(就诊.明细.金额) 说明 "{笔数}" }
规则 连续 { 编号 "L08" 针对 明细 当 再连续 性质 可疑 涉及 上次 说明 "连" }
规则 几次 { 编号 "L09" 针对 明细 设 窗 = 明细 同一(就诊.参保人) 最近 3 次 当 合计(窗.金额) > 60 元 性质 可疑 涉及 窗 说明 "{合计(窗.金额)}" }
规则 院内 { 编号 "L10" 针对 就诊 其中 住院 且 已知(出院时间) 设 他 = 其他 就诊 同一(参保人) 期间 入院时间 至 出院时间 当 存在(他) 性质 可疑 涉及 他 违规明细 他.明细 违规金额 合计(他.明细.金额) 说明 "{计数(他)}" }
规则 双住 { 编号 "L11" 针对 就诊 其中 住院 设 他 = 其他 就诊 同一(参保人) 重叠 入院时间 至 出院时间 其中 住院 当 存在(他) 性质 可疑 涉及 他 说明 "叠" }
规则 备案 { 编号 "L12" 针对 明细 其中 就诊.医疗类别 = "14" 当 不存在(慢特病备案 同一(参保人 = 就诊.参保人) 有效于 使用时间) 性质 可疑 说明 "未备案" }
规则 分组 { 编号 "L13" 针对 明细 按 (就诊, 项目编码) 当 计数(本组) > 1 性质 可疑 违规金额 超出部分(本组.数量, 1) 涉及 本组 说明 "{计数(本组)}" }
规则 月度 { 编号 "L14" 针对 人月 设 上月 = 人月 同一(参保人) 此前 1 月 当 金额 > 合计(上月.金额) 且 计数(上月) ≥ 1 性质 可疑 涉及 本组 说明 "{金额}" }
规则 截止 { 编号 "L15" 针对 结算 当 截止日 - 日(结算时间) > 6 天 性质 可疑 说明 "{截止日 - 日(结算时间)}" }
规则 退费 { 编号 "L16" 针对 退费 设 窗 = 退费 同一(就诊.参保人) 前后 10 天 当 计数(窗) > 1 性质 可疑 涉及 窗 说明 "{计数(窗)}" }
规则 诊断 { 编号 "L17" 针对 就诊 当 不存在(就诊.诊断) 性质 数据质量 说明 "无诊断" }
规则 最密 { 编号 "L18" 针对 就诊 设 密 = 最密(就诊.明细.金额, 5 元) 当 计数(密) ≥ 2 性质 可疑 涉及 密 说明 "{计数(密)}" }
规则 类目 { 编号 "L19" 针对 就诊 设 前 = 就诊 同一(参保人, 机构) 此前 20 天 当 任一(诊断类目(前.主诊断) = 诊断类目(本条.主诊断)) 性质 可疑 涉及 前 说明 "{诊断类目(主诊断)}" }
规则 单码 { 编号 "L21" 针对 明细 其中 项目编码 = "A1" 设 窗 = 明细 同一(就诊.参保人, 项目编码) 前后 5 天 当 合计(窗.数量) > 2 性质 可疑 涉及 窗 说明 "{合计(窗.数量)}" }
规则 两码 { 编号 "L22" 针对 明细 其中 项目编码 = "A1" 或 项目编码 = "B1" 设 窗 = 明细 同一(就诊.参保人) 前后 3 天 其中 项目编码 = "B1" 且 数量 > 1 当 存在(窗) 性质 可疑 涉及 窗 说明 "{计数(窗)}" }
规则 远 { 编号 "L20" 针对 明细 设 初 = 首(明细 同一(就诊.参保人)) 当 日(使用时间) - 日(初.使用时间) > 20 天 且 初.就诊.前次久 ≠ 是 性质 可疑 涉及 初 说明 "{初.使用时间}" }
"#;

/// A small generator of numbers, the same on every machine.
struct Seed(u64);

impl Seed {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn of(&mut self, all: &[&str]) -> Value {
        let at = usize::try_from(self.below(u64::try_from(all.len()).unwrap())).unwrap();
        Value::from(all[at])
    }
}

/// Rows by kind and key: what a host knows.
type Known = BTreeMap<&'static str, BTreeMap<String, Map<String, Value>>>;

fn day(seed: &mut Seed, base: u64) -> String {
    let day = base + seed.below(6);
    let time = if seed.chance(3) { String::new() } else { format!(" {:02}:00:00", 8 + seed.below(9)) };
    format!("2024-{:02}-{:02}{time}", 2 + day / 28, day % 28 + 1)
}

fn put(claim: &mut Known, kind: &'static str, key: String, mut row: Value, seed: &mut Seed) {
    let row = row.as_object_mut().unwrap();
    let droppable = ["time", "used_time", "item_code", "visit_type", "discharge_time", "amount", "quantity"];
    row.retain(|field, value| !(value.is_null() || droppable.contains(&field.as_str()) && seed.chance(25)));
    claim.entry(kind).or_default().insert(key, row.clone());
}

/// Some records; `base` is the day they are around, `next` numbers what is new.
fn claim(seed: &mut Seed, base: u64, next: &mut u64) -> Known {
    let mut claim = Known::new();
    for _ in 0..=seed.below(2) {
        *next += 1;
        let visit = if seed.chance(6) { format!("V{}", 1 + seed.below(*next)) } else { format!("V{next}") };
        let kind = seed.of(&["11", "14", "21", "21"]);
        let discharge =
            if kind == "21" && !seed.chance(4) { Value::from(day(seed, base + 4)) } else { Value::Null };
        let person = if seed.chance(12) { "P2" } else { "P1" };
        let row = json!({ "visit_id": visit, "person": person, "institution": seed.of(&["H1", "H2"]), "visit_type": kind,
            "time": day(seed, base), "discharge_time": discharge, "main_diagnosis": seed.of(&["I10.x00", "I10.900", "J18.900"]) });
        put(&mut claim, "visit", visit.clone(), row, seed);
        for _ in 0..seed.below(4) {
            *next += 1;
            let item =
                if seed.chance(8) { format!("F{}", 1 + seed.below(*next)) } else { format!("F{next}") };
            let negative = seed.chance(25);
            let quantity = i64::try_from(1 + seed.below(4)).unwrap();
            let sign = if negative { -1 } else { 1 };
            let original = if negative && seed.chance(2) {
                Value::from(format!("F{}", 1 + seed.below(*next)))
            } else {
                Value::Null
            };
            let row = json!({ "item_id": item, "original_item": original, "visit": visit, "item_code": seed.of(&["A1", "B1", "B2"]),
                "quantity": (sign * quantity).to_string(), "unit_price": "10", "amount": (sign * quantity * 10).to_string(),
                "used_time": day(seed, base) });
            put(&mut claim, "item", item.clone(), row, seed);
            if seed.chance(20) {
                let row = json!({ "refund_id": format!("R{next}"), "item": format!("F{}", 1 + seed.below(*next)), "visit": visit,
                    "time": day(seed, base + 2), "quantity": "1", "amount": "10" });
                put(&mut claim, "refund", format!("R{next}"), row, seed);
            }
        }
        if seed.chance(2) {
            let row = json!({ "visit": visit, "code": seed.of(&["I10.x00", "E11.900"]), "phase": "2", "rank": "1" });
            put(&mut claim, "diagnosis", visit.clone(), row, seed);
        }
        if seed.chance(3) {
            let row = json!({ "settlement_id": format!("S{next}"), "visit": visit, "time": day(seed, base), "fund_amount": "5" });
            put(&mut claim, "settlement", format!("S{next}"), row, seed);
        }
    }
    if seed.chance(8) {
        let end = if seed.chance(2) { Value::Null } else { Value::from("2024-03-10") };
        let row = json!({ "person": "P1", "disease": seed.of(&["M1", "M2"]), "start_date": "2024-02-10", "end_date": end });
        put(&mut claim, "registration", format!("{}", row["disease"]), row, seed);
    }
    claim
}

fn text(known: &Known) -> String {
    let all: Map<String, Value> = known
        .iter()
        .map(|(kind, rows)| ((*kind).to_owned(), rows.values().cloned().map(Value::Object).collect()))
        .collect();
    Value::Object(all).to_string()
}

/// The batch's findings of the rules a session runs.
fn batch(ruleset: &Ruleset, known: &Known, run: &jihe::model::records::RunDates) -> Vec<Finding> {
    let mut claims = ruleset.claims_from_json(&text(known)).unwrap();
    assert!(claims.rejects.is_empty(), "{:?}", claims.rejects);
    claims.records.run = run.clone();
    let personal: Vec<&str> =
        ruleset.scopes().filter(|(_, scope)| *scope == "person").map(|(rule, _)| rule).collect();
    let report = ruleset.audit(&claims, &Options::default());
    report.findings().iter().filter(|finding| personal.contains(&&*finding.rule_id)).cloned().collect()
}

#[test]
fn a_session_says_what_a_batch_over_all_records_so_far_says() {
    let files =
        RuleFiles::new().rule("session.jihe", RULES).table("单价上限.csv", "项目编码,上限\nA1,9\nB1,12\n");
    let ruleset = jihe::compile(&files).map_err(|error| error.render(jihe::Language::Chinese)).unwrap();
    assert!(ruleset.scopes().all(|(_, scope)| scope == "person"), "a session runs every rule of this test");
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut withdrawn, mut told_again) = (0, 0);
    for number in 0..60u64 {
        let mut seed = Seed(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut next = 0;
        let mut known = claim(&mut seed, 0, &mut next);
        for kind in ["visit", "item", "diagnosis", "settlement", "registration", "refund"] {
            known.entry(kind).or_default();
        }
        let mut history = ruleset.claims_from_json(&text(&known)).unwrap();
        if number % 3 == 0 {
            history.records.run.coverage = Some((19_750, 19_850));
        }
        if number % 2 == 0 {
            history.records.run.as_of = Some(19_850);
        }
        let run = history.records.run.clone();
        let mut session = ruleset.session(history);
        for step in 0..14 {
            // Mostly later, sometimes late.
            let base = if seed.chance(6) { seed.below(30) } else { 3 * step };
            let mut more = claim(&mut seed, base, &mut next);
            if seed.chance(5) {
                let (kind, rows) = known.iter().find(|(_, rows)| !rows.is_empty()).unwrap();
                let (key, row) = rows.iter().next_back().unwrap();
                more.entry(kind).or_default().insert(key.clone(), row.clone());
            }
            let before: Vec<Finding> = session.findings().cloned().collect();
            let check = session.check(&ruleset.claims_from_json(&text(&more)).unwrap());
            let of_claim: Vec<(&str, String)> =
                more.iter().flat_map(|(kind, rows)| rows.keys().map(|key| (*kind, key.clone()))).collect();
            for (kind, rows) in more {
                known.entry(kind).or_default().extend(rows);
            }
            let expected = batch(&ruleset, &known, &run);
            let found: Vec<Finding> = session.findings().cloned().collect();
            let differs = |one: &[Finding], other: &[Finding]| -> Vec<String> {
                one.iter().filter(|held| !other.contains(held)).map(|held| format!("{held:?}")).collect()
            };
            let (missed, extra) = (differs(&expected, &found), differs(&found, &expected));
            assert!(
                missed.is_empty() && extra.is_empty(),
                "stream {number}, claim {step}: missed {missed:#?}\nextra {extra:#?}"
            );
            // What the check told is the difference, and what names a record of the claim.
            let names = |finding: &Finding| {
                let is =
                    |kind: &str, key: &str| of_claim.iter().any(|held| (held.0, &*held.1) == (kind, key));
                is(&finding.subject_kind, &finding.subject_key)
                    || finding.offending.iter().chain(&finding.involved).any(|line| is(&line.kind, &line.key))
            };
            for finding in &found {
                let (changed, named) = (!before.contains(finding), names(finding));
                let told = check.findings.iter().any(|told| **told == *finding);
                assert_eq!(told, changed || named, "told or untold: {finding:?}");
                told_again += usize::from(named && !changed);
                *seen.entry(finding.rule_id.to_string()).or_default() += 1;
            }
            let gone = before.iter().filter(|held| {
                !found
                    .iter()
                    .any(|now| (&now.rule_id, &now.subject_key) == (&held.rule_id, &held.subject_key))
            });
            let gone: Vec<(String, String)> =
                gone.map(|held| (held.rule_id.to_string(), held.subject_key.clone())).collect();
            assert_eq!(check.withdrawn, gone, "stream {number}, claim {step}");
            withdrawn += gone.len();
        }
    }
    assert!(told_again > 10, "only {told_again} findings were told again for a record of the claim");
    assert!(withdrawn > 50, "only {withdrawn} findings were withdrawn");
    for (rule, _) in ruleset.scopes() {
        assert!(seen.get(rule).copied().unwrap_or(0) >= 10, "{rule} found {:?}", seen.get(rule));
    }
}
