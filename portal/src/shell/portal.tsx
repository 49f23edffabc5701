import { LanguageSwitch } from '#ui/components/language-switch.tsx';
import { useWords } from '#ui/text.ts';
import { useEffect, useState } from 'react';
import { FilePage } from '../features/file/file.page.tsx';
import { FiledPage } from '../features/file/filed.page.tsx';
import { LandingPage } from '../features/landing/landing.page.tsx';
import { ProgressPage } from '../features/progress/progress.page.tsx';
import { usePath, Way } from '../parts/way.tsx';

const words = {
  brand: { zh: '民声 12345', en: 'Minsheng 12345' },
  brandLine: { zh: '江苏省政务服务便民热线', en: 'Jiangsu government hotline' },
  skip: { zh: '跳到正文', en: 'Skip to content' },
  larger: { zh: '适老大字', en: 'Large type' },
  smaller: { zh: '标准字号', en: 'Standard type' },
  call: { zh: '也可以随时拨打', en: 'You can also call' },
  callAfter: { zh: '，24 小时有人接听', en: ' at any hour' },
  missing: { zh: '没有这个页面', en: 'There is no such page' },
  home: { zh: '回到首页', en: 'Back to the first page' },
} as const;

const TEXT_SIZE = 'minsheng.portal.large';

function isLarge(): boolean {
  try {
    return localStorage.getItem(TEXT_SIZE) === '1';
  } catch {
    // Storage may be forbidden by the browser.
    return false;
  }
}

export function Portal() {
  const speak = useWords(words);
  const path = usePath();
  const [large, setLarge] = useState(isLarge);
  useEffect(() => {
    document.documentElement.classList.toggle('large', large);
    try {
      localStorage.setItem(TEXT_SIZE, large ? '1' : '0');
    } catch {
      // Then the choice lasts as long as the page.
    }
  }, [large]);
  return (
    <>
      <a className="skip" href="#main">
        {speak('skip')}
      </a>
      <header className="top">
        <Way to="/" className="top__brand">
          <strong>{speak('brand')}</strong>
          <span>{speak('brandLine')}</span>
        </Way>
        <div className="top__tools">
          <button type="button" className="top__tool" aria-pressed={large} onClick={() => setLarge(!large)}>
            {speak(large ? 'smaller' : 'larger')}
          </button>
          <LanguageSwitch className="top__tool" />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Page path={path} />
      </main>
      <footer className="foot">
        <p>
          {speak('call')} <a href="tel:12345">12345</a>
          {speak('callAfter')}
        </p>
      </footer>
    </>
  );
}

function Page({ path }: { path: string }) {
  const speak = useWords(words);
  switch (path.replace(/\/+$/, '') || '/') {
    case '/':
      return <LandingPage />;
    case '/file':
      return <FilePage />;
    case '/filed':
      return <FiledPage />;
    case '/progress':
      return <ProgressPage />;
    default:
      return (
        <section className="sheet">
          <h1 tabIndex={-1}>{speak('missing')}</h1>
          <p>
            <Way to="/">{speak('home')}</Way>
          </p>
        </section>
      );
  }
}
