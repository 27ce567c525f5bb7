import { cp, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Metadata } from '../../workers/model/signal.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Change, Command, Timeline } from '../contract/session.ts';
import { advance, emptySession, sessionSchema, startTimeline } from '../contract/session.ts';
import { writeAtomically } from '../io/atomic-write.ts';
import { journalLine, readJournal } from '../io/journal.ts';
import type { Manifest } from './migrations.ts';
import { migrateManifest } from './migrations.ts';
import { checkNames, refuseLinks } from './project-trust.ts';
import { isWorkFolder } from './work-folder.ts';
import type { ProjectLock } from './project-lock.ts';
import { lockProject } from './project-lock.ts';

const keepDeletedMs = 30 * 24 * 3600 * 1000;
const linesPerSnapshot = 50;

/** A project folder: manifest, journal and results; every change is on disk when its promise resolves. */
export interface ProjectStore {
  readonly folder: string;
  timeline(): Timeline;
  layout(): Metadata;
  /** why nothing can be changed, or null */
  readOnly(): string | null;
  /** what was put right on opening, or null */
  recovered(): string | null;
  perform(text: string, command: Command): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  setLayout(layout: Metadata): Promise<void>;
  /** where the arrays of a result are */
  resultFolder(id: string): string;
  /** a full copy at another place; this store stays where it is */
  copyTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

export interface Loaded {
  timeline: Timeline;
  line: number;
  newer: boolean;
  recovered: string[];
}

const nameOf = (folder: string): string => basename(folder).replace(/\.eigenproject$/, '');

/**
 * What a project folder holds, without locking or changing it: the newest good manifest, then the journal's lines
 * after it up to the first torn one.
 * @throws EigenscopeError `corrupt-file` when neither manifest can be read, or when links or names in it lead out of it.
 */
export async function readProject(folder: string): Promise<Loaded> {
  const name = nameOf(folder);
  await refuseLinks(folder);
  const recovered: string[] = [];
  let manifest: Manifest | null = null;
  let newer = false;
  let problem: unknown = null;
  for (const file of ['manifest.json', 'manifest.prev.json']) {
    try {
      ({ manifest, newer } = migrateManifest(await readJson(join(folder, file)), join(folder, file)));
      if (file === 'manifest.prev.json') recovered.push('the previous manifest was used, the newest was damaged');
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problem = error;
    }
  }
  if (manifest === null && problem !== null) {
    throw new EigenscopeError(
      'corrupt-file',
      `The project “${name}” cannot be opened: its manifest and the one before it are damaged. The results are still in ${join(folder, 'results')}.`,
      { folder },
      problem,
    );
  }
  let timeline: Timeline = manifest ?? startTimeline(emptySession(name));
  let line = manifest?.line ?? 0;
  const text = await readFile(join(folder, 'journal.jsonl'), 'utf8').catch(() => '');
  const { entries, lost } = readJournal(text);
  let replayed = 0;
  for (const entry of entries as { line: number; change: Change }[]) {
    if (entry.line <= line) continue;
    timeline = advance(timeline, entry.change);
    line = entry.line;
    replayed++;
  }
  if (lost > 0) recovered.push(`${lost} unfinished ${lost === 1 ? 'change was' : 'changes were'} left out`);
  if (replayed > 0 || lost > 0)
    recovered.unshift(`${replayed} ${replayed === 1 ? 'change' : 'changes'} of the last session recovered`);
  checkNames(timeline, folder);
  const { session, done, undone } = timeline;
  return { timeline: { session: { ...session, name }, done, undone }, line, newer, recovered };
}

/**
 * Opens (or makes) a project folder.
 * @throws EigenscopeError `corrupt-file` when neither manifest can be read or the folder leads out of itself; `not-writable` when a new one cannot be made.
 */
export async function openProjectStore(folder: string, version: string): Promise<ProjectStore> {
  await refuseLinks(folder);
  try {
    await mkdir(join(folder, 'results'), { recursive: true });
  } catch (cause) {
    throw new EigenscopeError(
      'not-writable',
      `The project folder ${folder} cannot be made or written to.`,
      { folder },
      cause,
    );
  }
  const lock: ProjectLock = await lockProject(folder);
  const loaded = await readProject(folder).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  let { timeline, line } = loaded;
  const readOnly =
    lock.heldBy !== null
      ? `Opened to look at only: ${lock.heldBy}. Close it there, or save this one under another name.`
      : loaded.newer
        ? 'Opened to look at only: a newer version of Eigenscope wrote this project. Update, or save it under another name.'
        : null;
  let layout: Metadata = (await readJson(join(folder, 'layout.json')).catch(() => ({}))) as Metadata;
  let pending = 0;
  let queue: Promise<unknown> = Promise.resolve();

  /** One write after the other, whatever the callers do. */
  const enqueue = <T>(task: () => Promise<T>): Promise<T> => {
    const next = queue.then(task, task);
    queue = next.catch(() => {});
    return next;
  };

  const refuseIfReadOnly = (): void => {
    if (readOnly !== null) throw new EigenscopeError('locked', readOnly, { folder });
  };

  const appendLine = async (change: Change): Promise<void> => {
    const journal = await open(join(folder, 'journal.jsonl'), 'a');
    try {
      await journal.writeFile(journalLine({ line: line + 1, change }));
      await journal.sync();
    } finally {
      await journal.close();
    }
  };

  const writeSnapshot = async (): Promise<void> => {
    const manifest: Manifest = { eigenscope: sessionSchema, version, line, ...timeline };
    const file = join(folder, 'manifest.json');
    await rename(file, join(folder, 'manifest.prev.json')).catch(() => {});
    await writeAtomically(file, { overwrite: true }, async (handle) => {
      await handle.writeFile(JSON.stringify(manifest));
    });
    await writeAtomically(join(folder, 'journal.jsonl'), { overwrite: true }, async () => {});
    pending = 0;
  };

  const commit = (change: Change): Promise<void> =>
    enqueue(async () => {
      refuseIfReadOnly();
      // The change must be possible before it is written down, and written down before it is shown.
      const next = advance(timeline, change);
      await appendLine(change);
      timeline = next;
      line++;
      if (++pending >= linesPerSnapshot) await writeSnapshot();
    });

  if (readOnly === null) {
    const old = Date.now() - keepDeletedMs;
    const expired = timeline.session.bin.filter(({ deleted }) => Date.parse(deleted) < old);
    if (expired.length > 0) {
      const gone = new Set(expired.map(({ record }) => record.id));
      const keep = timeline.session.bin.filter(({ record }) => !gone.has(record.id));
      // What can no longer be restored must not be offered by undo either.
      timeline = { session: { ...timeline.session, bin: keep }, done: [], undone: [] };
      for (const id of gone) await rm(join(folder, 'results', id), { recursive: true, force: true });
    }
    await enqueue(writeSnapshot);
  }

  return {
    folder,
    timeline: () => timeline,
    layout: () => layout,
    readOnly: () => readOnly,
    recovered: () => (loaded.recovered.length === 0 ? null : `${loaded.recovered.join('; ')}.`),
    perform: (text, command) => commit({ kind: 'do', at: new Date().toISOString(), text, command }),
    undo: () => commit({ kind: 'undo' }),
    redo: () => commit({ kind: 'redo' }),
    setLayout: (next) =>
      enqueue(async () => {
        layout = next;
        if (readOnly !== null) return;
        await writeAtomically(join(folder, 'layout.json'), { overwrite: true }, async (handle) => {
          await handle.writeFile(JSON.stringify(next));
        });
      }),
    resultFolder: (id) => join(folder, 'results', id),
    copyTo: (target) =>
      enqueue(async () => {
        if (readOnly === null) await writeSnapshot();
        const isKept = (name: string): boolean => name !== '.lock' && !isWorkFolder(name);
        const filter = (source: string): boolean => source === folder || isKept(basename(source));
        await cp(folder, target, { recursive: true, filter });
      }),
    close: () =>
      enqueue(async () => {
        if (readOnly === null && pending > 0) await writeSnapshot();
        await lock.release();
      }),
  };
}
