// Times checks, in Node and in a page alike.
//
// In: a function. Out: microseconds of every sample, summed up.
// Invariant: 20 batches of 100 checks after 2 that are not counted; every check is a sample of its own.

const BATCHES = 20;
const CHECKS = 100;

export async function measure(check) {
  const samples = [];
  for (let batch = -2; batch < BATCHES; batch += 1) {
    for (let at = 0; at < CHECKS; at += 1) {
      const start = performance.now();
      check();
      if (batch >= 0) samples.push((performance.now() - start) * 1000);
    }
    // Lets a page draw and a collector collect between batches, as they would.
    await new Promise((next) => setTimeout(next, 0));
  }
  samples.sort((one, other) => one - other);
  const at = (share) => Math.round(samples[Math.min(samples.length - 1, Math.floor(samples.length * share))]);
  return { samples: samples.length, p50_us: at(0.5), p99_us: at(0.99), max_us: at(1) };
}

/** Start-up of one engine up to its first answer, and its checks of the lines of a claim. */
export async function measureEngine(make, tools, lines) {
  const start = performance.now();
  const check = await make(tools);
  const first = check(lines);
  const startup_ms = Math.round((performance.now() - start) * 10) / 10;
  return { first, startup_ms, ...(await measure(() => check(lines))) };
}

/** One person: history loaded once, the same claim checked again and again before it is saved. */
export async function measureSession(jihe, rules, options, { history, claim }) {
  const ruleset = jihe.compile(rules, options);
  const session = ruleset.session(history);
  const found = session.check(claim).findings.length;
  const times = await measure(() => session.check(claim));
  session.free();
  ruleset.free();
  return { found, ...times };
}
