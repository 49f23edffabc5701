import { defineConfig } from 'vitest/config';

// Three levels, the lowest that can fail first: `pure` needs nothing, `db` a PostgreSQL of its own, `e2e` a whole platform.
export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'pure',
          include: ['server/src/**/*.test.ts', 'contracts/**/*.test.ts', 'ui/src/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.db.test.ts', '**/*.http.test.ts'],
          // Files of many megabytes take as long as the machine takes; no test here is about time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['server/**/*.db.test.ts', 'server/**/*.http.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['server/test/global-setup.ts'],
          pool: 'forks',
          // Each file has a database and a pool of its own; more than two at once only wait for each other.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.story.ts'],
          globalSetup: ['e2e/support/global-setup.ts'],
          setupFiles: ['e2e/support/tell.ts'],
          exclude: ['**/node_modules/**'],
          pool: 'forks',
          // A story mostly waits for its pages; two at a time fill the machine.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
