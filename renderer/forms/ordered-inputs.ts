import type { InputChoice } from './input-choices.ts';

/** Those that are chosen in their order, then the others; an id that cannot be chosen any more is left out. */
export function orderedChoices(choices: readonly InputChoice[], chosen: readonly string[]): InputChoice[] {
  const first = chosen.flatMap((id) => choices.filter((choice) => choice.id === id));
  return [...first, ...choices.filter((choice) => !chosen.includes(choice.id))];
}

/** Takes one at the end, or lets it go. */
export const toggleInput = (chosen: readonly string[], id: string): string[] =>
  chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];

/** Moves one of them by one place; at an end it stays. */
export function moveInput(chosen: readonly string[], id: string, by: 1 | -1): string[] {
  const from = chosen.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= chosen.length) return [...chosen];
  const rest = chosen.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
