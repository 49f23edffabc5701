import { expect, it } from 'vitest';
import { groupOf } from './series.groups.ts';

it.each([
  ['minsheng_memory_used_ratio', 'host'],
  ['minsheng_load_per_cpu', 'host'],
  ['minsheng_nodejs_eventloop_lag_p99_seconds', 'process'],
  ['pg_locks_waiting', 'postgresql'],
  ['minsheng_db_connections_ratio', 'postgresql'],
  ['minsheng_queue_jobs', 'queues'],
  ['probe_duration_seconds', 'interfaces'],
  ['minsheng_http_request_seconds_bucket', 'pages'],
  ['minsheng_open_orders', 'business'],
  ['minsheng_log_gaps', 'other'],
])('%s belongs to %s', (name, group) => {
  expect(groupOf(name)).toBe(group);
});
