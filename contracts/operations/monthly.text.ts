import type { MonthlyFigure } from './monthly.api.ts';

const STEPS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A figure as people read it, on the screen and on paper; a dash where nothing was measured. */
export function figureText({ value, unit }: Pick<MonthlyFigure, 'value' | 'unit'>, language: 'zh' | 'en' = 'zh'): string {
  if (value === null) return '—';
  switch (unit) {
    case 'count':
      return value.toLocaleString('en-US');
    case 'percent':
      return `${value}%`;
    case 'days':
      return language === 'zh' ? `${value} 天` : `${value} d`;
    case 'seconds':
      return value < 60 ? `${trimmed(value)} s` : `${trimmed(value / 60)} min`;
    case 'bytes': {
      const step = Math.min(STEPS.length - 1, Math.max(0, Math.floor(Math.log(Math.max(value, 1)) / Math.log(1024))));
      return `${trimmed(value / 1024 ** step)} ${STEPS[step]}`;
    }
  }
}

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
