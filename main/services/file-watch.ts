import { basename } from 'node:path';
import type { FileStamp } from '../../workers/model/signal.ts';
import type { FileChange } from '../contract/methods.ts';
import { isSameStamp, stampOf } from './file-stamp.ts';

/** An open data set and its file as it was when it was opened. */
export interface WatchedFile {
  id: string;
  file: string;
  /** of a folder, whose own size and time say little, the first look counts instead */
  stamp: FileStamp;
  change: FileChange | null;
}

export interface FileWatch {
  /** Looks at all files now; also done every few seconds. */
  look(): Promise<void>;
  close(): void;
}

type Stamp = FileStamp & { isFolder: boolean };

const everyMs = 3000;

const texts: Readonly<Record<FileChange['kind'], (name: string) => string>> = {
  growing: (name) => `${name} is still being written. What is open here is what was in it when it was opened.`,
  written: (name) => `${name} was written again after it was opened here. What is open is what was in it then.`,
  gone: (name) => `${name} is not in its folder any more. What was read of it stays.`,
};

export const changeOf = (kind: FileChange['kind'], path: string): FileChange => ({
  kind,
  text: texts[kind](basename(path)),
});

/**
 * Looks at the files of open data sets every few seconds and tells what has become of them: never are other data shown
 * without a word. A file that differs from one look to the next is still being written.
 * @param watched the open data sets, asked for at every look
 * @param onChange told only of what is new; null: the file is again as it was
 */
export function createFileWatch(
  watched: () => readonly WatchedFile[],
  onChange: (id: string, change: FileChange | null) => void,
  intervalMs = everyMs,
): FileWatch {
  /** as files were at the last look, null: gone */
  let before = new Map<string, Stamp | null>();
  /** folders as they were at the first look, by data set */
  const first = new Map<string, FileStamp>();
  let looking: Promise<void> | null = null;

  const judge = (one: WatchedFile, now: Stamp | null, earlier: Stamp | null | undefined): FileChange | null => {
    if (now === null) return changeOf('gone', one.file);
    const opened = now.isFolder ? (first.get(one.id) ?? now) : one.stamp;
    first.set(one.id, opened);
    if (isSameStamp(opened, now)) return null;
    // seen for the first time: whether it still grows shows at the next look
    const isResting =
      earlier === undefined ? one.change?.kind !== 'growing' : earlier !== null && isSameStamp(earlier, now);
    return changeOf(isResting ? 'written' : 'growing', one.file);
  };

  const lookOnce = async (): Promise<void> => {
    const all = watched();
    const paths = [...new Set(all.map(({ file }) => file))];
    const now = new Map(await Promise.all(paths.map(async (path) => [path, await stampOf(path)] as const)));
    for (const one of watched()) {
      const stamp = now.get(one.file);
      // opened while the files were looked at
      if (stamp === undefined) continue;
      const change = judge(one, stamp, before.get(one.file));
      if (change?.kind !== one.change?.kind) onChange(one.id, change);
    }
    before = now;
    for (const id of [...first.keys()]) if (!all.some((one) => one.id === id)) first.delete(id);
  };

  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => (looking = null));
    return looking;
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return { look, close: () => clearInterval(timer) };
}
