-- A county's orders stand in their order: as a range of the regions under it they were found by walking those of everybody, and the
-- rarer the county the longer. Its streets' are judged in the same index.
alter table orders.work_order add column county text collate "C" not null generated always as (left(region, 6)) stored;
drop index orders.work_order_region_idx;
create index work_order_region_idx on orders.work_order (county, id desc, state, region);
