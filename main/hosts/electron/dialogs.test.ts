import type { BaseWindow, Dialog } from 'electron';
import { describe, expect, it } from 'vitest';
import { createDialogs, filtersOf } from './dialogs.ts';

function createFake(answer: { canceled: boolean; filePaths?: string[]; filePath?: string }) {
  const asked: unknown[][] = [];
  const show = (...args: unknown[]) => {
    asked.push(args);
    return Promise.resolve(answer);
  };
  return { asked, dialog: { showOpenDialog: show, showSaveDialog: show } as unknown as Dialog };
}

describe('filtersOf', () => {
  it('takes extensions with or without their dot and always offers all files last', () => {
    expect(filtersOf(['.dm4', 'hspy'])).toEqual([
      { name: 'Supported files', extensions: ['dm4', 'hspy'] },
      { name: 'All files', extensions: ['*'] },
    ]);
    expect(filtersOf([])).toEqual([{ name: 'All files', extensions: ['*'] }]);
  });
});

describe('createDialogs', () => {
  const window = {} as BaseWindow;

  it('opens over the window, several files at once', async () => {
    const { asked, dialog } = createFake({ canceled: false, filePaths: ['/a', '/b'] });
    expect(await createDialogs(dialog, () => window).open({ title: 'Open', extensions: ['dm4'] })).toEqual([
      '/a',
      '/b',
    ]);
    expect(asked[0]?.[0]).toBe(window);
    expect(asked[0]?.[1]).toMatchObject({ title: 'Open', properties: ['openFile', 'multiSelections'] });
  });

  it('works without a window', async () => {
    const { asked, dialog } = createFake({ canceled: false, filePaths: [] });
    await createDialogs(dialog, () => null).open({ title: 'Open', extensions: [] });
    expect(asked[0]).toHaveLength(1);
  });

  it('answers a cancelled dialog with nothing', async () => {
    const { dialog } = createFake({ canceled: true, filePaths: ['/x'], filePath: '/x' });
    const dialogs = createDialogs(dialog, () => null);
    expect(await dialogs.open({ title: '', extensions: [] })).toEqual([]);
    expect(await dialogs.save({ title: '', name: '', extensions: [] })).toBeNull();
  });

  it('offers project folders where the system can, and the manifest inside them elsewhere', async () => {
    const chosen = { canceled: false, filePaths: ['/p/a.eigenproject/manifest.json', '/p/manifest.json', '/p/b.eigs'] };
    const properties = async (platform: NodeJS.Platform) => {
      const { asked, dialog } = createFake(chosen);
      const paths = await createDialogs(dialog, () => null, platform).open({
        title: '',
        extensions: ['eigenproject', 'eigs'],
      });
      expect(paths).toEqual(['/p/a.eigenproject', '/p/manifest.json', '/p/b.eigs']);
      return asked[0]?.[0] as { properties: string[]; filters: { extensions: string[] }[] };
    };
    expect((await properties('darwin')).properties).toContain('openDirectory');
    const linux = await properties('linux');
    expect(linux.properties).not.toContain('openDirectory');
    expect(linux.filters[0]?.extensions).toEqual(['eigenproject', 'eigs', 'json']);
  });

  it('takes the documents of a Zarr store for the folder they lie in', async () => {
    const { dialog } = createFake({
      canceled: false,
      filePaths: ['/d/a.zspy/.zgroup', '/d/b.zarr/zarr.json', '/d/c.json'],
    });
    expect(await createDialogs(dialog, () => null, 'win32').open({ title: '', extensions: ['zarr'] })).toEqual([
      '/d/a.zspy',
      '/d/b.zarr',
      '/d/c.json',
    ]);
  });

  it('asks for folders alone where data are kept as one, and beside files where the system can', async () => {
    const { asked, dialog } = createFake({ canceled: false, filePaths: ['/d/a.zspy'] });
    const open = (platform: NodeJS.Platform, folders: boolean) =>
      createDialogs(dialog, () => null, platform).open({ title: '', extensions: ['npy', 'zarr'], folders });
    expect(await open('linux', true)).toEqual(['/d/a.zspy']);
    await open('linux', false);
    await open('darwin', false);
    expect(asked.map(([options]) => (options as { properties: string[] }).properties)).toEqual([
      ['openDirectory', 'multiSelections'],
      ['openFile', 'multiSelections'],
      ['openFile', 'multiSelections', 'openDirectory'],
    ]);
  });

  it('proposes a name for saving and offers only what can be written', async () => {
    const { asked, dialog } = createFake({ canceled: false, filePath: '/out/svd.npz' });
    const path = await createDialogs(dialog, () => window).save({
      title: 'Save',
      name: 'svd.npz',
      extensions: ['npz'],
    });
    expect(path).toBe('/out/svd.npz');
    expect(asked[0]?.[1]).toMatchObject({
      defaultPath: 'svd.npz',
      filters: [{ name: 'Supported files', extensions: ['npz'] }],
    });
  });
});
