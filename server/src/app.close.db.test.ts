import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openTestApp } from '../test/test-app.ts';

test('a node stops whole where its database went first', async () => {
  const at = await openTestApp();
  onTestFinished(() => rmSync(at.folder, { recursive: true, force: true }));
  await at.app.http.listen({ host: '127.0.0.1', port: 0 });
  await at.app.startWork();
  // An answer that is measured, and not yet written.
  expect((await at.call(null, 'GET', '/api/orders')).status).toBe(401);
  await at.db.close();
  await expect(at.app.close()).resolves.toBeUndefined();
});
