import { describe, expect, it } from 'vitest';
import { parseArguments, takePositionals, wholeNumber } from './arguments.ts';
import { setPath } from './set-path.ts';

const flags = { out: 'value', force: 'switch', set: 'list' } as const;

describe('command line arguments', () => {
  it('takes values after a space or an equals sign, switches, and lists', () => {
    const parsed = parseArguments(['a', '--out', 'x', '--force', '--set', 'p=1', '--set=q=2', 'b'], flags);
    expect(parsed.positional).toEqual(['a', 'b']);
    expect(parsed.values).toEqual({ out: 'x' });
    expect([...parsed.switches]).toEqual(['force']);
    expect(parsed.lists).toEqual({ set: ['p=1', 'q=2'] });
  });
  it('accepts a negative number as a value and ends flags at --', () => {
    expect(parseArguments(['--out', '-3', '--', '--force'], flags)).toMatchObject({
      values: { out: '-3' },
      positional: ['--force'],
    });
  });
  it('names an unknown flag and those that exist', () => {
    expect(() => parseArguments(['--ot', 'x'], flags)).toThrow(/no flag --ot here; there are --out, --force, --set/);
  });
  it('refuses a flag without its value and a switch with one', () => {
    expect(() => parseArguments(['--out'], flags)).toThrow(/--out needs a value/);
    expect(() => parseArguments(['--out', '--force'], flags)).toThrow(/--out needs a value/);
    expect(() => parseArguments(['--force=1'], flags)).toThrow(/--force takes no value/);
  });
  it('does not take flags from the prototype', () => {
    expect(() => parseArguments(['--constructor', 'x'], flags)).toThrow(/no flag/);
  });
  it('says what a command takes', () => {
    expect(() => takePositionals('run', [], ['RECIPE'])).toThrow(/run takes RECIPE; got nothing/);
    expect(() => wholeNumber('seed', '1.5')).toThrow(/--seed takes a whole number from 0; got “1.5”/);
  });
});

describe('--set', () => {
  it('changes a place in the recipe, JSON where it is JSON', () => {
    const recipe = { steps: [{ parameters: { k: 1 } }] };
    setPath(recipe, 'steps[0].parameters.k=5');
    setPath(recipe, 'steps[0].parameters.solver=full');
    expect(recipe).toEqual({ steps: [{ parameters: { k: 5, solver: 'full' } }] });
  });
  it('refuses places that are not there and prototypes', () => {
    expect(() => setPath({}, 'steps[0].k=1')).toThrow(/nothing at “steps”/);
    expect(() => setPath({}, '__proto__.x=1')).toThrow(/--set takes path=value/);
  });
});
