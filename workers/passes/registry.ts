import type { Pass } from '../job.ts';
import { capturePass } from './capture.ts';
import { crossPass } from './cross.ts';
import { gramPass } from './gram.ts';
import { modelRowsPass } from './model-rows.ts';
import { normalProductPass } from './normal-product.ts';
import { projectPass } from './project.ts';
import { sketchPass } from './sketch.ts';
import { sumsPass } from './sums.ts';

const passes: readonly Pass<unknown, unknown>[] = [
  sumsPass,
  gramPass,
  projectPass,
  crossPass,
  normalProductPass,
  sketchPass,
  modelRowsPass,
  capturePass,
] as readonly Pass<never, unknown>[] as readonly Pass<unknown, unknown>[];

const byId = new Map(passes.map((pass) => [pass.id, pass]));

/** The pass of this id, so that a thread can be told by name what to run. An unknown id is a bug. */
export function passById(id: string): Pass<unknown, unknown> {
  const pass = byId.get(id);
  if (!pass) throw new Error(`No pass is called ${id}; add it to the registry`);
  return pass;
}
