-- The dispatch desk: few of what is due wait for dispatch, and they were found by walking everything that is due.
create index work_order_dispatch_idx on orders.work_order (due_at, id, region, type, category) include (yellow_at)
  where state = 'pending-dispatch' and due_at is not null;
