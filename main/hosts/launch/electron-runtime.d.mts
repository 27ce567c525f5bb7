/** The Electron program of a checkout, or null while its runtime has not been fetched. */
export function findElectron(root: string, env?: NodeJS.ProcessEnv): string | null;
/** Fetches the runtime; null when it is there now, else why not, as the end of a sentence. */
export function fetchElectron(
  root: string,
  options?: { env?: NodeJS.ProcessEnv; say?: (line: string) => void },
): Promise<string | null>;
/** Why this machine cannot show an Electron window even with the runtime, or null. */
export function electronObstacle(options?: {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  userId?: number;
}): string | null;
