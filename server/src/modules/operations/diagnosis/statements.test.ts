import { describe, expect, it } from 'vitest';
import { explainable, withoutLiterals } from './statements.rules.ts';

describe('a statement without literals', () => {
  it.each([
    [`select * from a where name = '张三' and phone = 13812345678`, 'select * from a where name = … and phone = …'],
    [`select E'it\\'s', 'it''s', $$don't$$, $x$y $$ z$x$, x'ff', U&'\\0041'`, 'select …, …, …, …, …, …'],
    [`update t2 set c1 = -1.5e3, "col 1" = 0xff where id = $12`, 'update t2 set c1 = -…, "col 1" = … where id = $12'],
    [`/*hot:file*/ with w0 as (select 1) -- by 王五\nselect 2 /* 李四 */ from w0`, '/*hot:file*/ with w0 as (select …) select … from w0'],
    [`set local minsheng.number = '3201'`, 'set local minsheng.number = …'],
    [`select "O'Brien" from t`, `select "O'Brien" from t`],
  ])('%s', (statement, shown) => {
    expect(withoutLiterals(statement)).toBe(shown);
  });

  it('holds nothing of a literal that is cut off', () => {
    expect(withoutLiterals(`select * from a where name = '张三李`)).toBe('select * from a where name = …');
    expect(withoutLiterals('select $body$ 张三')).toBe('select …');
    expect(withoutLiterals('select /* 张三')).toBe('select');
  });

  it('holds no text or number that somebody typed, wherever it stood', () => {
    const quotes = [
      (text: string) => `'${text}'`,
      (text: string) => `E'${text}'`,
      (text: string) => `$$${text}$$`,
      (text: string) => `$q$${text}$q$`,
    ];
    const typed = ['陈小明', '320106199001011234', "it''s 张", 'a -- b', '/* c', '$1', '"d'];
    for (const quote of quotes)
      for (const text of typed) {
        const shown = withoutLiterals(`select a from b where c = ${quote(text)} and d = $1`);
        expect(shown, quote(text)).toBe('select a from b where c = … and d = $1');
      }
  });
});

describe('what can be planned', () => {
  it('is one query or change of rows', () => {
    expect(explainable('/*hot:x*/ with a as (select 1) select * from a;')).toBe('/*hot:x*/ with a as (select 1) select * from a');
    expect(explainable('(select 1) union (select 2)')).toBe('(select 1) union (select 2)');
    expect(explainable(`insert into a values (';')`)).not.toBeNull();
    for (const other of ['begin', 'set local role x', 'vacuum', 'select 1; drop table a', 'explain select 1', 'create table a ()'])
      expect(explainable(other), other).toBeNull();
  });

  it('has casts where a typed literal stood', () => {
    expect(explainable('select now() - interval $1, date $2')).toBe('select now() - $1::interval, $2::date');
    expect(explainable('select extract($1 from at) from a')).toBe('select extract(epoch from at) from a');
    expect(explainable('select a.date from a where x = $1')).toBe('select a.date from a where x = $1');
  });
});
