import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { CallInput } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { dissatisfactions, satisfactions, solvedAnswers, wordsOf } from '#ui/codes.ts';
import { useSay, useWords } from '#ui/text.ts';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { Field, FieldGroup } from '../../parts/field.tsx';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText } from './progress.text.ts';

type RatingBody = CallInput<typeof appealsApi.rate>['body'];
type Solved = RatingBody['solved'];
type Reason = NonNullable<RatingBody['reasons']>[number];

const LEVELS = [5, 4, 3, 2, 1] as const;
const SOLVED: readonly Solved[] = ['1', '2', '3'];
const REASONS: readonly Reason[] = ['01', '02', '03', '04', '05'];

export interface RatingFormProps {
  readonly access: ProgressKey;
  readonly onRated: (view: CitizenView) => void;
}

export function RatingForm({ access, onRated }: RatingFormProps) {
  const speak = useWords(progressText);
  const tell = useSay();
  const [level, setLevel] = useState<number>();
  const [solved, setSolved] = useState<Solved>();
  const [reasons, setReasons] = useState<readonly Reason[]>([]);
  const [comment, setComment] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (level === undefined || solved === undefined || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      const said = comment.trim();
      const body = {
        ...access,
        satisfaction: level,
        solved,
        ...(level <= 2 && reasons.length > 0 ? { reasons: [...reasons] } : {}),
        ...(said ? { comment: said } : {}),
      };
      onRated(await call(appealsApi.rate, { body }));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <form className="sheet sheet--answer" onSubmit={(event) => void submit(event)} noValidate>
      <h2>{speak('rate')}</h2>
      <p className="soft">{speak('rateLead')}</p>
      <FieldGroup id="satisfaction" label={speak('satisfaction')} error={asked && level === undefined ? speak('chooseOne') : undefined}>
        <div className="choices choices--levels">
          {LEVELS.map((each) => (
            <label className="choice" key={each}>
              <input type="radio" name="satisfaction" checked={level === each} onChange={() => setLevel(each)} />
              <span>{tell(wordsOf(satisfactions, each))}</span>
            </label>
          ))}
        </div>
      </FieldGroup>
      {level !== undefined && level <= 2 ? (
        <FieldGroup id="reasons" label={speak('reasons')}>
          <div className="choices choices--levels">
            {REASONS.map((each) => (
              <label className="choice" key={each}>
                <input
                  type="checkbox"
                  checked={reasons.includes(each)}
                  onChange={(event) => setReasons(event.target.checked ? [...reasons, each] : reasons.filter((other) => other !== each))}
                />
                <span>{tell(wordsOf(dissatisfactions, each))}</span>
              </label>
            ))}
          </div>
        </FieldGroup>
      ) : null}
      <FieldGroup id="solved" label={speak('solved')} error={asked && solved === undefined ? speak('chooseOne') : undefined}>
        <div className="choices choices--levels">
          {SOLVED.map((each) => (
            <label className="choice" key={each}>
              <input type="radio" name="solved" checked={solved === each} onChange={() => setSolved(each)} />
              <span>{tell(wordsOf(solvedAnswers, each))}</span>
            </label>
          ))}
        </div>
      </FieldGroup>
      <Field id="comment" label={speak('comment')} optional={speak('optional')}>
        {(given) => <textarea {...given} rows={3} maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      <ProblemAlert incident="serious" error={error} />
      <button type="submit" className="button button--main" disabled={busy}>
        {speak(busy ? 'submitting' : 'submit')}
      </button>
    </form>
  );
}
