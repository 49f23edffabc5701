-- A page of a list is found by ids, from an index alone, and only what is shown is read. For that the index of what is due holds
-- what policies and filters judge: the units that take part, and the date the yellow light comes from.
drop index orders.work_order_due_idx;
create index work_order_due_idx on orders.work_order (due_at, id, state, region) include (units, yellow_at, type) where due_at is not null;
-- What is over has no light and is not counted; what is open is counted from the index alone, its lights too.
drop index orders.work_order_state_idx;
create index work_order_state_idx on orders.work_order (state, id desc, region)
  where state in ('refused', 'merged', 'closed', 'answered', 'archived', 'cancelled');
create index work_order_open_idx on orders.work_order (state, id desc, region) include (due_at, yellow_at)
  where state not in ('refused', 'merged', 'closed', 'answered', 'archived', 'cancelled');
-- An order that was given back is still shown to who gave it back, and counted there.
drop index orders.work_order_open_units_idx;
create index work_order_open_units_idx on orders.work_order using gin (units) with (gin_pending_list_limit = 256)
  where units is not null and state not in ('refused', 'merged', 'closed', 'answered', 'archived', 'cancelled');
