-- Why somebody wants to see a confidential citizen may say who that is: units and peer systems, who see what was asked
-- for and done about their orders, see nothing of this.
alter policy own_task on casework.approval
  using (action <> 'reveal-contact' and exists (select from orders.task t where t.order_id = case_id));
alter policy own_task on platform.event
  using (name not like 'orders.%reveal-contact' and exists (select from orders.task t where t.order_id = case_id));
alter policy own_source on platform.event
  using (name not like 'orders.%reveal-contact' and exists (select from appeals.appeal a where a.id = case_id));
