import { crc32, deflateRawSync } from 'node:zlib';
import sharp from 'sharp';

/** A photograph as a telephone makes it: with the place it was taken at, the time and the maker in its notes. */
export async function photo(options: { width?: number; height?: number; place?: boolean; shade?: string } = {}): Promise<Buffer> {
  const { width = 640, height = 480, place = true, shade = '#7a9cc6' } = options;
  const picture = sharp({ create: { width, height, channels: 3, background: shade } }).jpeg();
  if (!place) return picture.toBuffer();
  return picture
    .withExif({
      IFD0: { Make: 'Minsheng', Model: 'Probe 1' },
      IFD2: { DateTimeOriginal: '2026:06:14 18:20:05' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '32/1 3/1 3600/100', GPSLongitudeRef: 'E', GPSLongitude: '118/1 47/1 2400/100' },
    })
    .toBuffer();
}

export interface Packed {
  readonly name: string;
  readonly content: Buffer | string;
  /** What the archive says the entry unpacks to, when that is a lie. */
  readonly claims?: number;
}

/** A zip of these entries. */
export function zipOf(entries: readonly Packed[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims } of entries) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain, { level: 9 });
    const label = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x0800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(plain), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(claims ?? plain.length, 18);
    facts.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, label, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), facts, tail, label]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const MAIN = {
  docx: ['word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'],
  xlsx: ['xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'],
} as const;

/** A small document of Office, with whatever else lies in it. */
export function officeOf(ending: keyof typeof MAIN, more: readonly Packed[] = [], type: string = MAIN[ending][1]): Buffer {
  return zipOf([
    { name: '[Content_Types].xml', content: `<Types><Override PartName="/${MAIN[ending][0]}" ContentType="${type}"/></Types>` },
    {
      name: '_rels/.rels',
      content: `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="${MAIN[ending][0]}"/></Relationships>`,
    },
    { name: MAIN[ending][0], content: '<document>现场照片与说明</document>' },
    ...more,
  ]);
}

/** A small PDF with these objects besides its page. */
export function pdfOf(...objects: readonly (string | Buffer)[]): Buffer {
  const parts = ['1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n', '2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n', ...objects];
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1'),
    ...parts.map((part) => Buffer.from(part)),
    Buffer.from('trailer\n<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF\n'),
  ]);
}

/** A box of an mp4. */
export function box(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** The skeleton of a film, with what a telephone notes of the place. */
export function movieOf(brand = 'isom'): Buffer {
  const place = box('\u00a9xyz', '\u0000\u0012\u0015\u00c7+32.0500+118.7900/');
  return Buffer.concat([
    box('ftyp', `${brand}\u0000\u0000\u0002\u0000${brand}mp42`),
    box(
      'moov',
      box('mvhd', Buffer.alloc(100)),
      box('trak', box('tkhd', Buffer.alloc(84)), box('meta', 'com.apple.quicktime.location')),
      box('udta', place),
    ),
    box('mdat', Buffer.alloc(2000, 7)),
    box('uuid', '<x:xmpmeta exif:GPSLatitude="32,3N"/>'),
  ]);
}
