import type { App as ElectronApp } from 'electron';

type Quitting = Pick<ElectronApp, 'on' | 'quit' | 'exit'>;

/** How long threads and the journal may take to end; after that the process goes, and the next start recovers. */
const patienceMs = 10_000;

/**
 * Ends the application's threads and closes its project before the process goes. The first quit is held back until
 * that is done; whatever happens meanwhile, the process ends.
 */
export function endCleanly(electron: Quitting, shutdown: () => Promise<void>, log: (line: string) => void): void {
  let state: 'running' | 'ending' | 'ended' = 'running';
  electron.on('before-quit', (event) => {
    if (state === 'ended') return;
    event.preventDefault();
    if (state === 'ending') return;
    state = 'ending';
    const late = setTimeout(() => {
      log('the application did not end in time');
      electron.exit(1);
    }, patienceMs);
    shutdown()
      .catch((thrown: unknown) => log(`shutdown: ${thrown instanceof Error ? thrown.message : String(thrown)}`))
      .finally(() => {
        clearTimeout(late);
        state = 'ended';
        electron.quit();
      });
  });
}
