import type { OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import { COUNTY_UNIT, NANJING, SUZHOU, UNITS } from '../../../test/places.ts';
import type { Random } from '../../../test/random.ts';

export interface About {
  readonly region: string;
  /** Numbers of orders that might be merged. */
  readonly others: readonly string[];
  /** Numbers of the orders that are merged into it. */
  readonly merged: readonly string[];
}

/** An input of the action: mostly one that the schema passes and the effect accepts, now and then one it must refuse. */
export function inputFor(action: OrderAction, random: Random, { region, others, merged }: About): unknown {
  const own: readonly string[] = region.startsWith('3205') ? UNITS[SUZHOU] : [...UNITS[NANJING], COUNTY_UNIT];
  const anyUnit = [...UNITS[NANJING], ...UNITS[SUZHOU], '32.001', '3201.999'];
  const unit = random.chance(0.88) ? random.pick(own) : random.pick(anyUnit);
  const classification = {
    ...(random.chance(0.3) ? { category: random.chance(0.9) ? '0101' : '99' } : {}),
    ...(random.chance(0.2) ? { urgency: 1 + random.below(4) } : {}),
    ...(random.chance(0.2) ? { type: random.pick(['01', '02', '03']) } : {}),
  };
  switch (action) {
    case 'accept':
      return { ...classification, opinion: '同意受理' };
    case 'answer':
      return { text: '您好，该业务可在市民中心二楼办理，工作日九点至五点。' };
    case 'refuse':
      return { reason: random.pick(['N1', 'N2', 'N9']), explanation: '该事项应通过诉讼途径解决，请向法院提出。' };
    case 'hand-over':
      return { to: '110', stayed: true, keep: random.chance(0.5), note: '来电人称有人持刀，已三方通话转接' };
    case 'transfer-call':
      return { to: '企业服务专席', mode: 'warm' };
    case 'dispatch': {
      const assists = random.chance(0.25) ? own.filter((code) => code !== unit) : [];
      return { ...classification, unit, ...(assists.length > 0 ? { assists } : {}) };
    }
    case 'force':
      return { unit, decision: '经会商，由该单位主办，其他单位配合。', basis: '权责清单第八项' };
    case 'assist':
      return { unit };
    case 'pass-on':
      return {
        unit: random.chance(0.8) ? `${COUNTY_UNIT}.00${1 + random.below(4)}` : unit,
        ...(random.chance(0.2) ? { amount: 1 + random.below(30) } : {}),
      };
    case 'task-reply':
      return { text: '本单位已派员到场核查，情况属实，已配合处理。' };
    case 'task-withdraw':
      return { task: 1 + random.below(4), reason: '不再需要配合' };
    case 'return':
      return {
        reason: 'R1',
        legalBasis: '机构编制规定第三条',
        opinion: '该事项不属于本单位职责，建议改派有权单位。',
        ...(random.chance(0.5) ? { suggestedUnit: random.pick(anyUnit) } : {}),
      };
    case 'coordinate':
      return { units: [...own], question: '两家单位均认为不属本单位职责。' };
    case 'contact':
      return { mode: random.pick(['phone', 'visit', 'unreachable']), note: '已与诉求人电话沟通' };
    case 'reply':
      return {
        resultType: '01',
        text: '经核查，路灯已于当日修复并恢复照明，感谢您的监督。',
        ...(random.chance(0.5) ? { override: '协办单位意见不影响结论' } : {}),
      };
    case 'fail':
      return { fault: 'unclear', opinion: '请补充办理依据' };
    case 'attempt':
      return { mode: '01', result: random.pick(['01', '05']) };
    case 'conclude':
      return { mode: '01', satisfaction: 1 + random.below(5), solved: random.pick(['1', '2', '3']) };
    case 'rate':
      return { satisfaction: 1 + random.below(5), solved: random.pick(['1', '3']), comment: '谢谢' };
    case 'extend':
      return { amount: 1 + random.below(random.chance(0.8) ? 5 : 40), reason: '需要委托第三方检测，时间较长。', informed: true };
    case 'suspend':
      return { cause: random.pick(['caller', 'force-majeure', 'legal']), days: 1 + random.below(10), reason: '等待诉求人补充购房合同。' };
    case 'urge':
      return { note: '请尽快处理' };
    case 'oversee':
      return { level: 1 + random.below(3), cause: random.pick(['media', 'other']), requirement: '请尽快核实并答复' };
    case 'instruct':
      return { requirement: '请依法从快解决' };
    case 'oversight-reply':
      return { text: '已组织人员现场处理，今日完成。' };
    case 'oversight-close':
      return { opinion: '已落实，解除督办' };
    case 'redo':
      return { reason: '诉求人反映问题没有解决，要求重办。' };
    case 'close-unreasonable':
      return { reason: '已依法办理，诉求超出政策范围。', basis: '实施办法第五条' };
    case 'close-rated':
      return { opinion: '诉求人不要求重办' };
    case 'exclude':
      return { cause: 'policy', reason: '受现行政策限制，暂时无法满足。' };
    case 'reopen':
      return { reason: '同一问题再次出现，需要重新办理。' };
    case 'merge':
      return {
        numbers: [
          random.chance(0.95) ? random.pick(others) : '3201022026060100000001',
          ...(random.chance(0.3) ? [random.pick(others)] : []),
        ],
        reason: '同一路段同一问题',
      };
    case 'unmerge':
      return { number: random.pick(merged.length > 0 && random.chance(0.9) ? merged : others), reason: '不是同一事项' };
    case 'withdraw':
    case 'cancel':
      return { reason: '诉求人要求撤销' };
    case 'flag':
      return random.pick([{ sensitive: random.below(4) }, { group: true }, { confidential: random.chance(0.2) }]);
    case 'reveal-contact':
      return { reason: '核实诉求细节' };
    case 'purge':
      return random.chance(0.2)
        ? { ground: 'retention', basis: '档案管理办法第九条', reason: '保存期限届满' }
        : { ground: 'citizen-request', request: '来函 2026-17', basis: '个人信息保护法第四十七条', reason: '诉求人书面申请删除' };
    case 'preserve':
      return { basis: '调取证据通知书', reason: '行政诉讼期间保全' };
    case 'end-preservation':
      return { reason: '诉讼已经终结' };
    case 'sign':
    case 'task-sign':
    case 'pass':
    case 'resume':
    case 'close-unrated':
    case 'archive':
    case 'join':
    case 'leave':
    case 'share':
      break;
  }
  return {};
}
