import { numberText } from '../format.ts';

/** The number in its four groups; a copy holds the bare digits. */
export function NumberText({ number }: { number: string }) {
  return (
    <span
      className="ms-number"
      onCopy={(event) => {
        event.clipboardData.setData('text/plain', number);
        event.preventDefault();
      }}
    >
      {numberText(number)}
    </span>
  );
}
