import { useWords } from '#ui/text.ts';
import { Way } from '../../parts/way.tsx';

const words = {
  title: { zh: '有难处，告诉 12345', en: 'Tell 12345 what troubles you' },
  lead: {
    zh: '向江苏省各级政府咨询、求助、投诉、举报或提建议。不用注册，提交后凭编号和查询码随时查看办理进度。',
    en: 'Ask, seek help, complain, report or suggest to any level of government in Jiangsu. No account needed; a number and a code show you the progress at any time.',
  },
  file: { zh: '提交诉求', en: 'File an appeal' },
  fileHint: { zh: '大约 3 分钟', en: 'About 3 minutes' },
  progress: { zh: '查进度', en: 'See the progress' },
  progressHint: { zh: '需要编号和查询码', en: 'You need the number and the code' },
  emergency: { zh: '人身、财产正有危险？请马上拨打', en: 'Somebody or something in danger right now? Call' },
  police: { zh: '报警', en: 'police' },
  fire: { zh: '火警', en: 'fire' },
  ambulance: { zh: '急救', en: 'ambulance' },
  next: { zh: '提交之后', en: 'What happens next' },
  step1: { zh: '热线受理，并转交负责的单位。', en: 'The hotline accepts it and passes it to the office in charge.' },
  step2: { zh: '办理单位会先与您联系，再在规定期限内答复。', en: 'The office contacts you first, then answers within the limit.' },
  step3: { zh: '答复经审核后给您，请您评价。', en: 'You get the answer after a check, and you rate it.' },
  not: { zh: '这些事项热线不能办理', en: 'What the hotline cannot take' },
  not1: { zh: '正在发生的危险：请拨打 110、119、120、122。', en: 'Danger happening now: call 110, 119, 120 or 122.' },
  not2: {
    zh: '应由法院、仲裁、行政复议、纪检监察处理的事项：会告知您法定途径。',
    en: 'Matters for courts, arbitration, review or discipline: you will be told the legal route.',
  },
  not3: { zh: '已经进入信访程序的同一事项。', en: 'The same matter already with the petition office.' },
  not4: { zh: '涉及国家秘密、商业秘密、他人隐私的内容。', en: "Content that touches secrets or other people's privacy." },
  not5: { zh: '江苏省以外的事项：请拨打事发地的 12345。', en: 'Matters outside Jiangsu: call the 12345 of that place.' },
  privacy: {
    zh: '您的姓名和电话加密保存，只有受理和回访人员能看到；您可以选择匿名或保密。',
    en: 'Your name and telephone are stored encrypted and seen only by intake and follow-up staff; you may stay anonymous or ask for confidentiality.',
  },
} as const;

export function LandingPage() {
  const speak = useWords(words);
  return (
    <>
      <section className="sheet">
        <h1 tabIndex={-1}>{speak('title')}</h1>
        <p className="lead">{speak('lead')}</p>
        <div className="doors">
          <Way to="/file" className="door door--main">
            <strong>{speak('file')}</strong>
            <span>{speak('fileHint')}</span>
          </Way>
          <Way to="/progress" className="door">
            <strong>{speak('progress')}</strong>
            <span>{speak('progressHint')}</span>
          </Way>
        </div>
      </section>
      <EmergencyNotice />
      <section className="sheet">
        <h2>{speak('next')}</h2>
        <ol className="steps">
          <li>{speak('step1')}</li>
          <li>{speak('step2')}</li>
          <li>{speak('step3')}</li>
        </ol>
        <p className="soft">{speak('privacy')}</p>
      </section>
      <section className="sheet">
        <h2>{speak('not')}</h2>
        <ul className="plain">
          {(['not1', 'not2', 'not3', 'not4', 'not5'] as const).map((key) => (
            <li key={key}>{speak(key)}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

function EmergencyNotice() {
  const speak = useWords(words);
  return (
    <aside className="urgent" aria-label={speak('emergency')}>
      <p>{speak('emergency')}</p>
      <p className="urgent__numbers">
        <a href="tel:110">
          <strong>110</strong> {speak('police')}
        </a>
        <a href="tel:119">
          <strong>119</strong> {speak('fire')}
        </a>
        <a href="tel:120">
          <strong>120</strong> {speak('ambulance')}
        </a>
      </p>
    </aside>
  );
}
