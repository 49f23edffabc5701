import { softwareApi, type AdvisoryImport, type AdvisoryOutcome, type Exposure } from '#contracts/operations/software.api.ts';
import { call, upload } from '#ui/api/client.ts';
import { useNow } from '#ui/components/use-now.ts';
import { countText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { CheckedUpload } from '../../parts/checked-upload.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { FilteredRecords } from './records.page.tsx';
import { recordsText } from './records.text.ts';

/** Known vulnerabilities of what stands here, the most urgent first; and where they are learnt from. */
export function VulnerabilitiesPage() {
  const speak = useWords(recordsText);
  const may = useMay();
  const queries = useQueryClient();
  const [importing, setImporting] = useState(false);
  return (
    <Page
      title={speak('vulnerabilities')}
      note={<span>{speak('vulnerabilitiesNote')}</span>}
      actions={
        may('operations.handle') && !importing ? (
          <Button type="primary" onClick={() => setImporting(true)}>
            {speak('importAdvisories')}
          </Button>
        ) : null
      }
    >
      {importing ? (
        <Panel title={speak('importAdvisories')}>
          <CheckedUpload<AdvisoryOutcome>
            accept=".json,.zip"
            hint={speak('importHint')}
            send={(file, dryRun) => upload(softwareApi.importAdvisories, { query: dryRun ? { dryRun } : {} }, file)}
            onKept={() => void Promise.all([['records'], ['software']].map((queryKey) => queries.invalidateQueries({ queryKey })))}
            onClose={() => setImporting(false)}
            counts={(outcome) => [
              [speak('advisoriesRead'), outcome.read],
              [speak('advisoriesUnreadable'), outcome.unreadable],
              [speak('advisoriesWithdrawn'), outcome.withdrawn],
              [speak('ignoredRanges'), outcome.ignoredRanges],
            ]}
          />
        </Panel>
      ) : null}
      <FilteredRecords kind="vulnerability" empty={speak('noVulnerabilities')} />
      <Imports />
    </Page>
  );
}

function Imports() {
  const speak = useWords(recordsText);
  const nowMs = useNow();
  const imports = useQuery({ queryKey: ['software', 'imports'], queryFn: ({ signal }) => call(softwareApi.imports, {}, { signal }) });
  return (
    <Panel
      title={speak('advisoryImports')}
      extra={imports.data ? <span className="quiet">{speak('advisoriesKnown', { count: countText(imports.data.advisories) })}</span> : null}
      flush
    >
      <DataTable<AdvisoryImport>
        caption={speak('advisoryImports')}
        rows={imports.data?.items}
        rowKey={(row) => row.id}
        error={imports.error}
        onRetry={() => void imports.refetch()}
        empty={speak('noImports')}
        columns={[
          { key: 'at', title: speak('importedAt'), cell: (row) => <span className="ms-number">{shortInstantText(row.at, nowMs)}</span> },
          { key: 'file', title: speak('importFile'), wide: true, cell: (row) => row.fileName },
          { key: 'read', title: speak('advisoriesRead'), align: 'right', cell: (row) => countText(row.outcome.read) },
          { key: 'opened', title: speak('newOnes'), align: 'right', cell: (row) => countText(row.outcome.opened) },
          { key: 'gone', title: speak('goneOnes'), align: 'right', minor: true, cell: (row) => countText(row.outcome.gone) },
          { key: 'by', title: speak('importedBy'), cell: (row) => row.byName },
        ]}
      />
    </Panel>
  );
}

/** Where the affected versions of a vulnerability stand, or stood. */
export function Exposures({ recordId }: { recordId: string }) {
  const speak = useWords(recordsText);
  const nowMs = useNow();
  const list = useQuery({
    queryKey: ['records', 'exposures', recordId],
    queryFn: ({ signal }) => call(softwareApi.exposures, { params: { id: recordId } }, { signal }),
    refetchInterval: 15_000,
  });
  return (
    <Panel title={speak('exposures')} flush>
      <DataTable<Exposure>
        caption={speak('exposures')}
        rows={list.data?.items}
        rowKey={(row) => `${row.asset}${row.purl}`}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noExposures')}
        stack
        columns={[
          { key: 'asset', title: speak('place'), cell: (row) => row.asset },
          { key: 'purl', title: speak('packageUrl'), wide: true, cell: (row) => row.purl },
          { key: 'version', title: speak('affectedVersion'), cell: (row) => <span className="ms-number">{row.version}</span> },
          { key: 'fixedIn', title: speak('fixedIn'), cell: (row) => row.fixedIn ?? '—' },
          {
            key: 'goneAt',
            title: speak('stands'),
            cell: (row) =>
              row.goneAt ? (
                <span className="ms-tag ms-tag--done">{speak('goneSince', { at: shortInstantText(row.goneAt, nowMs) })}</span>
              ) : (
                <span className="ms-tag ms-tag--danger">{speak('standsStill')}</span>
              ),
          },
        ]}
      />
    </Panel>
  );
}
