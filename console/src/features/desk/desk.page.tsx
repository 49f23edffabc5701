import type { Filed } from '#contracts/appeals/appeals.api.ts';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useState } from 'react';
import { Page } from '../../parts/page.tsx';
import { AppealForm } from './appeal-form.tsx';
import { deskText } from './desk.text.ts';
import { FiledSlip } from './filed-slip.tsx';
import { WaitingList } from './waiting-list.tsx';

/** An appeal is written down while the citizen speaks, then its number is read out. */
export function DeskPage() {
  const speak = useWords(deskText);
  const may = useMay();
  const [filed, setFiled] = useState<Filed>();
  const [round, setRound] = useState(0);
  const next = () => {
    setFiled(undefined);
    setRound(round + 1);
  };
  return (
    <Page title={speak('title')} note={filed ? null : <span>{speak('note')}</span>}>
      {filed ? (
        <FiledSlip filed={filed} onNext={next} />
      ) : (
        <AppealForm key={round} onFiled={setFiled} onClear={() => setRound(round + 1)} />
      )}
      {may('orders.see') ? <WaitingList /> : null}
    </Page>
  );
}
