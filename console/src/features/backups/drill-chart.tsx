import type { Drill } from '#contracts/operations/backups.api.ts';
import { instantText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { backupsText } from './backups.text.ts';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** How long restores took, and how much they would have lost, drill by drill. */
export function DrillChart({ drills }: { drills: readonly Drill[] }) {
  const speak = useWords(backupsText);
  const box = useRef<HTMLDivElement>(null);
  const words = `${speak('rto')}|${speak('rpo')}`;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = init(element, undefined, { renderer: 'svg' });
    const [rto = '', rpo = ''] = words.split('|');
    const inTime = drills.toReversed();
    const line = (name: string, of: 'rtoSeconds' | 'rpoSeconds', color: string) => ({
      name,
      type: 'line' as const,
      symbolSize: 6,
      itemStyle: { color },
      lineStyle: { color, width: 2 },
      data: inTime.map((drill) => drill[of]),
    });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      legend: { top: 4, left: 4, itemWidth: 16, itemHeight: 10 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: inTime.map((drill) => instantText(drill.askedAt).slice(5)) },
      yAxis: { type: 'value', splitLine: { lineStyle: { color: '#e9edf1' } } },
      series: [line(rto, 'rtoSeconds', '#0f5499'), line(rpo, 'rpoSeconds', '#8a5300')],
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [drills, words]);
  // The table below says the same in numbers.
  return <div ref={box} className="chart" role="img" aria-label={speak('trend')} />;
}
