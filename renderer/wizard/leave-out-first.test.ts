import { describe, expect, it } from 'vitest';
import { isFirstLeftOut, withoutFirst } from './leave-out-first.ts';

const draft = (values: Record<string, unknown>) => ({ values, unreadable: {} });

describe('dropping component 1', () => {
  it('turns the number of the first ones into a list without the first', () => {
    const next = withoutFirst(draft({ number_of_components: 4, comp_list: null }), 'comp_list', 9, true);
    expect(next.values).toEqual({ number_of_components: null, comp_list: [1, 2, 3] });
    expect(isFirstLeftOut(next.values['comp_list'])).toBe(true);
  });
  it('takes all others where no number is given, and keeps a list that was typed', () => {
    expect(withoutFirst(draft({ comp_list: null }), 'comp_list', 3, true).values).toEqual({ comp_list: [1, 2] });
    expect(withoutFirst(draft({ comp_list: [0, 3] }), 'comp_list', 9, true).values).toEqual({ comp_list: [3] });
  });
  it('is taken back to as many as the list reached', () => {
    const next = withoutFirst(draft({ number_of_components: null, comp_list: [1, 2, 3] }), 'comp_list', 9, false);
    expect(next.values).toEqual({ number_of_components: 4, comp_list: null });
    expect(isFirstLeftOut(next.values['comp_list'])).toBe(false);
  });
});
