import { FILE_KINDS, MAX_FILES_AT_ONCE } from '#contracts/base/files.values.ts';
import type { ChangeEvent } from 'react';
import { bytesText } from '../format.ts';
import { useWords } from '../text.ts';
import type { Uploads } from '../uploads.ts';
import { FileIcon } from './file-icon.tsx';

const words = {
  choose: { zh: '选择文件', en: 'Choose files' },
  photograph: { zh: '拍照', en: 'Take a photo' },
  remove: { zh: '移除 {name}', en: 'Remove {name}' },
  sending: { zh: '正在上传 {part}%', en: 'Uploading {part}%' },
  looking: { zh: '正在检查…', en: 'Being checked…' },
  placeRemoved: { zh: '已去除照片中的拍摄位置', en: 'The place it was taken was removed' },
  full: { zh: '已选满 {count} 个', en: 'That is all {count}' },
} as const;

const PICTURES = FILE_KINDS.picture.endings.map((ending) => `.${ending}`).join(',');
const EVERYTHING = Object.values(FILE_KINDS)
  .flatMap(({ endings }) => endings)
  .map((ending) => `.${ending}`)
  .join(',');

export interface FilePickerProps {
  readonly id: string;
  readonly uploads: Uploads;
  /** Offers the camera as well, where the device has one. */
  readonly camera?: boolean;
  readonly buttonClass?: string;
  readonly disabled?: boolean;
}

/** Buttons to choose files with, and what became of each. */
export function FilePicker({ id, uploads, camera, buttonClass = 'ms-file-button', disabled }: FilePickerProps) {
  const speak = useWords(words);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    uploads.add([...(event.target.files ?? [])]);
    // So that the same file can be chosen again after it was removed.
    event.target.value = '';
  };
  const isFull = uploads.room === 0;
  const off = disabled === true || isFull;
  return (
    <div className="ms-files">
      <div className="ms-files__buttons">
        {camera ? (
          <label className={`${buttonClass} ms-files__camera`} data-off={off || undefined}>
            {speak('photograph')}
            <input className="ms-visually-hidden" type="file" accept={PICTURES} capture="environment" disabled={off} onChange={take} />
          </label>
        ) : null}
        <label className={buttonClass} data-off={off || undefined}>
          {speak('choose')}
          <input className="ms-visually-hidden" id={id} type="file" multiple accept={EVERYTHING} disabled={off} onChange={take} />
        </label>
        {isFull ? <span className="ms-files__full">{speak('full', { count: MAX_FILES_AT_ONCE })}</span> : null}
      </div>
      <ul className="ms-files__list" aria-live="polite">
        {uploads.done.map((file) => (
          <li key={file.ticket} className="ms-file">
            {file.preview ? <img className="ms-file__picture" src={file.preview} alt="" /> : <FileIcon name={file.name} kind={file.kind} />}
            <span className="ms-file__text">
              <span className="ms-file__name">{file.name}</span>
              <small>
                {bytesText(file.bytes)}
                {file.placeRemoved ? ` · ${speak('placeRemoved')}` : ''}
              </small>
            </span>
            <button
              type="button"
              className="ms-file__remove"
              aria-label={speak('remove', { name: file.name })}
              onClick={() => uploads.remove(file.ticket)}
            >
              ×
            </button>
          </li>
        ))}
        {uploads.sending.map((file) => (
          <li key={file.key} className={`ms-file${file.refusal ? ' ms-file--refused' : ''}`}>
            <span className="ms-file__text">
              <span className="ms-file__name">{file.name}</span>
              {file.refusal ? (
                <small role="alert">{file.refusal}</small>
              ) : (
                <>
                  <progress value={file.part} max={1} aria-label={file.name} />
                  <small>{file.part < 1 ? speak('sending', { part: Math.floor(file.part * 100) }) : speak('looking')}</small>
                </>
              )}
            </span>
            {file.refusal ? (
              <button
                type="button"
                className="ms-file__remove"
                aria-label={speak('remove', { name: file.name })}
                onClick={() => uploads.dismiss(file.key)}
              >
                ×
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
