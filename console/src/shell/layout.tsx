import { identityApi } from '#contracts/identity/identity.api.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { MeContext } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { NotYoursPage } from './fallback-pages.tsx';
import { Live } from './live.tsx';
import { mayOpen } from './nav.ts';
import { shellText } from './shell.text.ts';
import { Shortcuts } from './shortcuts.tsx';
import { SideNav } from './side-nav.tsx';
import { TopBar } from './top-bar.tsx';
import { Waiting } from './waiting.tsx';

/** Everything behind the log-in stands in this frame. */
export function Layout() {
  const speak = useWords(shellText);
  const router = useRouter();
  const { pathname, href } = useLocation();
  // Open at one address only: following a link closes it.
  const [navOpenAt, setNavOpenAt] = useState<string>();
  const me = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => call(identityApi.me, {}, { signal }),
    staleTime: 60_000,
  });
  const navOpen = navOpenAt === pathname;
  const mustChange = me.data?.mustChangePassword ?? false;

  useEffect(() => {
    // While the next page loads this frame still stands, at the new address.
    if (mustChange && pathname !== '/password') void router.navigate({ to: '/password', search: { back: href } });
  }, [mustChange, pathname, router, href]);

  if (me.isError && problemOf(me.error)?.status !== 401) {
    return (
      <div className="page">
        <ProblemAlert error={me.error} onRetry={() => void me.refetch()} />
      </div>
    );
  }
  if (!me.data || mustChange) return <Waiting />;
  return (
    <MeContext value={me.data}>
      <Live />
      <a className="skip" href="#main">
        {speak('skip')}
      </a>
      <TopBar onMenu={() => setNavOpenAt(navOpen ? undefined : pathname)} navOpen={navOpen} />
      <div className="frame">
        <SideNav open={navOpen} onClose={() => setNavOpenAt(undefined)} />
        <main id="main" tabIndex={-1}>
          {mayOpen(pathname.replace(/\/+$/, '') || '/', me.data.permissions) ? <Outlet /> : <NotYoursPage />}
        </main>
      </div>
      <Shortcuts />
    </MeContext>
  );
}
