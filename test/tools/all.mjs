import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, projectRoot } from '../../main/hosts/launch/build.mjs';
import { findNode, missingPackages, runToEnd } from '../../main/hosts/launch/programs.mjs';
import { addCounts, countTests, skipReasons, summaryLine } from './count-tests.mjs';
import { findBrowser, whatToInstall } from './find-browser.mjs';

/*
 * npm test: builds, runs the unit tests and then the end-to-end tests, and ends with one line that counts them all.
 * `--unit` or `--e2e` runs one of the two.
 */

const output = join(projectRoot, 'test/output');
const say = (line) => process.stdout.write(`${line}\n`);

/** Runs one vitest configuration and counts what it reports; a run that breaks off counts as failed. */
async function runVitest(name, args) {
  const report = join(output, `${name}.json`);
  rmSync(report, { force: true });
  const begun = Date.now();
  say(`\n${name} tests`);
  const status = await runToEnd(
    findNode(projectRoot),
    [
      join(projectRoot, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    // a log file is read as text, also where CI=true asks for colours
    { cwd: projectRoot, env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' } },
  );
  let json = null;
  try {
    json = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // no report: the run broke off before its end, which countTests counts
  }
  const counts = countTests(json, status);
  for (const line of skipReasons(json)) say(line);
  say(`${name}: ${summaryLine(counts)} in ${Math.round((Date.now() - begun) / 1000)} s`);
  return counts;
}

async function main() {
  const missing = missingPackages(projectRoot);
  if (missing !== null) {
    say(missing);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  mkdirSync(output, { recursive: true });
  const only = process.argv.find((argument) => argument === '--unit' || argument === '--e2e');
  await ensureBuilt({ say });
  let counts = { passed: 0, failed: 0, skipped: 0 };
  if (only !== '--e2e') counts = addCounts(counts, await runVitest('unit', []));
  if (only !== '--unit') {
    const browser = await findBrowser({ say });
    if (browser === null) {
      say(whatToInstall);
      return addCounts(counts, { passed: 0, failed: 1, skipped: 0 });
    }
    counts = addCounts(counts, await runVitest('window', ['--config', 'test/e2e/vitest.e2e.config.ts']));
  }
  return counts;
}

main()
  .catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  })
  .then((counts) => {
    process.exitCode = counts.failed === 0 ? 0 : 1;
    process.stdout.write(`\n${summaryLine(counts)}\n`);
  });
