import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { isNumber, numberSpan } from '#server/kernel/number.ts';
import { citizen, type Actor } from '#server/platform/actor.ts';
import type { ActionResult } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { appealByNumber, compact } from '../appeals/index.ts';
import type { InputOf } from './orders.effects.ts';
import type { Orders } from './orders.service.ts';
import { ratingExists } from './orders.views.ts';

export interface CitizenKey {
  readonly number: string;
  readonly code: string;
}

export type CitizenAction = 'rate' | 'urge' | 'withdraw';

/** What citizens do themselves, by the number and the code they were given. */
export interface Citizens {
  /** The scope of a citizen who gives this number and code. @throws Refusal `appeals.bad-number` */
  by(input: CitizenKey, ip: string | null): { actor: Actor; number: string; span: { from: string; to: string } };
  /**
   * Rates, urges or withdraws on the citizen's own word.
   *
   * @throws Refusal `appeals.no-such-appeal`, `appeals.not-yet-ratable`, `appeals.already-rated`, `appeals.not-open-now`
   */
  act<A extends CitizenAction>(key: CitizenKey, action: A, input: InputOf<A>, ip: string | null): Promise<ActionResult<OrderState>>;
}

interface Deps {
  readonly db: Db;
  readonly orders: Orders;
  readonly queryHash: (code: string) => Buffer;
}

export function createCitizens({ db, orders, queryHash }: Deps): Citizens {
  const citizens: Citizens = {
    by({ number: typed, code }, ip) {
      const number = compact(typed);
      if (!isNumber(number)) throw new Refusal({ code: 'appeals.bad-number', fields: [{ path: 'number', code: 'appeals.bad-number' }] });
      const span = numberSpan(number);
      return {
        actor: citizen(ip, { number, queryHash: queryHash(compact(code)).toString('hex') }),
        number,
        span: { from: lowestIdAt(span.fromMs), to: lowestIdAt(span.toMs) },
      };
    },
    async act(key, action, input, ip) {
      const { actor, number, span } = citizens.by(key, ip);
      const appeal = await db.transact(actor.scope, (tx) => appealByNumber(tx, number, span));
      if (!appeal) throw new Refusal({ code: 'appeals.no-such-appeal' });
      try {
        // His number and code have proved whose appeal it is.
        return await orders.act(actor, appeal.id, action, null, input, { onHisWord: true });
      } catch (error) {
        // The citizen is told in his words, not in the clerk's.
        if (!(error instanceof Refusal) || error.facts.code !== 'casework.not-allowed-now') throw error;
        if (action !== 'rate') throw new Refusal({ code: 'appeals.not-open-now' });
        const isRated = await db.transact(SYSTEM, (tx) => ratingExists(tx, appeal.id));
        throw new Refusal({ code: isRated ? 'appeals.already-rated' : 'appeals.not-yet-ratable' });
      }
    },
  };
  return citizens;
}
