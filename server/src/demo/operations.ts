import type { Role } from '#contracts/permissions.ts';
import type { RecordAction, RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { beijingDate, startOfDay } from '../kernel/calendar.ts';
import type { NewRecord, Operations, Records } from '../modules/operations/index.ts';
import type { Actor } from '../platform/actor.ts';
import { SYSTEM, type Db } from '../platform/db/db.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Step = readonly [afterMs: number, who: Role, action: string, input: Readonly<Record<string, unknown>>];
type Story = Omit<NewRecord, 'facts'> & { readonly ageMs: number; readonly who: Role; readonly steps: readonly Step[] };

const fixed = (cause: string, remedy: string, evidence: string): Step[] => [
  [25 * MINUTE, 'operator', 'fix', { cause, remedy }],
  [15 * MINUTE, 'system-admin', 'verify', { evidence }],
];

/** What the operations centre of the demo has been through, oldest first; each as far as it has come by now. */
const STORIES: readonly Story[] = [
  {
    kind: 'fault',
    level: 2,
    title: '短信通道中断，回访短信发不出',
    body: '运营商网关返回连接超时，回访与提醒短信积压四千余条。',
    component: 'peer:sms',
    source: 'alert',
    ageMs: 26 * DAY,
    who: 'operator',
    steps: [
      [4 * MINUTE, 'operator', 'respond', { note: '网关不可达，联系运营商值班' }],
      [20 * MINUTE, 'operator', 'work-around', { note: '切换到备用通道，积压开始下降' }],
      ...fixed('运营商割接未提前通知', '割接结束后切回主通道', '积压清零，主通道连续一小时无失败'),
      [
        DAY,
        'operator',
        'review',
        {
          summary: '运营商夜间割接，主通道中断二十四分钟；值班员四分钟响应，切换备用通道后恢复，次日切回。',
          impact: '四千余条短信晚发，未丢失。',
          rootCause: '与运营商之间没有割接通知约定，通道切换须人工判断。',
          measures: [{ title: '与运营商约定割接提前三日书面通知' }, { title: '主通道连续失败时自动切换备用通道' }],
        },
      ],
    ],
  },
  {
    kind: 'fault',
    level: 3,
    title: '盐城市导出台账文件打不开',
    body: '导出的表格在旧版办公软件中提示损坏。',
    component: 'app:console',
    source: 'phone',
    ageMs: 12 * DAY,
    who: 'operator',
    steps: [
      [12 * MINUTE, 'operator', 'respond', {}],
      ...fixed('导出文件的压缩方式旧版软件不识别', '改用兼容的压缩方式', '盐城市管理员已能正常打开'),
    ],
  },
  {
    kind: 'problem',
    level: 3,
    title: '派单台希望显示承办单位当前在办数',
    body: '派单时看不到单位手上还有多少件，希望在候选单位旁显示。',
    component: 'app:console',
    source: 'wechat',
    ageMs: 9 * DAY,
    who: 'operator',
    steps: [
      [
        5 * HOUR,
        'operations-manager',
        'review',
        { outcome: 'accepted', impact: 3, urgency: 3, risk: 0, opinion: '有助于均衡派单，列入下一版' },
      ],
    ],
  },
  {
    kind: 'problem',
    level: 2,
    title: '夜间值班页面偶尔不刷新',
    body: '凌晨两点后页面停在旧数据，手动刷新才更新。',
    component: 'app:console',
    source: 'phone',
    ageMs: 4 * DAY,
    who: 'operator',
    steps: [
      [
        1 * HOUR,
        'operations-manager',
        'review',
        { outcome: 'accepted', impact: 4, urgency: 3, risk: 1, opinion: '影响夜间值守，优先处理' },
      ],
      [20 * HOUR, 'operator', 'schedule', { owner: 'operator', plannedOn: 'soon', hours: 16 }],
      [2 * HOUR, 'operator', 'begin', { note: '复现中：疑为代理超时断开后未重连' }],
    ],
  },
  {
    kind: 'problem',
    level: 3,
    title: '登录页希望提示大写锁定已开启',
    body: '多个单位反映输错密码是因为大写锁定。',
    component: 'app:console',
    source: 'meeting',
    ageMs: 1 * DAY,
    who: 'operator',
    steps: [],
  },
  {
    kind: 'fault',
    level: 3,
    title: '徐州市工单列表偶发加载超过五秒',
    body: '上午高峰时段徐州市派单员反映列表加载缓慢，刷新后恢复。',
    component: 'app:server',
    source: 'phone',
    ageMs: 50 * MINUTE,
    who: 'operator',
    steps: [[15 * MINUTE, 'operator', 'respond', { note: '正在比对慢查询' }]],
  },
];

/** Lives the stories of the operations centre, each act at its own instant, by the services that serve requests. */
export async function liveOperations(
  db: Db,
  records: Records,
  clock: { set(ms: number): void },
  startMs: number,
  byRole: (role: Role, place: object) => Actor,
): Promise<void> {
  for (const { ageMs, who, steps, ...record } of STORIES) {
    let atMs = startMs - ageMs;
    clock.set(atMs);
    const { id } = await db.transact(SYSTEM, (tx) => records.open(tx, byRole(who, {}), record));
    for (const [afterMs, actor, action, input] of steps) {
      atMs += afterMs;
      clock.set(atMs);
      // Clocks that ran out meanwhile take their steps as they would have.
      await records.takeSteps();
      const given =
        action === 'schedule'
          ? {
              ...input,
              owner: byRole(input['owner'] as Role, {}).accountId,
              plannedOn: new Date(startMs + 3 * DAY).toISOString().slice(0, 10),
            }
          : input;
      await records.act(byRole(actor, {}), record.kind, id, action as RecordAction<RecordKind>, null, given as never);
    }
  }
  clock.set(startMs);
}

/** Who stands on which line, from which day and hour of Beijing, for how long, on how many days: by the day, or by the week. */
const SHIFTS: readonly {
  readonly line: number;
  readonly who: Role;
  readonly from: 'yesterday' | 'monday' | 'next-monday';
  readonly hour: number;
  readonly hours: number;
  readonly days: number;
}[] = [
  { line: 1, who: 'operator', from: 'yesterday', hour: 8, hours: 12, days: 14 },
  { line: 1, who: 'system-admin', from: 'yesterday', hour: 20, hours: 12, days: 14 },
  { line: 2, who: 'security-admin', from: 'monday', hour: 0, hours: 168, days: 1 },
  { line: 2, who: 'security-admin', from: 'next-monday', hour: 0, hours: 168, days: 1 },
  { line: 3, who: 'operations-manager', from: 'monday', hour: 0, hours: 168, days: 1 },
  { line: 3, who: 'operations-manager', from: 'next-monday', hour: 0, hours: 168, days: 1 },
];
const REACHES: Readonly<Partial<Record<Role, string>>> = {
  operator: '13900001201',
  'system-admin': '13900001202',
  'security-admin': '13900001203',
  'operations-manager': '13900001204',
};

/** The roster of this week and the next, with how its people are reached: written by the manager, and by each of himself. */
export async function rosterOfDemo(duty: Operations['duty'], startMs: number, byRole: (role: Role, place: object) => Actor): Promise<void> {
  const ofCentre = (role: Role): Actor => ({ ...byRole(role, {}), scopeKind: 'operations', scope: { role: 'operations' } });
  const today = startOfDay(beijingDate(startMs));
  const mondayMs = today - ((new Date(today + 8 * HOUR).getUTCDay() + 6) % 7) * DAY;
  const begins = { yesterday: today - DAY, monday: mondayMs, 'next-monday': mondayMs + 7 * DAY };
  for (const { line, who, from, hour, hours, days } of SHIFTS) {
    const fromMs = begins[from] + hour * HOUR;
    await duty.add(ofCentre('operations-manager'), {
      line,
      account: ofCentre(who).accountId!,
      from: new Date(fromMs).toISOString(),
      to: new Date(fromMs + hours * HOUR).toISOString(),
      days,
    });
  }
  for (const [role, phone] of Object.entries(REACHES) as [Role, string][])
    await duty.setReach(ofCentre(role), { phone, mail: `${role}@minsheng.test` });
}
