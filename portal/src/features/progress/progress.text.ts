export const progressText = {
  title: { zh: '查进度', en: 'See the progress' },
  lead: { zh: '请输入提交时给您的编号和查询码。', en: 'Please enter the number and the query code you were given.' },
  number: { zh: '编号', en: 'Number' },
  numberHint: { zh: '22 位数字，空格可有可无', en: '22 digits; spaces do not matter' },
  code: { zh: '查询码', en: 'Query code' },
  look: { zh: '查询', en: 'Look it up' },
  looking: { zh: '正在查询…', en: 'Looking…' },
  numberWrong: { zh: '编号应为 22 位数字，您输入了 {count} 位', en: 'The number has 22 digits; you entered {count}' },
  codeMissing: { zh: '请输入查询码', en: 'Please enter the query code' },
  lost: {
    zh: '忘记了编号或查询码？请拨打 12345，核对身份后可以查询。',
    en: 'Lost them? Call 12345; after checking who you are they can tell you.',
  },
  other: { zh: '查另一件', en: 'Look up another' },
  refresh: { zh: '刷新', en: 'Refresh' },
  now: { zh: '当前进度', en: 'Now' },
  unit: { zh: '办理单位', en: 'Office in charge' },
  due: { zh: '预计答复时间', en: 'Answer expected by' },
  dueBefore: { zh: '{when} 前', en: '{when}' },
  answer: { zh: '答复', en: 'Answer' },
  basis: { zh: '依据', en: 'Legal basis' },
  answeredBy: { zh: '{by}，{when}', en: '{by}, {when}' },
  refusal: { zh: '为什么没有受理', en: 'Why it was not accepted' },
  route: { zh: '您可以这样办', en: 'What you can do' },
  yours: { zh: '您提交的内容', en: 'What you filed' },
  filedAt: { zh: '提交时间', en: 'Filed' },
  place: { zh: '地点', en: 'Place' },
  kind: { zh: '类型', en: 'Kind' },
  timeline: { zh: '办理经过', en: 'What happened so far' },
  rate: { zh: '请您评价', en: 'Please rate it' },
  rateLead: { zh: '评价一经提交不能修改。', en: 'A rating cannot be changed afterwards.' },
  satisfaction: { zh: '您对办理满意吗？', en: 'Are you satisfied?' },
  solved: { zh: '问题解决了吗？', en: 'Is it solved?' },
  reasons: { zh: '哪里不满意？（可多选）', en: 'What was wrong? (several possible)' },
  comment: { zh: '还想说的话', en: 'Anything else' },
  optional: { zh: '可不填', en: 'optional' },
  submit: { zh: '提交评价', en: 'Send the rating' },
  submitting: { zh: '正在提交…', en: 'Sending…' },
  chooseOne: { zh: '请选择一项', en: 'Please choose one' },
  rated: { zh: '您的评价', en: 'Your rating' },
  ratedEarlier: { zh: '您上一次的评价', en: 'Your earlier rating' },
  ratedByCall: { zh: '回访时的评价', en: 'Rating by telephone' },
  view: { zh: '查看', en: 'View' },
  download: { zh: '下载', en: 'Download' },
  opening: { zh: '正在打开…', en: 'Opening…' },
  close: { zh: '关闭', en: 'Close' },
  answerFiles: { zh: '答复附件', en: 'Files with the answer' },
  loadingFiles: { zh: '正在读取文件和补充…', en: 'Files and additions are being read…' },
  yourFiles: { zh: '您提交的文件', en: 'Your files' },
  added: { zh: '您补充的材料', en: 'What you added' },
  supplement: { zh: '补充材料', en: 'Add something' },
  supplementLead: {
    zh: '想起了别的情况，或有了新的照片、录音？补充后办理人员会看到；已提交的内容不能修改。',
    en: 'Something else came up, or there are new photos or recordings? Whoever handles it will see what you add; what was filed stays as it is.',
  },
  supplementContent: { zh: '要补充的内容', en: 'What you want to add' },
  supplementEmpty: { zh: '请写下要补充的内容，或添加文件', en: 'Write something, or add a file' },
  supplementSend: { zh: '提交补充', en: 'Send it' },
  supplementDone: { zh: '已补充，办理人员会看到。', en: 'Added; whoever handles it will see it.' },
  asks: { zh: '催办与撤回', en: 'Urge it, or take it back' },
  urge: { zh: '催一下', en: 'Urge it' },
  urgeLead: {
    zh: '办理人员会马上收到您的催办。一个工作日可以催一次。',
    en: 'Whoever handles it is told at once. You may urge once a working day.',
  },
  urgeNote: { zh: '想对办理人员说的话', en: 'What you want to say' },
  urgeSend: { zh: '提交催办', en: 'Urge it now' },
  urged: { zh: '已催办，办理人员已收到。', en: 'Urged; whoever handles it has been told.' },
  withdraw: { zh: '撤回诉求', en: 'Take it back' },
  withdrawLead: {
    zh: '撤回后这件诉求不再办理，不能恢复；已经转交办理单位的，由热线审核后决定。',
    en: 'Once taken back it is not handled any more and cannot be restored; if an office has it already, the hotline decides.',
  },
  withdrawReason: { zh: '为什么撤回', en: 'Why you take it back' },
  withdrawSend: { zh: '确认撤回', en: 'Take it back now' },
  withdrawn: { zh: '已撤回。', en: 'It was taken back.' },
  withdrawalWaits: { zh: '您已申请撤回，热线正在审核。', en: 'You asked to take it back; the hotline is deciding.' },
  askShort: { zh: '请至少写 2 个字', en: 'Please write at least 2 characters' },
  stillUploading: { zh: '文件还在上传…', en: 'Files are still on their way…' },
  thanks: { zh: '感谢您的评价。', en: 'Thank you for the rating.' },
} as const;

/** The way of an appeal in the four steps a citizen cares about. */
export const stepText = [
  { zh: '已提交', en: 'Filed' },
  { zh: '已受理', en: 'Accepted' },
  { zh: '办理中', en: 'In hand' },
  { zh: '已答复', en: 'Answered' },
] as const;

/** How many of the steps a state has reached. */
export function stepsReached(state: string): number {
  switch (state) {
    case 'filed':
      return 1;
    case 'pending-dispatch':
      return 2;
    case 'dispatched':
    case 'handling':
    case 'replied':
      return 3;
    default:
      return 4;
  }
}
