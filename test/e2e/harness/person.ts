import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { OpenedWindow } from './window.ts';

/* What a person does in the window, by the roles and names that a screen reader tells. */

export const sampleName = 'core-shell-particles';

/** for computers that do other things beside */
export const patienceMs = 30_000;

export const navigator = (page: Page): Locator => page.getByRole('application', { name: /^Navigator of / });
export const tab = (page: Page, name: 'Workspace' | 'Results' | 'Compare' | 'Figures'): Locator =>
  page.getByRole('navigation', { name: 'Areas' }).getByRole('button', { name, exact: true });
export const tree = (page: Page): Locator => page.getByRole('tree', { name: 'Data and results' });
export const statusLine = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Status' });
/** Messages at the bottom right. */
export const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });
export const wizard = (page: Page): Locator => page.getByRole('region', { name: /^Decompose/ });
export const resultBar = (page: Page, name?: string): Locator =>
  page.getByRole('toolbar', { name: name === undefined ? /^Result / : `Result ${name}`, exact: name !== undefined });

/** Waits until the start page can be used: before that the window does not know which files it can open. */
export async function ready(page: Page): Promise<void> {
  page.setDefaultTimeout(patienceMs);
  await page.getByRole('button', { name: 'Open the sample' }).first().waitFor();
}

/** Waits until the image of a data set is on the screen. */
export async function seeData(page: Page, name: string): Promise<void> {
  await page.getByRole('application', { name: new RegExp(`^Navigator of ${name}`) }).waitFor({ timeout: patienceMs });
}

export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample' }).first().click();
  await seeData(page, sampleName);
}

/** Chooses a file of the window's folder, in the dialog that `ask` opens. */
export async function chooseFile(window: OpenedWindow, ask: () => Promise<void>, name: string): Promise<void> {
  if (window.answerDialogs !== null) await window.answerDialogs(join(window.folder, name));
  await ask();
  if (window.answerDialogs !== null) return;
  const filter = window.page.getByRole('searchbox', { name: /^Filter the list/ });
  // another dialog may have asked for the file, and come back when it is chosen
  const dialog = window.page.getByRole('dialog').filter({ has: filter });
  await dialog.getByRole('option').first().waitFor();
  await filter.fill(name);
  const file = dialog.getByRole('option', { name });
  await file.waitFor();
  await file.dblclick();
  await dialog.waitFor({ state: 'detached' });
}

/** Ctrl+O, and a file of the window's folder. */
export const openFile = (window: OpenedWindow, name: string): Promise<void> =>
  chooseFile(window, () => window.page.keyboard.press('Control+o'), name);

/** Gives a name in the save dialog that `ask` opens. */
export async function saveAs(window: OpenedWindow, ask: () => Promise<void>, name: string): Promise<string> {
  const path = join(window.folder, name);
  if (window.answerDialogs !== null) await window.answerDialogs(path);
  await ask();
  if (window.answerDialogs !== null) return path;
  const dialog = window.page.getByRole('dialog').filter({ has: window.page.getByRole('textbox', { name: 'Name' }) });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByText('Reading the folder').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  return path;
}

/** What the wizard is told; what is absent stays as it is offered. */
export interface Wanted {
  question?: string | RegExp;
  method?: string;
  components?: string;
  name?: string;
}

export const step = (page: Page, name: 'Data' | 'Method' | 'Settings' | 'Check & run'): Locator =>
  wizard(page)
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: new RegExp(name) });

/** Fills in the wizard that is open, without running it. */
export async function fillWizard(page: Page, wanted: Wanted): Promise<void> {
  if (wanted.question !== undefined) {
    await step(page, 'Method').click();
    await wizard(page).getByRole('radio', { name: wanted.question }).check();
    if (wanted.method !== undefined) {
      await wizard(page).getByRole('combobox', { name: 'Method' }).selectOption({ label: wanted.method });
    }
  }
  if (wanted.components !== undefined) {
    await step(page, 'Settings').click();
    await wizard(page).getByRole('textbox', { name: 'Components' }).fill(wanted.components);
  }
  if (wanted.name !== undefined) {
    await wizard(page).getByRole('textbox', { name: 'Name of the result' }).fill(wanted.name);
  }
}

export async function openWizard(page: Page): Promise<void> {
  await page
    .getByRole('toolbar', { name: 'Main' })
    .getByRole('button', { name: /^Decompose/ })
    .click();
  await wizard(page).waitFor();
}

/** Runs what is in the wizard and waits for the result's own page. */
export async function runWizard(page: Page, name: string): Promise<void> {
  const run = wizard(page).getByRole('button', { name: /^Run/ });
  await wizard(page).getByText('nothing in the way').waitFor({ timeout: patienceMs });
  await run.click();
  await seeResult(page, name);
}

/** Waits for a result in the list and shows it. */
export async function seeResult(page: Page, name: string): Promise<void> {
  // the list of results stands beside the workspace and the results, not beside the comparison and the figures
  if (!(await tree(page).isVisible())) await tab(page, 'Results').click();
  const row = tree(page).getByRole('treeitem', { name: new RegExp(`^${escaped(name)}`) });
  await row.waitFor({ timeout: patienceMs });
  await row.click();
  await resultBar(page, name).waitFor();
  await page.getByRole('listbox', { name: 'Components' }).waitFor();
}

export async function decompose(page: Page, wanted: Wanted & { name: string }): Promise<void> {
  await openWizard(page);
  await fillWizard(page, wanted);
  await runWizard(page, wanted.name);
}

/** Calls a command of the palette by its title. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Find a command/ }).fill(title);
  await page.getByRole('option', { name: title }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor({ state: 'detached' });
}

export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
