/** Names of the three messages between page and main process. */
export const callChannel = 'eigenscope:call';
export const eventChannel = 'eigenscope:event';
/** the page has begun to listen; what waited for it is sent */
export const listenChannel = 'eigenscope:listen';
