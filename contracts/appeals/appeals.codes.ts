import type { CodeFacts } from '../base/base.codes.ts';

export const appealsCodes = {
  'appeals.contact-required': {
    kind: 'invalid',
    text: { zh: '请填写联系电话，或选择匿名', en: 'A telephone number is needed, or choose to stay anonymous' },
  },
  'appeals.anonymous-contact': { kind: 'invalid', text: { zh: '匿名诉求不应填写联系方式', en: 'An anonymous appeal carries no contact' } },
  'appeals.bad-phone': { kind: 'invalid', text: { zh: '电话号码格式不正确', en: 'is not a telephone number' } },
  'appeals.bad-identity-number': {
    kind: 'invalid',
    text: { zh: '身份证号码校验位不正确', en: 'is not a valid identity number (check digit)' },
  },
  'appeals.bad-credit-code': {
    kind: 'invalid',
    text: { zh: '统一社会信用代码校验位不正确', en: 'is not a valid unified social credit code (check digit)' },
  },
  'appeals.event-in-future': { kind: 'invalid', text: { zh: '事发时间不能晚于现在', en: 'must not lie in the future' } },
  'appeals.bad-number': {
    kind: 'invalid',
    text: { zh: '编号有误，请核对 22 位数字', en: 'is not one of our numbers; please check its 22 digits' },
  },
  'appeals.no-such-appeal': {
    kind: 'missing',
    text: { zh: '没有找到，请核对编号和查询码', en: 'Not found; please check the number and the query code' },
  },
  'appeals.already-rated': { kind: 'conflict', text: { zh: '您已评价过，感谢您的反馈', en: 'You have rated this already; thank you' } },
  'appeals.not-yet-ratable': {
    kind: 'conflict',
    text: { zh: '尚未办理完毕，暂不能评价', en: 'It is still being handled and cannot be rated yet' },
  },
  'appeals.not-open-now': {
    kind: 'conflict',
    text: {
      zh: '诉求已有办理结果或已结束，不能再进行此操作',
      en: 'There is an answer already, or it has ended; this is no longer possible',
    },
  },
  'appeals.channel-not-yours': { kind: 'invalid', text: { zh: '该渠道不能由此入口提交', en: 'This channel is not open to you' } },
  'appeals.source-duplicate': {
    kind: 'conflict',
    text: { zh: '来源单号已登记，编号 {number}', en: 'This source number is already filed as {number}' },
  },
  'appeals.other-city': {
    kind: 'invalid',
    text: { zh: '事发地不在本市，请转事发地 12345 办理', en: 'lies in another city; please hand it to the 12345 of that city' },
  },
  'appeals.reveal-needs-second': {
    kind: 'conflict',
    text: { zh: '保密诉求须经他人批准后方可查看', en: 'This citizen is confidential; a second person has to approve first' },
  },
  'appeals.upload-gone': {
    kind: 'invalid',
    text: { zh: '上传的文件已过期，请删除后重新上传', en: 'The upload is no longer here; please remove it and upload the file again' },
  },
  'appeals.too-many-uploads': {
    kind: 'limited',
    text: { zh: '今天上传的文件过多，请稍后再试', en: 'Too much was uploaded today; please try again later' },
  },
  'appeals.too-many-attachments': {
    kind: 'conflict',
    text: { zh: '一件诉求最多 {count} 个附件、共 {limit} MB', en: 'An appeal may have {count} attachments, {limit} MB in all' },
  },
  'appeals.supplement-empty': {
    kind: 'invalid',
    text: { zh: '请写下要补充的内容，或添加文件', en: 'Write what you want to add, or add a file' },
  },
  'appeals.supplement-closed': {
    kind: 'conflict',
    text: {
      zh: '这件诉求已经结束，不能再补充；如有新情况，请另行提交',
      en: 'This appeal has ended and takes no more; please file a new one',
    },
  },
  'appeals.import-mapping': { kind: 'invalid', text: { zh: '导入映射有误：{reason}', en: 'The import mapping is wrong: {reason}' } },
  'appeals.import-file': { kind: 'invalid', text: { zh: '文件无法读取：{reason}', en: 'The file cannot be read: {reason}' } },
} as const satisfies Record<string, CodeFacts>;
