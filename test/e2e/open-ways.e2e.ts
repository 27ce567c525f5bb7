import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { buildNpy } from '../readers/builders/numpy.ts';
import { findings } from './harness/axe.ts';
import { chooseFile, command, messages, openFile, ready, seeData, tree } from './harness/person.ts';
import { openInBrowser, type OpenedWindow } from './harness/window.ts';

/* Ways to open data beside a file that says all about itself. */

const shape = [12, 16, 40] as const;
const values = Uint16Array.from({ length: 12 * 16 * 40 }, (_, i) => {
  const [pixel, channel] = [Math.floor(i / 40), i % 40];
  const [y, x] = [Math.floor(pixel / 16), pixel % 16];
  return Math.round(20 + 10 * y + 5 * x + 200 * Math.exp(-(((channel - 12) / 3) ** 2)));
});
const header = 96;
const samples = join(projectRoot, '..', 'shared', 'samples');

/** The numbers after a header that nobody knows. */
function writeRaw(folder: string): void {
  writeFileSync(
    join(folder, 'scan.blob'),
    Buffer.concat([Buffer.alloc(header, 0xab), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]),
  );
}

/** Call before data are opened; the answer waits until the page has all that it asked for of them. */
function watchReading(page: Page): () => Promise<void> {
  const asked = new Set<Request>();
  page.on('request', (request) => request.url().includes('/arrays/') && asked.add(request));
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  const isQuiet = async (): Promise<boolean> => {
    if (asked.size > 0) return false;
    await pause(500);
    return asked.size === 0;
  };
  return () => expect.poll(isQuiet).toBe(true);
}

describe('opening data in the window', () => {
  let window: OpenedWindow;
  afterEach(async () => {
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('a file of no known format is offered as raw numbers, described by keyboard alone, seen and opened', async () => {
    window = await openInBrowser();
    const { page } = window;
    writeRaw(window.folder);
    await ready(page);
    await page.keyboard.press('Control+o');
    await page.getByRole('checkbox', { name: /^All files/ }).check();
    await page.getByRole('searchbox', { name: /^Filter the list/ }).fill('scan.blob');
    await page.getByRole('option', { name: /scan\.blob/ }).waitFor();
    await page.keyboard.press('Enter');
    await messages(page).getByText('in no format known here').waitFor();
    await messages(page).getByRole('button', { name: 'Open raw numbers…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Open raw numbers' });
    const navigation = dialog.getByRole('textbox', { name: 'Navigation (y, x)' });
    await navigation.and(page.locator(':focus')).waitFor();

    // from the first field back to what comes before it, and on to the signal
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('12 x 16');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('41');
    await dialog.getByRole('alert').getByText('12 × 16 × 41').waitFor();
    await expect(dialog.getByRole('button', { name: 'Open', exact: true }).getAttribute('aria-disabled')).resolves.toBe(
      'true',
    );
    await page.keyboard.press('Backspace');
    await page.keyboard.type('0');
    await dialog.getByText('48 values left over').waitFor();
    await dialog.getByRole('button', { name: /start at byte 96/ }).press('Enter');
    await dialog.getByText('0 values left over').waitFor();
    await dialog
      .getByRole('application', { name: /^Preview: mean spectrum of 40/ })
      .or(dialog.getByRole('img', { name: /^Preview: mean spectrum of 40/ }))
      .waitFor();
    await window.screenshot('open-raw');
    expect(await findings(page, 'opening')).toEqual([]);
    await navigation.press('Enter');
    await seeData(page, 'scan');
    await tree(page).getByText('16 × 12 | 40').waitFor();
  });

  it('suggestions by the size fill the fields', async () => {
    window = await openInBrowser();
    const { page } = window;
    writeFileSync(join(window.folder, 'plain.bin'), Buffer.alloc(32 * 32 * 256 * 2, 7));
    await ready(page);
    await chooseFile(window, () => command(page, 'Open raw numbers…'), 'plain.bin');
    const dialog = page.getByRole('dialog', { name: 'Open raw numbers' });
    await dialog.getByRole('textbox', { name: 'Signal' }).fill('256');
    await dialog.getByRole('textbox', { name: 'Navigation (y, x)' }).fill('');
    await dialog.getByRole('button', { name: '32 × 32 | 256, 0 values left over' }).click();
    await expect(dialog.getByRole('textbox', { name: 'Navigation (y, x)' }).inputValue()).resolves.toBe('32 × 32');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('a single spectrum says why it cannot be decomposed', async () => {
    window = await openInBrowser();
    const { page } = window;
    writeFileSync(
      join(window.folder, 'point.npy'),
      buildNpy({ shape: [1, 1, 40], dtype: 'uint16', data: values.slice(0, 40) }),
    );
    await ready(page);
    await openFile(window, 'point.npy');
    const button = page.getByRole('toolbar', { name: 'Main' }).getByRole('button', { name: /^Decompose/ });
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toMatch(/point has one pixel only, so there is nothing to compare/);
  });

  it('a Zarr folder is opened by Enter and can be looked into', async () => {
    window = await openInBrowser();
    const { page } = window;
    const store = join(window.folder, 'map_05.zarr');
    mkdirSync(join(store, 'c', '0', '0'), { recursive: true });
    writeFileSync(
      join(store, 'zarr.json'),
      JSON.stringify({
        zarr_format: 3,
        node_type: 'array',
        shape,
        data_type: 'uint16',
        chunk_grid: { name: 'regular', configuration: { chunk_shape: shape } },
        chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
        fill_value: 0,
        codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
        attributes: {},
      }),
    );
    writeFileSync(join(store, 'c', '0', '0', '0'), Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    await ready(page);
    await page.keyboard.press('Control+o');
    const filter = page.getByRole('searchbox', { name: /^Filter the list/ });
    await filter.fill('map_05');
    await page.getByRole('option', { name: /map_05\.zarr/ }).waitFor();
    expect(await findings(page, 'opening')).toEqual([]);
    await page.keyboard.press('Alt+ArrowRight');
    await page
      .getByRole('option', { name: 'c', exact: true })
      .or(page.getByRole('option', { name: /^c\b/ }))
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Folder above' }).click();
    await page.getByRole('option', { name: /map_05\.zarr/ }).waitFor();
    await filter.fill('map_05');
    await filter.press('Enter');
    await seeData(page, 'map_05');
  });

  it('a file that was written again is said, and opened again beside what is there', async () => {
    window = await openInBrowser();
    const { page } = window;
    const file = join(window.folder, 'map_04.npy');
    writeFileSync(file, buildNpy({ shape, dtype: 'uint16', data: values }));
    await ready(page);
    const haveRead = watchReading(page);
    await openFile(window, 'map_04.npy');
    await seeData(page, 'map_04');
    await haveRead();
    writeFileSync(file, buildNpy({ shape: [6, 16, 40], dtype: 'uint16', data: values.slice(0, 6 * 16 * 40) }));
    const notice = page.getByRole('status').filter({ hasText: 'map_04.npy was written again' });
    await notice.waitFor({ timeout: 20_000 });
    await tree(page).getByText('16 × 12 | 40').waitFor();
    await window.screenshot('open-changed');
    expect(await findings(page, 'opening')).toEqual([]);
    await notice.getByRole('button', { name: 'Open again' }).click();
    await seeData(page, String.raw`map_04 \(2\)`);
    await tree(page).getByText('16 × 6 | 40').waitFor();
    await expect.poll(() => tree(page).getByRole('treeitem').count(), { timeout: 10_000 }).toBe(2);
    await notice.waitFor({ state: 'detached' });
  });

  it('a change that is not of interest is put aside', async () => {
    window = await openInBrowser();
    const { page } = window;
    const file = join(window.folder, 'map_06.npy');
    writeFileSync(file, buildNpy({ shape, dtype: 'uint16', data: values }));
    await ready(page);
    const haveRead = watchReading(page);
    await openFile(window, 'map_06.npy');
    await seeData(page, 'map_06');
    await haveRead();
    const later = new Date(Date.now() + 5000);
    utimesSync(file, later, later);
    const notice = page.getByRole('status').filter({ hasText: 'Changed on disk.' });
    await notice.waitFor({ timeout: 20_000 });
    await notice.getByRole('button', { name: 'Not now' }).press('Enter');
    await notice.waitFor({ state: 'detached' });
    expect(readFileSync(file).length).toBeGreaterThan(0);
  });

  it('metadata are searched while typing, match by match, and what is unknown is called so', async () => {
    window = await openInBrowser();
    const { page } = window;
    await ready(page);
    await page.getByRole('button', { name: 'Open the sample' }).first().click();
    await seeData(page, 'core-shell-particles');
    await command(page, 'Show metadata…');
    const dialog = page.getByRole('dialog', { name: /^About core-shell/ });
    await dialog.getByText('Beam energy').waitFor();
    expect(await dialog.getByText('not told by the file').count()).toBeGreaterThan(0);
    const field = dialog.getByRole('searchbox', { name: /^Find a name or value/ });
    await field.fill('e');
    await dialog.getByText(/^1 of \d+ matches$/).waitFor();
    expect(await dialog.locator('mark').count()).toBeGreaterThan(2);
    expect(await findings(page, 'opening')).toEqual([]);
    await field.press('Enter');
    await dialog.getByText(/^2 of \d+ matches$/).waitFor();
    await field.press('Shift+Enter');
    await dialog.getByText(/^1 of \d+ matches$/).waitFor();
    await field.fill('no such thing in it');
    await dialog.getByText('No match').waitFor();
    // the first Escape empties the field, the second leaves
    await page.keyboard.press('Escape');
    await dialog.getByText('No match').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('an event recording asks for its frames and shows what comes of them', async (context) => {
    const file = join(samples, 'emd-velox', 'example_fei_emd_si.emd');
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      window = await openInBrowser();
      return context.skip();
    }
    window = await openInBrowser();
    const { page } = window;
    writeFileSync(join(window.folder, 'events.emd'), bytes);
    await ready(page);
    await page.keyboard.press('Control+o');
    await page.getByRole('searchbox', { name: /^Filter the list/ }).fill('events.emd');
    await page.getByRole('option', { name: /events\.emd/ }).dblclick();
    const dialog = page.getByRole('dialog', { name: /^events\.emd holds/ });
    await dialog.getByRole('textbox', { name: 'First frame' }).fill('9');
    await dialog.getByRole('alert').getByText('There are 5 frames').waitFor();
    await dialog.getByRole('textbox', { name: 'First frame' }).fill('2');
    await dialog.getByRole('textbox', { name: 'Last frame' }).fill('4');
    await dialog.getByRole('checkbox', { name: /^Sum the frames/ }).uncheck();
    await dialog.getByText('Mean spectrum').waitFor();
    await window.screenshot('open-events');
    expect(await findings(page, 'opening')).toEqual([]);
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    // three frames kept on an axis of their own
    await tree(page).getByText('16 × 16 × 3 | 4096').waitFor();
  });
});
