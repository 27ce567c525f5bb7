import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The Node that runs Eigenscope: the one of `npm ci` (the line Electron embeds), else the one running this. */
export function findNode(root) {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/** One line on standard error when packages are missing, which every start needs first. */
export function missingPackages(root) {
  return existsSync(join(root, 'node_modules', 'electron-vite'))
    ? null
    : 'The packages are not installed yet: run `npm ci` in this folder first.';
}

/**
 * Runs a program to its end, on this terminal, and passes signals on, so that Ctrl+C ends it in its own way.
 *
 * @returns exit status; 128 + n after signal n where the system tells
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const settle = () => {
      for (const signal of signals) process.off(signal, passOn);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}
