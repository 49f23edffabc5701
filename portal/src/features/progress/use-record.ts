import type { CitizenRecord } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { call } from '#ui/api/client.ts';
import { useEffect, useState } from 'react';
import type { ProgressKey } from '../../parts/progress-key.ts';

/** Files and supplements of the citizen's own appeal; `round` asks again. */
export function useRecord(access: ProgressKey, round: unknown) {
  const [record, setRecord] = useState<CitizenRecord>();
  const [error, setError] = useState<unknown>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    call(attachmentsApi.record, { body: access }, { signal: abort.signal })
      .then((found) => {
        setRecord(found);
        setError(undefined);
      })
      .catch((failure: unknown) => {
        if (!abort.signal.aborted) setError(failure);
      });
    return () => abort.abort();
  }, [access, round, again]);
  return { record, setRecord, error, retry: () => setAgain(again + 1) };
}
