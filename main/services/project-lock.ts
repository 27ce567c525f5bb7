import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface ProjectLock {
  /** why the project is open elsewhere, or null when this process holds it */
  heldBy: string | null;
  release(): Promise<void>;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

interface Holder {
  pid: number;
  host: string;
  since: string;
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.host === 'string'
      ? { pid: holder.pid, host: holder.host, since: String(holder.since ?? '') }
      : null;
  } catch {
    return null;
  }
}

/** Folders this very process holds: a second window of one process shares the pid. */
const heldHere = new Set<string>();

/**
 * Takes the lock of a project folder. A lock left behind by a process of this computer that has ended is taken over;
 * one from another computer is respected, because whether that one still runs cannot be known from here.
 */
export async function lockProject(folder: string): Promise<ProjectLock> {
  const file = join(folder, '.lock');
  const mine: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await mkdir(folder, { recursive: true });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify(mine));
      await handle.close();
      heldHere.add(folder);
      return {
        heldBy: null,
        async release() {
          heldHere.delete(folder);
          await rm(file, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        return { heldBy: 'the folder cannot be written to', release: async () => {} };
      }
      const holder = await readHolder(file);
      const stale =
        holder === null ||
        (holder.host === mine.host && (holder.pid === mine.pid ? !heldHere.has(folder) : !isAlive(holder.pid)));
      if (!stale) {
        const where = holder.host === mine.host ? 'another window of this computer' : `the computer “${holder.host}”`;
        return { heldBy: `it is open in ${where} since ${holder.since}`, release: async () => {} };
      }
      await rm(file, { force: true });
    }
  }
  return { heldBy: 'another window is opening it at this moment', release: async () => {} };
}
