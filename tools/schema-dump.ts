import type { Client } from 'pg';

const OURS = `n.nspname in ('platform','casework','reference','identity','appeals','orders','operations')`;

/**
 * The schema of a migrated database as text that a reviewer can read: tables with columns and constraints, indexes,
 * policies, rights, functions. Partitions are left out (they depend on the day); so are pg-boss's own tables.
 */
export async function dumpSchema(client: Client): Promise<string> {
  const lines = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map((row) => row.line);
  const sections: [string, string[]][] = [
    [
      'Tables',
      await lines(`
      select format(E'create table %s.%I (\n%s\n)%s;', n.nspname, c.relname, string_agg(part, E',\n' order by place, part),
        coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')) as line
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
        select a.attnum as place, format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attcollation <> t.typcollation then ' collate "C"' else '' end,
          case when a.attnotnull then ' not null' else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as part
        from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        union all
        select 1000, format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)) from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'
      ) parts
      where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
      group by n.nspname, c.relname, c.oid order by n.nspname, c.relname`),
    ],
    [
      'Sequences',
      await lines(`
      select format('create sequence %s.%I increment %s;', schemaname, sequencename, increment_by) as line
      from pg_sequences n where schemaname in ('platform','appeals','orders','identity','reference','operations') order by 1`),
    ],
    [
      'Indexes',
      await lines(`
      select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by 1`),
    ],
    [
      'Row-level security',
      await lines(`
      select format('%s on %s.%I (%s) to %s%s%s;', p.polname, n.nspname, c.relname,
        case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
        (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles)),
        coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), ''), coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')) as line
      from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} order by n.nspname, c.relname, p.polname, 1`),
    ],
    [
      'Tables without row-level security',
      await lines(`
      select format('%s.%I', n.nspname, c.relname) as line from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition and not c.relrowsecurity order by 1`),
    ],
    [
      'Rights',
      await lines(`
      select format('%s.%I to %s: %s', table_schema, table_name, grantee, string_agg(lower(privilege_type), ', ' order by privilege_type)) as line
      from information_schema.role_table_grants join pg_namespace n on n.nspname = table_schema
      join pg_class c on c.relnamespace = n.oid and c.relname = table_name
      where ${OURS} and not c.relispartition and grantee like 'minsheng\\_%' and grantee <> grantor group by table_schema, table_name, grantee order by 1`),
    ],
    [
      'Rights on single columns',
      await lines(`
      select format('%s.%I to %s: %s (%s)', n.nspname, c.relname, r.rolname, lower(g.privilege_type), string_agg(a.attname, ', ' order by a.attnum)) as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      cross join lateral aclexplode(a.attacl) g join pg_roles r on r.oid = g.grantee
      where ${OURS} and not c.relispartition group by n.nspname, c.relname, r.rolname, g.privilege_type order by 1`),
    ],
    [
      'Functions',
      await lines(`
      select pg_get_functiondef(p.oid) || ';' as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} order by p.proname`),
    ],
  ];
  return sections
    .map(([title, list]) => `-- ${title}\n\n${list.join(title === 'Tables' || title === 'Functions' ? '\n\n' : '\n')}\n`)
    .join('\n');
}
