import type { FileKind } from '#contracts/base/files.values.ts';

/** Stands for a file that has no picture: its ending on a sheet, coloured by its kind. */
export function FileIcon({ name, kind }: { name: string; kind: FileKind }) {
  return (
    <span className={`ms-file__icon ms-file__icon--${kind}`} aria-hidden="true">
      {name.split('.').at(-1)?.slice(0, 4).toUpperCase()}
    </span>
  );
}
