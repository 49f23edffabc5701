import { ProblemError } from '#ui/api/problem.ts';
import type { QueryClient } from '@tanstack/react-query';

interface Router {
  readonly state: { readonly location: { readonly pathname: string; readonly href: string } };
  readonly navigate: (to: { to: '/login' | '/password'; search: { back?: string } }) => Promise<void> | void;
}

/** A session that ended leads to the log-in and back again; a first password leads to its change. */
export function sendBackToSession(error: unknown, router: Router, queries: QueryClient): void {
  if (!(error instanceof ProblemError)) return;
  const { pathname, href } = router.state.location;
  const { status, code } = error.problem;
  if (status === 403 && code === 'identity.password-change-due') {
    if (pathname !== '/password') void router.navigate({ to: '/password', search: { back: href } });
    return;
  }
  // A refused log-in answers 401 too, and stays where it is.
  if (status !== 401 || code === 'identity.wrong-credentials' || pathname === '/login') return;
  queries.removeQueries({ queryKey: ['me'] });
  void router.navigate({ to: '/login', search: { back: href } });
}
