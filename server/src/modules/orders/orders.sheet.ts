import type { MaskedContact } from '#contracts/appeals/appeals.api.ts';
import type { OrderView, TimelineLine } from '#contracts/orders/orders.api.ts';
import { orderLifecycle, type OrderClock, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { OrderSheet } from '#contracts/orders/sheet.api.ts';
import { beijingMinute } from '#server/kernel/calendar.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { attachmentsOf, maskedContact } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { orderPage, timelineOf } from './orders.pages.ts';
import type { Orders } from './orders.service.ts';

interface Deps {
  readonly reference: Reference;
  readonly orders: Orders;
}

/**
 * An order for paper, with what this person may see of it and nothing more; null where he sees no such order.
 *
 * That it was taken is on record: paper goes where no scope follows it.
 */
export async function takeSheet(
  tx: Tx,
  actor: Actor,
  id: string,
  nowMs: number,
  how: 'print' | 'export',
  deps: Deps,
): Promise<OrderSheet | null> {
  const order = await orderPage(tx, actor, id, nowMs, 'zh', deps);
  if (!order) return null;
  const seesContact = actor.permissions.has('appeals.see-contact');
  const sheet = sheetOf({
    order,
    // Of a confidential citizen paper says nothing, whoever prints it.
    contact: seesContact && !order.confidential && !order.anonymous ? await maskedContact(tx, id) : null,
    files: order.confidential ? [] : (await attachmentsOf(tx, actor, id)).filter((file) => !file.identifying).map((file) => file.name),
    timeline: await timelineOf(tx, id, deps.reference),
    mark: `${actor.name}${actor.login ? `（${actor.login}）` : ''} ${beijingMinute(nowMs)} ${how === 'print' ? '打印' : '导出'}，仅限办理使用，不得外传`,
    reference: deps.reference,
  });
  await record(tx, actor, { at: new Date(nowMs), action: `orders.${how}-sheet`, objectKind: 'order', objectId: id });
  return sheet;
}

interface Facts {
  readonly order: OrderView;
  readonly contact: MaskedContact | null;
  readonly files: readonly string[];
  readonly timeline: readonly TimelineLine[];
  readonly mark: string;
  readonly reference: Reference;
}

const ROLES = { main: '主办', assist: '协办', lower: '下级承办' } as const;
const CHECKED = { passed: '审核通过', failed: '审核退回' } as const;

function sheetOf({ order, contact, files, timeline, mark, reference }: Facts): OrderSheet {
  const code = (list: string, value: string | number) => reference.code(list, String(value))?.zh ?? String(value);
  const at = (iso: string | null) => (iso ? beijingMinute(Date.parse(iso)) : '');
  const { citizen, phone } = whoOf(order, contact);
  const units = (role: 'main' | 'assist') =>
    order.tasks
      .filter((task) => task.role === role)
      .map((task) => task.unit.name)
      .join('、');
  const marks = [
    order.confidential ? '保密' : '',
    order.group ? '群体' : '',
    order.oversightLevel > 0 ? `${order.oversightLevel} 级督办` : '',
  ]
    .filter(Boolean)
    .join('、');
  const section = (title: string, ...lines: (string | null | false)[]) => ({
    title,
    paragraphs: lines.filter((line): line is string => typeof line === 'string' && line !== ''),
  });
  return {
    heading: '政务服务便民热线工单',
    number: order.number,
    facts: [
      { label: '登记时间', value: at(order.filedAt) },
      { label: '当前状态', value: orderLifecycle.states[order.state as OrderState].name.zh },
      { label: '办理期限', value: order.dueAt ? `${at(order.dueAt)}${order.dueProvisional ? '（暂定）' : ''}` : '' },
      { label: '受理渠道', value: code('channel', order.channel) },
      { label: '来源单号', value: order.sourceNumber ?? '' },
      { label: '诉求类型', value: code('appeal_type', order.type) },
      { label: '诉求分类', value: order.category ? categoryName(order.category, reference) : '' },
      { label: '紧急程度', value: [code('urgency', order.urgency), marks].filter(Boolean).join('、') },
      { label: '诉求人', value: citizen },
      { label: '联系电话', value: phone },
      { label: '事发区域', value: regionName(order.region, reference) },
      { label: '事发地址', value: order.address ?? '' },
      { label: '主办单位', value: units('main') },
      { label: '协办单位', value: units('assist') },
    ],
    sections: [
      section(
        '诉求内容',
        order.title,
        order.content,
        order.expectation && `期望：${order.expectation}`,
        order.eventAt && `发生时间：${at(order.eventAt)}`,
        files.length > 0 && `附件：${files.join('、')}`,
      ),
      section(
        '受理与派单',
        order.acceptedAt && `${at(order.acceptedAt)} 受理`,
        order.refusal && `不予受理：${code('refusal_reason', order.refusal.reason)}。${order.refusal.explanation}`,
        ...order.tasks.map((task) =>
          [
            `${at(task.dispatchedAt)} 派单至 ${task.unit.name}（${ROLES[task.role]}）`,
            task.opinion && `意见：${task.opinion}`,
            task.signedAt && `${at(task.signedAt)} 签收`,
            task.contactedAt && `${at(task.contactedAt)} 联系诉求人`,
          ]
            .filter(Boolean)
            .join('；'),
        ),
        ...order.clocks
          .filter((clock) => clock.name === 'handle')
          .map(
            (clock) =>
              `${clockName(clock.name)}时限：${at(clock.dueAt)}${clock.stoppedAt ? `，${at(clock.stoppedAt)} 止` : ''}${resultOf(clock.result)}`,
          ),
      ),
      section(
        '办理答复',
        ...order.replies.flatMap((reply) => [
          `${at(reply.at)} ${reply.unitName} ${reply.by}，办理结果：${code('result_type', reply.resultType)}${reply.checked ? `，${CHECKED[reply.checked]}` : ''}`,
          reply.text,
          reply.basis && `办理依据：${reply.basis}`,
          reply.checkOpinion && `审核意见：${reply.checkOpinion}`,
        ]),
      ),
      section(
        '回访与评价',
        ...order.followUps.map((visit) =>
          [`${at(visit.at)} ${code('visit_mode', visit.mode)}回访`, code('visit_result', visit.result), visit.note]
            .filter(Boolean)
            .join('，'),
        ),
        order.rating &&
          `${at(order.rating.at)} 评价：${code('satisfaction', order.rating.satisfaction)}，是否解决：${code('solved', order.rating.solved)}${order.rating.comment ? `。${order.rating.comment}` : ''}`,
      ),
    ],
    record: timeline.map((line) => ({
      at: at(line.at),
      what: line.zh,
      who: [line.unitName, line.actor].filter(Boolean).join(' '),
      note: line.note,
    })),
    signatures: ['承办人', '审核人', '批示'],
    mark,
  };
}

function whoOf(order: OrderView, contact: MaskedContact | null): { citizen: string; phone: string } {
  if (order.anonymous) return { citizen: '匿名', phone: '匿名' };
  if (order.confidential) return { citizen: '保密', phone: '保密' };
  if (!contact) return { citizen: '由热线保管', phone: '由热线保管' };
  return { citizen: [contact.name, contact.address].filter(Boolean).join('，'), phone: contact.phone ?? '' };
}

function clockName(name: string): string {
  return orderLifecycle.clocks[name as OrderClock]?.name.zh ?? name;
}

function resultOf(result: string | null): string {
  return result === 'in-time' ? '，按时' : result === 'late' ? '，超期' : '';
}

function categoryName(code: string, reference: Reference): string {
  const names = [2, 4, 6].filter((length) => length <= code.length).map((length) => reference.category(code.slice(0, length))?.name);
  return names.filter(Boolean).join(' / ') || code;
}

function regionName(code: string, reference: Reference): string {
  const codes = [`${code.slice(0, 4)}00`, code.slice(0, 6), code];
  return [...new Set(codes.map((one) => reference.regionName(one)).filter(Boolean))].join(' ') || code;
}
