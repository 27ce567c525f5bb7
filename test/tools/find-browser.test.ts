import { describe, expect, it } from 'vitest';
import { installedCandidates, whatToInstall } from './find-browser.mjs';

describe('installedCandidates', () => {
  it('looks for Chromium, Chrome and Edge where each system puts them', () => {
    const windows = installedCandidates({ ProgramFiles: 'C:\\Programs' }, 'win32').join('\n');
    expect(windows).toMatch(/chrome\.exe/);
    expect(windows).toMatch(/msedge\.exe/);
    expect(installedCandidates({}, 'darwin').join('\n')).toMatch(/\/Applications\/Google Chrome\.app/);
    expect(installedCandidates({ PATH: '/a:/b' }, 'linux')).toEqual(
      expect.arrayContaining(['/a/chromium', '/b/google-chrome']),
    );
  });

  it('takes the one that was named, and looks no further', () => {
    expect(installedCandidates({ EIGENSCOPE_BROWSER: '/own/browser', PATH: '/a' }, 'linux')).toEqual(['/own/browser']);
  });

  it('says in one line what to install', () => {
    expect(whatToInstall).not.toContain('\n');
    expect(whatToInstall).toMatch(/Chromium.*Chrome.*Edge/);
  });
});
