import { join } from 'node:path';
import { displayProblem } from '../workers/model/cluster-display.ts';
import { EigenscopeError } from '../workers/model/errors.ts';
import type { Axis } from '../workers/model/axes.ts';
import type { ResultRecord } from '../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../workers/model/signal.ts';
import { elementCount, itemSize } from '../workers/model/dtype.ts';
import { allReaders } from '../workers/readers/registry.ts';
import type { App, AppEvent } from './app-types.ts';
import type { EventName, Events, FileChange, ResultId } from './contract/methods.ts';
import type { SessionDataset } from './contract/session.ts';
import type { Platform } from './platform.ts';
import { createRouter } from './router.ts';
import { createArrayServer } from './services/array-server.ts';
import { componentModel } from './services/component-model.ts';
import { createDatasetStore } from './services/dataset-store.ts';
import { createDatasetViews } from './services/dataset-views.ts';
import { createExporter } from './services/exporter.ts';
import { changeOf, createFileWatch } from './services/file-watch.ts';
import { allowedPath, listFolder, statFile } from './services/files.ts';
import { createJobRunner } from './services/job-runner.ts';
import { createPlugins } from './services/plugins.ts';
import { createMaskPreviews } from './services/mask-preview.ts';
import { makeMask } from './services/mask-result.ts';
import { createMemory } from './services/memory.ts';
import { createPool } from './services/pool.ts';
import { createProject } from './services/project.ts';
import { createResultStore } from './services/result-store.ts';
import { createPreparations, preparationSpec } from './services/preparations.ts';
import { createRuns } from './services/runs.ts';
import { writeSessionRecipe, type RecipeSources } from './services/session-recipe.ts';
import { openSettings } from './services/settings.ts';
import { explainUnfinished, freshnessOf } from './services/still-written.ts';

/** The composition root: every service built once, for whichever host. */
export async function createApp(platform: Platform): Promise<App> {
  const listeners = new Set<(event: AppEvent) => void>();
  const emit = <E extends EventName>(name: E, payload: Events[E]): void => {
    for (const listener of listeners) listener({ name, payload });
  };
  const pool = createPool(platform);
  const arrays = createArrayServer();
  const announce = (id: string, fraction: number): void => {
    const summary = datasets.summary(id);
    emit('dataset.loaded', { dataset: summary.id, fraction, summary });
  };
  const settings = await openSettings(platform.dataFolder);
  const memory = createMemory(platform, () => platform.memoryLimit ?? settings.memoryLimit());
  const datasets = createDatasetStore(platform, memory, pool, announce);
  const views = createDatasetViews(platform, pool, arrays, datasets, (id) => announce(id, 1));
  const results = createResultStore();
  const plugins = await createPlugins(settings.plugins, settings.setPlugins);
  const jobs = createJobRunner(pool, (state) => emit('job.changed', state));
  const project = await createProject(platform, datasets, results, settings, jobs, (state) =>
    emit('project.changed', state),
  );
  const runs = createRuns(platform, pool, datasets, results, () => project, memory, jobs, plugins, settings);
  const preparations = createPreparations(pool, arrays, datasets, results, () => project);
  const maskPreviews = createMaskPreviews(pool, arrays, datasets, memory, platform.threads);
  const exporter = createExporter(platform, pool, datasets, results, project);
  const state = () => project.state();
  const allowed = (path: string) => allowedPath(platform, path);
  const nameOf = (id: string) => project.result(id).name;
  /** A result of the project, also a deleted one: what was computed from it still needs its mean. */
  const keptRecord = (id: string): ResultRecord =>
    project.state().bin.find((one) => one.record.id === id)?.record ?? project.result(id);
  /** A result, what it was computed from, and so on; deleted ones count. */
  const lineageOf = (record: ResultRecord): [ResultRecord, ...ResultRecord[]] => {
    const { results: kept, bin } = project.state();
    const all = [...kept, ...bin.map((one) => one.record)];
    const lineage: [ResultRecord, ...ResultRecord[]] = [record];
    for (let id = record.parent; id !== null && lineage.length < 64;) {
      const found = all.find((one) => one.id === id);
      if (found !== undefined) lineage.push(found);
      id = found?.parent ?? null;
    }
    return lineage;
  };

  const noteChange = (id: string, change: FileChange | null): void => {
    // closed meanwhile
    if (!datasets.watched().some((one) => one.id === id)) return;
    datasets.setChanged(id, change);
    const summary = datasets.summary(id);
    emit('dataset.changed', { dataset: summary.id, summary });
  };
  const watch = createFileWatch(() => datasets.watched(), noteChange, platform.watchMs);
  /** Reads of a file; one that is still being written is refused in these words. */
  const reading = async <T>(path: string, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw await explainUnfinished(path, error);
    }
  };
  /** What was begun in a project comes to nothing when another one is open by the time it is there. */
  const whileHere = async <T>(work: Promise<T>): Promise<T> => {
    const { id } = state();
    const made = await work;
    if (state().id === id) return made;
    throw new EigenscopeError('cancelled', 'Another project was opened meanwhile.');
  };
  /** Takes data sets into the project; of a file that grows meanwhile it is said. */
  const openDatasets = async (path: string, describe: () => Promise<SessionDataset[]>) => {
    const freshness = freshnessOf(path);
    const found = await whileHere(reading(path, describe));
    await project.addDatasets(found);
    void watch.look();
    // nobody waits for the second look at a file that rests
    void freshness.then(({ isGrowing }) => {
      if (isGrowing) for (const { id } of found) noteChange(id, changeOf('growing', path));
    });
    return { opened: await Promise.all(found.map(({ id }) => reading(path, () => views.opened(id)))) };
  };

  const dialogs = () => {
    if (platform.dialogs === null) {
      throw new EigenscopeError('forbidden', 'This host has no dialogs of its own; the page shows its file list.');
    }
    return platform.dialogs;
  };

  const call = createRouter(
    {
      'app.info': () => ({
        version: platform.version,
        host: platform.host === 'electron' ? 'electron' : 'web',
        platform: process.platform,
        threads: platform.threads,
        freeBytes: platform.freeMemory(),
        totalBytes: platform.totalMemory(),
        formats: allReaders.map(({ id, title, extensions }) => ({ id, title, extensions })),
        sample: join(platform.assetsFolder, 'samples', 'core-shell-particles.hspy'),
        roots: platform.roots,
        recent: settings.recent(),
        settings: settings.window(),
      }),
      'app.settings': async ({ settings: next }) => {
        await settings.setWindow(next);
        return settings.window();
      },
      'plugins.list': async () => ({ plugins: await plugins.list() }),
      'plugins.add': async ({ folder }) => {
        await plugins.add(await allowed(folder));
        return { plugins: await plugins.list() };
      },
      'plugins.allow': async ({ folder, hash }) => {
        await plugins.allow(folder, hash);
        return { plugins: await plugins.list() };
      },
      'plugins.remove': async ({ folder }) => {
        await plugins.remove(folder);
        return { plugins: await plugins.list() };
      },
      'dialog.open': async (options) => ({ paths: await dialogs().open(options) }),
      'dialog.save': async (options) => ({ path: await dialogs().save(options) }),
      'files.list': ({ folder }) => listFolder(platform, folder),
      'file.stat': ({ path }) => statFile(platform, path),
      'file.info': async ({ path: asked, ...hints }) => {
        const path = await allowed(asked);
        const { format, signals } = await reading(path, () => datasets.header(path, hints));
        return {
          format,
          signals: signals.map(({ title, shape, dtype, axes, options = null }, index) => ({
            index,
            title,
            shape,
            dtype,
            axes,
            bytes: elementCount(shape) * itemSize(dtype),
            options,
          })),
        };
      },

      'file.preview': async ({ path: asked, signal, ...hints }) => {
        const path = await allowed(asked);
        return reading(path, () => views.ofFile(path, signal, hints));
      },

      'project.state': state,
      'project.new': async () => {
        await project.startNew();
        return state();
      },
      'project.open': async ({ path }) => {
        await project.open(await allowed(path));
        return state();
      },
      'project.save': async ({ path, overwrite }) => {
        await project.save(await allowed(path), overwrite);
        return state();
      },
      'project.recipe': async ({ path, overwrite }) => {
        const sources: RecipeSources = {
          axesOf: async ({ file, signal, hints }) =>
            (await datasets.header(file, hints).catch(() => null))?.signals[signal]?.axes ?? null,
          arrayOf: (record, name) => results.array(project.store().resultFolder(record.id), record, name),
        };
        return writeSessionRecipe(project.store().timeline().session, await allowed(path), sources, overwrite);
      },
      'project.undo': async () => {
        await project.undo();
        return state();
      },
      'project.redo': async () => {
        await project.redo();
        return state();
      },
      'project.layout': async ({ project: id, layout }) => {
        await project.setLayout(id, layout);
        return null;
      },

      'dataset.open': async ({ path: asked, signal, ...hints }) => {
        const path = await allowed(asked);
        const answer = await openDatasets(path, () => datasets.describe(path, signal ?? null, hints));
        await settings.noteRecent(path);
        return answer;
      },
      'dataset.reopen': ({ dataset }) =>
        openDatasets(datasets.summary(dataset).file, () => datasets.describeAgain(dataset)),
      'dataset.views': ({ dataset }) => views.opened(dataset),
      'dataset.image': async ({ dataset, reduce, channels }) => {
        const { shape, bytes } = await views.image(dataset, reduce, channels);
        return arrays.offer('float64', shape, bytes);
      },
      'dataset.metadata': ({ dataset }) => {
        const { metadata, originalMetadata } = datasets.signal(dataset);
        return { metadata, original: originalMetadata };
      },
      'dataset.axes': async ({ dataset, axes }) => {
        const before = datasets.summary(dataset);
        if (axes.length !== before.axes.length) {
          throw new EigenscopeError(
            'bad-request',
            `${before.name} has ${before.axes.length} axes; got ${axes.length}.`,
          );
        }
        const next = before.axes.map((axis, i) => {
          const { name, units, scale, offset } = axes[i]!;
          // Listed coordinates stay unless scale or offset are really set anew.
          const { values, ...uniform } = axis;
          const keeps = values !== undefined && scale === axis.scale && offset === axis.offset;
          return { ...uniform, name, units, scale, offset, ...(keeps ? { values } : {}) };
        });
        await project.perform(`Set axes of ${before.name}`, { do: 'dataset.axes', id: dataset, axes: next });
        return state();
      },
      'dataset.pixels': async ({ dataset, runs: pixels }) => {
        const { mean, spread } = await views.spectrumOf(dataset, pixels);
        const shape = signalAxes(datasets.signal(dataset).axes).map((axis) => axis.size);
        return { mean: arrays.offer('float64', shape, mean), spread: arrays.offer('float64', shape, spread) };
      },
      'dataset.mask': async ({ dataset, runs: pixels, name, parent }) => {
        const from = parent === null ? null : project.result(parent).id;
        const { record, output } = makeMask(datasets.summary(dataset), pixels, name, from, platform.version);
        await project.addResult(record, output, `Make ${name}`);
        return state();
      },
      'prepare.check': (asked) => preparations.check(asked),
      'prepare.preview': (asked) => preparations.preview(asked),
      'prepare.mask': (asked) => maskPreviews.preview(asked),
      'prepare.stopMask': () => {
        maskPreviews.stop();
        return null;
      },
      'prepare.apply': async (asked) => {
        const made = await whileHere(preparations.make(asked));
        const { title } = preparationSpec(asked.operation);
        await project.addDatasets([made], `${title}: ${made.name}`);
        return { opened: await views.opened(made.id) };
      },
      'prepare.pixels': async ({ dataset, runs: pixels, name, mask, parent }) => {
        const from = parent === null ? null : project.result(parent).id;
        const chosen = makeMask(datasets.summary(dataset), pixels, mask, from, platform.version);
        const asked = { dataset, operation: 'select_pixels', parameters: { mask: chosen.record.id }, name };
        const made = await whileHere(preparations.make(asked, chosen));
        await project.addWithMask(made, chosen, `${preparationSpec(asked.operation).title}: ${made.name}`);
        return { opened: await views.opened(made.id) };
      },
      'dataset.close': async ({ dataset }) => {
        const { name } = datasets.summary(dataset);
        await project.perform(`Close ${name}`, { do: 'dataset.remove', id: dataset });
        return state();
      },

      'job.check': (asked) => runs.check(asked),
      'job.start': (asked) => {
        maskPreviews.stop();
        return runs.start(asked);
      },
      'job.cancel': ({ job, keep }) => {
        jobs.stop(job, keep);
        return null;
      },
      'job.list': () => ({ jobs: jobs.list() }),

      'result.array': async ({ result, name, columns }) => {
        const record = keptRecord(result);
        const folder = project.store().resultFolder(result);
        const array =
          columns === null
            ? await results.array(folder, record, name)
            : await results.columns(folder, record, name, columns[0], columns[1]);
        return arrays.offer(array.dtype, array.shape, array.data);
      },
      'result.residual': async ({ result, components }) => {
        const record = project.result(result);
        const left = await views.residual(
          record.dataset,
          await componentModel(
            lineageOf(record),
            (one, name) => results.array(project.store().resultFolder(one.id), one, name),
            components,
          ),
        );
        const shapeOf = (axes: readonly Axis[]) => axes.map((axis) => axis.size);
        const signal = shapeOf(signalAxes(record.axes));
        return {
          map: arrays.offer('float64', shapeOf(navigationAxes(record.axes)), left.map),
          spectrum: arrays.offer('float64', signal, left.spectrum),
          spread: arrays.offer('float64', signal, left.spread),
          relativeError: left.relativeError,
        };
      },
      'result.rename': async ({ result, name }) => {
        await project.perform(`Rename ${nameOf(result)} to ${name}`, { do: 'result.rename', id: result, name });
        return state();
      },
      'result.star': async ({ result, starred }) => {
        const text = `${starred ? 'Star' : 'Unstar'} ${nameOf(result)}`;
        await project.perform(text, { do: 'result.star', id: result, starred });
        return state();
      },
      'result.display': async ({ result, display, what }) => {
        const { scalars, arrays: held } = project.result(result);
        const clusters = held['cluster_labels']?.shape[0] ?? held['weights']?.shape[0] ?? Number(scalars['n_clusters']);
        const problem = display === null ? null : displayProblem(display, clusters);
        if (problem !== null) throw new EigenscopeError('bad-request', `display: ${problem}.`, { result });
        await project.perform(`${what} of ${nameOf(result)}`, { do: 'result.display', id: result, display });
        return state();
      },
      'result.delete': async ({ result }) => {
        const deleted = new Date().toISOString();
        await project.perform(`Delete ${nameOf(result)}`, { do: 'result.delete', id: result, deleted });
        return state();
      },
      'result.restore': async ({ result }) => {
        const found = project.state().bin.find(({ record }) => record.id === result);
        const at = project.state().results.length;
        await project.perform(`Restore ${found?.record.name ?? result}`, { do: 'result.restore', id: result, at });
        return state();
      },
      'result.methods': ({ result }) => ({ text: exporter.methods(result as ResultId) }),

      'figure.preview': ({ figure }) => exporter.preview(figure),
      'export.figure': async ({ figure, path, overwrite }) => ({
        written: await exporter.figure(figure, await allowed(path), overwrite),
      }),
      'export.result': async ({ result, path, overwrite }) => {
        const { files, notes } = await exporter.result(result, await allowed(path), overwrite);
        return { written: files, notes };
      },
      'export.dataset': async ({ dataset, path, overwrite }) => {
        const { files, notes } = await exporter.dataset(dataset, await allowed(path), overwrite);
        return { written: files, notes };
      },
    },
    platform.log,
  );

  let closing: Promise<void> | null = null;
  return {
    call,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async array(path) {
      const url = URL.parse(path, 'https://arrays.invalid/');
      if (url === null) return null;
      const view = /^\/view\/([\w-]+)$/.exec(url.pathname);
      if (view !== null) return arrays.get(view[1]!);
      const live = /^\/live\/([\w-]+)\/spectrum$/.exec(url.pathname);
      if (live === null) return null;
      const numbers = (name: string): number[] | null =>
        url.searchParams.get(name)?.split(',').filter(Boolean).map(Number) ?? null;
      const box = numbers('box');
      if (box !== null) {
        return views.spectrumIn(live[1]!, box, url.searchParams.get('reduce') === 'sum' ? 'sum' : 'mean');
      }
      const { axes } = datasets.signal(live[1]!);
      return views.spectrumAt(live[1]!, numbers('at') ?? navigationAxes(axes).map(() => 0));
    },
    shutdown() {
      watch.close();
      maskPreviews.stop();
      closing ??= (async () => {
        await jobs.cancelAll();
        await project.close();
        await pool.close();
        await datasets.close();
      })();
      return closing;
    },
  };
}
