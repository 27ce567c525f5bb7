import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import {
  chooseFile,
  command,
  decompose,
  fillWizard,
  openSample,
  openWizard,
  ready,
  seeResult,
  tab,
  wizard,
} from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* Choosing a method by what a person wants to know, and how many components by what several criteria say. */

describeWindow('the methods', (open) => {
  let home: string;
  let window: OpenedWindow;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-methods-'));
    cpSync(join(projectRoot, 'assets/plugins/successive-projections'), join(home, 'spa'), { recursive: true });
    window = await open({ folder: join(home, 'spa'), data: join(home, '.settings') });
    await window.page.getByRole('main').waitFor();
    await ready(window.page);
    await openSample(window.page);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-methods'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('answer how many components there are by several criteria, marked at the scree plot', async () => {
    const { page } = window;
    await decompose(page, { question: /Counting noise/, name: 'Scaled' });
    await page.getByRole('button', { name: /^How many components/ }).click();
    const panel = page.getByRole('dialog', { name: /^How many components/ });
    await panel.getByRole('button', { name: 'Compare the criteria' }).click();
    const best = panel.getByRole('button', { name: /Cross-validation/ });
    await best.waitFor({ timeout: 60_000 });
    // the sample is made of four things (see assets/samples), and counts tell their noise
    for (const criterion of ['Parallel analysis', 'Cross-validation', 'Best for removing noise']) {
      expect(await panel.getByRole('button', { name: criterion }).innerText(), criterion).toMatch(/^4\b/);
    }
    await best.click();
    await expect
      .poll(() => page.getByRole('slider', { name: 'Components to keep' }).getAttribute('aria-valuenow'))
      .toBe('4');
    await page.getByRole('img', { name: /Parallel analysis.*: 4/ }).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('tell positive spectra with the curve of their convergence', async () => {
    const { page } = window;
    await decompose(page, { question: /positive spectra/, components: '4', name: 'Positive' });
    await page.getByRole('button', { name: 'About this result' }).click();
    const about = page.getByRole('complementary', { name: 'About this result' });
    await about.getByRole('img', { name: /^Objective over \d+ iterations/ }).waitFor();
    await expect.poll(() => about.innerText()).toMatch(/Converged\s+yes/);
    await page.getByRole('button', { name: 'About this result' }).click();
    expect(window.problems).toEqual([]);
  });

  it('show how they converge while they run, and stop where the person has seen enough', async () => {
    const { page } = window;
    await tab(page, 'Workspace').click();
    await openWizard(page);
    await fillWizard(page, { question: /do not overlap/, components: '4', name: 'Stopped' });
    await wizard(page).getByText('nothing in the way').waitFor();
    await wizard(page).getByRole('button', { name: /^Run/ }).click();
    await wizard(page).getByRole('region', { name: 'Convergence' }).waitFor();
    await wizard(page).getByRole('button', { name: 'Keep what there is' }).click();
    await seeResult(page, 'Stopped');
    await page.getByRole('button', { name: 'About this result' }).click();
    await expect
      .poll(() => page.getByRole('complementary', { name: 'About this result' }).innerText())
      .toMatch(/Converged\s+no/);
    await page.getByRole('button', { name: 'About this result' }).click();
    expect(window.problems).toEqual([]);
  });

  it('include those of the person, once these are allowed', async () => {
    const { page } = window;
    await command(page, 'Custom algorithms…');
    const dialog = page.getByRole('dialog', { name: 'Custom algorithms' });
    await chooseFile(window, () => dialog.getByRole('button', { name: 'Add a folder…' }).click(), 'plugin.json');
    await dialog.getByText('Not allowed').waitFor();
    await dialog.getByRole('button', { name: 'Allow these files' }).click();
    await dialog.getByText('Allowed', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await tab(page, 'Workspace').click();
    await decompose(page, { question: /purest/, components: '3', name: 'Pure pixels' });
    expect(window.problems).toEqual([]);
  });
});
