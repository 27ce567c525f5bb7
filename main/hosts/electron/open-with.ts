import { isAbsolute, resolve } from 'node:path';

/**
 * The files a start was given: by the command line, by a double click, by "open with".
 *
 * @param argv    of the process, first the program; switches may stand anywhere. In a checkout the first argument
 *                that is none is the application's folder
 * @param folder  the folder the command was given in
 * @param isPackaged  whether the program itself is Eigenscope
 */
export function filesOf(argv: readonly string[], folder: string, isPackaged: boolean): string[] {
  return argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(isPackaged ? 0 : 1)
    .map((argument) => (isAbsolute(argument) ? argument : resolve(folder, argument)));
}
