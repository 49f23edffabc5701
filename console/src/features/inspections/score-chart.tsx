import type { InspectionBoard } from '#contracts/operations/inspections.api.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { instantText } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { inspectionsText } from './inspections.text.ts';

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

/** How the score went over the last inspections. */
export function ScoreChart({ scores }: { scores: InspectionBoard['scores'] }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const box = useRef<HTMLDivElement>(null);
  const name = speak('score');
  const labels = scores.map((score) => `${instantText(score.at).slice(5)} ${tell(score.name)}`).join('|');
  const values = scores.map(({ score }) => score).join('|');
  const few = scores.length < 2;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = init(element, undefined, { renderer: 'svg' });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: labels.split('|'), axisLabel: { formatter: (text: string) => text.slice(0, 11) } },
      yAxis: { type: 'value', min: 0, max: 100, splitLine: { lineStyle: { color: '#e9edf1' } } },
      series: [
        {
          name,
          type: 'line',
          symbolSize: 6,
          itemStyle: { color: '#0f5499' },
          lineStyle: { color: '#0f5499', width: 2 },
          data: values.split('|').map(Number),
        },
      ],
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [labels, values, name, few]);
  if (few) return <EmptyState title={speak('noScores')} />;
  return <div ref={box} className="chart chart--low" role="img" aria-label={`${name}: ${scores.at(-1)?.score ?? ''}`} />;
}
