import { openClient } from './client/client.ts';
import { startWindow } from './start-window.ts';
import { app } from './state/app.svelte.ts';

startWindow(
  openClient((isUp) => {
    app.isConnected = isUp;
  }),
);
