/** Sums of two runs. */
export const addCounts = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The line by which a run is read by people and programs. */
export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Counts the tests of a vitest report. Nothing gets lost in the sum: a file that could not be loaded is one failure,
 * and so is a run that ended badly (an unhandled error, no report) without a failed test.
 *
 * @param report  vitest's JSON report, or null when there is none
 * @param status  exit status of the run
 */
export function countTests(report, status) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    for (const { status: outcome } of file.assertionResults) {
      if (outcome === 'passed') counts.passed += 1;
      else if (outcome === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    const hasFailedTest = file.assertionResults.some(({ status: outcome }) => outcome === 'failed');
    if (file.status === 'failed' && !hasFailedTest) counts.failed += 1;
  }
  if (counts.failed === 0 && (status !== 0 || report === null)) counts.failed = 1;
  return counts;
}

/**
 * Why tests were left out, for those whose name says it (`… (skipped: the reason) …`).
 *
 * @returns one line per reason, with the number of tests
 */
export function skipReasons(report) {
  const reasons = new Map();
  for (const { assertionResults } of report?.testResults ?? []) {
    for (const { status, fullName } of assertionResults) {
      const reason = status === 'passed' || status === 'failed' ? null : /([^,>]*)\(skipped: ([^)]+)\)/.exec(fullName);
      if (reason === null) continue;
      const line = `${reason[1].trim()}: ${reason[2]}`;
      reasons.set(line, (reasons.get(line) ?? 0) + 1);
    }
  }
  return [...reasons].map(([line, count]) => `${count} skipped, ${line}`);
}
