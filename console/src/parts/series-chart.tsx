import { BarChart, LineChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([
  BarChart,
  LineChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

/** One line of the chart; points that lie further apart than `gapMs` are not joined. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly (readonly [atMs: number, value: number])[];
  /** Of another time than the axis says: drawn thin and dashed, in the colour of the line before it. */
  readonly beside?: boolean;
}

/** What happened while it was measured: a fault, a change. Without `toMs` it still goes on. */
export interface ChartMark {
  readonly atMs: number;
  readonly toMs: number | null;
  readonly text: string;
  readonly grave: boolean;
}

export interface SeriesChartProps {
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly gapMs: number;
  readonly marks?: readonly ChartMark[];
  /** A bound of a rule. */
  readonly threshold?: number | undefined;
  readonly onZoom?: (fromMs: number, toMs: number) => void;
}

const COLORS = ['#0f5499', '#b3541e', '#1b6b3a', '#7a3b8f', '#8a5300', '#2f6f7a', '#a0305c', '#4b5563'];
const RED = '#b3261e';
const SETTLED_MS = 500;

/** Series over time; the wheel with Ctrl, or the bar beneath, chooses a part of it. */
export function SeriesChart({ label, lines, fromMs, toMs, gapMs, marks = [], threshold, onZoom }: SeriesChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  useEffect(() => void (zoom.current = onZoom));
  const canZoom = onZoom !== undefined;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = init(element, undefined, { renderer: 'svg' });
    let timer: ReturnType<typeof setTimeout> | undefined;
    let color = -1;
    const now = Date.now();
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 16, top: lines.length > 1 ? 44 : 16, bottom: canZoom ? 40 : 8, containLabel: true },
      ...(lines.length > 1 ? { legend: { type: 'scroll', top: 4, left: 4, itemWidth: 16, itemHeight: 10 } } : {}),
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'time', min: fromMs, max: toMs, axisLabel: { hideOverlap: true } },
      yAxis: { type: 'value', scale: true, splitLine: { lineStyle: { color: '#e9edf1' } } },
      ...(canZoom
        ? {
            dataZoom: [
              { type: 'inside', zoomOnMouseWheel: 'ctrl', filterMode: 'none' },
              { type: 'slider', height: 18, bottom: 6, filterMode: 'none', brushSelect: true, showDataShadow: false },
            ],
          }
        : {}),
      series: lines.map((line, place) => {
        if (!line.beside) color++;
        return {
          name: line.name,
          type: 'line' as const,
          showSymbol: line.points.length < 3,
          symbolSize: 5,
          itemStyle: { color: COLORS[color % COLORS.length]!, opacity: line.beside ? 0.6 : 1 },
          lineStyle: { width: line.beside ? 1.2 : 1.8, type: line.beside ? ('dashed' as const) : ('solid' as const) },
          data: withGaps(line.points, gapMs),
          ...(place === 0 ? marksOf(marks, threshold, now) : {}),
        };
      }),
    });
    chart.on('datazoom', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const [range] = (chart.getOption() as { dataZoom: { startValue: number; endValue: number }[] }).dataZoom;
        if (range) zoom.current?.(Math.round(range.startValue), Math.round(range.endValue));
      }, SETTLED_MS);
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      chart.dispose();
    };
  }, [lines, fromMs, toMs, gapMs, marks, threshold, canZoom]);

  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

/** Where nothing was told the line is broken. */
function withGaps(points: ChartLine['points'], gapMs: number): (readonly [number, number | null])[] {
  return points.flatMap((point, place) => {
    const before = points[place - 1];
    return before && point[0] - before[0] > gapMs ? [[before[0] + 1, null] as const, point] : [point];
  });
}

function marksOf(marks: readonly ChartMark[], threshold: number | undefined, nowMs: number) {
  return {
    markLine: {
      symbol: 'none',
      silent: true,
      data: [
        ...(threshold === undefined ? [] : [{ yAxis: threshold, lineStyle: { color: RED, type: 'dashed' as const } }]),
        ...marks.map((mark) => ({
          xAxis: mark.atMs,
          lineStyle: { color: mark.grave ? RED : '#6b7683', type: 'solid' as const, width: 1 },
          label: { formatter: mark.text, position: 'insideEndTop' as const, color: mark.grave ? RED : '#4b5563', fontSize: 11 },
        })),
      ],
    },
    markArea: {
      silent: true,
      data: marks.map((mark) => [
        { xAxis: mark.atMs, itemStyle: { color: mark.grave ? RED : '#6b7683', opacity: 0.07 } },
        { xAxis: mark.toMs ?? nowMs },
      ]),
    },
  };
}
