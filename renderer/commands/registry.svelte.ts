/*
 * The one list of commands: menus, palette, shortcuts and the shortcut sheet follow from it.
 *   registerCommands(list)   returns a function that takes them out again; use it in onMount or $effect
 *   commands.list            all, in order of registration
 *   runCommand(id)           runs it, or says why it cannot now
 *   handleKeys(event)        on window: runs what a key combination means
 * A command's `why()` gives the reason why it cannot run now, or null: shown wherever it is disabled.
 */
import { SvelteMap } from 'svelte/reactivity';
import { toasts } from '../state/toasts.svelte.ts';
import { isSingleKey, matchesKey } from './keys.ts';

export interface Command {
  /** stable: native menus and the user's own shortcuts name it */
  id: string;
  title: string;
  group: 'File' | 'Edit' | 'View' | 'Data' | 'Results' | 'Run' | 'Figures' | 'Help';
  /** "Ctrl+O"; several for one command are allowed */
  keys?: readonly string[];
  /** found by these words too */
  words?: string;
  /** reason why not now, or null */
  why?: () => string | null;
  run: () => void;
  /** while this is false its keys belong to what is open, e.g. Ctrl+R to the wizard's Run */
  ownsKeys?: () => boolean;
  /** not offered in the palette */
  hidden?: boolean;
  /** offered in the palette when it is searched for: one of many of a kind */
  isOfMany?: boolean;
}

const registered = new SvelteMap<string, Command>();

export const commands = {
  get list(): Command[] {
    return [...registered.values()];
  },
};

export function registerCommands(list: readonly Command[]): () => void {
  for (const command of list) registered.set(command.id, command);
  return () => {
    for (const command of list) if (registered.get(command.id) === command) registered.delete(command.id);
  };
}

export const findCommand = (id: string): Command | undefined => registered.get(id);

export function runCommand(id: string): void {
  const command = registered.get(id);
  if (command === undefined) return;
  const reason = command.why?.() ?? null;
  if (reason === null) command.run();
  else toasts.refuse(reason);
}

/** Is somebody typing here, so that single letters are text? */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

export function handleKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const typing = isTyping(event.target);
  const isInView = event.target instanceof HTMLElement && event.target.closest('[data-view-keys]') !== null;
  for (const command of registered.values()) {
    const combination = command.keys?.find((keys) => matchesKey(keys, event));
    if (combination === undefined || command.ownsKeys?.() === false) continue;
    if (isSingleKey(combination) && (typing || !isInView)) continue;
    // undo, Delete and Home belong to the text field while typing
    if (typing && /^(Ctrl\+(Shift\+)?[ZYACXV]|Delete|F2|Home|End)$/i.test(combination)) continue;
    // a dialog keeps the keyboard for itself
    if (document.querySelector('dialog[open]') !== null && command.group !== 'Help') continue;
    event.preventDefault();
    runCommand(command.id);
    return;
  }
}
