/*
 * The one dialog that may be open; each opens by a function and answers by a promise.
 *   dialogs.current                      what App.svelte shows
 *   askForFile({ … })                    own file browser: chosen path or null   (hosts without native dialogs)
 *   askForSignals(path, signals)         which signals of a file to open and how to read them, or null
 *   askForRaw(path, bytes)               what the numbers of a file without a header are, or null
 *   confirmAction({ … })                 yes or no
 *   showAxes(dataset), showMetadata(dataset), showHelp(algorithm), showShortcuts(), showPalette(), showBin(), showPlugins(), showMemory(), showAbout()
 *   closeDialog()
 */
import type { DatasetId, Result } from '../../main/contract/methods.ts';
import type { RawHints } from '../opening/raw-form.ts';
import type { ChosenHints } from '../opening/read-choices.ts';

export interface FileQuestion {
  mode: 'open' | 'save';
  title: string;
  /** suggested name when saving */
  name: string;
  /** without dots; empty = all */
  extensions: readonly string[];
  button: string;
}

export type FileSignals = Result<'file.info'>['signals'];

export interface ChosenSignal {
  index: number;
  hints: ChosenHints;
}

export interface Confirmation {
  title: string;
  text: string;
  button: string;
  /** a choice beside it that a "yes" takes too, e.g. not to be asked again */
  also?: { label: string; take: () => void };
}

export type Dialog =
  | { kind: 'file'; question: FileQuestion; answer: (path: string | null) => void }
  | { kind: 'signals'; path: string; signals: FileSignals; answer: (chosen: readonly ChosenSignal[] | null) => void }
  | { kind: 'raw'; path: string; bytes: number; answer: (hints: RawHints | null) => void }
  | { kind: 'confirm'; question: Confirmation; answer: (yes: boolean) => void }
  | { kind: 'axes'; dataset: DatasetId }
  | { kind: 'metadata'; dataset: DatasetId }
  | { kind: 'help'; algorithm: string | null }
  | { kind: 'shortcuts' | 'palette' | 'bin' | 'about' | 'plugins' | 'memory' };

class Dialogs {
  current = $state.raw<Dialog | null>(null);
}

export const dialogs = new Dialogs();

/** Closes what is open; an open question is answered with "no". */
export function closeDialog(): void {
  const open = dialogs.current;
  dialogs.current = null;
  if (open?.kind === 'file' || open?.kind === 'signals' || open?.kind === 'raw') open.answer(null);
  if (open?.kind === 'confirm') open.answer(false);
}

function show(dialog: Dialog): void {
  closeDialog();
  dialogs.current = dialog;
}

/** A dialog that answers once and is gone. */
function ask<T>(make: (answer: (value: T) => void) => Dialog): Promise<T> {
  return new Promise((resolve) => {
    const dialog = make((value) => {
      if (dialogs.current === dialog) dialogs.current = null;
      resolve(value);
    });
    show(dialog);
  });
}

export const askForFile = (question: FileQuestion): Promise<string | null> =>
  ask((answer) => ({ kind: 'file', question, answer }));
export const askForSignals = (path: string, signals: FileSignals): Promise<readonly ChosenSignal[] | null> =>
  ask((answer) => ({ kind: 'signals', path, signals, answer }));
export const askForRaw = (path: string, bytes: number): Promise<RawHints | null> =>
  ask((answer) => ({ kind: 'raw', path, bytes, answer }));
export const confirmAction = (question: Confirmation): Promise<boolean> =>
  ask((answer) => ({ kind: 'confirm', question, answer }));

export const showAxes = (dataset: DatasetId): void => show({ kind: 'axes', dataset });
export const showMetadata = (dataset: DatasetId): void => show({ kind: 'metadata', dataset });
export const showHelp = (algorithm: string | null): void => show({ kind: 'help', algorithm });
export const showShortcuts = (): void => show({ kind: 'shortcuts' });
export const showPalette = (): void => show({ kind: 'palette' });
export const showBin = (): void => show({ kind: 'bin' });
export const showPlugins = (): void => show({ kind: 'plugins' });
export const showMemory = (): void => show({ kind: 'memory' });
export const showAbout = (): void => show({ kind: 'about' });
