import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { readHspyLearningResults } from '../../workers/readers/learning-results-hspy.ts';
import { readNpzLearningResults } from '../../workers/readers/learning-results-npz.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { ResultArray } from '../../workers/model/result.ts';
import { buildDm4 } from '../readers/builders/dm.ts';
import {
  chooseFile,
  command,
  decompose,
  messages,
  navigator,
  openFile,
  openSample,
  ready,
  resultBar,
  sampleName,
  saveAs,
  seeData,
  seeResult,
  statusLine,
  tab,
  tree,
} from './harness/person.ts';
import { pdfFacts, pngSize } from './harness/written-files.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* The whole way of a person, from a microscope's file to the figure: each step goes on where the one before ended. */

const spectrumImage = join(projectRoot, '../shared/samples/dm/EELS_SI.dm4');

/** A DM4 spectrum image of two materials, 10 × 12 px × 64 channels. */
function twoMaterials(): Buffer {
  const data = Float64Array.from({ length: 10 * 12 * 64 }, (_, i) => {
    const [channel, x] = [i % 64, Math.floor(i / 64) % 12];
    const peak = (at: number): number => 200 * Math.exp(-((channel - at) ** 2) / 18);
    return Math.round(20 + peak(18) * (1 - x / 11) + peak(44) * (x / 11) + ((i * 7919) % 13));
  });
  return buildDm4({
    shape: [10, 12, 64],
    dtype: 'uint16',
    data,
    spectrumImage: true,
    signal: 'EELS',
    name: 'Synthetic',
    axes: [
      { scale: 0.5, units: 'nm' },
      { scale: 0.5, units: 'nm' },
      { scale: 2, origin: -50, units: 'eV' },
    ],
  });
}

/** A number that changes with the picture. */
const picture = (where: Locator): Promise<string> =>
  where
    .locator('canvas')
    .first()
    .evaluate((canvas) => (canvas as unknown as HTMLCanvasElement).toDataURL());

const columnOf = (matrix: ResultArray, column: number): number[] => {
  const [rows = 0, count = 0] = matrix.shape;
  return Array.from({ length: rows }, (_, row) => matrix.data[row * count + column] ?? NaN);
};
function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, x, i) => sum + x * (v[i] ?? NaN), 0);
  return Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b));
}
const numbers = (text: string): number[] =>
  [...text.replace(/\u2212/g, '-').matchAll(/-?\d+(\.\d+)?/g)].map(([number]) => Number(number));

describeWindow('a person', (open) => {
  let home: string;
  let data: string;
  let window: OpenedWindow;
  const start = async (options: { data?: string; isKnown?: boolean } = {}): Promise<OpenedWindow> => {
    const next = await open({ folder: home, data: options.data ?? data });
    await next.page.getByRole('main').waitFor();
    if (options.isKnown !== true) await ready(next.page);
    return next;
  };

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-person-'));
    data = join(home, '.settings');
    writeFileSync(join(home, 'map.dm4'), twoMaterials());
    if (existsSync(spectrumImage)) copyFileSync(spectrumImage, join(home, 'EELS_SI.dm4'));
    window = await start();
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-main-flow'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('opens a DM4 file and reads where the cursor is, in the units of the file', async () => {
    const { page } = window;
    await openFile(window, 'map.dm4');
    await seeData(page, 'map');
    await navigator(page).focus();
    await page.keyboard.press('ArrowRight');
    // the cursor begins in the middle: column 6 of 12 and row 5 of 10, 0.5 nm per pixel
    await expect.poll(() => statusLine(page).innerText()).toMatch(/x 7 \(3\.5\snm\)\s+y 5 \(2\.5\snm\)/);
    expect(window.problems).toEqual([]);
  });

  it.skipIf(!existsSync(spectrumImage))(
    `opens a DM4 file from a microscope${existsSync(spectrumImage) ? '' : ' (skipped: ../shared is not there)'}`,
    async () => {
      await openFile(window, 'EELS_SI.dm4');
      await seeData(window.page, 'EELS_SI');
      await expect.poll(() => tree(window.page).innerText()).toMatch(/2 × 2 \| 2048/);
      expect(window.problems).toEqual([]);
    },
  );

  it('opens the sample and decomposes it with counting noise normalised', async () => {
    const { page } = window;
    await command(page, 'Open the sample');
    await seeData(page, sampleName);
    await decompose(page, { question: /Counting noise/, name: 'With noise scaled' });
    await page.getByRole('button', { name: 'About this result' }).click();
    await expect
      .poll(() => page.getByRole('complementary', { name: 'About this result' }).innerText())
      .toMatch(/Poisson/i);
    await page.getByRole('button', { name: 'About this result' }).click();
    expect(window.problems).toEqual([]);
  });

  it('cuts at the elbow by mouse and by keyboard', async () => {
    const { page } = window;
    const cut = page.getByRole('slider', { name: 'Components to keep' });
    const inModel = page.getByRole('spinbutton', { name: 'k =' });
    const said = await page.getByRole('img', { name: /The elbow suggests/ }).getAttribute('aria-label');
    const elbow = Number(/The elbow suggests (\d+)/.exec(said ?? '')?.[1]);
    // the sample is made of four things (see assets/samples): its elbow is not far from them
    expect(elbow).toBeGreaterThanOrEqual(3);
    expect(elbow).toBeLessThanOrEqual(6);

    const points = page.locator('.scree circle');
    const centre = async (k: number): Promise<number> => {
      const box = await points.nth(k - 1).boundingBox();
      return (box?.x ?? 0) + (box?.width ?? 0) / 2;
    };
    const drag = async (k: number): Promise<void> => {
      const grip = await cut.boundingBox();
      if (grip === null) throw new Error('The cut is not shown.');
      const y = grip.y + grip.height / 2;
      await page.mouse.move(grip.x + grip.width / 2, y);
      await page.mouse.down();
      await page.mouse.move(((await centre(k)) + (await centre(k + 1))) / 2, y, { steps: 6 });
      await page.mouse.up();
    };
    await drag(12);
    await expect.poll(() => cut.getAttribute('aria-valuenow')).toBe('12');
    await drag(elbow);
    await expect.poll(() => cut.getAttribute('aria-valuenow')).toBe(String(elbow));
    await expect.poll(() => inModel.inputValue()).toBe(String(elbow));

    await cut.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => cut.getAttribute('aria-valuenow')).toBe('1');
    for (let k = 1; k < elbow; k++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => cut.getAttribute('aria-valuenow')).toBe(String(elbow));
    await expect.poll(() => inModel.inputValue()).toBe(String(elbow));
    expect(window.problems).toEqual([]);
  });

  it('looks at factors, loadings, model and residual for a number of components', async () => {
    const { page } = window;
    const seen = new Set<string>();
    for (const k of [1, 2, 3]) {
      await page.getByRole('option', { name: new RegExp(`^${k} Loading ${k} `) }).click();
      const loading = page.getByRole('region', { name: `Loading ${k}`, exact: true });
      await loading.getByRole('application', { name: new RegExp(`^Loading ${k}:`) }).waitFor();
      await page.getByRole('application', { name: new RegExp(`^Factors .*component ${k} is selected`) }).waitFor();
      await expect.poll(async () => seen.has(await picture(loading))).toBe(false);
      seen.add(await picture(loading));
    }
    expect(seen.size).toBe(3);

    const pixel = page.getByRole('region', { name: 'Cursor pixel' });
    const left: number[] = [];
    for (const k of [1, 4]) {
      await page.getByRole('spinbutton', { name: 'k =' }).fill(String(k));
      await page.keyboard.press('Tab');
      await pixel.getByRole('application', { name: new RegExp(`data and model of ${k} component`) }).waitFor();
      const rms = async (): Promise<number> => Number(/rms ([\d.]+)/.exec(await pixel.innerText())?.[1]);
      // a number, and not that of the model before
      await expect.poll(async () => (await rms()) >= 0 && !left.includes(await rms())).toBe(true);
      left.push(await rms());
    }
    // four components say more of a pixel than one does
    expect(left[1]).toBeLessThan(left[0] ?? NaN);
    await page.getByRole('img', { name: /^Data minus model of pixel/ }).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('runs it again with other settings and compares: columns belong together, with their correlation', async () => {
    const { page } = window;
    await tab(page, 'Workspace').click();
    await decompose(page, { question: /^How many/, components: '6', name: 'Six as they are' });
    await tab(page, 'Compare').click();
    const table = page.getByRole('region', { name: 'Components side by side' });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    const rows = table.getByRole('row');
    const cells = rows.nth(2).getByRole('cell');
    await expect.poll(() => cells.first().innerText()).toMatch(/[01]\.\d\d/);
    const [reference, other] = await Promise.all([1, 2].map((i) => rows.nth(i).getByRole('rowheader').innerText()));
    expect([reference, other].join(' ')).toMatch(/Six as they are[\s\S]*With noise scaled/);

    const read = async (name: string): Promise<ResultArray> => {
      await seeResult(page, name);
      const path = await saveAs(
        window,
        () => page.getByRole('button', { name: 'Export…', exact: true }).click(),
        `${name}.npz`,
      );
      await messages(page).getByText(`Written: ${name}.npz`).waitFor();
      const { factors } = (await readNpzLearningResults(path)).arrays;
      if (factors === undefined) throw new Error('The file has no factors.');
      return factors;
    };
    const shown: { column: number; component: number; similarity: number }[] = [];
    for (let column = 0; column < (await cells.count()); column++) {
      const button = cells.nth(column).getByRole('button');
      if ((await button.count()) === 0) continue;
      const words = await button.innerText();
      const [component = NaN] = numbers(words);
      shown.push({ column, component, similarity: numbers(words).at(-1) ?? NaN });
    }
    // columns where the weights of counting noise change little: the first thing of the sample is the same in both
    expect(shown.length).toBeGreaterThanOrEqual(3);
    // maps and spectra of the plain run leave a residual map too
    await seeResult(page, 'Six as they are');
    await page
      .getByRole('application', { name: /^Residual/ })
      .first()
      .waitFor();
    expect(shown[0]?.similarity).toBeGreaterThan(0.9);
    const [a, b] = [await read('Six as they are'), await read('With noise scaled')];
    for (const { column, component, similarity } of shown) {
      expect(similarity).toBeCloseTo(cosine(columnOf(a, column), columnOf(b, component - 1)), 2);
    }
    expect(window.problems).toEqual([]);
  });

  it('renames, deletes and undoes', async () => {
    const { page } = window;
    await seeResult(page, 'Six as they are');
    await page.getByRole('option', { name: /^1 Loading 1 / }).focus();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the result' }).fill('Six');
    await page.keyboard.press('Enter');
    await resultBar(page, 'Six').waitFor();
    await page.getByRole('button', { name: 'Delete the result' }).click();
    const row = tree(page).getByRole('treeitem', { name: /^Six/ });
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await row.waitFor();
    await page.keyboard.press('Control+Shift+z');
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await row.waitFor();
    await command(page, 'Show deleted results');
    await page
      .getByRole('dialog', { name: 'Bin' })
      .getByText(/There are none now/)
      .waitFor();
    await page.keyboard.press('Escape');
    expect(window.problems).toEqual([]);
  });

  it('takes the figure along as SVG, PDF and PNG, 89 mm wide, with live text and embedded fonts', async () => {
    const { page } = window;
    await seeResult(page, 'With noise scaled');
    await tab(page, 'Figures').click();
    await page.getByRole('combobox', { name: 'Journal' }).selectOption({ label: 'Nature, single column' });
    await page.getByRole('img', { name: 'With noise scaled, loadings' }).waitFor();
    const take = async (button: RegExp, name: string): Promise<string> => {
      const path = await saveAs(window, () => page.getByRole('button', { name: button }).click(), name);
      await messages(page).getByText(`Written: ${name}`).waitFor();
      const described = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as object;
      expect(JSON.stringify(described)).toContain('normalize_poissonian_noise');
      return path;
    };
    const svg = readFileSync(await take(/^SVG$/, 'figure.svg'), 'utf8');
    expect(svg).toMatch(/<svg\b[^>]*\swidth="89mm"/);
    expect(svg.match(/<text\b[^>]*>/g)?.length).toBeGreaterThan(4);
    expect(svg).toContain('nm</');
    const pdf = pdfFacts(await take(/^Export PDF/, 'figure.pdf'));
    expect(pdf.widthPt).toBeCloseTo((89 / 25.4) * 72, 1);
    expect(pdf.fontFiles).toBeGreaterThan(0);
    expect(pdf.textOperators).toBeGreaterThan(4);
    const png = pngSize(await take(/^PNG 450$/, 'figure.png'));
    expect(Math.abs(png.width - (89 / 25.4) * 450)).toBeLessThanOrEqual(1);
    expect(png.pixelsPerMetre).toBe(Math.round(450 / 0.0254));
    expect(window.problems).toEqual([]);
  });

  it(
    'takes the numbers along, the same to the last bit as those of the command line',
    { timeout: 120_000 },
    async () => {
      const { page } = window;
      await seeResult(page, 'With noise scaled');
      for (const [name, written] of [
        ['numbers.npz', 'numbers.npz'],
        ['numbers.hspy', 'numbers.hspy'],
        ['numbers.csv', 'numbers-factors.csv'],
      ] as const) {
        await saveAs(window, () => page.getByRole('button', { name: 'Export…', exact: true }).click(), name);
        await messages(page).getByText(`Written: ${written}`).waitFor();
      }
      const out = join(home, 'by-command');
      const sample = join(projectRoot, `assets/samples/${sampleName}.hspy`);
      const command = ['decompose', sample, '--normalize_poissonian_noise', '--out', out, '--progress', 'none'];
      execFileSync(process.execPath, [join(projectRoot, 'out/main/cli.js'), ...command]);
      const byCommand = (await readNpzLearningResults(join(out, 'SVD.npz'))).arrays;
      const npz = (await readNpzLearningResults(join(home, 'numbers.npz'))).arrays;
      const hspy = (await readHspyLearningResults(join(home, 'numbers.hspy')))?.arrays ?? {};
      expect((await openHeader(join(home, 'numbers.hspy'))).signals.length).toBeGreaterThan(0);
      for (const name of ['factors', 'loadings', 'explained_variance_ratio']) {
        const wanted = byCommand[name];
        expect(wanted?.data.length, name).toBeGreaterThan(100);
        for (const [where, arrays] of Object.entries({ npz, hspy })) {
          expect(arrays[name]?.shape, `${name} in ${where}`).toEqual(wanted?.shape);
          const same = arrays[name]?.data.every((value, i) => Object.is(value, wanted?.data[i]));
          expect(same, `${name} in ${where}`).toBe(true);
        }
      }
      // a table of 512 channels: the energy axis, then one column per factor
      const [head = '', ...lines] = readFileSync(join(home, 'numbers-factors.csv'), 'utf8').trim().split(/\r?\n/);
      const rows = lines.filter((line) => line !== '' && !line.startsWith('#'));
      expect(head).toMatch(/factor 1/);
      expect(rows).toHaveLength(512);
      const factors = byCommand['factors'];
      rows.forEach((row, channel) => {
        expect(Number(row.split(',')[1])).toBe(factors?.data[channel * (factors.shape[1] ?? 0)]);
      });
      expect(window.problems).toEqual([]);
    },
  );

  it(
    'saves as one file and as a project, and finds results and layout again in a new window',
    { timeout: 120_000 },
    async () => {
      const { page } = window;
      await saveAs(window, () => page.keyboard.press('Control+Shift+s'), 'mail.eigs');
      await messages(page).getByText('Saved as mail.eigs.').waitFor();
      await saveAs(window, () => page.keyboard.press('Control+Shift+s'), 'work.eigenproject');
      await messages(page).getByText('Saved as work.eigenproject.').waitFor();
      await tab(page, 'Workspace').click();
      await navigator(page).focus();
      for (const key of ['Shift+ArrowLeft', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
      const cursor = /x 38 \(57\.0\snm\)\s+y 34 \(51\.0\snm\)/;
      await expect.poll(() => statusLine(page).innerText()).toMatch(cursor);
      await seeResult(page, 'With noise scaled');
      // the layout is sent when it has been still for a moment
      await expect
        .poll(() => readFileSync(join(home, 'work.eigenproject/layout.json'), 'utf8'), { timeout: 10_000 })
        .toMatch(/"view":\s*"results".*"at":\s*\[34,\s*38\]/s);
      expect(window.problems).toEqual([]);
      await window.close();

      window = await start();
      await chooseFile(window, () => window.page.keyboard.press('Control+Shift+o'), 'work.eigenproject');
      await resultBar(window.page, 'With noise scaled').waitFor();
      await window.page.getByRole('listbox', { name: 'Components' }).waitFor();
      const names = await tree(window.page).getByRole('treeitem').allInnerTexts();
      expect(names.join('\n')).toMatch(/map[\s\S]*core-shell-particles[\s\S]*With noise scaled[\s\S]*Six/);
      await tab(window.page, 'Workspace').click();
      await expect.poll(() => statusLine(window.page).innerText()).toMatch(cursor);
      expect(window.problems).toEqual([]);
      await window.close();

      window = await start({ data: join(home, '.elsewhere') });
      await chooseFile(window, () => window.page.keyboard.press('Control+Shift+o'), 'mail.eigs');
      await seeResult(window.page, 'Six');
      expect(window.problems).toEqual([]);
    },
  );

  it('begins again with the sample in a window that was never used', async () => {
    await window.close();
    window = await start({ data: join(home, '.new') });
    await openSample(window.page);
    expect(window.problems).toEqual([]);
  });
});
