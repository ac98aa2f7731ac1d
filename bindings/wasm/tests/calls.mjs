// Every call of the package on one small rule, as plain data; the same function runs in Node and in a page.
//
// In: the package. Out: what its calls gave. Invariant: names nothing outside itself, so that a page can run its text.

export function calls(jihe) {
  const rules = `
规则包 "示例" 版本 "1"
规则 大额明细 { 编号 "X1" 针对 明细 当 金额 > 1000 元 性质 可疑 违规金额 金额 - 1000 元 说明 "单笔{金额}" }
测试 "大额" 规则 大额明细 {
  参保人 P1 { 性别 男 }
  就诊 V1 { 参保人 P1; 时间 2024-03-01 }
  明细 L1 { 就诊 V1; 使用时间 2024-03-01; 数量 1; 单价 1500 元; 金额 1500 元 }
  期望 L1 命中 违规金额 500 元
}
`;
  const line = (key, amount) =>
    ({ feedetl_sn: key, visit: "V1", fee_ocur_time: "2024-03-01", cnt: "1", pric: amount, amount });
  const claims = {
    visit: [{ mdtrt_id: "V1", psn_no: "P1", time: "2024-03-01" }],
    item: [line("L1", "1500.00"), line("L2", "10.00")],
  };
  const broken = { "bad.jihe": '规则包 "示例" 版本 "1"\n规则 坏 { 编号 "X2" 针对 明细 当 金额 > }\n' };
  const thrown = (call) => {
    try {
      call();
      return { name: "nothing thrown" };
    } catch (error) {
      return error;
    }
  };
  const ruleset = jihe.compile(rules);
  const refused = thrown(() => jihe.compile(broken));
  const { file, line: at } = refused.diagnostics?.[0]?.labels[0].place ?? {};
  const once = jihe.format(rules);
  const person = (visits, lines) => ({ visit: visits, item: lines });
  const same = `
规则包 "示例" 版本 "1"
规则 当日重复 {
  编号 "X2" 针对 明细 设 同日 = 其他 明细 同一(就诊.参保人, 项目编码) 最近 30 天
  当 存在(同日) 性质 可疑 涉及 同日 说明 "重复"
}
统计 机构均价 = 明细 按 (就诊.机构) { 均价 = 平均(本组.单价) }
规则 偏高 { 编号 "X9" 针对 机构均价 当 均价 > 100 元 性质 可疑 说明 "{均价}" }
`;
  const pair = jihe.compile(same);
  const coded = (key, code) => ({ ...line(key, "5.00"), med_list_codg: code });
  const session = pair.session(person(claims.visit, [coded("L1", "A")]));
  const checked = session.check(person([], [coded("L2", "A")]));
  const corrected = session.check(person([], [coded("L2", "B")]));
  const spoilt = session.check({ visit: [{ mdtrt_id: "V9", psn_no: "P1", time: "someday" }] });
  session.free();
  return {
    findings: ruleset.audit(claims).findings.map((f) => [f.rule_id, f.subject_key, f.amount]),
    sameAsText: JSON.stringify(ruleset.audit(claims)) === JSON.stringify(ruleset.audit(JSON.stringify(claims))),
    refused: {
      name: refused.name, file, line: at,
      alike: JSON.stringify(jihe.check(broken)) === JSON.stringify(refused.diagnostics),
    },
    claims: thrown(() => ruleset.audit({ "nothing of this name": [] })).name,
    tests: jihe.test(rules),
    formatIsIdempotent: jihe.format(once) === once,
    // Text nested far beyond the limit is refused, where a recursive reader would run out of stack.
    deep: jihe.check(`规则包 "深" 版本 "1"\n规则 深 { 针对 明细 当 ${"（".repeat(20000)} }\n`).length > 0,
    checked: checked.findings.map((f) => f.subject_key),
    open: checked.not_evaluated,
    withdrawn: corrected.withdrawn.map((one) => one.subject_key),
    spoilt: spoilt.rejects.map((one) => one.value),
    freed: thrown(() => session.findings()).name,
    lookBack: jihe.requirements(same).kinds.item.look_back,
    tooLarge: thrown(() => jihe.check("#".repeat(jihe.LIMITS.rules + 1))).kind,
    hash: ruleset.hash,
    version: jihe.version(),
  };
}
