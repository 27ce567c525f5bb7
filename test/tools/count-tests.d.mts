export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
export function addCounts(a: Counts, b: Counts): Counts;
export function summaryLine(counts: Counts): string;
/** Counts the tests of a vitest report (null when there is none) of a run that ended with `status`. */
export function countTests(
  report: { testResults: { status: string; assertionResults: { status: string }[] }[] } | null,
  status: number,
): Counts;
/** Why tests were left out, for those whose name says it; one line per reason. */
export function skipReasons(
  report: { testResults: { assertionResults: { status: string; fullName: string }[] }[] } | null,
): string[];
