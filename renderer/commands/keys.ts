/*
 * Key combinations as text: "Ctrl+Shift+Z", "F2", "Delete", "[". On a Mac, Ctrl in a description means Command.
 */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** Does a key press mean this combination? Shift is not asked of signs that need it on some keyboards ("?"). */
export function matchesKey(combination: string, press: KeyPress, mac = isMac): boolean {
  const parts = splitCombination(combination);
  const wantsCtrl = parts.modifiers.has('Ctrl');
  const command = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (command !== wantsCtrl || other || press.altKey !== parts.modifiers.has('Alt')) return false;
  const isLetterOrName = /^[a-z0-9]$/i.test(parts.key) || parts.key.length > 1;
  if (isLetterOrName && press.shiftKey !== parts.modifiers.has('Shift')) return false;
  return press.key.toLowerCase() === parts.key.toLowerCase();
}

export function splitCombination(combination: string): { modifiers: ReadonlySet<string>; key: string } {
  // "Ctrl++" and "+" name the plus key
  const pieces = combination.endsWith('+') ? [...combination.slice(0, -1).split('+'), '+'] : combination.split('+');
  const key = pieces.at(-1) ?? '';
  return { modifiers: new Set(pieces.slice(0, -1).filter((p) => p !== '')), key };
}

/** As it is shown: "Ctrl ⇧ Z" on a Mac with its own signs. */
export function keyWords(combination: string, mac = isMac): string {
  const { modifiers, key } = splitCombination(combination);
  const signs: Readonly<Record<string, string>> = mac ? { Ctrl: '⌘', Shift: '⇧', Alt: '⌥' } : {};
  const named: Readonly<Record<string, string>> = {
    Delete: 'Del',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return [...[...modifiers].map((m) => signs[m] ?? m), named[key] ?? key].join(mac ? '' : ' ');
}

/** Keys without Ctrl or Alt that print something: only when a view has the focus, never while typing. */
export const isSingleKey = (combination: string): boolean => {
  const { modifiers, key } = splitCombination(combination);
  return !modifiers.has('Ctrl') && !modifiers.has('Alt') && key.length === 1;
};
