import type { AdvisoryOutcome } from '#contracts/operations/software.api.ts';
import { SEVERITIES } from '#contracts/operations/records/vulnerability.lifecycle.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState, type ReactNode } from 'react';

const words = {
  file: { zh: '文件', en: 'File' },
  missing: { zh: '请选择文件', en: 'Choose a file' },
  tryIt: { zh: '试导入', en: 'Try' },
  keep: { zh: '导入', en: 'Import' },
  close: { zh: '收起', en: 'Close' },
  tried: { zh: '试导入结果（未保存）', en: 'What would come of it (nothing was kept)' },
  kept: { zh: '已导入', en: 'Imported' },
  opened: { zh: '新漏洞', en: 'New' },
  updated: { zh: '有变化', en: 'Changed' },
  gone: { zh: '已不存在', en: 'Gone' },
  nothing: { zh: '没有新的漏洞', en: 'No new vulnerability' },
  level: { zh: '级别', en: 'Severity' },
  key: { zh: '漏洞编号', en: 'Vulnerability' },
  package: { zh: '组件', en: 'Package' },
  fixedIn: { zh: '修复版本', en: 'Fixed in' },
  places: { zh: '所在', en: 'Where' },
  summary: { zh: '说明', en: 'Summary' },
} as const;

type Outcome = Pick<AdvisoryOutcome, 'dryRun' | 'opened' | 'updated' | 'gone' | 'shown'>;

/** A file that is tried before it is kept, with the vulnerabilities that come of it. */
export function CheckedUpload<O extends Outcome>(props: {
  readonly accept: string;
  readonly hint: string;
  /** Further fields, before the file. */
  readonly children?: ReactNode;
  /** Whether those fields are filled in; it says itself what is missing. */
  readonly isReady?: () => boolean;
  readonly send: (file: File, dryRun: boolean) => Promise<O>;
  readonly onKept: () => void;
  readonly onClose: () => void;
  /** What else was counted, by its name. */
  readonly counts: (outcome: O) => readonly (readonly [string, number])[];
}) {
  const speak = useWords(words);
  const file = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const run = useMutation({
    mutationFn: ({ chosen, dryRun }: { chosen: File; dryRun: boolean }) => props.send(chosen, dryRun),
    onSuccess: ({ dryRun }) => {
      if (!dryRun) props.onKept();
    },
  });
  const start = (dryRun: boolean) => {
    const chosen = file.current?.files?.[0];
    setMissing(!chosen);
    const isReady = props.isReady?.() ?? true;
    if (chosen && isReady) run.mutate({ chosen, dryRun });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start(true);
      }}
    >
      <div className="fields-two">
        {props.children}
        <div className="filters__field">
          <label htmlFor="checked-file">{speak('file')}</label>
          <input
            className="file-input"
            ref={file}
            id="checked-file"
            type="file"
            accept={props.accept}
            aria-describedby="checked-hint"
            onChange={() => {
              setMissing(false);
              run.reset();
            }}
          />
          {missing ? (
            <span className="form-error" role="alert">
              {speak('missing')}
            </span>
          ) : null}
        </div>
      </div>
      <p className="quiet" id="checked-hint">
        {props.hint}
      </p>
      <ProblemAlert error={run.error} />
      {run.data ? <OutcomeView outcome={run.data} counts={props.counts(run.data)} /> : null}
      <div className="buttons">
        <Button type={run.data?.dryRun ? 'default' : 'primary'} htmlType="submit" loading={run.isPending && run.variables.dryRun}>
          {speak('tryIt')}
        </Button>
        <Button
          type={run.data?.dryRun ? 'primary' : 'default'}
          disabled={run.data?.dryRun === false}
          loading={run.isPending && !run.variables.dryRun}
          onClick={() => start(false)}
        >
          {speak('keep')}
        </Button>
        <Button onClick={props.onClose}>{speak('close')}</Button>
      </div>
    </form>
  );
}

function OutcomeView({ outcome, counts }: { outcome: Outcome; counts: readonly (readonly [string, number])[] }) {
  const speak = useWords(words);
  const tell = useSay();
  const all = [...counts, [speak('opened'), outcome.opened], [speak('updated'), outcome.updated], [speak('gone'), outcome.gone]] as const;
  return (
    <div role="status" data-testid="outcome">
      <h3>{speak(outcome.dryRun ? 'tried' : 'kept')}</h3>
      <dl className="counts">
        {all.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="ms-number">{countText(count)}</dd>
          </div>
        ))}
      </dl>
      <DataTable<Outcome['shown'][number]>
        caption={speak('opened')}
        rows={outcome.shown}
        rowKey={(row) => `${row.key}${row.package}`}
        empty={<p className="quiet">{speak('nothing')}</p>}
        stack
        columns={[
          { key: 'level', title: speak('level'), cell: (row) => tell(SEVERITIES[row.level]!) },
          { key: 'key', title: speak('key'), cell: (row) => <span className="ms-number">{row.key}</span> },
          { key: 'package', title: speak('package'), cell: (row) => row.package },
          { key: 'fixedIn', title: speak('fixedIn'), cell: (row) => row.fixedIn ?? '—' },
          { key: 'places', title: speak('places'), cell: (row) => row.places.slice(0, 3).join('、') },
          { key: 'summary', title: speak('summary'), wide: true, minor: true, cell: (row) => row.summary },
        ]}
      />
    </div>
  );
}
