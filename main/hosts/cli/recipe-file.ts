import { readFile } from 'node:fs/promises';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import { parseRecipe, type Recipe } from '../../contract/recipe.ts';
import { setPath } from './set-path.ts';

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder; a recipe is a JSON file',
  EACCES: 'may not be read by this account',
};

async function readRecipeFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} ${unreadable[cause.code ?? ''] ?? `cannot be read (${cause.code ?? cause.message})`}. Check its name and folder.`,
      { path },
      cause,
    );
  });
  try {
    // Windows’ editors put a mark before the text that JSON does not know.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} is not JSON: ${printable((cause as Error).message)}.`,
      { path },
      cause,
    );
  }
}

/** The parser quotes what it stumbled over, which may be any bytes. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cn}\ufffd]+/gu, ' ').replace(/\.$/, '');

/** A recipe from its file, with the changes of --set made to it. @throws EigenscopeError `bad-recipe`, `bad-request` */
export async function readRecipe(path: string, assignments: readonly string[]): Promise<Recipe> {
  const json = await readRecipeFile(path);
  for (const assignment of assignments) setPath(json, assignment);
  return parseRecipe(json);
}
