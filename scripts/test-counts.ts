/**
 * The named suites: words of which a test file's path must contain one. They take the black-box
 * suite of that name and the unit tests of the code that it is about.
 */
export const suiteFilters: Readonly<Record<string, readonly string[]>> = {
  signatures: ["signature"],
  multiturn: ["multiturn", "multi-turn"],
  streaming: ["streaming", "translate/stream", "src/sse/"],
  interleaved: ["interleaved", "thinking"],
  images: ["image"],
  caching: ["caching", "session-key", "translate/usage"],
};

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What is read here of vitest's JSON report, which is Jest's. */
export interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts from vitest's JSON report. A file that failed beside its tests (it did not load, a hook
 * threw) counts as one failed test. Without a report the run died: then what was counted so far,
 * and one failure for the death. An exit code that the tests do not explain (an unhandled
 * rejection, say) is a failure too.
 */
export function countTests(
  report: Report | undefined,
  soFar: Counts | undefined,
  exitCode: number,
): Counts {
  if (report === undefined) {
    const { passed, failed, skipped } = soFar ?? { passed: 0, failed: 0, skipped: 0 };
    return { passed, failed: failed + 1, skipped };
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of report.testResults) {
    for (const test of assertionResults) counts[outcomeOf(test.status)] += 1;
    const hasFailedTest = assertionResults.some((test) => test.status === "failed");
    if (status === "failed" && !hasFailedTest) counts.failed += 1;
  }
  const isUnexplained = exitCode !== 0 && counts.failed === 0 && counts.passed > 0;
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

function outcomeOf(status: string): keyof Counts {
  return status === "passed" || status === "failed" ? status : "skipped";
}
