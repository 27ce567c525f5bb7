/** How a command tells what it is doing, on standard error. */
export interface ProgressSink {
  stage(step: string, text: string): void;
  /** ends a line that is being rewritten */
  end(): void;
}

/** A line that rewrites itself on a terminal, one line per stage otherwise, JSON lines when asked. */
export function createProgress(
  mode: 'auto' | 'json' | 'none',
  stream: NodeJS.WriteStream = process.stderr,
): ProgressSink {
  if (mode === 'none') return { stage() {}, end() {} };
  if (mode === 'json') {
    return { stage: (step, text) => void stream.write(`${JSON.stringify({ step, text })}\n`), end() {} };
  }
  if (!stream.isTTY) return { stage: (step, text) => void stream.write(`${step}: ${text}\n`), end() {} };
  let open = false;
  return {
    stage(step, text) {
      stream.write(`\r\x1b[K${step}: ${text}`);
      open = true;
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}
