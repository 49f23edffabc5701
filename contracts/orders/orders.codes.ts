import type { CodeFacts } from '../base/base.codes.ts';

export const ordersCodes = {
  'orders.view-name-taken': {
    kind: 'conflict',
    text: { zh: '您在此列表已有同名视图', en: 'You have a view of this name on this list already' },
  },
  'orders.too-many-views': {
    kind: 'conflict',
    text: { zh: '视图最多 {limit} 个，请先删除不用的', en: 'There may be {limit} views; delete some first' },
  },
  'orders.answer-needs-consultation': {
    kind: 'conflict',
    text: { zh: '只有咨询、感谢类诉求可以直接答复办结', en: 'Only consultations and thanks can be answered on the spot' },
  },
  'orders.contact-first': {
    kind: 'conflict',
    text: { zh: '请先联系诉求人并记录，再提交答复', en: 'Contact the citizen first and record it, then reply' },
  },
  'orders.attempts-left': {
    kind: 'conflict',
    text: {
      zh: '回访满 {limit} 次未接通方可按未评价办结，目前 {attempts} 次',
      en: 'It may be closed unrated after {limit} attempts; there were {attempts}',
    },
  },
  'orders.unit-not-in-scope': {
    kind: 'invalid',
    text: { zh: '该单位不在您的派单范围内', en: 'This unit is outside what you may dispatch to' },
  },
  'orders.archive-too-early': {
    kind: 'conflict',
    text: { zh: '办结满 7 天后方可归档', en: 'It may be archived seven days after closing' },
  },
  'orders.checker-is-replier': { kind: 'forbidden', text: { zh: '答复人不能审核自己的答复', en: 'Nobody checks his own reply' } },
  'orders.not-confidential': {
    kind: 'conflict',
    text: { zh: '这件诉求不保密，可直接查看联系方式', en: 'This is not confidential; the contact is revealed without a request' },
  },
  'orders.stays-confidential': { kind: 'conflict', text: { zh: '保密一经标记不能取消', en: 'What was once marked confidential stays so' } },
  'orders.already-asked': {
    kind: 'conflict',
    text: { zh: '同一申请正在等待审批', en: 'This was asked for already and waits for a decision' },
  },
  'orders.asked-open': {
    kind: 'conflict',
    text: { zh: '还有申请未审批，请先等审批结果', en: 'A request still waits for a decision; that comes first' },
  },
  'orders.purged': {
    kind: 'conflict',
    text: { zh: '个人信息已清除，不能再办理', en: 'Its personal data were purged; nothing more can be done with it' },
  },
  'orders.not-at-rest': {
    kind: 'conflict',
    text: { zh: '督办或挂起未结束，不能清除', en: 'It is under oversight or suspended; it cannot be purged' },
  },
  'orders.preserved': { kind: 'conflict', text: { zh: '工单在证据保全中', en: 'The order is preserved as evidence' } },
  'orders.not-preserved': { kind: 'conflict', text: { zh: '工单不在证据保全中', en: 'The order is not preserved' } },
  'orders.retention-not-over': {
    kind: 'invalid',
    text: {
      zh: '保存期限（办结后 {months} 个月）到 {until} 才届满；诉求人要求删除的除外',
      en: 'does not hold before {until}: the retention is {months} months from the closing, unless the citizen asks',
    },
  },
  'orders.purge-request-missing': {
    kind: 'invalid',
    text: { zh: '请填写诉求人的删除申请（编号，或日期与方式）', en: "must name the citizen's request: its number, or its date and way" },
  },
  'orders.suspended': { kind: 'conflict', text: { zh: '工单挂起中，请先恢复办理', en: 'The order is suspended; resume it first' } },
  'orders.not-suspended': { kind: 'conflict', text: { zh: '工单没有挂起', en: 'The order is not suspended' } },
  'orders.main-unit-only': {
    kind: 'forbidden',
    text: { zh: '只有主办单位可以执行此操作', en: 'Only the main unit may do this' },
  },
  'orders.no-task-of-yours': {
    kind: 'conflict',
    text: { zh: '贵单位在此工单没有待办的协办或下级任务', en: 'Your unit has no open part in this order' },
  },
  'orders.tasks-open': {
    kind: 'conflict',
    text: {
      zh: '还有 {count} 个协办或下级任务未答复；不再等待请说明理由',
      en: '{count} assisting or lower units have not replied; say why the reply does not wait for them',
    },
  },
  'orders.task-known': { kind: 'invalid', text: { zh: '该单位已在办理此工单', en: 'This unit takes part already' } },
  'orders.no-such-task': { kind: 'invalid', text: { zh: '没有这个可收回的任务', en: 'is not a task that can be taken back' } },
  'orders.unit-not-lower': { kind: 'invalid', text: { zh: '只能转办给本单位的下级单位', en: 'is not a unit under your own' } },
  'orders.lower-limit': {
    kind: 'invalid',
    text: { zh: '下级期限须早于主办期限，最多 {limit}', en: 'must end before the main limit: at most {limit}' },
  },
  'orders.return-too-late': {
    kind: 'conflict',
    text: { zh: '已过可退回的期限', en: 'The time in which it could be returned is over' },
  },
  'orders.return-used': {
    kind: 'conflict',
    text: { zh: '贵单位已申请退回过此工单，不能再次退回', en: 'Your unit has asked to return this order before' },
  },
  'orders.return-limit': {
    kind: 'conflict',
    text: { zh: '此工单已退回 {limit} 次，请提请会商', en: 'This order was returned {limit} times; it takes coordination now' },
  },
  'orders.forced': {
    kind: 'conflict',
    text: { zh: '承办单位由会商指定，不能退回', en: 'The owner was settled by coordination; it cannot be returned' },
  },
  'orders.returned-by-unit': {
    kind: 'invalid',
    text: {
      zh: '该单位已退回此工单；仍由其承办的，请提请会商',
      en: 'gave this order back; if it must be this unit, put it up for coordination',
    },
  },
  'orders.coordination-not-yet': {
    kind: 'conflict',
    text: { zh: '退回满 {limit} 次或跨行政区的，方可提请会商', en: 'Coordination takes {limit} returns, or a matter of another region' },
  },
  'orders.extension-limit': {
    kind: 'conflict',
    text: { zh: '最多延期 {limit} 次', en: 'It may be extended {limit} times at most' },
  },
  'orders.extension-too-long': {
    kind: 'invalid',
    text: { zh: '每次延期不超过原办理时限（{limit}）', en: 'exceeds the original limit ({limit})' },
  },
  'orders.overdue-now': {
    kind: 'conflict',
    text: { zh: '已超过办理时限，不能再申请', en: 'The time limit is over; this can no longer be asked for' },
  },
  'orders.urged-today': {
    kind: 'conflict',
    text: { zh: '今天已经催办过，承办单位已收到', en: 'It was urged today already; the office has been told' },
  },
  'orders.rated-decide': {
    kind: 'conflict',
    text: { zh: '诉求人已评价，请决定重办、合理办结或按评价办结', en: 'The citizen has rated; decide on a redo or on closing' },
  },
  'orders.not-unhappy': {
    kind: 'conflict',
    text: { zh: '诉求人没有评价不满意或未解决', en: 'The citizen has not said that he is dissatisfied' },
  },
  'orders.redo-limit': {
    kind: 'conflict',
    text: { zh: '已重办 {limit} 次，不再重办', en: 'It was redone {limit} times; there is no further redo' },
  },
  'orders.oversight-level': {
    kind: 'conflict',
    text: { zh: '已在同级或更高级别督办', en: 'It is under oversight of this level or a higher one' },
  },
  'orders.no-oversight': { kind: 'conflict', text: { zh: '工单不在督办中', en: 'The order is not under oversight' } },
  'orders.already-excluded': { kind: 'conflict', text: { zh: '已经剔除', en: 'It is excluded already' } },
  'orders.merge-itself': { kind: 'invalid', text: { zh: '不能并入自身', en: 'is this order itself' } },
  'orders.merge-unknown': { kind: 'invalid', text: { zh: '没有找到编号为 {number} 的工单', en: 'There is no order {number}' } },
  'orders.merge-other-city': { kind: 'invalid', text: { zh: '{number} 属于其他设区市', en: '{number} belongs to another city' } },
  'orders.merge-type': {
    kind: 'invalid',
    text: { zh: '举报只能与举报并案（{number}）', en: 'Reports of wrongdoing are merged with their like only ({number})' },
  },
  'orders.merge-too-far-apart': {
    kind: 'invalid',
    text: { zh: '{number} 与本单登记相差超过 30 天', en: '{number} was filed more than 30 days apart' },
  },
  'orders.merge-has-others': {
    kind: 'invalid',
    text: { zh: '{number} 已并入其他诉求，请先拆分', en: '{number} has others merged into it; take them out first' },
  },
  'orders.merge-state': {
    kind: 'invalid',
    text: { zh: '{number} 当前状态“{state}”不能并案', en: '{number} cannot be merged in the state "{state}"' },
  },
  'orders.nothing-merged': { kind: 'conflict', text: { zh: '没有并入的诉求', en: 'Nothing is merged into it' } },
  'orders.not-merged-here': { kind: 'invalid', text: { zh: '{number} 没有并入本单', en: '{number} is not merged into this order' } },
  'orders.too-many-at-once': {
    kind: 'invalid',
    text: { zh: '一次最多处理 200 件', en: 'At most 200 orders at once' },
  },
} as const satisfies Record<string, CodeFacts>;
