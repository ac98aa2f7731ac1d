// `jihe/files` in Node: every format gives the same records and findings.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as files from "jihe/files";
import { OTHER_LAYOUTS, otherLayouts, readAll, samples } from "./files.mjs";

test("every format gives the same findings, rejects and records", () => {
  const seen = readAll(files, samples());
  assert.deepEqual(seen.formats.map(([name]) => name).sort(), [
    "item.csv", "item.csv.gz", "item.ndjson", "item.parquet", "item.tsv", "item.xlsx",
  ]);
  for (const [name, one] of seen.formats) {
    assert.deepEqual(one.keys, [["L1", "单笔1500.00元"], ["L2", "单笔20.50元"]], name);
    assert.deepEqual(one.page, ["L2"], name);
    assert.equal(one.findings, 2, name);
    assert.deepEqual(one.rejects.map(([, column, value]) => [column, value]), [["amount", "twenty"]], name);
    assert.equal(one.record[0].amount, "20.50元", name);
    assert.deepEqual(one.record[1], {}, name);
    const [done, total] = one.told.at(-1);
    assert.ok(total > 0 && done === total && one.told.length === total, name);
    assert.deepEqual(one.files.map((file) => [file.kind, file.rows, file.accepted, file.rejected, file.problem]),
      [["visit", 1, 1, 0, null], ["item", 4, 3, 1, null]], name);
    assert.equal(one.late, "UsageError");
    assert.equal(one.listener, "EvalError");
  }
  assert.ok(seen.rulebook && seen.rules);
  assert.deepEqual([seen.early, seen.layout, seen.mapping], Array(3).fill("UsageError"));
  assert.deepEqual(seen.broken, [["item.parquet", 0, true, true], ["x.txt", 0, true, true]]);
});

test("the extraction list and a mapping of local files: exactly these findings", () => {
  assert.deepEqual(otherLayouts(files), OTHER_LAYOUTS);
});
