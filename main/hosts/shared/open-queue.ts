import type { AppEvent } from '../../app-types.ts';

/**
 * Files that somebody asked to open (command line, double click, a second start) before a page listens.
 * Each is told once, to the first page that listens.
 */
export interface OpenQueue {
  request(paths: readonly string[]): void;
  /** Tells this listener of everything that waits and of every later request, until the returned function is called. */
  attach(listener: (event: AppEvent) => void): () => void;
}

export function createOpenQueue(): OpenQueue {
  const waiting: string[] = [];
  const listeners = new Set<(event: AppEvent) => void>();
  const toEvent = (path: string): AppEvent => ({ name: 'open.requested', payload: { path } });
  return {
    request(paths) {
      for (const path of paths) {
        // several tabs of a browser show one project: the newest opens the file, the others see the project change
        const newest = [...listeners].at(-1);
        if (newest === undefined) waiting.push(path);
        else newest(toEvent(path));
      }
    },
    attach(listener) {
      listeners.add(listener);
      for (const path of waiting.splice(0)) listener(toEvent(path));
      return () => void listeners.delete(listener);
    },
  };
}
