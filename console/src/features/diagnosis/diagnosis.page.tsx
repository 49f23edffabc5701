import { EmptyState } from '#ui/components/empty-state.tsx';
import { problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { Page } from '../../parts/page.tsx';
import { useFault } from './diagnosis-parts.tsx';
import { TABS, tabOf, type DiagnosisSearch } from './diagnosis.search.ts';
import { diagnosisText } from './diagnosis.text.ts';
import { LocksTab } from './locks.tsx';
import { MessagesTab } from './messages.tsx';
import { ProfilesTab } from './profiles.tsx';
import { StatementsTab } from './statements.tsx';

const TAB_VIEWS = { statements: StatementsTab, locks: LocksTab, profiles: ProfilesTab, messages: MessagesTab } as const;

/** The tools to find the cause of a fault with; what is found may be kept with the fault the page was opened for. */
export function DiagnosisPage() {
  const speak = useWords(diagnosisText);
  const search = useSearch({ from: '/inside/diagnosis' });
  const navigate = useNavigate({ from: '/diagnosis' });
  const tab = tabOf(search);
  const fault = useFault(search.fault);
  const View = TAB_VIEWS[tab];
  const go = (next: DiagnosisSearch) => void navigate({ search: next });
  return (
    <Page
      title={speak('title')}
      note={
        fault.data ? (
          <span>
            {speak('forFault')}{' '}
            <Link to="/records/$id" params={{ id: fault.data.id }}>
              <span className="ms-number">{fault.data.number}</span> {fault.data.title}
            </Link>
            {' · '}
            <Link to="/diagnosis" search={{ tab }}>
              {speak('leaveFault')}
            </Link>
          </span>
        ) : null
      }
    >
      {fault.error ? (
        problemOf(fault.error)?.status === 404 ? (
          <EmptyState title={problemOf(fault.error)!.title} />
        ) : (
          <ProblemAlert error={fault.error} />
        )
      ) : null}
      <Segmented
        className="logs__lists"
        value={tab}
        options={TABS.map((value) => ({ value, label: speak(value) }))}
        onChange={(value) => go({ tab: value, ...(search.fault ? { fault: search.fault } : {}) })}
      />
      <View search={search} go={go} fault={fault.data} />
    </Page>
  );
}
