import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { narrowingFrom } from '../../parts/narrowing.ts';

export const TABS = ['statements', 'locks', 'profiles', 'messages'] as const;
export type Tab = (typeof TABS)[number];

/** What is looked at, as it stands in the address: the tab, the fault it is for, and what the tab shows. */
export const diagnosisFrom = narrowingFrom(['tab', 'fault', 'sort', 'q', 'query', 'role', 'profile', 'outcome'] as const);
export type DiagnosisSearch = ReturnType<typeof diagnosisFrom>;

export const tabOf = ({ tab }: DiagnosisSearch): Tab => TABS.find((one) => one === tab) ?? 'statements';

/** What every tab is given. */
export interface TabProps {
  readonly search: DiagnosisSearch;
  readonly go: (search: DiagnosisSearch) => void;
  /** The fault that the page was opened for. */
  readonly fault: RecordView | undefined;
}
