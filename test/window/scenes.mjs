/** What is pictured: a query of main.ts, a size, and what is done first. */
const big = { width: 2560, height: 1440 };
export const scenes = [
  { name: 'home-light', query: '' },
  { name: 'home-dark', query: 'theme=dark' },
  { name: 'home-big', query: '', ...big },
  { name: 'work-light', query: 'open=line_07,map_03&job' },
  { name: 'work-dark', query: 'open=line_07,map_03&theme=dark' },
  { name: 'work-contrast', query: 'open=line_07,map_03&theme=contrast' },
  { name: 'work-big', query: 'open=line_07,map_03', ...big },
  { name: 'work-scale2', query: 'open=line_07,map_03&scale=2' },
  { name: 'work-line', query: 'open=line_07' },
  { name: 'work-stack', query: 'open=stack_11' },
  { name: 'work-spectrum', query: 'open=spectrum_02' },
  { name: 'work-bare', query: 'open=raw_block&readonly' },
  {
    name: 'work-box-window',
    query: 'open=map_03&recovered',
    act: async (page) => {
      await page.getByRole('application', { name: /Navigator/ }).focus();
      await page.keyboard.press('m');
      const box = await page.getByRole('application', { name: /Spectra/ }).boundingBox();
      await page.mouse.move(box.x + box.width * 0.82, box.y + 120);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.92, box.y + 140, { steps: 5 });
      await page.mouse.up();
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'work-zoom',
    query: 'open=map_03&theme=dark',
    act: async (page) => {
      await page.getByRole('application', { name: /Navigator/ }).focus();
      for (const key of ['+', '+', '+', '+', 'ArrowRight', 'ArrowRight', 'Shift+ArrowUp'])
        await page.keyboard.press(key);
    },
  },
  { name: 'palette', query: 'open=map_03', act: (page) => page.keyboard.press('Control+k') },
  {
    name: 'plugins',
    query: 'open=map_03',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('custom');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'shortcuts', query: 'open=map_03', act: (page) => page.keyboard.press('Control+/') },
  { name: 'files', query: 'web', act: (page) => page.keyboard.press('Control+o') },
  {
    name: 'signals',
    query: 'web',
    act: async (page) => {
      await page.keyboard.press('Control+o');
      await page.waitForTimeout(200);
      await page.getByText('stack_11.dm4').dblclick();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'axes',
    query: 'open=map_03',
    act: async (page) => {
      await page.getByRole('button', { name: /What can be done with map_03/ }).click();
      await page.getByText('Set scale…').click();
    },
  },
  {
    name: 'metadata',
    query: 'open=map_03&theme=dark',
    act: async (page) => {
      await page.getByRole('button', { name: /What can be done with map_03/ }).click();
      await page.getByText('Metadata…').click();
    },
  },
  {
    name: 'menu-colormap',
    query: 'open=map_03',
    act: (page) => page.getByRole('button', { name: /Colour map/ }).click(),
  },
  {
    name: 'contrast',
    query: 'open=map_03',
    act: (page) => page.getByRole('button', { name: 'Contrast' }).click(),
  },
  {
    name: 'toasts',
    query: 'open=map_03',
    act: async (page) => {
      await page.getByRole('treeitem', { name: /SVD 30/ }).focus();
      await page.keyboard.press('Delete');
      await page.waitForTimeout(200);
    },
  },
  { name: 'wizard', query: 'open=map_03', act: (page) => page.keyboard.press('Control+r'), wait: 1200 },
];
