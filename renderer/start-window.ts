import { mount } from 'svelte';
import type { Client } from '../main/contract/client.ts';
import App from './App.svelte';
import { isTyping, runCommand } from './commands/registry.svelte.ts';
import { startState } from './state/start.svelte.ts';
import './theme/tokens.css';
import './theme/base.css';

/** A command of the native menu: undo and redo belong to the text while somebody is typing. */
function runRequested(id: string): void {
  const step = id === 'edit.undo' ? 'undo' : id === 'edit.redo' ? 'redo' : null;
  if (step !== null && isTyping(document.activeElement)) document.execCommand(step);
  else runCommand(id);
}

/** Fills the page's #app with the window, on a client. */
export function startWindow(client: Client): void {
  const target = document.getElementById('app');
  if (target === null) throw new Error('The page has no place for the window.');
  void startState(client, runRequested);
  mount(App, { target });
}
