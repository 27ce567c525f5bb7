import { execFileSync } from 'node:child_process';

/* Python of the system, where Debian's python3-hyperspy may be; tests that compare with it are skipped where it is not. */

const python = '/usr/bin/python3';

/** What a script prints. Of several lines the last is the answer: libraries may print others before. */
export function runPython(script: string, ...args: string[]): unknown {
  const out = execFileSync(python, ['-W', 'ignore', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MPLBACKEND: 'agg', PYTHONWARNINGS: 'ignore' },
  });
  return JSON.parse(out.trim().split('\n').at(-1)!) as unknown;
}

/** Version of a Python module; null where it is not installed. */
export function pythonVersion(module: string): string | null {
  try {
    const script = `import ${module}; print(${module}.__version__)`;
    return execFileSync(python, ['-W', 'ignore', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

export const hyperspyVersion = pythonVersion('hyperspy');

/** For the name of a group of tests: the version, or why it is skipped. */
export const hyperspyNote =
  hyperspyVersion === null ? 'skipped: python3-hyperspy is not installed' : `HyperSpy ${hyperspyVersion}`;
