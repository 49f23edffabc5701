import type { OrderView } from '#contracts/orders/orders.api.ts';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { instantText } from '#ui/format.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';

/** What branched off the straight way: returns, oversight, merged matters. */
export function OrderBranches({ order }: { order: OrderView }) {
  return (
    <>
      {order.returns.length > 0 ? <Returns returns={order.returns} /> : null}
      {order.oversights.length > 0 ? <Oversights oversights={order.oversights} /> : null}
      {order.merged.length > 0 ? <Merged merged={order.merged} /> : null}
    </>
  );
}

function Returns({ returns }: { returns: OrderView['returns'] }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('returns')}>
      {returns.toReversed().map((request) => (
        <article className="reply" key={request.no}>
          <p className="reply__head">
            <b>{request.unitName}</b>
            <span className="ms-tag ms-tag--waiting">{names.code('return_reason', request.reason)}</span>
            <span className={`ms-tag ms-tag--${request.verdict === 'agreed' ? 'done' : request.verdict === null ? 'waiting' : 'stopped'}`}>
              {speak(request.verdict ?? 'open')}
            </span>
            <span className="under">
              {request.by} · <span className="ms-number">{instantText(request.at)}</span>
            </span>
          </p>
          <p className="said">{request.opinion}</p>
          <p className="said said--soft">
            <b>{speak('legalBasis')}</b> {request.legalBasis}
            {request.suggestedUnit ? (
              <>
                {' '}
                · <b>{speak('suggestedUnit')}</b> {request.suggestedUnit.name}
              </>
            ) : null}
          </p>
        </article>
      ))}
    </Panel>
  );
}

function Oversights({ oversights }: { oversights: OrderView['oversights'] }) {
  const speak = useWords(orderText);
  const names = useNames();
  return (
    <Panel title={speak('oversights')}>
      {oversights.toReversed().map((oversight) => (
        <article className="reply" key={oversight.no} data-testid={`oversight-${oversight.level}`}>
          <p className="reply__head">
            <b>{names.code('oversight_level', oversight.level)}</b>
            <span className="ms-tag ms-tag--waiting">{names.code('oversight_cause', oversight.cause)}</span>
            {oversight.ended ? <span className="ms-tag ms-tag--stopped">{speak(oversight.ended)}</span> : null}
            <span className="under">
              {oversight.by} · <span className="ms-number">{instantText(oversight.at)}</span>
            </span>
          </p>
          <p className="said">{oversight.requirement}</p>
          {oversight.answer ? (
            <p className="said said--soft">
              <b>{speak('oversightAnswer')}</b> {oversight.answer}{' '}
              <span className="under">
                {oversight.answeredBy} · <span className="ms-number">{oversight.answeredAt ? instantText(oversight.answeredAt) : ''}</span>
              </span>
            </p>
          ) : null}
        </article>
      ))}
    </Panel>
  );
}

function Merged({ merged }: { merged: OrderView['merged'] }) {
  const speak = useWords(orderText);
  return (
    <Panel title={speak('merged')}>
      <ul className="lines">
        {merged.map((other) => (
          <li key={other.id}>
            <Link to="/orders/$id" params={{ id: other.id }}>
              <NumberText number={other.number} />
            </Link>{' '}
            <StateTag state={other.state} /> {other.title}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
