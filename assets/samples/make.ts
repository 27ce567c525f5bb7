import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeHspy } from '../../main/io/hspy-writer.ts';
import { writeNpz } from '../../main/io/npz-writer.ts';
import { calibration, components, countedMap, shape, trueFactors, trueLoadings } from './core-shell-particles.ts';

/* Writes the sample that ships: node assets/samples/make.ts */

const seed = 7;
const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const navigation = { units: 'nm', navigate: true, scale: calibration.nmPerPixel, offset: 0 };

await writeHspy(
  at('core-shell-particles.hspy'),
  {
    signals: [
      {
        title: 'Core–shell particles',
        signalType: 'EDS_TEM',
        shape: [shape.rows, shape.columns, shape.channels],
        dtype: 'uint16',
        axes: [
          { name: 'y', size: shape.rows, ...navigation },
          { name: 'x', size: shape.columns, ...navigation },
          { name: 'Energy', units: 'keV', size: shape.channels, navigate: false, scale: calibration.keVPerChannel, offset: 0 },
        ],
        quantity: { name: 'Intensity', units: 'counts' },
        metadata: {
          Sample: {
            description: 'Synthetic: nickel cores in ceria shells with platinum particles on a carbon film, Poisson noise.',
            elements: ['C', 'Ce', 'Cu', 'Ni', 'O', 'Pt'],
          },
        },
        originalMetadata: {},
        data: countedMap(seed),
        storage: { kind: 'deflated', level: 9 },
      },
    ],
  },
  { overwrite: true },
);
const k = components.length;
await writeNpz(
  at('core-shell-particles-truth.npz'),
  {
    factors: { dtype: 'float64', shape: [shape.channels, k], data: trueFactors() },
    loadings: { dtype: 'float64', shape: [shape.rows * shape.columns, k], data: trueLoadings(seed) },
  },
  {},
  { overwrite: true },
);
await writeFile(
  at('README.md'),
  `# Sample data

\`core-shell-particles.hspy\`: a synthetic EDS map, ${shape.rows} × ${shape.columns} pixels of ${calibration.nmPerPixel} nm, ${shape.channels} channels of ${calibration.keVPerChannel} keV, with Poisson noise.
It is the sum of ${k} components: ${components.join(', ')}. Their true spectra and maps are in \`core-shell-particles-truth.npz\`
(factors [channels × ${k}], loadings [pixels × ${k}]). In the scree of an SVD scaled for Poisson noise, ${k} components stand clear of the noise; the elbow rule, counted as in HyperSpy, includes the corner point and says ${k + 1}.

Made by \`node assets/samples/make.ts\`; ours, under the licence of the project.
`,
);
