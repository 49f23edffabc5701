import type { Words } from './text.ts';

/** What a refusal means to the caller; the HTTP status follows from it. */
export type RefusalKind =
  | 'invalid' // 400
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'missing' // 404
  | 'conflict' // 409
  | 'too-large' // 413
  | 'unsupported' // 415
  | 'limited' // 429
  | 'broken' // 500
  | 'unavailable'; // 503

export interface CodeFacts {
  readonly kind: RefusalKind;
  readonly text: Words;
}

export const STATUS: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  limited: 429,
  broken: 500,
  unavailable: 503,
};

/** Refusals every module shares. Words in braces are filled from the refusal's `params`. */
export const baseCodes = {
  'base.invalid-input': {
    kind: 'invalid',
    text: { zh: '提交的内容有误，请按提示修改', en: 'Some of what was sent is not valid; see the fields' },
  },
  'base.malformed': { kind: 'invalid', text: { zh: '请求格式无法识别', en: 'The request could not be read' } },
  'base.unauthenticated': { kind: 'unauthenticated', text: { zh: '请先登录', en: 'Please log in first' } },
  'base.forbidden': { kind: 'forbidden', text: { zh: '您的岗位没有此项权限', en: 'Your post does not allow this' } },
  'base.not-found': { kind: 'missing', text: { zh: '没有找到', en: 'Not found' } },
  'base.stale': {
    kind: 'conflict',
    text: { zh: '内容已被他人更新，请查看最新状态后再操作', en: 'Somebody changed this meanwhile; look at the newer state and try again' },
  },
  'base.too-large': { kind: 'too-large', text: { zh: '提交的内容过大', en: 'The request is too large' } },
  'base.unsupported-media': { kind: 'unsupported', text: { zh: '不支持的内容类型', en: 'This content type is not supported' } },
  'base.rate-limited': { kind: 'limited', text: { zh: '操作过于频繁，请稍后再试', en: 'Too many requests; please try again later' } },
  'base.broken': {
    kind: 'broken',
    text: { zh: '系统出现故障，已记录，请稍后再试', en: 'Something broke on our side; it is on record. Please try again later' },
  },
  'base.unavailable': {
    kind: 'unavailable',
    text: { zh: '服务暂时不可用，请稍后再试', en: 'The service is not available just now; please try again later' },
  },
  'base.overloaded': {
    kind: 'unavailable',
    text: {
      zh: '当前访问量较大，正在优先保障诉求提交和工单办理，请在 {seconds} 秒后再试',
      en: 'Many people are here just now, and filing and handling come first; please try again in {seconds} seconds',
    },
  },
  'base.span-too-long': {
    kind: 'invalid',
    text: { zh: '时间范围的终点须晚于起点，且最长 {days} 天', en: 'The span must end after it begins and hold {days} days at most' },
  },
  'base.too-many-streams': {
    kind: 'limited',
    text: {
      zh: '同一账号最多同时打开 {limit} 个实时连接，请关闭多余的窗口',
      en: 'An account may hold {limit} live connections at once; please close a window',
    },
  },
  'base.bad-cursor': {
    kind: 'invalid',
    text: { zh: '分页游标无效，请从第一页重新查询', en: 'The page cursor is not valid; start from the first page' },
  },
  'base.idempotency-mismatch': {
    kind: 'conflict',
    text: { zh: '同一幂等键已用于不同内容', en: 'This idempotency key was already used with other content' },
  },
  'field.required': { kind: 'invalid', text: { zh: '必填', en: 'is required' } },
  'field.type': { kind: 'invalid', text: { zh: '类型不正确，应为 {expected}', en: 'has the wrong type; {expected} is expected' } },
  'field.too-long': { kind: 'invalid', text: { zh: '最多 {limit} 个字', en: 'has more than {limit} characters' } },
  'field.too-short': { kind: 'invalid', text: { zh: '至少 {limit} 个字', en: 'has fewer than {limit} characters' } },
  'field.out-of-range': { kind: 'invalid', text: { zh: '数值超出范围（{limit}）', en: 'is out of range ({limit})' } },
  'field.format': { kind: 'invalid', text: { zh: '格式不正确', en: 'has the wrong form' } },
  'field.control-character': {
    kind: 'invalid',
    text: { zh: '含有控制字符或方向控制符，请删除后再提交', en: 'holds control or direction characters; please remove them' },
  },
  'field.unknown-code': { kind: 'invalid', text: { zh: '代码不在字典中', en: 'is not a known code' } },
  'field.unknown': { kind: 'invalid', text: { zh: '不认识的字段', en: 'is not a known field' } },
  'field.too-many': { kind: 'invalid', text: { zh: '最多 {limit} 项', en: 'has more than {limit} items' } },
  'field.too-few': { kind: 'invalid', text: { zh: '至少 {limit} 项', en: 'has fewer than {limit} items' } },
  'field.repeated': { kind: 'invalid', text: { zh: '有重复项', en: 'names an item twice' } },
  'field.blank': { kind: 'invalid', text: { zh: '不能只填空白', en: 'must not be blank' } },
} as const satisfies Record<string, CodeFacts>;
