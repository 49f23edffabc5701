-- What the desks of unit leaders and of the night duty ask for.

-- Who of the unit has its part in hand: whoever signed for it, or spoke with the citizen last.
alter table orders.task
  add column handler_id uuid,
  add column handler_name text;
update orders.task t set handler_id = e.actor_id, handler_name = e.actor
from (
  select distinct on (case_id, unit_code) case_id, unit_code, actor_id, actor from platform.event
  where name in ('orders.sign', 'orders.task-sign') order by case_id, unit_code, at desc
) e
where e.case_id = t.order_id and e.unit_code = t.unit_code and t.state = 'handling';
-- The parts a unit still owes something on: a few of all it ever had.
create index task_open_idx on orders.task (unit_code, order_id) where state in ('pending-sign', 'handling');

-- The emergency service an order was handed over to (110, 119 ...), while the hotline goes on with it.
alter table orders.work_order add column handed_to text;
update orders.work_order o set handed_to = e.data ->> 'handedTo'
from (select distinct on (case_id) case_id, data from platform.event where name = 'orders.hand-over' order by case_id, at desc) e
where e.case_id = o.id;
-- What cannot wait until morning is a small part of what is open.
create index work_order_pressing_idx on orders.work_order (region, id)
  where closed_at is null and (urgency <= 2 or sensitive > 0 or is_group or oversight_level > 0 or handed_to is not null);
