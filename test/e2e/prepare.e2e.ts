import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { command, decompose, openSample, ready, resultBar, sampleName, seeData, tab, tree } from './harness/person.ts';
import { expectAccessible } from './harness/axe.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* Data before analysis: steps that make data sets of data sets, from the panel, the map and the clusters. */

const cropped = `${sampleName}, crop Energy 1 to 5 keV`;
const binned = `${cropped}, rebin 2 × 2`;

/** Answers come from other threads, which may be busy. */
const soon = { timeout: 15_000 };

describeWindow('preparing data', (open) => {
  let home: string;
  let window: OpenedWindow;
  let page: Page;
  const panel = (): Locator => page.getByRole('region', { name: /^Prepare / });
  const row = (name: string): Locator => tree(page).getByRole('treeitem', { name: new RegExp(`^${name}( |$)`) });
  const outcome = (): Promise<string> => panel().locator('dl').innerText();
  /** What has the focus, by its label. */
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      const labels = [...(element?.labels ?? [])].map((label) => label.innerText.trim()).join(' ');
      return element?.getAttribute('aria-label') ?? (labels || (element?.textContent ?? '').trim());
    });
  async function tabTo(wanted: RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      if (wanted.test(await focused())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${wanted}.`);
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-prepare-'));
    window = await open({ folder: home, data: join(home, '.settings'), reducedMotion: 'reduce' });
    page = window.page;
    await ready(page);
    await openSample(page);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-prepare'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('opens with the list of steps, where arrows choose, and crops by keyboard alone', async () => {
    await page.keyboard.press('Control+p');
    await panel().waitFor();
    await expect.poll(focused).toBe('Crop or slice');
    await page.keyboard.press('ArrowDown');
    await panel().getByRole('heading', { name: 'Cut out a region of the map' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await panel().getByRole('heading', { name: 'Crop or slice' }).waitFor();
    await tabTo(/^From$/);
    await page.keyboard.type('1');
    await page.keyboard.press('Tab');
    await page.keyboard.type('5');
    // 0 to 10.22 keV by 0.02: 50 to 250, the end left out
    await expect.poll(outcome, soon).toMatch(/96 × 72 \| 200[^]*uint16[^]*2\.76\sMB[^]*nothing in the way/);
    const chart = panel().getByRole('application', { name: /^Spectra at the cursor before and after/ });
    await chart.waitFor();
    await expect.poll(() => chart.getAttribute('aria-label'), soon).toMatch(/Window 1\.00–4\.98\skeV/);
    await expectAccessible(page, 'crop');
    await window.screenshot('prepare-crop');
  });

  it('moves the window in the chart by keys, in step with the fields', async () => {
    await tabTo(/^End of the window$/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => panel().getByRole('textbox', { name: 'To', exact: true }).inputValue()).toBe('5.02');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => panel().getByRole('textbox', { name: 'To', exact: true }).inputValue()).toBe('5');
    const end = panel().getByRole('slider', { name: 'End of the window' });
    const box = (await end.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y, { steps: 4 });
    await expect
      .poll(async () => Number(await panel().getByRole('textbox', { name: 'To', exact: true }).inputValue()))
      .toBeGreaterThan(5.2);
    await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => panel().getByRole('textbox', { name: 'To', exact: true }).inputValue()).toBe('5');
  });

  it('says beside the field what is in the way, and cannot be applied then', async () => {
    const from = panel().getByRole('textbox', { name: 'From' });
    await from.fill('7');
    await panel().getByRole('textbox', { name: 'To', exact: true }).fill('7');
    const problem = panel().locator('[data-param="start"] .error');
    await expect.poll(() => problem.innerText(), soon).toMatch(/nothing of Energy \(512 values\) is left/);
    expect(
      await panel()
        .getByRole('button', { name: /^Apply/ })
        .getAttribute('aria-disabled'),
    ).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('From');
    expect(await tree(page).getByRole('treeitem').count()).toBe(1);
    await from.fill('1');
    await panel().getByRole('textbox', { name: 'To', exact: true }).fill('5');
    await expect.poll(outcome, soon).toMatch(/nothing in the way/);
  });

  it('makes a data set beneath the one it was made of, which can be prepared again', async () => {
    await page.keyboard.press('Control+r');
    await seeData(page, cropped);
    await row(cropped).waitFor();
    expect(await row(cropped).getAttribute('aria-level')).toBe('2');
    await expect.poll(() => tree(page).innerText(), soon).toMatch(/Crop Energy 1 to 5\skeV/);
    await expect.poll(() => panel().getAttribute('aria-label'), soon).toBe(`Prepare ${cropped}`);
    await command(page, 'Prepare: Rebin…');
    await panel().getByRole('heading', { name: 'Rebin' }).waitFor();
    await expect.poll(() => panel().getByRole('textbox', { name: 'y', exact: true }).inputValue()).toBe('2');
    await expect.poll(outcome, soon).toMatch(/48 × 36 \| 200[^]*uint16 → uint32[^]*nothing in the way/);
    await expectAccessible(page, 'rebin');
    await panel()
      .getByRole('button', { name: /^Apply/ })
      .click();
    await seeData(page, binned);
    expect(await row(binned).getAttribute('aria-level')).toBe('3');
    await expect.poll(() => tree(page).innerText(), soon).toMatch(/Crop Energy 1 to 5\skeV · Rebin 2 × 2/);
    await window.screenshot('prepare-tree');
  });

  it('decomposes what was prepared; undo and redo go through all of it', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    await decompose(page, { question: /Counting noise/, components: '5', name: 'Prepared' });
    expect(await row('Prepared').getAttribute('aria-level')).toBe('4');
    await tab(page, 'Workspace').click();
    await command(page, 'Undo');
    await row('Prepared').waitFor({ state: 'detached' });
    await command(page, 'Undo');
    await row(binned).waitFor({ state: 'detached' });
    // what it was made of is looked at again
    await expect.poll(() => row(cropped).getAttribute('aria-selected'), soon).toBe('true');
    await command(page, 'Redo');
    await row(binned).waitFor();
    await command(page, 'Redo');
    await row('Prepared').waitFor();
    await row('Prepared').click();
    await resultBar(page, 'Prepared').waitFor();
    await row(cropped).click();
    await tab(page, 'Workspace').click();
    await command(page, 'Close the dataset');
    await row(cropped).waitFor({ state: 'detached' });
    await expect.poll(() => row(binned).getAttribute('aria-level'), soon).toBe('1');
    await command(page, 'Undo');
    await expect.poll(() => row(binned).getAttribute('aria-level'), soon).toBe('3');
    expect(window.problems).toEqual([]);
  });

  it('has a page of help for the step', async () => {
    await row(sampleName).click();
    await command(page, 'Prepare: Remove background…');
    await panel().getByRole('button', { name: 'Help on Remove background' }).click();
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.getByRole('heading', { name: 'Remove background' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await help.getByRole('heading', { name: 'Remove background' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('makes a mask by threshold, and data of the pixels that it leaves', async () => {
    await command(page, 'Prepare: Mask by threshold…');
    await expect.poll(outcome, soon).toMatch(/a mask among the results[^]*nothing in the way/);
    await page.keyboard.press('Control+r');
    await page.getByText('Mask by threshold is ready.').waitFor();
    await command(page, 'Prepare: Keep the pixels of a mask…');
    const mask = panel().getByRole('combobox', { name: 'Mask' });
    await expect
      .poll(() => mask.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.text))
      .toMatch(/mask/i);
    await expect.poll(outcome, soon).toMatch(/\d+ \| 512[^]*nothing in the way/);
    const pixels = Number(/(\d+) \| 512/.exec(await outcome())?.[1]);
    expect(pixels).toBeGreaterThan(100);
    expect(pixels).toBeLessThan(96 * 72);
    await page.keyboard.press('Escape');
  });

  it('cuts out the box that is drawn on the map', async () => {
    const map = page.getByRole('application', { name: /^Navigator of / });
    await map.focus();
    await page.keyboard.press('m');
    const button = page.getByRole('button', { name: 'Cut out this region as a data set' });
    await button.waitFor();
    await button.click();
    await row(`${sampleName}, region x .*`).waitFor();
    await expect.poll(() => tree(page).innerText(), soon).toMatch(/6 × 6 \| 512/);
    await command(page, 'Undo');
    await row(`${sampleName}, region x .*`).waitFor({ state: 'detached' });
    await map.focus();
    await page.keyboard.press('m');
  });

  it('makes data of a cluster: its pixels, and the region around them', { timeout: 120_000 }, async () => {
    await row(sampleName).click();
    await page.keyboard.press('Control+Shift+K');
    const wizard = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await wizard.waitFor();
    await wizard.getByText('nothing in the way').waitFor();
    await page.keyboard.press('Control+r');
    await page.getByRole('region', { name: /^Cluster spectra/ }).waitFor({ timeout: 60_000 });
    const clusters = page.getByRole('region', { name: 'Clusters', exact: true });
    await clusters.locator('button[data-name]').first().click();
    const selection = page.getByRole('region', { name: 'Selected pixels' });
    await expect.poll(() => selection.innerText()).toMatch(/\d px/);
    const pixels = Number(/(\d[\d\s]*) px/.exec(await selection.innerText())?.[1]?.replace(/\s/g, ''));
    await selection.getByRole('button', { name: 'Make data of the selection' }).click();
    await window.screenshot('prepare-cluster');
    await page.getByRole('menuitem', { name: /^Region around them/ }).waitFor();
    await page.getByRole('menuitem', { name: 'Data set of these pixels' }).click();
    await row(`${sampleName}, Cluster 1`).waitFor();
    await expect.poll(() => tree(page).innerText(), soon).toMatch(new RegExp(`${pixels} \\| 512`));
    await tree(page)
      .getByRole('treeitem', { name: /^Only Cluster 1/ })
      .waitFor();
    expect(window.problems).toEqual([]);
  });
});
