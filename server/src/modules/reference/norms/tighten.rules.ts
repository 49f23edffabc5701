import { ANY_TYPE, LIMIT_CLOCKS, lineKey, type NormContent, type NormLimit, type NormPart } from '#contracts/reference/norm.content.ts';
import { APPEAL_TYPES } from '#contracts/reference/reference.values.ts';
import { DEFAULT_HOURS, type Limit } from '#server/kernel/calendar.ts';
import { accept, refuse, type Decision, type FieldFault } from '#server/kernel/decision.ts';
import { isOutOfUse, knowsCategory, limitIn, replyDemands, urgencyOf, type Norm } from './norms.rules.ts';

const MINUTES_A_DAY = 24 * 60;
/** Faults told at once: more would not be read. */
const TOLD = 20;

/**
 * Whether `limit` ends no later than `than`, whenever both start and whatever the calendar: compared where both are
 * counted alike, and conservatively where one is in hours and the other in working days.
 *
 * N working days last at least N natural days and what is left of the day at closing time; they may last much longer,
 * so working days are never taken to be shorter than hours.
 */
export function isNoLonger(limit: Limit, than: Limit): boolean {
  if (limit.mode === 'workday') return than.mode === 'workday' && Math.ceil(limit.amount) <= Math.ceil(than.amount);
  const minutes = limit.mode === 'hour' ? limit.amount * 60 : limit.amount;
  if (than.mode !== 'workday') return minutes <= (than.mode === 'hour' ? than.amount * 60 : than.amount);
  // A working day ends at 23:59:59, one second early.
  return minutes <= Math.ceil(than.amount) * MINUTES_A_DAY + (MINUTES_A_DAY - DEFAULT_HOURS.closesAtMinute) - 1;
}

/** Whether a norm can stand by itself: no line twice, whole working days, categories that exist, no gap in the province's limits. */
export function judgeContent(region: 'province' | 'city', content: NormContent, isCategory: (code: string) => boolean): Decision<true> {
  const faults: FieldFault[] = [];
  const fault = (part: NormPart, index: number, field: string, code: FieldFault['code']) =>
    faults.push({ path: [`content.${part}.${index}`, field].filter(Boolean).join('.'), code });
  for (const part of ['limits', 'fields', 'categories', 'replies', 'phrases'] as const) {
    const seen = new Set<string>();
    for (const [index, line] of content[part].entries()) {
      const key = lineKey(part, line);
      if (seen.has(key)) fault(part, index, '', 'reference.norm-twice');
      seen.add(key);
      if ('category' in line && line.category !== '' && !isCategory(line.category))
        fault(part, index, 'category', 'reference.unknown-category');
      if ('mode' in line && line.mode === 'workday' && !Number.isInteger(line.amount))
        fault(part, index, 'amount', 'reference.whole-workdays');
      if (part === 'phrases' && key.trim() === '') fault(part, index, 'phrase', 'field.blank');
    }
  }
  if (region === 'province') {
    const general = new Set(content.limits.filter((line) => line.category === '').map((line) => lineKey('limits', line)));
    for (const appealType of APPEAL_TYPES)
      for (const urgency of [1, 2, 3, 4])
        for (const clock of LIMIT_CLOCKS) {
          const line = `${appealType}/${urgency}/${clock}`;
          // Without it an order of this kind could not be accepted.
          if (!general.has(`${line}/`)) faults.push({ path: 'content.limits', code: 'reference.norm-gap', params: { line } });
        }
  } else if (Object.values(content).every((lines) => lines.length === 0)) faults.push({ path: 'content', code: 'reference.norm-empty' });
  return faults.length > 0 ? refuse('base.invalid-input', { fields: faults.slice(0, TOLD) }) : accept(true);
}

/**
 * Whether a city's supplement (设区市补充规定) only tightens what the province says; each line that would loosen it is
 * named with the province's value. Required fields and forbidden phrases add up with the province's and cannot loosen.
 */
export function judgeSupplement(content: NormContent, province: Norm): Decision<true> {
  const faults: FieldFault[] = [];
  const loosens = (path: string, line: string, value: string, provinceValue: string) =>
    faults.push({ path, code: 'reference.norm-loosens', params: { line, value, province: provinceValue } });
  for (const [index, line] of content.limits.entries()) {
    const own = limitIn(
      province,
      { urgency: line.urgency, type: line.appealType, category: line.category, region: province.region },
      line.clock,
    );
    if (own && !isNoLonger(line, own)) loosens(`content.limits.${index}.amount`, lineKey('limits', line), limitText(line), limitText(own));
  }
  for (const [index, line] of content.replies.entries()) {
    const own = replyDemands([province.content], line.appealType === ANY_TYPE ? ANY_TYPE : line.appealType).minLength;
    if (line.minLength !== undefined && own && line.minLength < own.value)
      loosens(`content.replies.${index}.minLength`, line.appealType, String(line.minLength), String(own.value));
  }
  for (const [index, line] of content.categories.entries()) {
    if (line.inUse && !knowsCategory([province], line.category))
      loosens(`content.categories.${index}.inUse`, line.category, '启用', isOutOfUse([province], line.category) ? '停用' : '未列入');
    const own = urgencyOf([province], line.category);
    if (line.urgency !== undefined && own !== undefined && line.urgency > own)
      loosens(`content.categories.${index}.urgency`, line.category, String(line.urgency), String(own));
  }
  return faults.length > 0 ? refuse('base.invalid-input', { fields: faults.slice(0, TOLD) }) : accept(true);
}

function limitText(limit: Pick<NormLimit, 'amount' | 'mode'>): string {
  return `${limit.amount} ${{ minute: '分钟', hour: '小时', workday: '个工作日' }[limit.mode]}`;
}
