export interface FoundBrowser {
  executablePath: string;
  args: string[];
}
/** Programs of installed browsers by system, the likeliest first. */
export function installedCandidates(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string[];
export const whatToInstall: string;
/** A browser that starts, installed on Debian as root if need be; null where there is none. */
export function findBrowser(options?: { say?: (line: string) => void }): Promise<FoundBrowser | null>;
