import type { ResponseFigure } from '#contracts/load/load.api.ts';
import { instantText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { responsesText } from './load.text.ts';

// Only what is drawn here: the whole library is five times as large.
use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

/** Response times hour by hour against their target, with how many there were. */
export function ResponseChart({ hours, targetMs }: { hours: readonly ResponseFigure[]; targetMs: number }) {
  const speak = useWords(responsesText);
  const box = useRef<HTMLDivElement>(null);
  const words = ['count', 'p50', 'p95', 'p99', 'millis'].map((key) => speak(key as keyof typeof responsesText)).join('|');

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = init(element, undefined, { renderer: 'svg' });
    const [count = '', p50 = '', p95 = '', p99 = '', millis = ''] = words.split('|');
    const line = (name: string, of: 'p50Ms' | 'p95Ms' | 'p99Ms', color: string) => ({
      name,
      type: 'line' as const,
      symbolSize: 6,
      itemStyle: { color },
      lineStyle: { color, width: of === 'p95Ms' ? 2.5 : 1.5 },
      data: hours.map((hour) => hour[of]),
    });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 8, top: 60, bottom: 8, containLabel: true },
      legend: { top: 4, left: 4, itemWidth: 16, itemHeight: 10 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: hours.map((hour) => instantText(hour.key).slice(5)) },
      yAxis: [
        { type: 'value', name: millis, nameTextStyle: { align: 'left' }, splitLine: { lineStyle: { color: '#e9edf1' } } },
        { type: 'value', name: count, splitLine: { show: false }, minInterval: 1 },
      ],
      series: [
        {
          name: count,
          type: 'bar' as const,
          yAxisIndex: 1,
          barMaxWidth: 28,
          itemStyle: { color: '#dfe7ef' },
          data: hours.map((hour) => hour.count),
        },
        line(p50, 'p50Ms', '#1b6b3a'),
        {
          ...line(p95, 'p95Ms', '#0f5499'),
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: '#b3261e', type: 'dashed' as const },
            label: { show: false },
            data: [{ yAxis: targetMs }],
          },
        },
        line(p99, 'p99Ms', '#8a5300'),
      ],
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [hours, targetMs, words]);

  // The tables below say the same in numbers.
  return <div ref={box} className="chart" role="img" aria-label={speak('byHour')} />;
}
