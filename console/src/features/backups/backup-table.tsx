import { backupsApi, type Backup } from '#contracts/operations/backups.api.ts';
import { backupStateNames, failureNames, faultNames, keepNames, siteNames } from '#contracts/operations/backups.words.ts';
import { call } from '#ui/api/client.ts';
import { bytesText, countText, secondText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { BACKUP_TONES, useSpans } from './backup-words.ts';
import { backupsText } from './backups.text.ts';

/** What is kept, and what was tried, the newest first. */
export function BackupTable({ backups, hasSecond }: { backups: readonly Backup[]; hasSecond: boolean }) {
  const speak = useWords(backupsText);
  const tell = useSay();
  const { took } = useSpans();
  const instant = (iso: string | null) => (iso ? secondText(iso) : '—');
  const secondOf = (backup: Backup) =>
    backup.state !== 'good' ? '—' : backup.secondAt ? speak('copied') : (backup.secondFault ?? speak(hasSecond ? 'copying' : 'none'));
  return (
    <DataTable<Backup>
      caption={speak('backups')}
      rows={backups}
      rowKey={({ id }) => id}
      stack
      empty={speak('noBackups')}
      tone={({ state, faults }) => (state === 'failed' || (state === 'good' && faults.length > 0) ? 'red' : undefined)}
      columns={[
        { key: 'endedAt', title: speak('endedAt'), cell: (row) => instant(row.endedAt ?? row.askedAt) },
        { key: 'state', title: speak('state'), wide: true, cell: (row) => <State backup={row} /> },
        { key: 'took', title: speak('took'), align: 'right', minor: true, cell: (row) => took(row.startedAt, row.endedAt) },
        {
          key: 'size',
          title: speak('size'),
          align: 'right',
          cell: (row) => (row.rawBytes ? `${bytesText(row.rawBytes)} / ${bytesText(row.storedBytes)}` : '—'),
        },
        { key: 'files', title: speak('files'), align: 'right', minor: true, cell: (row) => (row.files ? countText(row.files) : '—') },
        {
          key: 'keep',
          title: speak('keep'),
          minor: true,
          cell: (row) => (row.keepAs && row.state === 'good' ? tell(keepNames[row.keepAs]) : '—'),
        },
        { key: 'second', title: speak('second'), minor: true, cell: secondOf },
        { key: 'verified', title: speak('verified'), minor: true, cell: (row) => instant(row.verifiedAt) },
        { key: 'proven', title: speak('proven'), minor: true, cell: (row) => instant(row.provenAt) },
        { key: 'askedBy', title: speak('askedBy'), minor: true, cell: (row) => row.askedBy },
        { key: 'verify', title: '', cell: (row) => (row.state === 'good' ? <Verify backup={row} /> : null) },
      ]}
    />
  );
}

function State({ backup }: { backup: Backup }) {
  const tell = useSay();
  const damaged = backup.state === 'good' && backup.faults.length > 0;
  return (
    <>
      <span className={`ms-tag ms-tag--${damaged ? 'danger' : BACKUP_TONES[backup.state]}`} data-testid="backup-state">
        {tell(damaged ? failureNames.damaged : backupStateNames[backup.state])}
      </span>
      {backup.failure ? (
        <span className="under">
          {tell(failureNames[backup.failure])} {backup.detail}
        </span>
      ) : null}
      {backup.faults.slice(0, 5).map((fault) => (
        <span key={`${fault.site}/${fault.object}`} className="under">
          {`${tell(siteNames[fault.site])}：${tell(faultNames[fault.kind])} ${fault.object}`}
        </span>
      ))}
    </>
  );
}

function Verify({ backup }: { backup: Backup }) {
  const speak = useWords(backupsText);
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const verify = useMutation({
    mutationFn: () => call(backupsApi.verify, { params: { id: backup.id } }),
    onSuccess: () => void message.success(speak('verifyAsked')),
    onError: (error) => void message.error(error.message),
    onSettled: () => queries.invalidateQueries({ queryKey: ['backups'] }),
  });
  if (!may('operations.handle')) return null;
  return (
    <Button size="small" loading={verify.isPending} onClick={() => verify.mutate()}>
      {speak('verify')}
    </Button>
  );
}
