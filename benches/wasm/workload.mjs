// What is measured: a claim of 20 lines, a history of 500, 100 rules over lines, 100 rules of which most look back.
//
// In: nothing. Out: plain data; rules over lines as comparisons that every engine here can say.
// Invariant: no clock and no random source; every run measures the same.

/** A sequence that looks random and is always the same. */
function sequence(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

const money = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

function line(key, visit, day, next) {
  const quantity = 1 + next(12);
  const price = 100 + next(50000);
  return { key, visit, day, code: `C${next(40)}`, quantity, price, amount: quantity * price };
}

const day = (number) => new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);

/** 20 lines of today, as plain numbers; another person has others. */
export function lines(person = 0) {
  const next = sequence(7 + person);
  return Array.from({ length: 20 }, (_, at) => line(`N${at}`, "V50", day(180), next));
}

function asClaims(visits, lines) {
  return JSON.stringify({
    person: [{ psn_no: "P1", gend: "1", brdy: "1960-05-05" }],
    visit: visits.map(([key, at]) => ({ mdtrt_id: key, psn_no: "P1", time: at })),
    item: lines.map((one) => ({
      feedetl_sn: one.key, visit: one.visit, used_time: one.day, med_list_codg: one.code,
      cnt: String(one.quantity), pric: money(one.price), amount: money(one.amount),
    })),
  });
}

/** Lines of today as Jihe takes them. */
export const asClaim = (lines) => asClaims([["V50", day(180)]], lines);

export const claim = (person = 0) => asClaim(lines(person));

/** 500 lines in 50 visits over half a year. */
export function history(person = 0) {
  const next = sequence(11 + 1000 * person);
  const visits = Array.from({ length: 50 }, (_, at) => [`H${at}`, day(Math.floor(at * 3.5))]);
  const all = visits.flatMap(([key, at], number) =>
    Array.from({ length: 10 }, (_, place) => line(`${key}-${place}-${number}`, key, at, next)));
  return asClaims(visits, all);
}

/** 100 rules over one line: `code = c and price > p`, `amount > a and quantity >= q`, in turn. */
export function lineRules() {
  const next = sequence(3);
  return Array.from({ length: 100 }, (_, at) => at % 2 === 0
    ? { id: `L${at}`, code: `C${next(40)}`, price: 10000 + next(40000) }
    : { id: `L${at}`, amount: 100000 + next(400000), quantity: 2 + next(10) });
}

const HEAD = '规则包 "基准" 版本 "1"\n';

export function jiheLineRules() {
  return HEAD + lineRules().map((rule) => {
    const when = rule.code
      ? `项目编码 = "${rule.code}" 且 单价 > ${money(rule.price)} 元`
      : `金额 > ${money(rule.amount)} 元 且 数量 ≥ ${rule.quantity}`;
    return `规则 ${rule.id} { 编号 "${rule.id}" 针对 明细 当 ${when} 性质 可疑 说明 "命中" }`;
  }).join("\n");
}

/** 100 rules by person: 20 over a line, 80 over windows of 1 to 180 days; their limits are passed now and then, as a rulebook's are. */
export function jihePersonRules() {
  const rules = Array.from({ length: 20 }, (_, at) => {
    const when = at % 2 === 0 ? `项目编码 = "C${at}" 且 单价 > 480 元` : `金额 > ${5000 + at * 10} 元 且 数量 ≥ 11`;
    return `规则 L${at} { 编号 "L${at}" 针对 明细 当 ${when} 性质 可疑 说明 "命中" }`;
  });
  for (let at = 20; at < 100; at += 1) {
    const days = [1, 7, 30, 90, 180][at % 5];
    const id = `编号 "W${at}" 针对 明细 其中 项目编码 = "C${at % 40}"`;
    const head = `规则 W${at} { ${id}`;
    const set = `设 近期 = 明细 同一(就诊.参保人, 项目编码) 最近 ${days} 天`;
    const kinds = [
      `${set} 当 合计(近期.数量) > ${60 + at % 20} 性质 可疑 涉及 近期 说明 "{合计(近期.数量)}"`,
      `设 其余 = 其他 明细 同一(就诊.参保人, 项目编码) 最近 ${days} 天 当 计数(其余) > 7 性质 可疑 涉及 其余 说明 "重复"`,
      `${set} 当 计数(近期) > ${7 + at % 6} 性质 高度可疑 涉及 近期 说明 "{计数(近期)}次"`,
      `${set} 当 合计(近期.金额) > ${20000 + at * 10} 元 性质 可疑 涉及 近期 说明 "{合计(近期.金额)}"`,
    ];
    rules.push(`${head} ${kinds[at % 4]} }`);
  }
  return HEAD + rules.join("\n");
}
