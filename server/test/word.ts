import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import type { TestDb } from './test-db.ts';

/** The texts of a part of a Word document, read by the XML parser of the database. */
export async function textsOf(db: TestDb, document: Buffer, part: string): Promise<string[]> {
  const zip = await fromBufferPromise(document);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== part) continue;
    const xml = (await buffer(await zip.openReadStreamPromise(entry))).toString('utf8').replace(/^<\?xml[^>]*\?>/, '');
    const rows = await db.owner<{ text: string }>(
      `select unnest(xpath('//w:t/text()', xmlparse(document $1), array[array['w', 'http://schemas.openxmlformats.org/wordprocessingml/2006/main']]))::text as text`,
      [xml],
    );
    return rows.map((row) => row.text);
  }
  throw new Error(`There is no ${part}`);
}
