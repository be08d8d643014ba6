/**
 * The named suites: words that a test file's path must contain (any of them). They take the
 * black-box suite of that name and the unit tests of the code that it is about.
 */
export const suiteFilters = {
  signatures: ["signature"],
  multiturn: ["multiturn", "multi-turn"],
  streaming: ["streaming", "translate/stream", "src/sse/"],
  interleaved: ["interleaved", "blocks/thinking"],
  images: ["image"],
  caching: ["caching", "session-key", "translate/usage"],
};

/**
 * Counts from vitest's JSON report. A file that failed to load counts as one failed test. Without
 * a report the run died: then what the counter saw so far, and one failure for the death. An exit
 * code that the tests do not explain (an unhandled rejection, say) is a failure too.
 */
export function countTests(report, progress, exitCode) {
  if (report === undefined) {
    const { passed = 0, failed = 0, skipped = 0 } = progress ?? {};
    return { passed, failed: failed + 1, skipped };
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const isBroken = file.status === "failed" && file.assertionResults.every(isNotFailed);
    if (isBroken) counts.failed += 1;
    for (const test of file.assertionResults) counts[outcomeOf(test)] += 1;
  }
  if (exitCode !== 0 && counts.failed === 0 && counts.passed > 0) counts.failed = 1;
  return counts;
}

const isNotFailed = (test) => test.status !== "failed";

function outcomeOf(test) {
  if (test.status === "passed" || test.status === "failed") return test.status;
  return "skipped";
}
