import { FIGURE_LISTS, type FigureListName, type MonthlyFigure } from '#contracts/operations/monthly.api.ts';
import { figureText } from '#contracts/operations/monthly.text.ts';
import { dayText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useLanguage } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';

/** The page that shows each list. */
const PAGES: Readonly<Record<FigureListName, string>> = {
  records: '/records',
  inspections: '/past-inspections',
  backups: '/past-backups',
  drills: '/past-drills',
  readings: '/readings',
  responses: '/responses',
  audit: '/audit',
  orders: '/orders',
};
/** Their pages are narrowed by days, the last one counted. */
const BY_DAYS: readonly FigureListName[] = ['responses', 'audit', 'orders'];

/** A figure that leads to its rows, for who may see them; one that was not measured is a dash. */
export function FigureLink({ figure }: { figure: MonthlyFigure }) {
  const may = useMay();
  const language = useLanguage();
  const text = figureText(figure, language);
  if (figure.value === null || !may(FIGURE_LISTS[figure.list.of].needs)) return <span className="ms-number">{text}</span>;
  return (
    <Link to={PAGES[figure.list.of] as '/'} search={searchOf(figure) as never} className="ms-number">
      {text}
    </Link>
  );
}

function searchOf({ list }: MonthlyFigure): Record<string, string> {
  const { from, to, by: _by, ...rest } = list.query;
  if (!BY_DAYS.includes(list.of) || !from || !to) return list.query;
  return { ...rest, from: dayText(from), to: dayText(new Date(Date.parse(to) - 1).toISOString()) };
}
