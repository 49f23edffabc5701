import { referenceApi } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useLanguage, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Input, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { referenceText } from './reference.text.ts';

export function CategoriesPage() {
  const speak = useWords(referenceText);
  const language = useLanguage();
  const [typed, setTyped] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['dictionary'],
    queryFn: ({ signal }) => call(referenceApi.dictionary, {}, { signal }),
    staleTime: Infinity,
  });
  const all = data?.categories ?? [];
  const nameOf = (category: (typeof all)[number]) => (language === 'zh' ? category.name : category.nameEn);
  const q = typed.trim().toLowerCase();
  const hits = all.filter(
    (category) => category.code.startsWith(q) || category.name.includes(q) || category.nameEn.toLowerCase().includes(q),
  );
  // What stands above or below a hit shows where it belongs.
  const shown = q ? all.filter(({ code }) => hits.some((hit) => hit.code.startsWith(code) || code.startsWith(hit.code))) : all;
  const count = (level: number) => all.filter((category) => category.level === level).length;
  return (
    <Page
      title={speak('categories')}
      note={data ? <span>{speak('categoriesNote', { one: count(1), two: count(2), three: count(3) })}</span> : null}
      actions={
        <Input
          aria-label={speak('filter')}
          placeholder={speak('filter')}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton active /> : null}
      {data && shown.length === 0 ? <EmptyState title={speak('noCategories')} /> : null}
      <div className="tree">
        {shown
          .filter(({ level }) => level === 1)
          .map((top) => (
            <Panel
              key={top.code}
              title={
                <>
                  <span className="tree__code">{top.code}</span> {nameOf(top)}
                </>
              }
            >
              <ul>
                {shown
                  .filter(({ parent }) => parent === top.code)
                  .map((second) => (
                    <li key={second.code}>
                      <span className="tree__code">{second.code}</span> {nameOf(second)}
                      <ul className="tree__third">
                        {shown
                          .filter(({ parent }) => parent === second.code)
                          .map((third) => (
                            <li key={third.code}>
                              <span className="tree__code">{third.code}</span> {nameOf(third)}
                            </li>
                          ))}
                      </ul>
                    </li>
                  ))}
              </ul>
            </Panel>
          ))}
      </div>
    </Page>
  );
}
