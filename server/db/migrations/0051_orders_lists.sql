-- The units that take part in an order, as every beginning of their codes: a unit's scope is what begins with its own code, so
-- whether it takes part is one look into the row. As a question to the tasks it was answered by reading all tasks the unit
-- ever had before the first order was shown. Null until the first unit has it.
alter table orders.work_order add column units text[] collate "C";

create function orders.beginnings(code text) returns text[]
  language sql immutable parallel safe
  return (select array_agg(left(code, n)) from generate_series(2, length(code)) n);

create function orders.note_unit() returns trigger
  language plpgsql security definer set search_path = pg_catalog, orders
as $$
begin
  update orders.work_order set units = (select array_agg(distinct part) from unnest(units || orders.beginnings(new.unit_code)) part)
   where id = new.order_id and (units @> array[new.unit_code]) is not true;
  return null;
end $$;
revoke all on function orders.note_unit from public;
create trigger task_units after insert or update of unit_code on orders.task for each row execute function orders.note_unit();

update orders.work_order o set units = t.units
  from (select order_id, array_agg(distinct part) as units from orders.task, unnest(orders.beginnings(unit_code)) part group by order_id) t
 where t.order_id = o.id;
create index work_order_units_idx on orders.work_order using gin (units) with (gin_pending_list_limit = 256) where units is not null;
create index work_order_open_units_idx on orders.work_order using gin (units) with (gin_pending_list_limit = 256)
  where state in ('dispatched', 'return-pending', 'handling', 'replied', 'pending-follow-up', 'following-up', 'redo');

alter policy own_task on orders.work_order using (units @> array[current_setting('minsheng.unit_lo', true)]);
-- A list asks for the appeals of the page it shows. The function is planned once for a session, a sub-select for every page
-- and over every month.
alter policy own_task on appeals.appeal using (orders.takes_part(id));

-- The lists walk one index in the order they are shown in and judge state and region in it, before any row is fetched.
drop index orders.work_order_state_idx;
create index work_order_state_idx on orders.work_order (state, id desc, region);
drop index orders.work_order_region_state_idx;
create index work_order_region_idx on orders.work_order (region, id desc, state);
drop index orders.work_order_due_idx;
create index work_order_due_idx on orders.work_order (due_at, id, state, region) where due_at is not null;
drop index orders.work_order_oversight_idx;
create index work_order_oversight_idx on orders.work_order (due_at, id, oversight_level, region) where oversight_level > 0;
create index work_order_suspended_idx on orders.work_order (id) where suspended;
drop index casework.approval_open_idx;
create index approval_open_idx on casework.approval (id, permission, region) where state = 'open';
