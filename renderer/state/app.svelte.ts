/*
 * About this application and computer, and whether the services answer.
 *   app.info           AppInfo, or null before the first answer
 *   app.ready          a promise that is kept when the first answer is here
 *   app.isConnected    false while the event stream is lost (web only)
 *   app.isBusyOpening  a file is being opened: its name, or null
 *   app.startError     why the window could not start, or null
 *   hasNativeDialogs() false where the page shows its own file browser
 */
import type { AppInfo } from '../../main/contract/methods.ts';

class App {
  info = $state.raw<AppInfo | null>(null);
  isConnected = $state(true);
  opening = $state<string | null>(null);
  startError = $state<string | null>(null);
  #answered: () => void = () => undefined;
  readonly ready = new Promise<void>((resolve) => {
    this.#answered = resolve;
  });

  /** The first answer: formats, places and settings are known from now on. */
  start(info: AppInfo): void {
    this.info = info;
    this.#answered();
  }
}

export const app = new App();

export const hasNativeDialogs = (): boolean => app.info !== null && app.info.roots === null;
