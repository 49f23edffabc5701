import { setLanguage, useLanguage } from '../text.ts';

/** Offers the other language in that language. */
export function LanguageSwitch({ className }: { className?: string }) {
  const chosen = useLanguage();
  const other = chosen === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      className={className ?? 'ms-link-button'}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => setLanguage(other)}
    >
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}
