// Times checks, in Node and in a page alike.
//
// In: what makes a batch ready. Out: microseconds of every sample, summed up; what was found, to be compared first.
// Invariant: 20 batches of 100 checks after 2 that are not counted; every check is a sample of its own.

const BATCHES = 20;
const CHECKS = 100;


/** `ready(at)` makes a check ready, which is not timed, and gives the check and how to put it away. */
async function measure(ready) {
  const samples = [];
  for (let batch = -2; batch < BATCHES; batch += 1) {
    const made = Array.from({ length: CHECKS }, (_, at) => ready(at));
    for (const { check } of made) {
      const start = performance.now();
      check();
      if (batch >= 0) samples.push((performance.now() - start) * 1000);
    }
    for (const { done } of made) done?.();
    // Lets a page draw and a collector collect between batches, as they would.
    await new Promise((next) => setTimeout(next, 0));
  }
  samples.sort((one, other) => one - other);
  const at = (share) => Math.round(samples[Math.min(samples.length - 1, Math.floor(samples.length * share))]);
  return { samples: samples.length, p50_us: at(0.5), p99_us: at(0.99), max_us: at(1) };
}

/** Start-up of one engine up to its first answer, what it finds in each claim, and its checks of them in turn. */
export async function measureEngine(make, tools, claims) {
  const start = performance.now();
  const { take, check } = await make(tools);
  check(take(claims[0]));
  const startup_ms = Math.round((performance.now() - start) * 10) / 10;
  const taken = claims.map(take);
  const found = taken.map((one) => check(one));
  return { found, startup_ms, ...(await measure((at) => ({ check: () => check(taken[at % taken.length]) }))) };
}

/** The findings of a session after a claim, and those of the whole audited at once, by their ids. */
function compared(ruleset, { history, claim }) {
  const session = ruleset.session(history);
  session.check(claim);
  const ids = (findings) => findings.map((finding) => finding.finding_id).sort();
  const live = ids(session.findings());
  session.free();
  const [past, now] = [history, claim].map((text) => JSON.parse(text));
  const all = { person: now.person, visit: [...past.visit, ...now.visit], item: [...past.item, ...now.item] };
  const { findings, coverage } = ruleset.audit(all);
  const person = new Set(coverage.rules.filter((rule) => rule.scope === "person").map((rule) => rule.rule_id));
  return { live, whole: ids(findings.filter((finding) => person.has(finding.rule_id))) };
}

/** One claim of a person against his history, from a session that holds the history only: another person every time. */
export async function measureSession(jihe, rules, options, persons) {
  const ruleset = jihe.compile(rules, options);
  const found = persons.map((person) => compared(ruleset, person));
  const times = await measure((at) => {
    const { history, claim } = persons[at % persons.length];
    const session = ruleset.session(history);
    return { check: () => session.check(claim), done: () => session.free() };
  });
  ruleset.free();
  return { found, ...times };
}
