import { cpSync, mkdirSync, mkdtempSync, symlinkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import {
  chooseFile,
  decompose,
  fillWizard,
  messages,
  openFile,
  openSample,
  openWizard,
  ready,
  resultBar,
  sampleName,
  saveAs,
  seeData,
  seeResult,
  statusLine,
  tab,
  tree,
  wizard,
} from './harness/person.ts';
import { describeWindow, openInBrowser } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* What goes wrong on a working day: the window says it in a sentence and goes on. */

/** Random counts [rows × columns × channels] with one peak. */
async function writeCounts(path: string, shape: readonly [number, number, number], at = 3): Promise<Float32Array> {
  const random = createRandom(1);
  const data = Float32Array.from(
    { length: shape[0] * shape[1] * shape[2] },
    (_, i) => random.integer(20) + (i % shape[2] === at ? 40 : 0),
  );
  await writeNpy(path, 'float32', shape, data, { overwrite: true });
  return data;
}

/** An error message that fits; it is closed afterwards. */
async function seeError(page: Page, words: RegExp): Promise<string> {
  const alert = messages(page).getByRole('alert').filter({ hasText: words });
  await alert.waitFor();
  const text = await alert.innerText();
  await alert.getByRole('button', { name: 'Close the message' }).click();
  return text;
}

describeWindow('when something is wrong', (open) => {
  let home: string;
  let window: OpenedWindow;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-trouble-'));
    writeFileSync(join(home, 'notes.dm4'), 'Sample 7, recorded on Tuesday.\n'.repeat(40));
    writeFileSync(join(home, 'empty.hspy'), '');
    await writeCounts(join(home, 'good.npy'), [12, 10, 32]);
    const good = readFileSync(join(home, 'good.npy'));
    writeFileSync(join(home, 'short.npy'), good.subarray(0, good.length / 2));
    const holes = await writeCounts(join(home, 'holes.npy'), [12, 10, 32]);
    holes[100] = NaN;
    await writeNpy(join(home, 'holes.npy'), 'float32', [12, 10, 32], holes, { overwrite: true });
    await writeCounts(join(home, 'long.npy'), [96, 96, 768]);
    window = await open({ folder: home, data: join(home, '.settings') });
    await ready(window.page);
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('with a file, one sentence says what was found and what to do, and the next file opens', async () => {
    const { page } = window;
    for (const [file, words] of [
      ['notes.dm4', /notes\.dm4/],
      ['empty.hspy', /empty\.hspy is empty \(0 bytes\)/],
      ['short.npy', /short\.npy.*(shorter|bytes)/s],
    ] as const) {
      await openFile(window, file);
      const said = await seeError(page, words);
      expect(said, file).not.toMatch(/inside Eigenscope|undefined|\bat \w+ \(/);
      expect(said.length, file).toBeGreaterThan(60);
    }
    await openFile(window, 'good.npy');
    await seeData(page, 'good');
    expect(window.problems).toEqual([]);
  });

  it('with the values, a run says where, and the data stay usable', async () => {
    const { page } = window;
    await openFile(window, 'holes.npy');
    await seeData(page, 'holes');
    await openWizard(page);
    // either the check before the run or the run itself says so
    const inTheWay = wizard(page)
      .getByText(/not a finite number/)
      .first();
    const isFree = wizard(page).getByText('nothing in the way');
    await inTheWay.or(isFree).first().waitFor();
    if (await isFree.isVisible()) {
      await page.keyboard.press('Control+r');
      const said = await seeError(
        page,
        /1 of 3840 values is not a finite number \(NaN or infinity\), in 1 of 120 pixels/,
      );
      expect(said).not.toMatch(/inside Eigenscope/);
      expect(said.length).toBeGreaterThan(60);
    } else {
      await page.keyboard.press('Escape');
    }
    await tree(page).getByRole('treeitem', { name: /^good/ }).click();
    await decompose(page, { components: '2', name: 'Two' });
    expect(window.problems).toEqual([]);
  });

  it('a running job is gone within two seconds of its cancel, and the next one runs', async () => {
    const { page } = window;
    await tab(page, 'Workspace').click();
    await openFile(window, 'long.npy');
    await seeData(page, 'long');
    await openWizard(page);
    await fillWizard(page, { components: '' });
    await wizard(page)
      .getByRole('button', { name: /^More settings/ })
      .click();
    await wizard(page)
      .getByRole('combobox', { name: /solver/i })
      .selectOption('full');
    await fillWizard(page, { name: 'Long' });
    await wizard(page).getByText('nothing in the way').waitFor();
    await wizard(page).getByRole('button', { name: /^Run/ }).click();
    await statusLine(page).getByRole('progressbar', { name: 'Long' }).waitFor();
    const asked = performance.now();
    await page.keyboard.press('Control+.');
    await messages(page).getByText('Long was cancelled.').waitFor();
    const took = performance.now() - asked;
    console.log(`cancel: ${took.toFixed(0)} ms`);
    expect(took).toBeLessThan(2000);
    expect(await tree(page).getByRole('treeitem', { name: /^Long/ }).count()).toBe(0);
    await decompose(page, { components: '1', name: 'After it' });
    expect(window.problems).toEqual([]);
  });

  it('a name that a folder has already is told at the export, and another name is free', async () => {
    const { page } = window;
    mkdirSync(join(home, 'taken.npz'));
    await seeResult(page, 'Two');
    const ask = (): Promise<void> => page.getByRole('button', { name: 'Export…', exact: true }).click();
    await saveAs(window, ask, 'taken.npz');
    const question = page.getByRole('dialog', { name: 'Replace it?' });
    await messages(page).getByRole('alert').or(question).first().waitFor();
    if (await question.isVisible()) await question.getByRole('button', { name: 'Replace' }).click();
    expect(await seeError(page, /taken\.npz/)).not.toMatch(/inside Eigenscope/);
    await saveAs(window, ask, 'free.npz');
    await messages(page).getByText('Written: free.npz').waitFor();
    expect(window.problems).toEqual([]);
  });

  // /sys takes no file from anybody, not even from root
  it.skipIf(process.platform !== 'linux')('a folder that cannot be written to is told at the export', async () => {
    const other = await open({ folder: '/sys/kernel', data: join(home, '.other') });
    try {
      const { page } = other;
      await ready(page);
      await openSample(page);
      await decompose(page, { components: '2', name: 'Nowhere' });
      await saveAs(other, () => page.getByRole('button', { name: 'Export…', exact: true }).click(), 'nowhere.npz');
      const said = await seeError(page, /nowhere\.npz/);
      expect(said).not.toMatch(/inside Eigenscope/);
      expect(said.length).toBeGreaterThan(60);
      expect(other.problems).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('a second window on the same project can look but not change, and says so', async () => {
    const { page } = window;
    await saveAs(window, () => page.keyboard.press('Control+Shift+s'), 'shared.eigenproject');
    await messages(page).getByText('Saved as shared.eigenproject.').waitFor();
    const second = await open({ folder: home, data: join(home, '.second') });
    try {
      await ready(second.page);
      await chooseFile(second, () => second.page.keyboard.press('Control+Shift+o'), 'shared.eigenproject');
      const banner = second.page.getByRole('status').filter({ hasText: 'Read only' });
      await banner.waitFor();
      expect(await banner.innerText()).toMatch(/open in another window/i);
      await seeResult(second.page, 'Two');
      const remove = second.page.getByRole('button', { name: 'Delete the result' });
      expect(await remove.getAttribute('aria-disabled')).toBe('true');
      expect(await remove.getAttribute('title')).toMatch(/another window/i);
      expect(second.problems).toEqual([]);
    } finally {
      await second.close();
    }
    await seeResult(page, 'Two');
    expect(window.problems).toEqual([]);
  });
});

describeWindow('after a crash', (open) => {
  it('the next window shows what was recovered, results and all', async () => {
    const home = mkdtempSync(join(tmpdir(), 'eigenscope-crash-'));
    const data = join(home, '.settings');
    try {
      const first = await open({ folder: home, data });
      await ready(first.page);
      await openSample(first.page);
      await decompose(first.page, { components: '3', name: 'Before the crash' });
      await first.crash();
      const next = await open({ folder: home, data });
      try {
        const card = next.page.getByRole('status').filter({ hasText: 'Recovered' });
        await card.waitFor({ timeout: 15_000 });
        expect(await card.innerText()).toMatch(/changes? of the last session/);
        await tree(next.page)
          .getByRole('treeitem', { name: new RegExp(`^${sampleName}`) })
          .waitFor();
        await seeResult(next.page, 'Before the crash');
        await resultBar(next.page, 'Before the crash').waitFor();
        await card.getByRole('button', { name: 'OK' }).click();
        await card.waitFor({ state: 'detached' });
        expect(next.problems).toEqual([]);
      } finally {
        await next.close();
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('when a thread of the pool dies', () => {
  it('the job is told to be lost, and the next one runs', async () => {
    // a copy of the built application whose threads end while a file is there
    const root = mkdtempSync(join(tmpdir(), 'eigenscope-lost-'));
    const flag = join(root, 'die');
    cpSync(join(projectRoot, 'out'), join(root, 'out'), { recursive: true });
    for (const name of ['node_modules', 'assets', 'package.json'])
      symlinkSync(join(projectRoot, name), join(root, name));
    const worker = join(root, 'out/main/worker.js');
    writeFileSync(
      worker,
      `import { existsSync as isThere } from 'node:fs';
setInterval(() => isThere(${JSON.stringify(flag)}) && process.exit(1), 5).unref();
${readFileSync(worker, 'utf8')}`,
    );
    const home = join(root, 'home');
    mkdirSync(home);
    await writeCounts(join(home, 'long.npy'), [96, 96, 768]);
    const window = await openInBrowser({
      program: join(root, 'out/main/web.js'),
      folder: home,
      data: join(root, 'data'),
    });
    try {
      const { page } = window;
      await ready(page);
      await openFile(window, 'long.npy');
      await seeData(page, 'long');
      await openWizard(page);
      await fillWizard(page, { components: '', name: 'Lost' });
      await wizard(page).getByText('nothing in the way').waitFor();
      await wizard(page).getByRole('button', { name: /^Run/ }).click();
      await statusLine(page).getByRole('progressbar', { name: 'Lost' }).waitFor();
      writeFileSync(flag, '');
      const said = await seeError(page, /ended unexpectedly/);
      rmSync(flag);
      expect(said).toMatch(/try again/i);
      expect(said).not.toMatch(/inside Eigenscope/);
      await decompose(page, { components: '1', name: 'After it' });
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});
