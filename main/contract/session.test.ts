import { describe, expect, it } from 'vitest';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Change, Command, SessionDataset, Timeline } from './session.ts';
import { advance, applyCommand, emptySession, startTimeline } from './session.ts';

const dataset = (id: string): SessionDataset => ({
  id,
  name: id,
  file: `/data/${id}.npy`,
  fileBytes: 10,
  fileModified: 1,
  signal: 0,
  hints: {},
  format: 'numpy',
  title: '',
  signalType: '',
  shape: [2, 3],
  dtype: 'float32',
  axes: [],
  quantity: { name: 'Intensity', units: null },
});

const record = (id: string): ResultRecord => ({
  id,
  kind: 'decomposition',
  operation: 'decomposition',
  name: `result ${id}`,
  dataset: 'a',
  parent: null,
  algorithm: 'SVD',
  parameters: {},
  seed: 0,
  version: '0',
  made: '2026-01-01T00:00:00.000Z',
  seconds: 1,
  scalars: {},
  arrays: {},
  notes: [],
  axes: [],
  starred: false,
});

const perform = (timeline: Timeline, ...commands: Command[]): Timeline =>
  commands.reduce(
    (t, command) => advance(t, { kind: 'do', at: '', text: command.do, command } satisfies Change),
    timeline,
  );

const filled = perform(
  startTimeline(emptySession('test')),
  { do: 'dataset.add', dataset: dataset('a'), at: 0 },
  { do: 'dataset.add', dataset: dataset('b'), at: 1 },
  { do: 'result.add', record: record('r1'), at: 0 },
  { do: 'result.add', record: record('r2'), at: 1 },
  { do: 'result.delete', id: 'r1', deleted: '2026-02-01' },
).session;

const twoClusters = { names: ['rim', null], colours: [null, 4], shownAs: [0, 0] };

const everyCommand: Command[] = [
  { do: 'dataset.add', dataset: dataset('c'), at: 1 },
  { do: 'dataset.remove', id: 'a' },
  { do: 'dataset.axes', id: 'b', axes: [{ name: 'x', units: 'nm', size: 2, navigate: true, scale: 2, offset: 0 }] },
  { do: 'result.add', record: record('r3'), at: 0 },
  { do: 'result.delete', id: 'r2', deleted: '2026-02-02' },
  { do: 'result.restore', id: 'r1', at: 0 },
  { do: 'result.rename', id: 'r2', name: 'five phases' },
  { do: 'result.star', id: 'r2', starred: true },
  { do: 'result.display', id: 'r2', display: twoClusters },
  {
    do: 'together',
    commands: [
      { do: 'result.star', id: 'r2', starred: true },
      { do: 'dataset.add', dataset: dataset('c'), at: 2 },
      { do: 'result.rename', id: 'r2', name: 'first' },
      { do: 'result.rename', id: 'r2', name: 'second' },
    ],
  },
];

describe('commands of the session', () => {
  it.each(everyCommand.map((command) => [command.do, command] as const))(
    '%s is taken back by its inverse',
    (_name, command) => {
      const { session, inverse } = applyCommand(filled, command);
      expect(session).not.toEqual(filled);
      const back = applyCommand(session, inverse).session;
      // An undone run waits in the bin; everything else is as before.
      if (command.do === 'result.add') expect({ ...back, bin: filled.bin }).toEqual(filled);
      else expect(back).toEqual(filled);
    },
  );

  it.each(everyCommand.map((command) => [command.do, command] as const))(
    '%s can be redone after undo',
    (_name, command) => {
      const done = perform(startTimeline(filled), command);
      const redone = advance(advance(done, { kind: 'undo' }), { kind: 'redo' });
      expect(redone.session).toEqual(done.session);
      expect(redone.done).toHaveLength(1);
    },
  );

  it('takes commands that are done together back in one step, the result into the bin, and does them again', () => {
    const both: Command = {
      do: 'together',
      commands: [
        { do: 'result.add', record: record('mask'), at: 1 },
        { do: 'dataset.add', dataset: dataset('c'), at: 2 },
      ],
    };
    const done = perform(startTimeline(filled), both);
    expect(done.session.results.map(({ id }) => id)).toEqual(['r2', 'mask']);
    const undone = advance(done, { kind: 'undo' });
    expect(undone.session.datasets).toEqual(filled.datasets);
    expect(undone.session.results).toEqual(filled.results);
    expect(undone.session.bin.map((one) => one.record.id)).toEqual(['r1', 'mask']);
    const redone = advance(undone, { kind: 'redo' });
    expect(redone.session).toEqual(done.session);
    expect(advance(redone, { kind: 'undo' }).session).toEqual(undone.session);
  });

  it('leaves the session as it is when one of several commands cannot be done', () => {
    const bad: Command = {
      do: 'together',
      commands: [
        { do: 'dataset.remove', id: 'a' },
        { do: 'dataset.remove', id: 'nope' },
      ],
    };
    const start = startTimeline(filled);
    expect(() => perform(start, bad)).toThrow(/no data set “nope”/);
    expect(start.session).toEqual(filled);
  });

  it('gives a result its plain look back', () => {
    const shown = applyCommand(filled, { do: 'result.display', id: 'r2', display: twoClusters }).session;
    const { session, inverse } = applyCommand(shown, { do: 'result.display', id: 'r2', display: null });
    expect(session).toEqual(filled);
    expect(applyCommand(session, inverse).session).toEqual(shown);
  });

  it('refuses to change what is not there, and says what', () => {
    expect(() => applyCommand(filled, { do: 'result.rename', id: 'nope', name: 'x' })).toThrow(/no result “nope”/);
    expect(() => applyCommand(filled, { do: 'result.restore', id: 'r2', at: 0 })).toThrow(/no longer in the bin/);
  });

  it('forgets what could be redone once something new is done', () => {
    const undone = advance(perform(startTimeline(filled), { do: 'dataset.remove', id: 'a' }), { kind: 'undo' });
    expect(undone.undone).toHaveLength(1);
    expect(perform(undone, { do: 'result.star', id: 'r2', starred: true }).undone).toHaveLength(0);
  });

  it('leaves the timeline alone when there is nothing to undo', () => {
    const start = startTimeline(filled);
    expect(advance(start, { kind: 'undo' })).toBe(start);
  });
});
