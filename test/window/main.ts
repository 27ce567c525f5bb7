import { startWindow } from '../../renderer/start-window.ts';
import { createFakeClient } from './fake-client.ts';

/* ?open=map_03,line_07 &theme=dark &scale=1.5 &job &readonly &recovered &web &results=r-svd,r-ica */
const query = new URLSearchParams(location.search);
startWindow(
  createFakeClient({
    open: (query.get('open') ?? '').split(',').filter((name) => name !== ''),
    settings: { theme: query.get('theme') ?? 'light', textScale: Number(query.get('scale') ?? 1) },
    readOnly: query.has('readonly') ? 'it is open in another window since 14:02' : null,
    recovered: query.has('recovered')
      ? 'Eigenscope did not close properly. All 12 steps were found again; nothing is lost.'
      : null,
    job: query.has('job'),
    results: query.get('results')?.split(',') ?? null,
    web: query.has('web'),
  }),
);
