/* Everything that can be done with the pixels of a signal once its header is known. */
export { openPixels } from './pixel-blocks.ts';
export { loadCube } from './load-cube.ts';
export { rowSourceOf } from './row-source.ts';
export { stats } from './stats.ts';
export { probe } from './probe.ts';
export { toFloat64 } from './elements.ts';
