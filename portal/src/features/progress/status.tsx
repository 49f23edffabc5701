import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { appealTypes, refusalReasons, satisfactions, solvedAnswers, wordsOf } from '#ui/codes.ts';
import { instantText, numberText } from '#ui/format.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText, stepsReached, stepText } from './progress.text.ts';
import { RatingForm } from './rating-form.tsx';

export interface StatusProps {
  readonly view: CitizenView;
  readonly access: ProgressKey;
  readonly onChange: (view: CitizenView) => void;
  readonly onRefresh: () => void;
  readonly onOther: () => void;
}

export function Status({ view, access, onChange, onRefresh, onOther }: StatusProps) {
  const speak = useWords(progressText);
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
      {view.answer ? <Answer answer={view.answer} /> : null}
      {view.rating ? <Rated rating={view.rating} /> : null}
      {view.ratable && !view.rating ? <RatingForm access={access} onRated={onChange} /> : null}
      <Course view={view} />
      <Matter view={view} />
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

function Answer({ answer }: { answer: NonNullable<CitizenView['answer']> }) {
  const speak = useWords(progressText);
  return (
    <section className="sheet sheet--answer">
      <h2>{speak('answer')}</h2>
      <p className="said">{answer.text}</p>
      {answer.basis ? (
        <p className="soft said">
          {speak('basis')}：{answer.basis}
        </p>
      ) : null}
      <p className="soft">{speak('answeredBy', { by: answer.by, when: instantText(answer.at) })}</p>
    </section>
  );
}

function Rated({ rating }: { rating: NonNullable<CitizenView['rating']> }) {
  const speak = useWords(progressText);
  const tell = useSay();
  return (
    <section className="sheet">
      <h2>{speak(rating.by === 'citizen' ? 'rated' : 'ratedByCall')}</h2>
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

function Matter({ view }: { view: CitizenView }) {
  const speak = useWords(progressText);
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
    </section>
  );
}
