import '#ui/tokens.css';
import '#ui/office/office.css';
import { ProblemError, problemOf } from '#ui/api/problem.ts';
import { officeTheme } from '#ui/office/theme.ts';
import { language, setLanguage, useLanguage } from '#ui/text.ts';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './console.css';
import { sendBackToSession } from './shell/guard.ts';
import { router } from './shell/router.tsx';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => sendBackToSession(error, router, queries) }),
  mutationCache: new MutationCache({ onError: (error) => sendBackToSession(error, router, queries) }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused it refuses again; only silence is worth another try, and a full house when it says so.
      retry: (count, error) => count < 2 && error instanceof ProblemError && (error.unanswered || isFull(error)),
      retryDelay: (count, error) => (isFull(error) ? (problemOf(error)?.retryAfterS ?? 5) * 1000 : 1000 * 2 ** count),
    },
  },
});

function isFull(error: unknown): boolean {
  return problemOf(error)?.code === 'base.overloaded';
}

function Console() {
  const chosen = useLanguage();
  dayjs.locale(chosen === 'zh' ? 'zh-cn' : 'en');
  return (
    <ConfigProvider locale={chosen === 'zh' ? zhCN : enUS} theme={officeTheme} button={{ autoInsertSpace: false }}>
      <App message={{ maxCount: 2, duration: 4 }}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}

setLanguage(language());
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  );
}
