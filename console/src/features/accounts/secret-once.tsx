import { useWords } from '#ui/text.ts';
import { Button } from 'antd';
import { accountsText } from './accounts.text.ts';

/** A secret that nobody can see again: it stays until it is said to be noted. */
export function SecretOnce({ note, secret, onNoted }: { note: string; secret: string; onNoted: () => void }) {
  const speak = useWords(accountsText);
  return (
    <div className="secret" role="alert">
      <p>{note}</p>
      <p className="secret__text mono" data-testid="one-time-secret">
        {secret}
      </p>
      <Button type="primary" onClick={onNoted}>
        {speak('understood')}
      </Button>
    </div>
  );
}
