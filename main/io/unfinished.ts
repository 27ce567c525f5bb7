import { rmSync } from 'node:fs';

const unfinished = new Set<string>();

/** Remembers a file or folder that must not outlive the process unfinished. @returns what forgets it again. */
export function trackUnfinished(path: string): () => void {
  unfinished.add(path);
  return () => void unfinished.delete(path);
}

/** Removes what is being written at this moment: for a process that is about to end in the middle of it. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // the drive may be gone: nothing more can be done
    }
  }
  unfinished.clear();
}
