import { diagnosisApi, PROFILE_KINDS, PROFILE_SECONDS, type ProfileKind, type ProfileLine } from '#contracts/operations/diagnosis.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import type { TabProps } from './diagnosis.search.ts';
import { profilesText } from './diagnosis.text.ts';
import { ProfileResult } from './profile-result.tsx';

const USUAL_SECONDS = 10;
const TONES = { waiting: 'waiting', running: 'working', done: 'done', failed: 'danger' } as const;

/** Profiles of nodes: what a node spends its time and memory on. */
export function ProfilesTab({ search, go, fault }: TabProps) {
  const speak = useWords(profilesText);
  const tell = useSay();
  const may = useMay();
  const board = useQuery({
    queryKey: ['diagnosis', 'profiles'],
    queryFn: ({ signal }) => call(diagnosisApi.profiles, {}, { signal }),
    // One that is being taken is waited for.
    refetchInterval: ({ state }) => (state.data?.items.some(isAtWork) ? 1000 : 10_000),
  });
  const { data } = board;
  const shown = data?.items.find(({ id }) => id === search.profile);
  return (
    <>
      {data && may('operations.handle') ? (
        <AskForm nodes={data.nodes} component={fault?.component ?? null} onAsked={(id) => go({ ...search, profile: id })} />
      ) : null}
      {shown ? <ProfileResult key={`${shown.id}${shown.state}`} line={shown} fault={fault} /> : null}
      <Panel title={speak('past')} flush>
        <DataTable<ProfileLine>
          caption={speak('past')}
          rows={data?.items}
          rowKey={(row) => row.id}
          error={data ? null : board.error}
          onRetry={() => void board.refetch()}
          empty={speak('none')}
          onOpen={(row) => go({ ...search, profile: row.id })}
          stack
          columns={[
            {
              key: 'asked',
              title: speak('asked'),
              cell: (row) => (
                <Link to="/diagnosis" search={{ ...search, profile: row.id }} className="ms-number">
                  {instantText(row.askedAt)}
                </Link>
              ),
            },
            { key: 'node', title: speak('node'), wide: true, cell: (row) => <span className="mono">{row.node}</span> },
            { key: 'kind', title: speak('kind'), cell: (row) => tell(PROFILE_KINDS[row.kind]) },
            { key: 'seconds', title: speak('seconds'), align: 'right', cell: (row) => <span className="ms-number">{row.seconds}</span> },
            { key: 'by', title: speak('by'), minor: true, cell: (row) => row.askedBy },
            {
              key: 'state',
              title: speak('state'),
              cell: (row) => (
                <>
                  <span className={`ms-tag ms-tag--${TONES[row.state]}`}>{speak(row.state)}</span>
                  {row.failure ? <span className="under">{row.failure}</span> : null}
                </>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

const isAtWork = ({ state }: ProfileLine) => state === 'waiting' || state === 'running';

/** The node of a fault's component comes first: both name their host before the colon. */
const nodeFor = (nodes: readonly string[], component: string | null) =>
  nodes.find((node) => component !== null && node.split(':')[0] === component.replace(/^(?:node|host):/, '').split(':')[0]) ?? nodes[0];

function AskForm({ nodes, component, onAsked }: { nodes: readonly string[]; component: string | null; onAsked: (id: string) => void }) {
  const speak = useWords(profilesText);
  const tell = useSay();
  const [chosen, setChosen] = useState<string>();
  const [kind, setKind] = useState<ProfileKind>('cpu');
  const [seconds, setSeconds] = useState(USUAL_SECONDS);
  const ask = useAct(diagnosisApi.askProfile, 'diagnosis', ({ id }) => onAsked(id));
  const node = chosen !== undefined && nodes.includes(chosen) ? chosen : nodeFor(nodes, component);
  if (node === undefined) return <p className="quiet">{speak('noNodes')}</p>;
  return (
    <Panel>
      <form
        className="diagnosis__ask"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate({ body: { node, kind, seconds } });
        }}
      >
        <div className="filters__field">
          <label htmlFor="profile-node">{speak('node')}</label>
          <Select<string> id="profile-node" value={node} options={nodes.map((value) => ({ value, label: value }))} onChange={setChosen} />
        </div>
        <div className="filters__field">
          <span className="diagnosis__label">{speak('kind')}</span>
          <Segmented<ProfileKind>
            value={kind}
            options={(Object.keys(PROFILE_KINDS) as ProfileKind[]).map((value) => ({ value, label: tell(PROFILE_KINDS[value]) }))}
            onChange={setKind}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="profile-seconds">{speak('seconds')}</label>
          <InputNumber
            id="profile-seconds"
            min={PROFILE_SECONDS.least}
            max={PROFILE_SECONDS.most}
            precision={0}
            value={seconds}
            onChange={(value) => setSeconds(value ?? USUAL_SECONDS)}
          />
        </div>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {speak('ask')}
        </Button>
      </form>
      <p className="quiet">{speak('note')}</p>
      <ProblemAlert error={ask.error} />
    </Panel>
  );
}
