import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts/codes.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { clamdScanner } from './clamd.ts';
import { createInspector, type Inspected } from './inspect.ts';
import { box, movieOf, officeOf, pdfOf, photo, zipOf } from './inspect.testing.ts';
import { watermarked } from './picture.ts';

const MB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'minsheng-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inspect = createInspector(null);

async function taken(name: string, bytes: Buffer | string, by = inspect): Promise<Inspected> {
  const path = join(folder, 'upload');
  writeFileSync(path, bytes);
  return by(path, name, folder);
}
async function refusedAs(name: string, bytes: Buffer | string, by = inspect): Promise<ErrorCode | null> {
  try {
    await taken(name, bytes, by);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.facts.code;
    throw error;
  }
}
const kept = () => readFileSync(join(folder, 'kept'));

const PE = Buffer.concat([Buffer.from('MZ\u0090\u0000\u0003\u0000', 'latin1'), Buffer.alloc(200), Buffer.from('PE\u0000\u0000')]);
const ELF = Buffer.concat([Buffer.from('\u007fELF\u0002\u0001\u0001', 'latin1'), Buffer.alloc(200)]);

describe('a file is what its content says', () => {
  it.each([
    ['jpg', PE],
    ['pdf', PE],
    ['docx', PE],
    ['mp3', ELF],
    ['png', ELF],
    ['txt', ELF],
    ['jpg', Buffer.from('#!/bin/sh\nrm -rf /\n')],
    ['png', Buffer.from('<html><script>alert(1)</script></html>')],
    ['gif', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['pdf', Buffer.from('PK\u0003\u0004 no pdf')],
    ['docx', Buffer.from('%PDF-1.7 no docx')],
    ['mp4', Buffer.from('RIFF....WAVEfmt ')],
  ])('so what is called .%s and is something else is refused', async (ending, bytes) => {
    expect(await refusedAs(`证据.${ending}`, bytes)).toBe('files.name-disagrees');
  });

  it.each(['photo.svg', 'page.html', 'tool.exe', 'run.js', 'x.zip', 'noending', 'a.jpg.exe', ''])(
    '%s is no kind that is taken',
    async (name) => {
      expect(await refusedAs(name, await photo())).toBe('files.kind-not-taken');
    },
  );

  it.each([
    ['#!/bin/bash\necho'],
    ['\uFEFF  <!DOCTYPE html><script>alert(1)</script>'],
    ['<svg onload=alert(1)>'],
    ['<?php system($_GET[0]);'],
    ['<script>alert(1)</script>'],
  ])('a text that a browser or a shell would run is refused: %s', async (text) => {
    expect(await refusedAs('说明.txt', text)).toBe('files.active-content');
  });

  it('Office files of the old kind, with or without macros, are refused with what to do instead', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]);
    for (const name of ['a.doc', 'a.xls', 'a.docm', 'a.docx', 'a.jpg']) expect(await refusedAs(name, ole), name).toBe('files.old-office');
  });

  it('HEIC is refused with what to do instead, whatever it is called', async () => {
    const heic = box('ftyp', 'heic\u0000\u0000\u0000\u0000mif1heic');
    expect(await refusedAs('IMG_0001.HEIC', heic)).toBe('files.heic');
    expect(await refusedAs('IMG_0001.jpg', heic)).toBe('files.heic');
  });

  it('texts in UTF-8 and in the national encoding are taken', async () => {
    expect(await taken('说明.txt', '楼下噪音，每晚十一点。')).toMatchObject({ kind: 'document', type: 'text/plain' });
    expect(await taken('说明.TXT', Buffer.from('c2a5cfc2d4ebd2f4', 'hex'))).toMatchObject({ kind: 'document' });
    expect(await refusedAs('说明.txt', Buffer.from([0xff, 0xff, 0xff]))).toBe('files.name-disagrees');
  });

  it('sound is taken', async () => {
    const wav = Buffer.concat([Buffer.from('RIFF\u0024\u0000\u0000\u0000WAVEfmt ', 'latin1'), Buffer.alloc(100)]);
    expect(await taken('录音.wav', wav)).toMatchObject({ kind: 'audio', type: 'audio/wav' });
    expect(await taken('录音.amr', Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(100)]))).toMatchObject({ kind: 'audio' });
    expect(
      await taken(
        '录音.mp3',
        Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 0]), Buffer.from([0xff, 0xfb, 0x90, 0]), Buffer.alloc(500)]),
      ),
    ).toMatchObject({
      kind: 'audio',
      type: 'audio/mpeg',
    });
  });

  it('nothing is nothing', async () => {
    expect(await refusedAs('a.jpg', '')).toBe('files.empty');
  });
});

describe('a picture is made anew', () => {
  it('without the place it was taken at, which is told apart', async () => {
    const bytes = await photo();
    expect((await sharp(bytes).metadata()).exif?.includes('Minsheng')).toBe(true);
    const found = await taken('IMG_2026.jpg', bytes);
    expect(found).toMatchObject({ kind: 'picture', type: 'image/jpeg', scanned: false });
    expect(found.picture).toMatchObject({ width: 640, height: 480, takenAt: '2026-06-14T18:20:05', place: { lat: 32.06, lng: 118.79 } });
    const clean = await sharp(kept()).metadata();
    expect([clean.exif, clean.xmp, clean.iptc, clean.icc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(kept().includes('Minsheng')).toBe(false);
    expect(readFileSync(found.picture!.thumbnail).includes('Exif')).toBe(false);
  });

  it('so that nothing lies behind it or in it', async () => {
    const zip = zipOf([{ name: 'tool.exe', content: PE }]);
    await taken('夜间.jpg', Buffer.concat([await photo(), zip]));
    expect(kept().includes('PK')).toBe(false);
    // A GIF whose comment is a program of JavaScript.
    const gif = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#fff' } })
      .gif()
      .toBuffer();
    const program = 'GIF89a/*hidden*/=1;alert(document.cookie)//';
    await taken(
      '动图.gif',
      Buffer.concat([gif.subarray(0, -1), Buffer.from([0x21, 0xfe, program.length]), Buffer.from(program), Buffer.from([0, 0x3b])]),
    );
    expect(kept().includes('alert')).toBe(false);
    expect((await sharp(kept()).metadata()).format).toBe('png');
  });

  it('upright and at most 4,096 pixels a side', async () => {
    const turned = await sharp({ create: { width: 5000, height: 2500, channels: 3, background: '#333' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await taken('a.jpeg', turned)).picture).toMatchObject({ width: 2048, height: 4096 });
  });

  it('and refused when it is cut off, or is a bomb of pixels', async () => {
    const whole = await sharp({
      create: { width: 900, height: 900, channels: 3, background: '#345', noise: { type: 'gaussian', mean: 120, sigma: 60 } },
    })
      .jpeg()
      .toBuffer();
    expect(await refusedAs('a.jpg', whole.subarray(0, whole.length / 2))).toBe('files.unreadable');
    expect(await refusedAs('a.jpg', 'GIF89a'), 'no more than a head').toBe('files.unreadable');
    expect(await refusedAs('a.jpg', whole.subarray(0, 40))).toBe('files.unreadable');
    const png = await sharp({ create: { width: 1600, height: 1600, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    expect(await refusedAs('a.png', png.subarray(0, png.length - 300))).toBe('files.unreadable');
    // Thirty thousand by thirty thousand black pixels, a few hundred bytes of them: the head alone is believed.
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    const { crc32 } = await import('node:zlib');
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await refusedAs('a.png', bomb)).toBe('files.too-many-pixels');
  });

  it('and refused when it has more bytes than a picture needs', async () => {
    expect(await refusedAs('a.jpg', Buffer.concat([await photo(), Buffer.alloc(20 * MB)]))).toBe('files.too-large');
  });

  it('carries a watermark wherever one looks', async () => {
    for (const [width, height] of [
      [1600, 1200],
      [200, 120],
      [60, 900],
    ] as const) {
      const plain = await photo({ width, height, place: false });
      const marked = await watermarked(plain, ['王<强> handler.3201.015', '2026-11-24 10:00', '3201022026112400000011']);
      const { data, info } = await sharp(marked).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([width, height]);
      if (width < 1000) continue;
      // Each sixteenth of the picture has pixels that are not the ground.
      for (let cell = 0; cell < 16; cell++) {
        const [left, top] = [(cell % 4) * (width / 4), Math.floor(cell / 4) * (height / 4)];
        let changed = 0;
        for (let y = top; y < top + height / 4; y += 2)
          for (let x = left; x < left + width / 4; x += 2) if (Math.abs(data[(y * width + x) * info.channels]! - 0x7a) > 20) changed++;
        expect(changed, `part ${cell}`).toBeGreaterThan(50);
      }
    }
  });
});

describe('a document of Office', () => {
  it('is taken when it is one', async () => {
    expect(await taken('材料.docx', officeOf('docx'))).toMatchObject({
      kind: 'document',
      type: expect.stringContaining('wordprocessingml'),
    });
    expect(await taken('清单.xlsx', officeOf('xlsx'))).toMatchObject({ kind: 'document', type: expect.stringContaining('spreadsheetml') });
    const chart = { name: 'word/embeddings/Microsoft_Excel_Sheet1.xlsx', content: officeOf('xlsx') };
    expect(await taken('图表.docx', officeOf('docx', [chart]))).toMatchObject({ kind: 'document' });
  });

  it.each([
    ['macros', officeOf('docx', [{ name: 'word/vbaProject.bin', content: 'x' }])],
    [
      'macros under another name, told by their head',
      officeOf('docx', [{ name: 'word/media/image1.png', content: Buffer.from('d0cf11e0a1b11ae1', 'hex') }]),
    ],
    ['a type that allows macros', officeOf('docx', [], 'application/vnd.ms-word.document.macroEnabled.main+xml')],
    ['an embedded program', officeOf('xlsx', [{ name: 'xl/embeddings/oleObject1.bin', content: 'x' }])],
    ['a program called a picture', officeOf('docx', [{ name: 'word/media/image1.jpg', content: PE }])],
    ['a script', officeOf('docx', [{ name: 'word/run.vbs', content: 'x' }])],
    ['an archive in it', officeOf('docx', [{ name: 'word/media/more.png', content: zipOf([{ name: 'a', content: 'a' }]) }])],
    [
      'a template fetched from elsewhere',
      officeOf('docx', [
        {
          name: 'word/_rels/settings.xml.rels',
          content: '<R Type="http://x/attachedTemplate" Target="http://evil/t.dotm" TargetMode="External"/>',
        },
      ]),
    ],
  ])('with %s is refused', async (_, bytes) => {
    expect(await refusedAs(bytes.includes('xl/workbook') ? 'a.xlsx' : 'a.docx', bytes)).toBe('files.active-content');
  });

  it('of another kind than its ending, or no document at all, is refused', async () => {
    expect(await refusedAs('a.xlsx', officeOf('docx'))).toBe('files.name-disagrees');
    expect(await refusedAs('a.docx', zipOf([{ name: 'readme.txt', content: 'hello' }]))).toBe('files.name-disagrees');
  });

  it('that unpacks to too much is refused: by what it declares, by what comes out, by nesting, by number', async () => {
    const zeros = Buffer.alloc(8 * MB);
    expect(await refusedAs('a.docx', officeOf('docx', [{ name: 'word/media/a', content: zeros }]))).toBe('files.bomb');
    expect(await refusedAs('a.docx', officeOf('docx', [{ name: 'word/a.xml', content: 'a', claims: 400 * MB }]))).toBe('files.bomb');
    // It declares a hundred bytes and holds eight megabytes.
    expect(await refusedAs('a.docx', officeOf('docx', [{ name: 'word/a.xml', content: zeros, claims: 100 }]))).toBe('files.unreadable');
    const inner = officeOf('xlsx', [{ name: 'xl/media/a', content: zeros }]);
    expect(await refusedAs('a.docx', officeOf('docx', [{ name: 'word/embeddings/a.xlsx', content: inner }]))).toBe('files.bomb');
    const two = officeOf('xlsx', [{ name: 'xl/embeddings/b.docx', content: officeOf('docx') }]);
    expect(await refusedAs('a.docx', officeOf('docx', [{ name: 'word/embeddings/a.xlsx', content: two }]))).toBe('files.bomb');
    const many = Array.from({ length: 5100 }, (_, at) => ({ name: `word/p${at}.xml`, content: 'a' }));
    expect(await refusedAs('a.docx', officeOf('docx', many))).toBe('files.bomb');
  });

  it('whose entries lie over one another is refused', async () => {
    const whole = officeOf('docx', [
      { name: 'word/big.xml', content: Buffer.from(Array.from({ length: 60_000 }, (_, at) => (at * 7919) % 251)) },
    ]);
    const directory = whole.lastIndexOf('PK\u0001\u0002');
    const end = whole.lastIndexOf('PK\u0005\u0006');
    const entry = whole.subarray(directory, end);
    const copies = Array.from({ length: 40 }, (_, at) => {
      const copy = Buffer.from(entry);
      copy.write(`word/b${String(at).padStart(2, '0')}.xml`, 46);
      return copy;
    });
    const tail = Buffer.from(whole.subarray(end));
    tail.writeUInt16LE(44, 8);
    tail.writeUInt16LE(44, 10);
    tail.writeUInt32LE(tail.readUInt32LE(12) + copies.length * entry.length, 12);
    expect(await refusedAs('a.docx', Buffer.concat([whole.subarray(0, end), ...copies, tail]))).toBe('files.bomb');
  });

  it('that is cut off is refused', async () => {
    const whole = officeOf('docx');
    for (const length of [30, 200, whole.length - 10])
      expect(await refusedAs('a.docx', whole.subarray(0, length)), `${length}`).toBe('files.unreadable');
  });
});

describe('a PDF', () => {
  const packed = (text: string) => {
    const body = deflateSync(text);
    return Buffer.concat([
      Buffer.from(`3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length ${body.length}>>\nstream\n`),
      body,
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  };

  it('is taken when nothing in it runs', async () => {
    expect(await taken('判决书.pdf', pdfOf('3 0 obj\n<</Type/Page/JavaS(no)>>\nendobj\n', packed('4 0 <</Type/Page>>')))).toMatchObject({
      kind: 'document',
      type: 'application/pdf',
    });
  });

  it.each([
    ['a script', pdfOf('3 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj\n')],
    ['a script whose name is written otherwise', pdfOf('3 0 obj\n<</S/J#61va#53cript/JS(app.alert(1))>>\nendobj\n')],
    ['a script packed inside', pdfOf(packed('4 0 <</S/JavaScript/JS(app.alert(1))>>'))],
    ['a program to launch', pdfOf('3 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj\n')],
    ['a file inside', pdfOf('3 0 obj\n<</Type/EmbeddedFile>>\nendobj\n')],
  ])('with %s is refused', async (_, bytes) => {
    expect(await refusedAs('a.pdf', bytes)).toBe('files.active-content');
  });

  it('that is a zip as well is refused', async () => {
    const zip = zipOf([{ name: 'tool.exe', content: PE }]);
    expect(await refusedAs('a.pdf', Buffer.concat([pdfOf(), zip]))).toBe('files.appended');
    expect(
      await refusedAs('a.pdf', pdfOf(Buffer.concat([Buffer.from('3 0 obj<<>>stream\n'), zip, Buffer.from('endstream endobj\n')]))),
    ).toBe('files.appended');
    expect(await refusedAs('a.pdf', Buffer.concat([pdfOf(), Buffer.alloc(5000, 65)]))).toBe('files.appended');
  });

  it('that is cut off, locked or unpacks to too much is refused', async () => {
    expect(await refusedAs('a.pdf', pdfOf().subarray(0, 60))).toBe('files.unreadable');
    const locked = Buffer.concat([
      Buffer.from('3 0 obj\n<</Type/ObjStm>>\nstream\n'),
      Buffer.alloc(50, 9),
      Buffer.from('endstream /Encrypt\n'),
    ]);
    expect(await refusedAs('a.pdf', pdfOf(locked))).toBe('files.locked');
    expect(await refusedAs('a.pdf', pdfOf(packed(' '.repeat(70 * MB))))).toBe('files.bomb');
  });
});

describe('a film', () => {
  it.each(['mp4', 'mov', 'm4a'])('called .%s loses what the telephone noted of the place, and no byte moves', async (ending) => {
    const film = movieOf(ending === 'mov' ? 'qt  ' : 'isom');
    const found = await taken(`现场.${ending}`, film);
    expect(found.kind).toBe(ending === 'm4a' ? 'audio' : 'video');
    expect(film.includes('+32.0500')).toBe(true);
    for (const trace of ['+32.0500', 'quicktime.location', 'GPSLatitude', 'udta', 'meta', 'uuid'])
      expect(kept().includes(trace), trace).toBe(false);
    expect(kept().length).toBe(film.length);
    expect(kept().indexOf('mdat')).toBe(film.indexOf('mdat'));
  });

  it('that is cut off, or whose boxes say nonsense, is refused', async () => {
    const film = movieOf();
    expect(await refusedAs('a.mp4', film.subarray(0, film.length - 60))).toBe('files.unreadable');
    expect(await refusedAs('a.mp4', film.subarray(0, 40))).toBe('files.unreadable');
    const endless = Buffer.concat([box('ftyp', 'isom\u0000\u0000\u0002\u0000mp42'), ...Array.from({ length: 10_100 }, () => box('free'))]);
    expect(await refusedAs('a.mp4', endless)).toBe('files.unreadable');
  });
});

describe('viruses', () => {
  // A scanner of our own that speaks the protocol: what holds the word below is infected.
  let server: Server;
  let address = '';
  let mood: 'well' | 'mute' | 'mad' = 'well';
  const heard: number[] = [];
  beforeAll(async () => {
    server = createServer((socket: Socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        const head = bytes.indexOf(0) + 1;
        if (bytes.toString('latin1', 0, head) !== 'zINSTREAM\u0000') return void socket.end('UNKNOWN COMMAND\u0000');
        const content: Buffer[] = [];
        for (let at = head; at + 4 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) {
          const length = bytes.readUInt32BE(at);
          if (length > 0) content.push(bytes.subarray(at + 4, at + 4 + length));
          else {
            const whole = Buffer.concat(content);
            heard.push(whole.length);
            if (mood === 'mute') return void socket.destroy();
            const word = mood === 'mad' ? 'hello' : whole.includes('EICAR') ? 'stream: Eicar-Signature FOUND' : 'stream: OK';
            return void socket.end(`${word}\u0000`);
          }
        }
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const at = server.address();
    address = `127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  });
  afterAll(() => void server.close());

  it('are looked for in the file as it came, and told', async () => {
    const by = createInspector(clamdScanner(address));
    const bytes = await photo();
    expect((await taken('a.jpg', bytes, by)).scanned).toBe(true);
    expect(heard.at(-1)).toBe(bytes.length);
    expect(await refusedAs('a.txt', '无害的文字 EICAR', by)).toBe('files.infected');
    expect(await taken('big.txt', '字'.repeat(2_000_000), by)).toMatchObject({ scanned: true });
    expect(heard.at(-1)).toBe(6_000_000);
  });

  it('a scanner that is silent, talks nonsense or is not there lets nothing in', async () => {
    const by = createInspector(clamdScanner(address));
    for (mood of ['mute', 'mad'] as const) expect(await refusedAs('a.txt', '文字', by), mood).toBe('base.unavailable');
    mood = 'well';
    expect(await refusedAs('a.txt', '文字', createInspector(clamdScanner('127.0.0.1:1')))).toBe('base.unavailable');
    expect(await refusedAs('a.txt', '文字', createInspector(clamdScanner('/nowhere/clamd.sock')))).toBe('base.unavailable');
  });
});

it('two files are looked at at once, and the others wait their turn', async () => {
  const names = Array.from({ length: 8 }, (_, at) => at);
  const results = await Promise.all(
    names.map(async (at) => {
      const own = mkdtempSync(join(folder, 'own-'));
      writeFileSync(join(own, 'upload'), await photo({ width: 200 + at, height: 100 }));
      return inspect(join(own, 'upload'), 'a.jpg', own);
    }),
  );
  expect(results.map((found) => found.picture?.width)).toEqual(names.map((at) => 200 + at));
});
