import type { OrderView } from '#contracts/orders/orders.api.ts';
import { StateTag } from '#ui/components/state-tag.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { Panel } from '../../parts/page.tsx';
import { ReplyFiles } from './attachments/attachments-panel.tsx';
import { OrderBranches } from './order-branches.tsx';
import { orderText } from './order.text.ts';

type Task = OrderView['tasks'][number];

/** What was done about it: tasks, replies, follow-ups, rating, or why nothing will be. */
export function OrderRecord({ order }: { order: OrderView }) {
  return (
    <>
      {order.refusal ? <Refusal refusal={order.refusal} /> : null}
      {order.replies.length > 0 ? <Replies order={order} /> : null}
      {order.rating ? <Rating rating={order.rating} /> : null}
      {order.followUps.length > 0 ? <FollowUps order={order} /> : null}
      {order.tasks.length > 0 ? <Tasks tasks={order.tasks} /> : null}
      <OrderBranches order={order} />
    </>
  );
}

function Refusal({ refusal }: { refusal: NonNullable<OrderView['refusal']> }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('refusal')}>
      <p>
        <b>
          {refusal.reason} {names.code('refusal_reason', refusal.reason)}
        </b>
      </p>
      <p className="said">{refusal.explanation}</p>
    </Panel>
  );
}

function Tasks({ tasks }: { tasks: readonly Task[] }) {
  const speak = useWords(orderText);
  const at = (iso: string | null) => <span className="ms-number">{iso ? instantText(iso).slice(5) : speak('none')}</span>;
  return (
    <Panel title={speak('tasks')} flush>
      <DataTable<Task>
        caption={speak('tasks')}
        rows={tasks}
        rowKey={(task) => String(task.no)}
        empty={speak('none')}
        columns={[
          { key: 'no', title: speak('taskNo'), cell: (task) => <span className="ms-number">{task.no}</span> },
          {
            key: 'unit',
            title: speak('unit'),
            wide: true,
            cell: (task) => (
              <>
                {task.unit.name} <span className="under">{speak(task.role)}</span>
                {task.opinion ? <span className="said said--soft">{task.opinion}</span> : null}
              </>
            ),
          },
          { key: 'state', title: '', cell: (task) => <StateTag of="task" state={task.state} /> },
          { key: 'd', title: speak('dispatchedAt'), cell: (task) => at(task.dispatchedAt) },
          { key: 's', title: speak('signedAt'), cell: (task) => at(task.signedAt) },
          { key: 'c', title: speak('contactedAt'), cell: (task) => at(task.contactedAt) },
          { key: 'r', title: speak('repliedAt'), cell: (task) => at(task.repliedAt) },
          { key: 'due', title: speak('due'), cell: (task) => at(task.dueAt) },
        ]}
      />
    </Panel>
  );
}

function Replies({ order }: { order: OrderView }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('replies')}>
      {order.replies.toReversed().map((reply) => {
        const checked = reply.checked === null ? 'unchecked' : reply.checked;
        const tone = checked === 'passed' ? 'done' : checked === 'failed' ? 'danger' : 'waiting';
        return (
          <article className="reply" key={reply.no}>
            <p className="reply__head">
              <b>{speak('replyNo', { no: reply.no })}</b>
              <span className="ms-tag ms-tag--working">{names.code('result_type', reply.resultType)}</span>
              <span className={`ms-tag ms-tag--${tone}`}>{speak(checked as 'passed' | 'failed' | 'unchecked')}</span>
              <span className="under">
                {reply.unitName} · {reply.by} · <span className="ms-number">{instantText(reply.at)}</span>
              </span>
            </p>
            <p className="said">{reply.text}</p>
            {reply.basis ? (
              <p className="said said--soft">
                <b>{speak('basis')}</b> {reply.basis}
              </p>
            ) : null}
            <ReplyFiles order={order} no={reply.no} />
            {reply.checkOpinion ? (
              <p className="said said--soft">
                <b>{speak('opinion')}</b> {reply.checkOpinion}
              </p>
            ) : null}
          </article>
        );
      })}
    </Panel>
  );
}

function FollowUps({ order }: { order: OrderView }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('followUps')}>
      <ul className="lines">
        {order.followUps.map((call) => (
          <li key={call.no}>
            <b>{speak('followUpNo', { no: call.no })}</b> {names.code('visit_mode', call.mode)} · {names.code('visit_result', call.result)}
            {call.note ? <span className="said"> {call.note}</span> : null}
            <span className="under">
              {call.by} · <span className="ms-number">{instantText(call.at)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Rating({ rating }: { rating: NonNullable<OrderView['rating']> }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('rating')}>
      <p>
        <b>{names.code('satisfaction', rating.satisfaction)}</b> · {speak('solved')}：{names.code('solved', rating.solved)}{' '}
        <span className="under">
          {speak(rating.by === 'citizen' ? 'byCitizen' : 'byFollowUp')} · <span className="ms-number">{instantText(rating.at)}</span>
        </span>
      </p>
      {rating.comment ? <p className="said">{rating.comment}</p> : null}
    </Panel>
  );
}
