import { withValue, type FormDraft } from '../forms/form-model.ts';

const COUNT = 'number_of_components';

/** Is component 1 left out by this list of components (indices from 0)? A count of the first ones keeps it. */
export const isFirstLeftOut = (list: unknown): boolean => Array.isArray(list) && list.length > 0 && !list.includes(0);

/**
 * Leaves component 1 out, or takes it back: a list in place of the number of the first ones.
 * @param id    the parameter that takes a list
 * @param most  components that there are
 */
export function withoutFirst(draft: FormDraft, id: string, most: number, isLeftOut: boolean): FormDraft {
  const listed = draft.values[id];
  const count = draft.values[COUNT];
  if (!isLeftOut) {
    const last = Array.isArray(listed) ? Math.max(...listed.map(Number)) + 1 : most;
    const back = withValue(draft, id, null);
    return COUNT in draft.values ? withValue(back, COUNT, Math.min(most, last)) : back;
  }
  const end = typeof listed === 'number' ? listed : typeof count === 'number' ? count : most;
  const kept = Array.isArray(listed)
    ? listed.map(Number).filter((index) => index !== 0)
    : Array.from({ length: Math.max(1, end - 1) }, (_, i) => i + 1).filter((index) => index < most);
  const without = withValue(draft, id, kept);
  return COUNT in draft.values ? withValue(without, COUNT, null) : without;
}
