// Each engine on the same rules over lines: made ready once, then asked about a claim's lines.
//
// In: a way to import and to fetch. Out: for each engine `take(lines)`, the form it likes a claim in, and `check(claim)`, the
// hits as sorted `rule line` texts.
// Invariant: each is used as its documentation recommends for repeated evaluation: rules parsed once where it can.

import { asClaim, jiheLineRules, lineRules } from "./workload.mjs";

const hits = (pairs) => pairs.map((pair) => pair.join(" ")).sort();

const plain = (lines) => lines;

function everyPair(lines, rules, fires) {
  const found = [];
  for (const line of lines) for (const rule of rules) if (fires(rule, line)) found.push([rule.id, line.key]);
  return hits(found);
}

export const ENGINES = {
  async jihe({ module, bytes }) {
    const jihe = await module("jihe");
    await jihe.default(await bytes("jihe"));
    const ruleset = jihe.compile(jiheLineRules());
    const check = (text) => {
      const session = ruleset.session("{}");
      const { findings } = session.check(text);
      session.free();
      return hits(findings.map((finding) => [finding.rule_id, finding.subject_key]));
    };
    return { take: asClaim, check };
  },

  async cedar({ module, bytes }) {
    const cedar = await module("cedar");
    cedar.initSync({ module: await bytes("cedar") });
    const staticPolicies = Object.fromEntries(lineRules().map((rule) => [rule.id, "forbid(principal, action, resource) when { " + (rule.code
      ? `context.code == "${rule.code}" && context.price > ${rule.price}`
      : `context.amount > ${rule.amount} && context.quantity >= ${rule.quantity}`) + " };"]));
    const parsed = cedar.preparsePolicySet("rules", { staticPolicies });
    if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
    const one = (type, id) => ({ type, id });
    return { take: plain, check: (lines) => hits(lines.flatMap((line) => {
      const { code, price, amount, quantity, key } = line;
      const answer = cedar.statefulIsAuthorized({
        principal: one("Person", "P1"), action: one("Action", "bill"), resource: one("Line", key),
        context: { code, price, amount, quantity }, entities: [], preparsedPolicySetId: "rules", validateRequest: false,
      });
      if (answer.type !== "success") throw new Error(JSON.stringify(answer));
      return answer.response.diagnostics.reason.map((id) => [id, key]);
    })) };
  },

  async zen({ module, bytes }) {
    const zen = await module("zen");
    await zen.default({ module_or_path: await bytes("zen") });
    const rules = lineRules().map((rule) => ({ id: rule.id, text: rule.code
      ? `code == "${rule.code}" and price > ${rule.price}`
      : `amount > ${rule.amount} and quantity >= ${rule.quantity}` }));
    const check = (lines) => {
      const found = [];
      for (const line of lines) {
        const variable = new zen.Variable(line);
        for (const rule of rules) if (variable.evaluateExpression(rule.text)) found.push([rule.id, line.key]);
        variable.free();
      }
      return hits(found);
    };
    return { take: plain, check };
  },

  async cel({ module }) {
    const { parse } = await module("cel");
    const rules = lineRules().map((rule) => ({ id: rule.id, fires: parse(rule.code
      ? `code == "${rule.code}" && price > ${rule.price}.0`
      : `amount > ${rule.amount}.0 && quantity >= ${rule.quantity}.0`) }));
    return { take: plain, check: (lines) => everyPair(lines, rules, (rule, line) => rule.fires(line)) };
  },

  async "json-logic"({ module }) {
    const { LogicEngine } = await module("json-logic");
    const engine = new LogicEngine();
    const rules = lineRules().map((rule) => ({ id: rule.id, fires: engine.build(rule.code
      ? { and: [{ "==": [{ var: "code" }, rule.code] }, { ">": [{ var: "price" }, rule.price] }] }
      : { and: [{ ">": [{ var: "amount" }, rule.amount] }, { ">=": [{ var: "quantity" }, rule.quantity] }] }) }));
    return { take: plain, check: (lines) => everyPair(lines, rules, (rule, line) => rule.fires(line)) };
  },
};
