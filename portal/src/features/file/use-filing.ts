import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemError } from '#ui/api/problem.ts';
import { useRef, useState } from 'react';
import { go } from '../../parts/way.tsx';
import type { Draft } from './draft.ts';
import { forgetDraft, keyOfDraft, loadPending, newKey, saveFiled, savePending } from './draft.ts';
import { bodyOf } from './file.checks.ts';

/**
 * Files the draft exactly once.
 *
 * While the outcome of a request is unknown, a retry sends the very same words under the very same key, so that the
 * server can give its first answer again.
 */
export function useFiling() {
  const [unanswered, setUnanswered] = useState(() => loadPending() !== undefined);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const underWay = useRef(false);

  const file = async (draft: Draft): Promise<unknown> => {
    // State is too late against a double tap; the reference is not.
    if (underWay.current) return undefined;
    underWay.current = true;
    setBusy(true);
    setError(undefined);
    const pending = loadPending() ?? { key: keyOfDraft(), body: bodyOf(draft) };
    savePending(pending);
    try {
      const filed = await call(appealsApi.fileOnPortal, { body: pending.body }, { idempotencyKey: pending.key });
      forgetDraft();
      saveFiled(filed);
      go('/filed');
      return undefined;
    } catch (failure) {
      const unknown = !(failure instanceof ProblemError) || failure.unanswered;
      if (!unknown) savePending(undefined);
      setUnanswered(unknown);
      setError(failure);
      return failure;
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  };

  /** The citizen would rather write anew: from here on it is another appeal. */
  const giveUpPending = () => {
    savePending(undefined);
    newKey();
    setUnanswered(false);
    setError(undefined);
  };

  return { file, busy, unanswered, error, giveUpPending };
}
