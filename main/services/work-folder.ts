import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trackUnfinished } from '../io/unfinished.ts';
import { explainWriteFailure } from '../io/write-errors.ts';

export interface WorkFolder {
  folder: string;
  remove(): Promise<void>;
}

const prefix = 'eigenscope-';

/** Whether a folder with this name, beside what is kept, is there only while something is made. */
export const isWorkFolder = (name: string): boolean => name.startsWith(`.${prefix}`);

/**
 * A new folder among the temporary files, for as long as something is packed or unpacked.
 * @param parent where it is made instead, hidden: on the drive of what is moved out of it
 * @throws EigenscopeError `disk-full`, `not-writable`
 */
export async function makeWorkFolder(parent: string | null = null): Promise<WorkFolder> {
  const beside = parent === null ? join(tmpdir(), prefix) : join(parent, `.${prefix}`);
  const folder = await mkdtemp(beside).catch((thrown: unknown) => {
    throw explainWriteFailure(parent ?? tmpdir(), thrown);
  });
  const forget = trackUnfinished(folder);
  return {
    folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      forget();
    },
  };
}

/** Work folders that are made when they are first needed, one for each parent, and removed together. */
export interface WorkFolders {
  folder(parent?: string | null): Promise<string>;
  remove(): Promise<void>;
}

export function createWorkFolders(): WorkFolders {
  const made = new Map<string | null, Promise<WorkFolder>>();
  return {
    async folder(parent = null) {
      const known = made.get(parent) ?? makeWorkFolder(parent);
      made.set(parent, known);
      return (await known).folder;
    },
    async remove() {
      const all = [...made.values()];
      made.clear();
      for (const one of all) await one.then(({ remove }) => remove()).catch(() => undefined);
    },
  };
}
