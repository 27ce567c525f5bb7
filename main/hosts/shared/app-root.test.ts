import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, findAppRoot, readAppVersion } from './app-root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eigenscope-root-'));
  mkdirSync(join(folder, 'out/main/chunks'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"eigenscope","version":"9.8.7"}');
  writeFileSync(join(folder, 'out/package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('findAppRoot', () => {
  it('finds our package.json from any depth, past foreign ones', () => {
    const from = pathToFileURL(join(folder, 'out/main/chunks/a.js')).href;
    expect(findAppRoot(from)).toBe(folder);
    expect(readAppVersion(findAppRoot(from))).toBe('9.8.7');
  });

  it('says that an installation without it is incomplete', () => {
    expect(() => findAppRoot(pathToFileURL(join(tmpdir(), 'elsewhere/a.js')).href)).toThrow('incomplete');
  });
});

describe('dataFolder', () => {
  it('is the folder Electron uses on each system, and the one that was asked for', () => {
    expect(dataFolder({}, 'linux')).toBe(join(homedir(), '.config', 'Eigenscope'));
    expect(dataFolder({ XDG_CONFIG_HOME: '/conf' }, 'linux')).toBe(join('/conf', 'Eigenscope'));
    expect(dataFolder({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'Eigenscope'));
    expect(dataFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Application Support', 'Eigenscope'));
    expect(dataFolder({ EIGENSCOPE_DATA: '/own', APPDATA: '/roaming' }, 'win32')).toBe('/own');
  });
});
