-- The monthly report: what the centre did as one row of `operations.report` (kind `monthly`), what the hotline did as another
-- (`monthly-business`), made together. People of the operations centre see no orders, so they do not see the second.
drop policy everything on operations.report;
create policy everything on operations.report to minsheng_system using (true) with check (true);
create policy of_the_centre on operations.report for select to minsheng_operations using (kind <> 'monthly-business');
create policy of_the_month on operations.report for select to minsheng_province using (kind in ('monthly', 'monthly-business'));

-- What a person adds to the risks of a report, under his name; a report itself is never changed.
create table operations.report_remark (
  id uuid primary key,
  report_id uuid not null constraint report_remark_report_fk references operations.report,
  at timestamptz not null,
  account_id uuid not null,
  by_name text not null,
  remark text not null
);
create index report_remark_report_idx on operations.report_remark (report_id, id);
call operations.protect('operations.report_remark');
grant insert on operations.report_remark to minsheng_operations;
