import { buildKernels } from '../../workers/kernels/build.mjs';

/** The kernels are compiled from source; tests must never run against older ones. */
export default async function setup(): Promise<void> {
  await buildKernels();
}
