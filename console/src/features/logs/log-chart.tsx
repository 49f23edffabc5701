import type { logsApi } from '#contracts/operations/logs.api.ts';
import type { Reply } from '#ui/api/client.ts';
import { instantText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { BarChart } from 'echarts/charts';
import { BrushComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { logsText } from './logs.text.ts';

use([BarChart, BrushComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const COLORS = { lines: '#a9bdd1', warnings: '#c98a1b', errors: '#b3261e' } as const;

/** How many lines there were, over time. Dragging over it chooses a span. */
export function LogChart({
  data,
  fromMs,
  toMs,
  onChoose,
}: {
  data: Reply<typeof logsApi.histogram>;
  fromMs: number;
  toMs: number;
  onChoose: (fromMs: number, toMs: number) => void;
}) {
  const speak = useWords(logsText);
  const box = useRef<HTMLDivElement>(null);
  const choose = useRef(onChoose);
  useEffect(() => {
    choose.current = onChoose;
  });
  const names = `${speak('lines')}|${speak('warnings')}|${speak('errors')}`;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = init(element, undefined, { renderer: 'svg' });
    const [lines = '', warnings = '', errors = ''] = names.split('|');
    const stepMs = data.stepSeconds * 1000;
    const known = new Map(data.bars.map((bar) => [Date.parse(bar.at), bar]));
    // Hours and days of Beijing begin on whole hours of UTC; days eight hours off.
    const offset = stepMs > 3_600_000 ? 8 * 3_600_000 : 0;
    const begin = Math.floor((fromMs + offset) / stepMs) * stepMs - offset;
    const places = Array.from({ length: Math.ceil((toMs - begin) / stepMs) }, (_, at) => begin + at * stepMs);
    const bar = (name: string, key: keyof typeof COLORS) => ({
      name,
      type: 'bar' as const,
      stack: 'lines',
      barCategoryGap: '10%',
      itemStyle: { color: COLORS[key] },
      data: places.map((at) => {
        const told = known.get(at);
        if (!told) return 0;
        return key === 'lines' ? told.lines - told.warnings - told.errors : told[key];
      }),
    });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 8, top: 30, bottom: 4, containLabel: true },
      legend: { top: 0, right: 4, itemWidth: 12, itemHeight: 10 },
      tooltip: { trigger: 'axis' },
      brush: { xAxisIndex: 0, brushMode: 'single' as const, throttleType: 'debounce' as const, throttleDelay: 300 },
      xAxis: { type: 'category', data: places.map((at) => instantText(new Date(at).toISOString()).slice(5)) },
      yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: '#e9edf1' } } },
      series: [bar(errors, 'errors'), bar(warnings, 'warnings'), bar(lines, 'lines')],
    });
    chart.dispatchAction({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: 'lineX', brushMode: 'single' } });
    chart.on('brushEnd', (told) => {
      const range = (told as { areas?: { coordRange?: [number, number] }[] }).areas?.[0]?.coordRange;
      if (!range) return;
      const at = (place: number) => places[Math.max(0, Math.min(places.length - 1, place))]!;
      choose.current(at(range[0]), at(range[1]) + stepMs);
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [data, fromMs, toMs, names]);

  return <div ref={box} className="logs__chart" role="img" aria-label={speak('histogram')} />;
}
