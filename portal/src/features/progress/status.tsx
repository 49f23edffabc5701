import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import type { CitizenRecord } from '#contracts/appeals/attachments.api.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { appealTypes, refusalReasons, satisfactions, solvedAnswers, wordsOf } from '#ui/codes.ts';
import { instantText, numberText } from '#ui/format.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText, stepsReached, stepText } from './progress.text.ts';
import { Asks } from './ask-form.tsx';
import { FilesList } from './files-list.tsx';
import { RatingForm } from './rating-form.tsx';
import { SupplementForm } from './supplement-form.tsx';
import { useRecord } from './use-record.ts';

export interface StatusProps {
  readonly view: CitizenView;
  readonly access: ProgressKey;
  readonly onChange: (view: CitizenView) => void;
  readonly onRefresh: () => void;
  readonly onOther: () => void;
}

export function Status({ view, access, onChange, onRefresh, onOther }: StatusProps) {
  const speak = useWords(progressText);
  const { record, setRecord, error, retry } = useRecord(access, view);
  return (
    <>
      <section className="sheet">
        <p className="soft digits">{numberText(view.number)}</p>
        <Now view={view} />
        <div className="row no-print">
          <button type="button" className="button" onClick={onRefresh}>
            {speak('refresh')}
          </button>
          <button type="button" className="link link--tall" onClick={onOther}>
            {speak('other')}
          </button>
        </div>
      </section>
      {view.refusal ? <Refusal refusal={view.refusal} /> : null}
      {view.answer ? <Answer answer={view.answer} record={record} access={access} /> : null}
      {view.ratable ? <RatingForm access={access} onRated={onChange} /> : null}
      {view.rating ? <Rated rating={view.rating} earlier={view.ratable} /> : null}
      <Asks view={view} access={access} onChange={onChange} />
      <Course view={view} />
      <Matter view={view} record={record} loading={!record && !error} access={access} />
      {record?.open ? (
        <SupplementForm
          access={access}
          onAdded={(next) => {
            setRecord(next);
            onRefresh();
          }}
        />
      ) : null}
      <ProblemAlert incident="serious" error={error} onRetry={retry} />
    </>
  );
}

function Now({ view }: { view: CitizenView }) {
  const speak = useWords(progressText);
  const tell = useSay();
  const facts = stateFacts(view.state);
  const words = facts?.citizen ?? facts?.name;
  const stopped = facts?.tone === 'stopped';
  const reached = stepsReached(view.state);
  return (
    <>
      <h1 tabIndex={-1}>
        <span className="ms-visually-hidden">{speak('now')}：</span>
        {words ? tell(words) : view.state}
      </h1>
      {stopped ? null : (
        <ol className="track">
          {stepText.map((step, i) => (
            <li
              key={step.en}
              className={i < reached ? 'track__done' : ''}
              {...(i === reached - 1 ? { 'aria-current': 'step' as const } : {})}
            >
              {tell(step)}
            </li>
          ))}
        </ol>
      )}
      <dl className="facts">
        {view.unitName ? (
          <>
            <dt>{speak('unit')}</dt>
            <dd>{view.unitName}</dd>
          </>
        ) : null}
        {view.dueAt && !view.answer && !stopped ? (
          <>
            <dt>{speak('due')}</dt>
            <dd>{speak('dueBefore', { when: instantText(view.dueAt) })}</dd>
          </>
        ) : null}
      </dl>
    </>
  );
}

function Refusal({ refusal }: { refusal: NonNullable<CitizenView['refusal']> }) {
  const speak = useWords(progressText);
  const tell = useSay();
  return (
    <section className="sheet">
      <h2>{speak('refusal')}</h2>
      <p>{tell(wordsOf(refusalReasons, refusal.reason))}</p>
      <h3>{speak('route')}</h3>
      <p className="said">{refusal.explanation}</p>
    </section>
  );
}

interface WithFiles {
  readonly record: CitizenRecord | undefined;
  readonly access: ProgressKey;
}

function Answer({ answer, record, access }: WithFiles & { answer: NonNullable<CitizenView['answer']> }) {
  const speak = useWords(progressText);
  const files = record?.files.filter(({ ofAnswer }) => ofAnswer) ?? [];
  return (
    <section className="sheet sheet--answer">
      <h2>{speak('answer')}</h2>
      <p className="said">{answer.text}</p>
      {answer.basis ? (
        <p className="soft said">
          {speak('basis')}：{answer.basis}
        </p>
      ) : null}
      {files.length > 0 ? <h3>{speak('answerFiles')}</h3> : null}
      <FilesList files={files} access={access} />
      <p className="soft">{speak('answeredBy', { by: answer.by, when: instantText(answer.at) })}</p>
    </section>
  );
}

/** What was said; `earlier`: of an answer that has been replaced since. */
function Rated({ rating, earlier }: { rating: NonNullable<CitizenView['rating']>; earlier: boolean }) {
  const speak = useWords(progressText);
  const tell = useSay();
  return (
    <section className="sheet">
      <h2>{speak(earlier ? 'ratedEarlier' : rating.by === 'citizen' ? 'rated' : 'ratedByCall')}</h2>
      <p>
        {tell(wordsOf(satisfactions, rating.satisfaction))} · {tell(wordsOf(solvedAnswers, rating.solved))}
      </p>
      {rating.comment ? <p className="said">{rating.comment}</p> : null}
      <p className="soft" role="status">
        {speak('thanks')}
      </p>
    </section>
  );
}

function Course({ view }: { view: CitizenView }) {
  const speak = useWords(progressText);
  const language = useLanguage();
  return (
    <section className="sheet">
      <h2>{speak('timeline')}</h2>
      <ol className="course">
        {view.timeline.map((line) => (
          <li key={`${line.at}${line.zh}`}>
            <time dateTime={line.at}>{instantText(line.at)}</time>
            <span>{line[language]}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Matter({ view, record, loading, access }: WithFiles & { view: CitizenView; loading: boolean }) {
  const speak = useWords(progressText);
  const own = record?.files.filter(({ ofAnswer }) => !ofAnswer) ?? [];
  const filed = own.filter(({ supplementId }) => supplementId === null);
  const tell = useSay();
  return (
    <section className="sheet">
      <h2>{speak('yours')}</h2>
      <p className="said">{view.content}</p>
      <dl className="facts">
        <dt>{speak('kind')}</dt>
        <dd>{tell(wordsOf(appealTypes, view.type))}</dd>
        {view.address ? (
          <>
            <dt>{speak('place')}</dt>
            <dd>{view.address}</dd>
          </>
        ) : null}
        <dt>{speak('filedAt')}</dt>
        <dd>{instantText(view.filedAt)}</dd>
      </dl>
      {loading ? (
        <p className="soft" role="status">
          {speak('loadingFiles')}
        </p>
      ) : null}
      {filed.length > 0 ? <h3>{speak('yourFiles')}</h3> : null}
      <FilesList files={filed} access={access} />
      {record && record.supplements.length > 0 ? <h3>{speak('added')}</h3> : null}
      {record?.supplements.map((supplement) => (
        <div key={supplement.id} className="added">
          <p className="soft">{instantText(supplement.at)}</p>
          {supplement.content ? <p className="said">{supplement.content}</p> : null}
          <FilesList files={own.filter(({ supplementId }) => supplementId === supplement.id)} access={access} />
        </div>
      ))}
    </section>
  );
}
