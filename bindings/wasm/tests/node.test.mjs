import { test } from "node:test"; import assert from "node:assert";
import { version } from "jihe";
test("v", () => assert.equal(version(), "0.1.0"));
