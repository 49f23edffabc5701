import { CHANNEL_NAMES } from '#contracts/operations/alerts.api.ts';
import type { AlertCall, DutyBoard, FaultCall } from '#contracts/operations/duty.api.ts';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { permissions, type Permission } from '#contracts/permissions.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Panel } from '../../parts/page.tsx';
import { dutyText } from './duty.text.ts';

type People = FaultCall['steps'][number]['people'];

/** Whom alerts and faults of each level reach, and when. */
export function CallTree({ board }: { board: DutyBoard }) {
  const speak = useWords(dutyText);
  const tell = useSay();
  const { levels } = kindFacts('fault');
  return (
    <Panel title={speak('tree')} extra={<span className="quiet">{speak('treeNote')}</span>}>
      <div className="pair">
        <section>
          <h3>{speak('faultsOf')}</h3>
          {board.faults.map(({ level, steps }) => (
            <div key={level} className="calls">
              <b>{tell(levels[level]!)}</b>
              <ol>
                {steps.map((step) => (
                  <FaultStep key={`${step.clock}${step.line}`} step={step} />
                ))}
              </ol>
            </div>
          ))}
        </section>
        <section>
          <h3>{speak('alertsOf')}</h3>
          {board.alerts.map((call) => (
            <div key={call.level} className="calls">
              <b>{call.level}</b>{' '}
              <span className="quiet">
                {call.ackMinutes === null ? speak('noAck') : speak('acknowledge', { count: call.ackMinutes })}
                {call.faultLevel === null ? '' : `；${speak('becomes', { level: tell(levels[call.faultLevel]!) })}`}
              </span>
              {call.routes.length === 0 ? (
                <p className="quiet">{speak('noRoute')}</p>
              ) : (
                <ol>
                  {call.routes.map((route) => (
                    <AlertRouteLine key={`${route.name}${route.target}`} route={route} />
                  ))}
                </ol>
              )}
            </div>
          ))}
        </section>
      </div>
    </Panel>
  );
}

function FaultStep({ step }: { step: FaultCall['steps'][number] }) {
  const speak = useWords(dutyText);
  const tell = useSay();
  const [count = '', mode = ''] = step.limit?.split(' ') ?? [];
  const clock = step.clock ? kindFacts('fault').lifecycle.clocks[step.clock]?.name : undefined;
  return (
    <li>
      <span className="calls__when">
        {step.limit ? speak(`after_${mode}` as 'after_hour', { count }) : speak('atOnce')}
        {clock ? <span className="quiet"> {tell(clock)}</span> : null}
      </span>
      <span>
        {tell(DUTY_LINES[step.line as Line])} <Names people={step.people} />
        {step.paged ? null : <span className="quiet"> {speak('console')}</span>}
      </span>
    </li>
  );
}

function AlertRouteLine({ route }: { route: AlertCall['routes'][number] }) {
  const tell = useSay();
  const line = /^line:([1-4])$/.exec(route.target)?.[1];
  const known = route.target in permissions ? tell(permissions[route.target as Permission]) : route.target;
  return (
    <li>
      <span className="calls__when">
        {tell(CHANNEL_NAMES[route.channel])} <span className="quiet">{route.name}</span>
      </span>
      <span>
        {line ? (
          <>
            {tell(DUTY_LINES[Number(line) as Line])} <Names people={route.people} />
          </>
        ) : (
          known
        )}
      </span>
    </li>
  );
}

/** Names with where they are reached; that nobody is there is told in red. */
export function Names({ people }: { people: People }) {
  const speak = useWords(dutyText);
  if (people.length === 0) return <span className="load__shed">{speak('nobody')}</span>;
  return (
    <>
      {people.map(({ name, phone, mail }, place) => (
        <span key={name}>
          {place > 0 ? '、' : ''}
          <b>{name}</b> <span className="quiet">{[phone, mail].filter(Boolean).join(' ') || speak('unreached')}</span>
        </span>
      ))}
    </>
  );
}
