import type { Words } from '#contracts/base/text.ts';

type CodeList = Readonly<Record<string, Words>>;

export const appealTypes: CodeList = {
  '01': { zh: '咨询', en: 'Question' },
  '02': { zh: '求助', en: 'Request for help' },
  '03': { zh: '投诉', en: 'Complaint' },
  '04': { zh: '举报', en: 'Report of wrongdoing' },
  '05': { zh: '建议', en: 'Suggestion' },
  '06': { zh: '感谢', en: 'Thanks' },
  '07': { zh: '纠错补充', en: 'Correction' },
  '99': { zh: '其他', en: 'Other' },
};

export const urgencies: CodeList = {
  '1': { zh: '特急', en: 'Critical' },
  '2': { zh: '紧急', en: 'Urgent' },
  '3': { zh: '普通', en: 'Ordinary' },
  '4': { zh: '疑难', en: 'Difficult' },
};

export const refusalReasons: CodeList = {
  N1: { zh: '应拨打 110、119、120、122', en: 'For 110, 119, 120 or 122' },
  N2: { zh: '须走诉讼、仲裁、复议、纪检监察或信息公开', en: 'For court, arbitration, review or disclosure' },
  N3: { zh: '已进入信访渠道', en: 'Already with the petition office' },
  N4: { zh: '涉及国家秘密、商业秘密或个人隐私', en: 'Touches secrets or privacy' },
  N5: { zh: '违背公序良俗或恶意骚扰', en: 'Abusive or against public order' },
  N6: { zh: '属党委、人大、政协、法检、军队职责', en: 'For Party, congress, courts or army' },
  N7: { zh: '同一事项办理中或已依法办结', en: 'Same matter in hand or already settled' },
  N8: { zh: '无明确诉求或无法联系', en: 'No clear demand, or nobody to reach' },
  N9: { zh: '不属本行政区（转属地）', en: 'Outside this region' },
};

export const resultTypes: CodeList = {
  '01': { zh: '已解决', en: 'Solved' },
  '02': { zh: '部分解决', en: 'Partly solved' },
  '03': { zh: '解释说明', en: 'Explained' },
  '04': { zh: '列入计划', en: 'Planned' },
  '05': { zh: '反映不属实', en: 'Found not true' },
  '06': { zh: '依法不予支持', en: 'Not supported by law' },
  '07': { zh: '引导司法或信访', en: 'Guided to court or petition' },
  '99': { zh: '其他', en: 'Other' },
};

export const visitModes: CodeList = {
  '01': { zh: '人工电话', en: 'Call by a person' },
  '02': { zh: '智能语音', en: 'Voice robot' },
  '03': { zh: '短信', en: 'SMS' },
  '04': { zh: '网页或小程序', en: 'Web or mini-app' },
};

export const contactModes: CodeList = {
  phone: { zh: '电话联系', en: 'By telephone' },
  visit: { zh: '上门或面谈', en: 'In person' },
  unreachable: { zh: '未联系上', en: 'Could not be reached' },
};

export const visitMisses: CodeList = {
  '01': { zh: '无人接听', en: 'No answer' },
  '02': { zh: '占线', en: 'Busy' },
  '03': { zh: '关机', en: 'Phone off' },
  '04': { zh: '空号', en: 'No such number' },
  '05': { zh: '拒访', en: 'Refused' },
  '06': { zh: '中途挂断', en: 'Hung up midway' },
  '07': { zh: '要求人工', en: 'Asked for a person' },
  '08': { zh: '非本人', en: 'Not the caller' },
};

export const checkFaults: CodeList = {
  'off-topic': { zh: '答非所问', en: 'Off the point' },
  'not-contacted': { zh: '未联系诉求人', en: 'Citizen not contacted' },
  'no-evidence': { zh: '缺少依据或附件', en: 'No evidence' },
  unclear: { zh: '表述不清', en: 'Unclear' },
};

export const satisfactions: CodeList = {
  '5': { zh: '非常满意', en: 'Very satisfied' },
  '4': { zh: '满意', en: 'Satisfied' },
  '3': { zh: '基本满意', en: 'Fairly satisfied' },
  '2': { zh: '不满意', en: 'Dissatisfied' },
  '1': { zh: '非常不满意', en: 'Very dissatisfied' },
};

export const solvedAnswers: CodeList = {
  '1': { zh: '已解决', en: 'Solved' },
  '2': { zh: '部分解决', en: 'Partly solved' },
  '3': { zh: '未解决', en: 'Not solved' },
};

export const dissatisfactions: CodeList = {
  '01': { zh: '态度', en: 'Manner' },
  '02': { zh: '时效', en: 'Speed' },
  '03': { zh: '结果', en: 'Result' },
  '04': { zh: '未联系', en: 'Was not contacted' },
  '05': { zh: '敷衍', en: 'Perfunctory' },
};

export const channels: CodeList = {
  '01': { zh: '12345 电话', en: '12345 call' },
  '02': { zh: '漏接回拨', en: 'Missed-call return' },
  '03': { zh: '门户网站', en: 'Portal' },
  '04': { zh: '苏服办 APP', en: 'Su Fu Ban app' },
  '05': { zh: '微信', en: 'WeChat' },
  '06': { zh: '支付宝', en: 'Alipay' },
  '07': { zh: '新媒体', en: 'Social media' },
  '08': { zh: '短信', en: 'SMS' },
  '09': { zh: '邮箱或信件', en: 'Mail' },
  '10': { zh: '领导信箱', en: "Mayor's mailbox" },
  '11': { zh: '晓苏问答', en: 'Xiaosu Q&A' },
  '12': { zh: '一企来办', en: 'Enterprise desk' },
  '13': { zh: '政风热线', en: 'Government radio line' },
  '14': { zh: '好差评差评', en: 'Bad service review' },
  '15': { zh: '省平台交办', en: 'From the province' },
  '16': { zh: '设区市上报', en: 'From a city' },
  '17': { zh: '互联网+督查', en: 'Internet + inspection' },
  '18': { zh: '中国政府网留言', en: 'gov.cn message' },
  '19': { zh: '12315', en: '12315' },
  '20': { zh: '12328', en: '12328' },
  '21': { zh: '监督一点通', en: 'Supervision app' },
  '22': { zh: '110 联动', en: 'From 110' },
  '23': { zh: '网格上报', en: 'Grid worker' },
  '24': { zh: '视频监控', en: 'Video' },
  '25': { zh: '人民网留言板', en: "People's Daily board" },
  '26': { zh: '信访转办', en: 'From petition office' },
  '27': { zh: '来访', en: 'Visit' },
  '99': { zh: '其他', en: 'Other' },
};

export const genders: CodeList = {
  '1': { zh: '男', en: 'Male' },
  '2': { zh: '女', en: 'Female' },
  '9': { zh: '未说明', en: 'Not stated' },
};

export const contactKinds: CodeList = {
  '1': { zh: '个人', en: 'Person' },
  '2': { zh: '企业', en: 'Enterprise' },
  '3': { zh: '社会团体', en: 'Association' },
  '4': { zh: '其他', en: 'Other' },
};

export const returnReasons: CodeList = {
  R1: { zh: '不属于本单位职责', en: "Not within this unit's duties" },
  R2: { zh: '不属于本行政区域', en: 'Outside this region' },
  R3: { zh: '同一事项已由其他单位办理', en: 'Another unit already handles it' },
  R4: { zh: '诉求内容不清，无法办理', en: 'What is asked cannot be understood' },
  R5: { zh: '须通过诉讼、仲裁、复议等法定途径', en: 'It must take a legal route' },
  R9: { zh: '其他', en: 'Other' },
};

export const suspensionCauses: CodeList = {
  caller: { zh: '等待诉求人补充材料或配合', en: 'Waiting for the citizen' },
  'force-majeure': { zh: '不可抗力', en: 'Force majeure' },
  legal: { zh: '等待法定程序', en: 'Waiting for a legal procedure' },
};

export const oversightCauses: CodeList = {
  overdue: { zh: '办理超期', en: 'Overdue' },
  redo: { zh: '多次重办', en: 'Redone more than once' },
  repeated: { zh: '三十日内同类诉求三件以上', en: 'Three like matters in thirty days' },
  leader: { zh: '领导批示', en: "A leader's instruction" },
  media: { zh: '媒体关注', en: 'In the media' },
  other: { zh: '其他', en: 'Other' },
};

export const exclusionCauses: CodeList = {
  reasonable: { zh: '已依法依规办结', en: 'Handled as the law demands' },
  'no-object': { zh: '反映对象不存在', en: 'What it speaks of does not exist' },
  malicious: { zh: '恶意评价', en: 'Malicious rating' },
  policy: { zh: '受现行政策限制', en: 'Limited by present policy' },
};

export const purgeGrounds: CodeList = {
  retention: { zh: '保存期限届满', en: 'The retention is over' },
  'citizen-request': { zh: '诉求人要求删除', en: 'The citizen asked for it' },
};

export const handOvers: CodeList = {
  '110': { zh: '110 报警', en: '110 police' },
  '119': { zh: '119 火警', en: '119 fire' },
  '120': { zh: '120 急救', en: '120 ambulance' },
  '122': { zh: '122 交通事故', en: '122 road accident' },
};

export const callModes: CodeList = {
  warm: { zh: '陪同转接', en: 'With an introduction' },
  cold: { zh: '直接转接', en: 'Directly' },
  'three-party': { zh: '三方通话', en: 'Three-party call' },
};

export const oversightLevels: CodeList = {
  '1': { zh: '一级：督办单位', en: 'Level 1: the unit' },
  '2': { zh: '二级：督办分管领导', en: 'Level 2: its leader' },
  '3': { zh: '三级：书面督办单并约谈', en: 'Level 3: in writing, with a talk' },
};

export const sensitiveLevels: CodeList = {
  '0': { zh: '不敏感', en: 'Not sensitive' },
  '1': { zh: '一般敏感', en: 'Somewhat sensitive' },
  '2': { zh: '敏感', en: 'Sensitive' },
  '3': { zh: '高度敏感', en: 'Highly sensitive' },
};

/** The code lists by the names they have in the dictionary, which may know newer words. */
export const codeLists = {
  appeal_type: appealTypes,
  urgency: urgencies,
  refusal_reason: refusalReasons,
  result_type: resultTypes,
  visit_mode: visitModes,
  visit_result: visitMisses,
  satisfaction: satisfactions,
  solved: solvedAnswers,
  unsat_reason: dissatisfactions,
  channel: channels,
  gender: genders,
  caller_kind: contactKinds,
  // Not in the dictionary: choices of the contracts themselves.
  return_reason: returnReasons,
  suspension_cause: suspensionCauses,
  oversight_cause: oversightCauses,
  exclusion_cause: exclusionCauses,
  purge_ground: purgeGrounds,
  hand_over: handOvers,
  call_mode: callModes,
  sensitive_level: sensitiveLevels,
  oversight_level: oversightLevels,
  contact_mode: contactModes,
  check_fault: checkFaults,
} as const satisfies Record<string, CodeList>;

export type CodeListName = keyof typeof codeLists;

/** The words of a code; a code nobody named shows itself. */
export function wordsOf(list: CodeList, code: string | number | null | undefined): Words {
  const key = String(code ?? '');
  return list[key] ?? { zh: key, en: key };
}
