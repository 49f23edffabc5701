import { convertMillimetersToTwip as mm, Paragraph, TableRow, TextRun } from 'docx';
import type { Drill, DrillStep } from '#contracts/operations/backups.api.ts';
import { drillStateNames, failureNames, figureNames, stepNames } from '#contracts/operations/backups.words.ts';
import { cell, listOf, paper, tableOf, WIDTH } from '#server/platform/documents/paper.ts';
import { POLICY } from './policy.ts';

const FACT_WIDTHS = [mm(40), WIDTH - mm(40)] as const;

/** The report of a drill as a Word document (docx): what was asked, what was measured, what each step found. */
export function drillReport(drill: Drill): Promise<Buffer> {
  return paper({
    heading: '数据恢复演练报告',
    title: `数据恢复演练报告 ${drill.id}`,
    under: `目标时刻 ${beijing(drill.target)}`,
    mark: `演练编号 ${drill.id}`,
    children: [
      tableOf(
        FACT_WIDTHS,
        factsOf(drill).map(
          ([name, value]) =>
            new TableRow({
              cantSplit: true,
              children: [cell([name!], { width: FACT_WIDTHS[0], label: true }), cell([value!], { width: FACT_WIDTHS[1] })],
            }),
        ),
      ),
      new Paragraph({ spacing: { before: 240, after: 120 }, children: [new TextRun({ text: '演练步骤', bold: true })] }),
      listOf([mm(36), mm(24), WIDTH - mm(60)], ['步骤', '用时（秒）', '内容与结果'], drill.steps.map(stepRow)),
      new Paragraph({
        spacing: { before: 480 },
        children: [new TextRun('演练人：　　　　　　　　复核人：　　　　　　　　　　年　　月　　日')],
      }),
    ],
  });
}

function factsOf(drill: Drill): string[][] {
  const passed = (value: number | null, limit: number) => (value === null ? '' : value <= limit ? '，达标' : '，未达标');
  return [
    ['演练编号', drill.id],
    ['结论', drillStateNames[drill.state].zh + (drill.failure ? `：${failureNames[drill.failure].zh}` : '')],
    ['发起', `${drill.askedBy}，${beijing(drill.askedAt)}`],
    ['目标时刻', beijing(drill.target)],
    ['所用备份', drill.backupId ?? '无'],
    ['起止', `${drill.startedAt ? beijing(drill.startedAt) : '—'} 至 ${drill.endedAt ? beijing(drill.endedAt) : '—'}`],
    [
      '恢复时间（RTO）',
      drill.rtoSeconds === null
        ? '未测得'
        : `${drill.rtoSeconds} 秒（目标 ${POLICY.rtoMinutes} 分钟${passed(drill.rtoSeconds, POLICY.rtoMinutes * 60)}）`,
    ],
    [
      '数据丢失（RPO）',
      drill.rpoSeconds === null
        ? '未测得'
        : `${drill.rpoSeconds} 秒（目标 ${POLICY.rpoMinutes} 分钟${passed(drill.rpoSeconds, POLICY.rpoMinutes * 60)}）`,
    ],
    ['恢复到的最后提交', drill.lastCommitAt ? beijing(drill.lastCommitAt) : '—'],
    ...(drill.detail ? [['说明', drill.detail]] : []),
  ];
}

function stepRow(step: DrillStep): string[] {
  const { zh, means } = stepNames[step.name];
  const figures = Object.entries(step.figures).map(([name, value]) => `${figureNames[name]?.zh ?? name} ${value}`);
  const seconds = step.endedAt ? ((Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000).toFixed(1) : '—';
  const verdict = !step.endedAt ? ['未完成'] : step.faults.length > 0 ? ['不符：', ...step.faults] : ['通过'];
  return [zh, seconds, [means.zh, ...(figures.length > 0 ? [figures.join('；')] : []), ...verdict].join('\n')];
}

const beijing = (iso: string) => new Date(iso).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
