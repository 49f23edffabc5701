import type { CitizenFile } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { fetchFile } from '#ui/api/client.ts';
import { FileIcon } from '#ui/components/file-icon.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { bytesText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useEffect, useRef, useState } from 'react';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText } from './progress.text.ts';

/** Files of an appeal; a picture opens over the page, everything else is handed to the device. */
export function FilesList({ files, access }: { files: readonly CitizenFile[]; access: ProgressKey }) {
  const speak = useWords(progressText);
  const [opening, setOpening] = useState('');
  const [picture, setPicture] = useState<{ url: string; name: string }>();
  const [error, setError] = useState<unknown>();
  if (files.length === 0) return null;

  const open = async (file: CitizenFile) => {
    setOpening(file.id);
    setError(undefined);
    try {
      const url = URL.createObjectURL(await fetchFile(attachmentsApi.citizenFile, { body: { ...access, attachment: file.id } }));
      if (file.kind === 'picture') setPicture({ url, name: file.name });
      else save(url, file.name);
    } catch (failure) {
      setError(failure);
    } finally {
      setOpening('');
    }
  };
  return (
    <>
      <ul className="ms-files__list files">
        {files.map((file) => (
          <li key={file.id}>
            <button type="button" className="ms-file files__open" disabled={opening !== ''} onClick={() => void open(file)}>
              {file.preview ? (
                <img className="ms-file__picture" src={file.preview} alt="" />
              ) : (
                <FileIcon name={file.name} kind={file.kind} />
              )}
              <span className="ms-file__text">
                <span className="ms-file__name">{file.name}</span>
                <small>
                  {opening === file.id
                    ? speak('opening')
                    : `${bytesText(file.bytes)} · ${speak(file.kind === 'picture' ? 'view' : 'download')}`}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <ProblemAlert incident="serious" error={error} />
      {picture ? <Picture {...picture} onClose={() => setPicture(undefined)} /> : null}
    </>
  );
}

function Picture({ url, name, onClose }: { url: string; name: string; onClose: () => void }) {
  const speak = useWords(progressText);
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
    return () => URL.revokeObjectURL(url);
  }, [url]);
  return (
    <dialog ref={box} className="picture" aria-label={name} onClose={onClose}>
      <img src={url} alt={name} />
      <div className="row">
        <button type="button" className="button button--main" onClick={onClose} autoFocus>
          {speak('close')}
        </button>
        <a className="button" href={url} download={name}>
          {speak('download')}
        </a>
      </div>
    </dialog>
  );
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The device reads it after the click; a minute is plenty.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
