import { describe, expect, it } from 'vitest';
import { addCounts, countTests, skipReasons, summaryLine } from './count-tests.mjs';

const file = (status: string, ...outcomes: string[]) => ({
  status,
  assertionResults: outcomes.map((outcome) => ({ status: outcome })),
});

describe('countTests', () => {
  it('counts what passed, failed and was left out in whichever way', () => {
    const report = {
      testResults: [file('passed', 'passed', 'skipped', 'todo'), file('failed', 'failed', 'passed', 'pending')],
    };
    expect(countTests(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a run that ended badly, or left no report, as a failure', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
    expect(countTests(null, 0).failed).toBe(1);
  });

  it('sums runs into one line', () => {
    const sum = addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 0, skipped: 1 });
    expect(summaryLine(sum)).toBe('11 passed, 2 failed, 4 skipped');
  });
});

describe('skipReasons', () => {
  it('tells each reason once, with the number of tests', () => {
    const test = (status: string, fullName: string) => ({ status, fullName });
    const assertionResults = [
      test('skipped', 'the window, in Electron (skipped: its runtime is not there) opens'),
      test('skipped', 'a file, in Electron (skipped: its runtime is not there) opens'),
      test('passed', 'the window, in a browser opens'),
      test('skipped', 'left out without a word'),
    ];
    expect(skipReasons({ testResults: [{ assertionResults }] })).toEqual([
      '2 skipped, in Electron: its runtime is not there',
    ]);
    expect(skipReasons(null)).toEqual([]);
  });
});
