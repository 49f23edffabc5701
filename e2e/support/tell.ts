import { afterEach } from 'vitest';
import { shownPages } from './stage.ts';

/** A story that failed says what stood on its pages. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const page of await shownPages()) if (!page.startsWith('about:')) console.error(`${task.name}: ${page}\n`);
});
