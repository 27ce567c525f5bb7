/*
 * startJob(asked, isTold)   starts a run; where its data have to be put in order in a scratch file first, asks before
 *                           anything is written, unless the person was told or has allowed it for good
 */
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { JobId, Params } from '../../main/contract/methods.ts';
import { client } from './connection.ts';
import { confirmAction } from './dialogs.svelte.ts';
import { changeSettings } from './settings.svelte.ts';

/**
 * @param isTold the size of the scratch file stood beside what was pressed
 * @returns the job, or null when the person does not want a scratch file
 */
export async function startJob(asked: Params<'job.start'>, isTold = false): Promise<JobId | null> {
  try {
    return (await client().call('job.start', isTold ? { ...asked, mayWrite: true } : asked)).job;
  } catch (error) {
    if (!(error instanceof EigenscopeError) || error.code !== 'needs-consent') throw error;
    const isAllowed = await confirmAction({
      title: 'Write a scratch file?',
      text: error.message,
      button: 'Write and run',
      also: { label: 'Do not ask again', take: () => changeSettings({ writesScratch: true }) },
    });
    return isAllowed ? (await client().call('job.start', { ...asked, mayWrite: true })).job : null;
  }
}
