/** A figure with its name, in a list of figures (`load__figures`); `bad` where it should be nought. */
export function Figure({ name, value, bad = false }: { name: string; value: string; bad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? 'load__shed' : ''}>{value}</dd>
    </div>
  );
}
