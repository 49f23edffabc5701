import type { CodeFacts } from '../base/base.codes.ts';

export const identityCodes = {
  'identity.wrong-credentials': { kind: 'unauthenticated', text: { zh: '账号或密码不正确', en: 'Account or password is not right' } },
  'identity.locked': {
    kind: 'limited',
    text: {
      zh: '登录失败次数过多，账号已锁定，请 {minutes} 分钟后再试',
      en: 'Too many failed log-ins; the account is locked for {minutes} minutes',
    },
  },
  'identity.session-ended': {
    kind: 'unauthenticated',
    text: { zh: '登录已失效，请重新登录', en: 'Your session has ended; please log in again' },
  },
  'identity.password-change-due': {
    kind: 'forbidden',
    text: { zh: '请先修改初始密码', en: 'Please change the first password before anything else' },
  },
  'identity.weak-password': {
    kind: 'invalid',
    text: {
      zh: '密码至少 10 位，含大小写字母、数字、符号中的三类，不含账号，且不是常见密码',
      en: 'needs 10 characters, three of upper case, lower case, digits and signs, without the account name, and must not be a common one',
    },
  },
  'identity.password-reused': { kind: 'invalid', text: { zh: '不能使用最近 5 次用过的密码', en: 'must not be one of the last five' } },
  'identity.wrong-password': { kind: 'invalid', text: { zh: '原密码不正确', en: 'is not your present password' } },
  'identity.login-taken': { kind: 'conflict', text: { zh: '账号名已被使用', en: 'This account name is taken' } },
  'identity.forbidden-pair': {
    kind: 'invalid',
    text: { zh: '岗位 {a} 与 {b} 不得由同一人担任', en: 'The roles {a} and {b} must not be held by one person' },
  },
  'identity.scope-mismatch': { kind: 'invalid', text: { zh: '岗位与数据范围不匹配', en: 'The role does not go with this data scope' } },
  'identity.not-yourself': { kind: 'forbidden', text: { zh: '不能对自己的账号执行此操作', en: 'Not on your own account' } },
  'identity.unknown-key': { kind: 'unauthenticated', text: { zh: '接口密钥无效或已停用', en: 'The API key is not valid or was revoked' } },
} as const satisfies Record<string, CodeFacts>;
