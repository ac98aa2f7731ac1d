// The tables of README.md.
//
// In: the lines of a run. Out: Markdown. Invariant: every figure comes from a line; what was not measured is a dash.

const table = (head, rows) => [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const kilobytes = (bytes) => (bytes > 0 ? `${Math.round(bytes / 1000).toLocaleString("en")} KB` : "–");
const milliseconds = (micros) => (micros >= 1000 ? `${(micros / 1000).toFixed(1)} ms` : `${(micros / 1000).toFixed(2)} ms`);

export function tables(lines) {
  const of = (what) => lines.filter((line) => line.what === what);
  const [machine] = of("machine");
  const sizes = of("size").map((one) => [`${one.engine} ${one.version}`, kilobytes(one.wasm_gzip), kilobytes(one.js_gzip)]);
  const engines = of("lines").filter((one) => one.place === "node").map(({ engine }) => engine);
  const cells = (engine, place) => {
    const one = of("lines").find((line) => line.engine === engine && line.place === place);
    return one ? [`${one.startup_ms} ms`, milliseconds(one.p50_us), milliseconds(one.p99_us)] : ["–", "–", "–"];
  };
  const sessions = of("session").map((one) => [one.rules, one.place, one.findings, one.samples, milliseconds(one.p50_us), milliseconds(one.p99_us), milliseconds(one.max_us)]);
  return `${machine.day}, ${machine.cpu}, ${machine.cores} cores, load before the run ${machine.load_before}, Node ${machine.node}, Chromium ${machine.chromium}.

Gzipped:

${table(["engine", "wasm", "JavaScript"], sizes)}

100 rules over the 20 lines of a claim, nothing else known:

${table(["engine", "Node: start-up", "p50", "p99", "Chromium: start-up", "p50", "p99"], engines.map((engine) => [engine, ...cells(engine, "node"), ...cells(engine, "chromium")]))}

A claim of 20 lines with 500 of history, Jihe alone:

${table(["rules", "place", "findings", "samples", "p50", "p99", "slowest"], sessions)}
`;
}
