/** What is pictured: a query of main.ts, a size, and what is done first. */
const big = { width: 2560, height: 1440 };
/** Opens a wizard by its keys, at one of its steps. */
async function step(page, keys, title = 'Data') {
  await page.keyboard.press(keys);
  await page.waitForTimeout(700);
  const button = page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: title });
  await button.click();
  await page.waitForTimeout(900);
}
/** The panel that prepares data, at a step; a crop of a part of the spectrum. */
async function prepare(page, step) {
  await page.keyboard.press('Control+p');
  await page.waitForTimeout(600);
  await page.locator(`[data-step="${step}"]`).click();
  if (step === 'crop') {
    const ends = [page.getByRole('textbox', { name: 'From' }), page.getByRole('textbox', { name: 'To', exact: true })];
    const [low, high] = await ends[0].evaluate((input) =>
      input.parentElement.innerText.match(/[\d.,]+/g).map((text) => Number(text.replace(',', ''))),
    );
    await ends[0].fill(String(low + 0.3 * (high - low)));
    await ends[1].fill(String(low + 0.7 * (high - low)));
  }
  await page.waitForTimeout(900);
}
async function openResult(page, name) {
  await page.getByRole('treeitem', { name }).click();
  await page.waitForTimeout(1500);
}
/** Draws around a part of the scatter plot of the k-means result; corners as shares of its box. */
async function selectInScatter(page) {
  await openResult(page, /k-means 4/);
  const box = await page.getByRole('application', { name: /^Scatter/ }).boundingBox();
  const corners = [
    [0.3, 0.2],
    [0.6, 0.15],
    [0.8, 0.5],
    [0.5, 0.7],
    [0.3, 0.4],
  ];
  const [first, ...rest] = corners.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const at of rest) await page.mouse.move(...at, { steps: 6 });
  await page.mouse.up();
  await page.waitForTimeout(600);
}
/** Chooses the second cluster by keyboard. */
async function chooseCluster(page) {
  await openResult(page, /k-means 4/);
  await page.locator('button[data-name]').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(600);
}
/** The same in both sizes and themes. */
function looks(name, act) {
  const query = 'open=map_03';
  return [
    { name: `${name}-light`, query, act },
    { name: `${name}-dark`, query: `${query}&theme=dark`, act },
    { name: `${name}-big`, query, act, ...big },
    { name: `${name}-big-dark`, query: `${query}&theme=dark`, act, ...big },
  ];
}
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
  ...looks('prepare', (page) => prepare(page, 'crop')),
  ...looks('prepare-normalise', (page) => prepare(page, 'normalize')),
  { name: 'prepare-region', query: 'open=map_03', act: (page) => prepare(page, 'select_region') },
  { name: 'prepare-stack', query: 'open=map_03,line_07', act: (page) => prepare(page, 'stack') },
  { name: 'prepare-images', query: 'open=stack_11&theme=dark', act: (page) => prepare(page, 'rebin') },
  { name: 'prepare-contrast', query: 'open=map_03&theme=contrast', act: (page) => prepare(page, 'crop') },
  { name: 'prepare-scale2', query: 'open=map_03&scale=2', act: (page) => prepare(page, 'crop') },
  ...looks('separate', (page) => step(page, 'Control+Shift+B')),
  ...looks('separate-settings', (page) => step(page, 'Control+Shift+B', 'Settings')),
  { name: 'separate-method', query: 'open=map_03', act: (page) => step(page, 'Control+Shift+B', 'Method') },
  { name: 'separate-none', query: 'open=map_03&results=', act: (page) => page.keyboard.press('Control+Shift+B') },
  { name: 'separate-scale2', query: 'open=map_03&scale=2', act: (page) => step(page, 'Control+Shift+B', 'Settings') },
  ...looks('cluster', (page) => step(page, 'Control+Shift+K')),
  ...looks('cluster-method', (page) => step(page, 'Control+Shift+K', 'Method')),
  ...looks('cluster-settings', (page) => step(page, 'Control+Shift+K', 'Settings')),
  { name: 'cluster-check', query: 'open=map_03', act: (page) => step(page, 'Control+Shift+K', 'Check') },
  { name: 'cluster-none', query: 'open=map_03&results=', act: (page) => step(page, 'Control+Shift+K') },
  { name: 'cluster-scale2', query: 'open=map_03&scale=2', act: (page) => step(page, 'Control+Shift+K', 'Settings') },
  ...looks('peaks', (page) =>
    page.getByRole('toolbar', { name: 'Main' }).getByRole('button', { name: 'Fit peaks' }).click(),
  ),
  ...looks('result-separation', (page) => openResult(page, /FastICA 3/)),
  ...looks('result-cluster', (page) => openResult(page, /k-means 4/)),
  ...looks('clusters-lasso', selectInScatter),
  ...looks('clusters-chosen', chooseCluster),
  {
    name: 'clusters-mixture',
    query: 'open=map_03',
    act: async (page) => {
      await openResult(page, /mixture 3/);
      await page.getByLabel('What the map shows').selectOption('entropy');
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'clusters-silhouettes',
    query: 'open=map_03',
    act: async (page) => {
      await openResult(page, /k-means 4/);
      await page.getByRole('button', { name: 'Silhouettes' }).click();
      await page.waitForTimeout(600);
    },
  },
  ...looks('clusters-tree', async (page) => {
    await openResult(page, /agglomerative 4/);
    await page.getByRole('button', { name: 'Dendrogram' }).click();
    await page.waitForTimeout(500);
    await page.getByRole('slider', { name: 'Cut through the tree' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(300);
  }),
  ...looks('clusters-branch', async (page) => {
    await openResult(page, /agglomerative 4/);
    await page.getByRole('button', { name: 'Dendrogram' }).click();
    await page.waitForTimeout(500);
    await page.getByRole('button', { name: 'Dendrogram' }).focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Tab');
    for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.waitForTimeout(600);
  }),
  {
    name: 'clusters-tree-log',
    query: 'open=map_03&theme=dark',
    act: async (page) => {
      await openResult(page, /agglomerative 4/);
      await page.getByRole('button', { name: 'Dendrogram' }).click();
      await page.getByRole('checkbox', { name: 'Log' }).check();
      await page.waitForTimeout(500);
      const cut = page.getByRole('slider', { name: 'Cut through the tree' });
      const box = await cut.boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 60, { steps: 5 });
      await page.mouse.up();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'clusters-mask',
    query: 'open=map_03&theme=dark',
    act: async (page) => {
      await chooseCluster(page);
      await page.getByRole('button', { name: /Make a mask/ }).click();
      await page.getByRole('menuitem', { name: /Keep only/ }).click();
      await page.waitForTimeout(500);
      await openResult(page, /Only Cluster 2/);
    },
  },
  { name: 'clusters-scale2', query: 'open=map_03&scale=2', act: chooseCluster },
  {
    name: 'compare-separation',
    query: 'open=map_03',
    act: async (page) => {
      await page.keyboard.press('Control+3');
      await page.waitForTimeout(900);
    },
  },
];
