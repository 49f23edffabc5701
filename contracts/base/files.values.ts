const MB = 1024 * 1024;

/**
 * What may be handed in as a file, by kind: how large, and which content goes with which endings. The type is read from
 * the content; the ending only has to agree with it.
 */
export const FILE_KINDS = {
  picture: { maxBytes: 20 * MB, endings: ['jpg', 'jpeg', 'png', 'webp', 'gif'] },
  audio: { maxBytes: 50 * MB, endings: ['mp3', 'm4a', 'wav', 'amr', 'ogg', 'opus'] },
  video: { maxBytes: 50 * MB, endings: ['mp4', 'mov'] },
  document: { maxBytes: 50 * MB, endings: ['pdf', 'docx', 'xlsx', 'pptx', 'txt'] },
} as const;

export type FileKind = keyof typeof FILE_KINDS;
export const FILE_KIND_NAMES = Object.keys(FILE_KINDS) as [FileKind];

/** No upload is larger than this, whatever it is. */
export const MAX_FILE_BYTES = 50 * MB;
/** How many files go with one filing, supplement or reply. */
export const MAX_FILES_AT_ONCE = 9;
