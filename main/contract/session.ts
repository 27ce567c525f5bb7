import type { Axis } from '../../workers/model/axes.ts';
import type { DType } from '../../workers/model/dtype.ts';
import type { ClusterDisplay } from '../../workers/model/cluster-display.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { ResultRecord } from '../../workers/model/result.ts';

/* The session as it is kept on disk: plain data, changed by commands that have an inverse. */

export const sessionSchema = 2;

/** One signal of a file and how to read it. */
export interface SourceFile {
  file: string;
  /** of the source file when it was opened: a change is noticed and said */
  fileBytes: number;
  fileModified: number;
  signal: number;
  hints: Omit<ReadHints, 'axes'>;
}

/** Where data come from: a file, the axes that a person gave them, and the steps that prepared them. */
export interface DataOrigin extends SourceFile {
  /** null: as the file has them */
  axes: readonly Axis[] | null;
  steps: readonly PreparationStep[];
}

/** Pixels that are left out: [navigation shape], first and end (exclusive) by turns. */
export interface MaskOrigin {
  name: string;
  shape: readonly number[];
  runs: readonly number[];
}

/** A small signal of another file, kept with its values so that the file is not needed any more. */
export interface ValuesOrigin {
  name: string;
  dtype: DType;
  axes: readonly Axis[];
  /** navigation axes first, C order, little-endian, as base64 */
  values: string;
}

/** What a parameter of a preparation step names. */
export type NamedOrigin = DataOrigin | MaskOrigin | ValuesOrigin;

/** A step that makes data of data; the data are computed from it whenever they are read. */
export interface PreparationStep {
  operation: string;
  /** all parameters, defaults filled in */
  values: Metadata;
  /** what the parameters of kind `input` and `inputs` name */
  inputs: Readonly<Record<string, readonly NamedOrigin[]>>;
  /** what was found out about all of the data when the step was made: float64 arrays as base64 of their bytes */
  measured: Readonly<Record<string, string>>;
  /** axes that a person gave the outcome afterwards */
  axes?: readonly Axis[];
}

/** Data of a source file, referenced and never copied, or prepared from it. */
export interface SessionDataset extends SourceFile {
  id: string;
  name: string;
  /** prepared data: what they were made of, in full, so that they outlive it in the project */
  derivation?: {
    /** the data set they were made of; it may be closed by now */
    of: string;
    /** axes of the file's signal when the first step was made */
    axes: readonly Axis[];
    steps: readonly PreparationStep[];
    /** axes that the last step gave: what a person set afterwards differs from them */
    made: readonly Axis[];
  };
  format: string;
  title: string;
  signalType: string;
  shape: readonly number[];
  dtype: DType;
  axes: readonly Axis[];
  quantity: { name: string; units: string | null };
}

export interface BinnedResult {
  record: ResultRecord;
  /** ISO time */
  deleted: string;
}

export interface Session {
  schema: number;
  name: string;
  datasets: readonly SessionDataset[];
  results: readonly ResultRecord[];
  bin: readonly BinnedResult[];
}

export type SingleCommand =
  | { do: 'dataset.add'; dataset: SessionDataset; at: number }
  | { do: 'dataset.remove'; id: string }
  | { do: 'dataset.axes'; id: string; axes: readonly Axis[] }
  | { do: 'result.add'; record: ResultRecord; at: number }
  | { do: 'result.delete'; id: string; deleted: string }
  | { do: 'result.restore'; id: string; at: number }
  | { do: 'result.rename'; id: string; name: string }
  | { do: 'result.star'; id: string; starred: boolean }
  | { do: 'result.display'; id: string; display: ClusterDisplay | null };

/** One step of the history; several commands are done in order and taken back in the opposite one. */
export type Command = SingleCommand | { do: 'together'; commands: readonly SingleCommand[] };

export const emptySession = (name: string): Session => ({
  schema: sessionSchema,
  name,
  datasets: [],
  results: [],
  bin: [],
});

function indexOf(items: readonly { id: string }[], id: string, what: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0)
    throw new EigenscopeError('not-found', `There is no ${what} “${id}” in this project any more.`, { id });
  return index;
}

const inserted = <T>(items: readonly T[], at: number, item: T): T[] => [
  ...items.slice(0, at),
  item,
  ...items.slice(at),
];
const without = <T>(items: readonly T[], at: number): T[] => [...items.slice(0, at), ...items.slice(at + 1)];

function changeResult(
  session: Session,
  id: string,
  change: (record: ResultRecord) => ResultRecord,
): { session: Session; before: ResultRecord } {
  const at = indexOf(session.results, id, 'result');
  const before = session.results[at]!;
  return { session: { ...session, results: session.results.with(at, change(before)) }, before };
}

function applySingle(session: Session, command: SingleCommand): { session: Session; inverse: SingleCommand } {
  switch (command.do) {
    case 'dataset.add':
      return {
        session: { ...session, datasets: inserted(session.datasets, command.at, command.dataset) },
        inverse: { do: 'dataset.remove', id: command.dataset.id },
      };
    case 'dataset.remove': {
      const at = indexOf(session.datasets, command.id, 'data set');
      return {
        session: { ...session, datasets: without(session.datasets, at) },
        inverse: { do: 'dataset.add', dataset: session.datasets[at]!, at },
      };
    }
    case 'dataset.axes': {
      const at = indexOf(session.datasets, command.id, 'data set');
      const before = session.datasets[at]!;
      return {
        session: { ...session, datasets: session.datasets.with(at, { ...before, axes: command.axes }) },
        inverse: { ...command, axes: before.axes },
      };
    }
    case 'result.add':
      return {
        session: { ...session, results: inserted(session.results, command.at, command.record) },
        // Undoing a run moves its result to the bin: computed numbers are never thrown away at once.
        inverse: { do: 'result.delete', id: command.record.id, deleted: command.record.made },
      };
    case 'result.delete': {
      const at = indexOf(session.results, command.id, 'result');
      return {
        session: {
          ...session,
          results: without(session.results, at),
          bin: [...session.bin, { record: session.results[at]!, deleted: command.deleted }],
        },
        inverse: { do: 'result.restore', id: command.id, at },
      };
    }
    case 'result.restore': {
      const at = session.bin.findIndex(({ record }) => record.id === command.id);
      const found = session.bin[at];
      if (found === undefined) {
        throw new EigenscopeError('not-found', `The result “${command.id}” is no longer in the bin.`, {
          id: command.id,
        });
      }
      return {
        session: {
          ...session,
          results: inserted(session.results, Math.min(command.at, session.results.length), found.record),
          bin: without(session.bin, at),
        },
        inverse: { do: 'result.delete', id: command.id, deleted: found.deleted },
      };
    }
    case 'result.rename': {
      const { session: next, before } = changeResult(session, command.id, (r) => ({ ...r, name: command.name }));
      return { session: next, inverse: { ...command, name: before.name } };
    }
    case 'result.star': {
      const { session: next, before } = changeResult(session, command.id, (r) => ({ ...r, starred: command.starred }));
      return { session: next, inverse: { ...command, starred: before.starred } };
    }
    case 'result.display': {
      const { session: next, before } = changeResult(session, command.id, ({ display: _, ...record }) =>
        command.display === null ? record : { ...record, display: command.display },
      );
      return { session: next, inverse: { ...command, display: before.display ?? null } };
    }
  }
}

/**
 * The session after a command, and the command that takes it back. Pure; the session given is not changed.
 * @throws EigenscopeError `not-found` when the command names something that is not there.
 */
export function applyCommand(session: Session, command: Command): { session: Session; inverse: Command } {
  if (command.do !== 'together') return applySingle(session, command);
  const back: SingleCommand[] = [];
  let next = session;
  for (const one of command.commands) {
    const { session: after, inverse } = applySingle(next, one);
    next = after;
    back.unshift(inverse);
  }
  return { session: next, inverse: { do: 'together', commands: back } };
}

/** What does a command again after it was taken back: a result comes back from the bin, where undo has put it. */
const redoOf = (command: SingleCommand): SingleCommand =>
  command.do === 'result.add' ? { do: 'result.restore', id: command.record.id, at: command.at } : command;

/** A command that has been done, with what is needed to take it back. */
export interface Step {
  at: string;
  text: string;
  command: Command;
  inverse: Command;
}

/** The session with its way back and forth: what undo, redo and the history panel show. */
export interface Timeline {
  session: Session;
  done: readonly Step[];
  undone: readonly Step[];
}

export const startTimeline = (session: Session): Timeline => ({ session, done: [], undone: [] });

/** A change of the timeline, as one line of the journal holds it. */
export type Change = { kind: 'do'; at: string; text: string; command: Command } | { kind: 'undo' } | { kind: 'redo' };

/** The timeline after a change; undo and redo with nothing to take back leave it as it is. */
export function advance(timeline: Timeline, change: Change): Timeline {
  if (change.kind === 'do') {
    const { session, inverse } = applyCommand(timeline.session, change.command);
    const step: Step = { at: change.at, text: change.text, command: change.command, inverse };
    return { session, done: [...timeline.done, step], undone: [] };
  }
  const step = change.kind === 'undo' ? timeline.done.at(-1) : timeline.undone.at(-1);
  if (step === undefined) return timeline;
  if (change.kind === 'undo') {
    const { session } = applyCommand(timeline.session, step.inverse);
    return { session, done: timeline.done.slice(0, -1), undone: [...timeline.undone, step] };
  }
  const { session } = applyCommand(
    timeline.session,
    step.command.do === 'together'
      ? { do: 'together', commands: step.command.commands.map(redoOf) }
      : redoOf(step.command),
  );
  return { session, done: [...timeline.done, step], undone: timeline.undone.slice(0, -1) };
}
