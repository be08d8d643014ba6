// A vitest reporter that keeps a running count on disk: what is known when the run itself dies.
import { writeFileSync } from "node:fs";

const KEYS = { passed: "passed", failed: "failed", skipped: "skipped", pending: "failed" };

export default class TestCounter {
  counts = { passed: 0, failed: 0, skipped: 0 };

  onTestRunStart() {
    this.save();
  }

  onTestCaseResult(testCase) {
    this.counts[KEYS[testCase.result().state]] += 1;
    this.save();
  }

  save() {
    writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify(this.counts));
  }
}
