// What the module offers. Addresses are bytes from the start of its memory.
export * from './product';
export * from './columns';
export {
  boundedLloyd,
  centreDistances,
  clusterDistanceSums,
  inertia,
  labelSums,
  meanVariance,
  nearerDistances,
  squaredDistances,
  whereSumsPass,
} from './distances';
export * from './tridiagonal';
export * from './ql';
export * from './inverse-iteration';
export * from './jacobi';
export * from './secular';
export { mixtureDeviations, weighMixture } from './mixture';
export * from './online';
export * from './single';
export * from './sums';
export { huberRows, huberScratch } from './robust';
export * from './ratios';
export * from './skinny';
export * from './treat';
export { joinBits, joinBytes, unpackLz4 } from './unpack';
export { unpackZstd } from './zstd';
export { mapLine, walkRecords } from './bruker';
export * from './weighted';
export { contrastScratch, contrastSums } from './contrast';
export { axpy, dot, promote, rotate } from './vector';

/** First free byte of the memory. */
export function heapBase(): usize {
  return __heap_base;
}
