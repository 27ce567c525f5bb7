import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { palette, tabTo } from './harness/keyboard.ts';
import { ready, resultBar, sampleName, seeData } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* Sources, groups of pixels and fitted peaks without a mouse. */

const press = async (page: Page, key: string, times = 1): Promise<void> => {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
};

/** Goes to a step of the wizard that is open. */
async function goTo(page: Page, step: RegExp): Promise<void> {
  await tabTo(page, step);
  await page.keyboard.press('Enter');
}

/** Types over what stands in a field. */
async function type(page: Page, field: RegExp, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
  await page.keyboard.press('Tab');
}

async function run(page: Page, panel: Locator, result: string): Promise<void> {
  await panel.getByText('nothing in the way').waitFor();
  await page.keyboard.press('Control+r');
  await resultBar(page, result).waitFor({ timeout: 60_000 });
}

describeWindow('sources, clusters and peaks with the keyboard alone', (open) => {
  let home: string;
  let window: OpenedWindow;
  let page: Page;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-keys-'));
    window = await open({ folder: home, data: join(home, '.settings') });
    page = window.page;
    await ready(page);
    await tabTo(page, /^button: Open the sample/);
    await page.keyboard.press('Enter');
    await seeData(page, sampleName);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-keyboard-sources'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('one separates components, as many as are typed in', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Control+r');
    const first = page.getByRole('region', { name: /^Decompose/ });
    await first.waitFor();
    await goTo(page, /^button: .*Settings/);
    await type(page, /^input: Components/, '12');
    await type(page, /^input: Name of the result/, 'Parts');
    await run(page, first, 'Parts');
    await page.keyboard.press('Control+Shift+B');
    const panel = page.getByRole('region', { name: 'Separate Parts' });
    await panel.waitFor();
    // another question by an arrow, and back
    await goTo(page, /^button: .*Method/);
    const questions = panel.getByRole('radio');
    await tabTo(page, /^input: .*(ICA|independent|Independent)|^input: .*FastICA/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => questions.nth(1).isChecked()).toBe(true);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => questions.nth(0).isChecked()).toBe(true);
    await goTo(page, /^button: .*Settings/);
    await type(page, /^input: Components/, '99');
    await expect.poll(() => panel.innerText()).toMatch(/Parts has 12 components; got 99/);
    await tabTo(page, /^input: Components/, 'Shift+Tab');
    await type(page, /^input: Components/, '3');
    await run(page, panel, 'FastICA 3');
    await tabTo(page, /^listbox: Components|^option: /);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('region', { name: 'Loading 2', exact: true }).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('one clusters into a tree and makes a mask of one of its branches', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Control+Shift+K');
    const panel = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await panel.waitFor();
    await goTo(page, /^button: .*Method/);
    await tabTo(page, /^input: /);
    const nested = panel.getByRole('radio', { name: /How do groups nest/ });
    for (let i = 0; i < 12 && !(await nested.isChecked()); i++) await page.keyboard.press('ArrowDown');
    expect(await nested.isChecked()).toBe(true);
    await goTo(page, /^button: .*Settings/);
    await type(page, /^input: Clusters/, '3');
    await tabTo(page, /^button: .*(More|more|rarely)/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^select: Fewer pixels/);
    await page.keyboard.type('A sample');
    await type(page, /^input: How many/, '400');
    await run(page, panel, 'agglomerative 3');

    await tabTo(page, /^button: Dendrogram/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^application: Branches of the tree/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const selection = page.getByRole('region', { name: 'Selected pixels' });
    await expect.poll(() => selection.innerText()).toMatch(/Selection\s+\d[\d\s]* px/);
    // the sample knows its clusters: the pane does not say that they were not kept
    expect(await page.getByText('was not kept').count()).toBe(0);
    const pixels = /([\d\s]+) px/.exec(await selection.innerText())?.[1]?.trim() ?? '';
    await tabTo(page, /^button: (Make a mask|.*Make a mask)/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^menuitem: Keep only/);
    await page.keyboard.press('Enter');
    await page.getByText(`Only ${pixels} px leaves out`).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('one picks a peak, maps its parameters and clusters by them', { timeout: 120_000 }, async () => {
    await palette(page, 'Fit peaks…');
    const panel = page.getByRole('region', { name: `Fit peaks of ${sampleName}` });
    await panel.waitFor();
    await tabTo(page, /^application: Mean spectrum of/);
    // the range around the K line of nickel at 7.48 keV, then the line itself; the cursor begins at channel 256
    await press(page, 'Shift+ArrowRight', 8);
    await press(page, 'ArrowRight', 7);
    await press(page, 'Alt+Shift+ArrowRight', 5);
    await press(page, 'Shift+ArrowLeft', 2);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => panel.getByRole('status').allInnerTexts())
      .toContainEqual(expect.stringMatching(/^1 peak at 7\.4\d* keV/));
    await run(page, panel, '1 peak');
    await page.getByRole('region', { name: 'Position 1 (keV)' }).waitFor();
    await tabTo(page, /^option: .*Position 1/);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('region', { name: 'Width 1 (keV)' }).waitFor();
    await tabTo(page, /^button: .*Cluster by these/);
    await page.keyboard.press('Enter');
    const cluster = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await cluster.waitFor();
    await goTo(page, /^button: .*Data$/);
    const origin = cluster.getByRole('combobox', { name: 'Compare pixels by' });
    await expect
      .poll(() => origin.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.text))
      .toBe('1 peak');
    await goTo(page, /^button: .*Method/);
    await tabTo(page, /^input: /);
    const plain = cluster.getByRole('radio').first();
    for (let i = 0; i < 12 && !(await plain.isChecked()); i++) await page.keyboard.press('ArrowUp');
    await goTo(page, /^button: .*Settings/);
    await type(page, /^input: Clusters/, '2');
    await run(page, cluster, 'k-means 2');
    expect(window.problems).toEqual([]);
  });

  it('one bounds the memory, and the wizard answers at once', async () => {
    await palette(page, 'Decompose…');
    const panel = page.getByRole('region', { name: /^Decompose/ });
    await panel.waitFor();
    await panel.getByText('nothing in the way').waitFor();
    await palette(page, 'Memory…');
    const dialog = page.getByRole('dialog', { name: 'Memory' });
    await dialog.waitFor();
    await page.keyboard.type('5');
    await page.keyboard.press('Tab');
    await page.keyboard.type('MB');
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('300');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => panel.innerText()).toMatch(/of (2\d\d|300)\sMB free/);
    await palette(page, 'Memory…');
    await dialog.waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await expect.poll(() => panel.innerText()).not.toMatch(/of (2\d\d|300)\sMB free/);
    expect(window.problems).toEqual([]);
  });
});
