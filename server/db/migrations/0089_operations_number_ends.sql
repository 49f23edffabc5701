-- A year of the calendar is no number that is given out: its key tells nothing of what is left.
CREATE OR REPLACE FUNCTION operations.number_ends()
 RETURNS TABLE(what text, reached numeric, ends_at numeric)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  entry record;
  top numeric;
begin
  for entry in
    select format('%I.%I', s.schemaname, s.sequencename) as name, s.last_value, s.max_value,
      n.nspname || '.' || c.relname || '.' || a.attname as column_name,
      case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 end as column_max
    from pg_sequences s
    left join pg_depend d on d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass and d.classid = 'pg_class'::regclass
      and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    left join pg_class c on c.oid = d.refobjid
    left join pg_namespace n on n.oid = c.relnamespace
    where s.last_value is not null and not s.cycle and s.increment_by > 0
  loop
    what := entry.name || coalesce(' → ' || entry.column_name, '');
    reached := entry.last_value;
    ends_at := least(entry.max_value, coalesce(entry.column_max, entry.max_value));
    return next;
  end loop;
  -- Keys that the application numbers itself; a year is a key and numbers nothing: the greatest is at the end of the key's index.
  for entry in
    select i.indrelid::regclass as table_name, a.attname,
      case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end as column_max
    from pg_index i
    join pg_class c on c.oid = i.indrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisprimary and i.indnkeyatts = 1 and i.indrelid <> 'reference.calendar_year'::regclass and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  loop
    execute format('select max(%I) from %s', entry.attname, entry.table_name) into top;
    if top is not null then
      what := entry.table_name || '.' || entry.attname;
      reached := top;
      ends_at := entry.column_max;
      return next;
    end if;
  end loop;
end $function$;
