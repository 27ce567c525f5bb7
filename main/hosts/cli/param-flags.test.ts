import { describe, expect, it } from 'vitest';
import type { Param } from '../../../workers/specs/param.ts';
import { flagValue } from './param-flags.ts';

const components: Param = { kind: 'components', default: null, optional: 'all', label: 'Components', help: 'Which.' };

describe('a flag that takes components', () => {
  it.each([
    ['3', 3],
    ['3,', [3]],
    ['0,2', [0, 2]],
    ['2, 0', [2, 0]],
  ])('reads “%s” as %j', (text, expected) => expect(flagValue(components, text)).toEqual(expected));

  it.each(['', ',', '1,,2', ',1', 'first'])('leaves “%s” as it is, for the check to refuse', (text) =>
    expect(flagValue(components, text)).toBe(text),
  );
});
