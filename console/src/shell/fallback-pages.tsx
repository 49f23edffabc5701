import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { shellText } from './shell.text.ts';

export function MissingPage() {
  const speak = useWords(shellText);
  return (
    <EmptyState title={speak('missing')}>
      <Link to="/">{speak('toHome')}</Link>
    </EmptyState>
  );
}

export function NotYoursPage() {
  const speak = useWords(shellText);
  return (
    <EmptyState title={speak('notYours')}>
      <Link to="/">{speak('toHome')}</Link>
    </EmptyState>
  );
}

export function BrokenPage({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <div className="page">
      <ProblemAlert error={error} {...(reset ? { onRetry: reset } : {})} />
    </div>
  );
}
