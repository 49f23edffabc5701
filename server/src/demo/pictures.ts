import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Actor } from '../platform/actor.ts';
import type { Attachments } from '../modules/appeals/index.ts';

/** Scenes of our own drawing, as a citizen might take them: a stall at night, a broken road, a flooded yard. */
const SCENES = [
  `<rect width="1200" height="900" fill="#1d2433"/><rect y="620" width="1200" height="280" fill="#3a3f4a"/>
   <rect x="120" y="260" width="380" height="360" fill="#50596b"/><rect x="160" y="310" width="90" height="90" fill="#f6d77a"/><rect x="300" y="310" width="90" height="90" fill="#2b3140"/>
   <rect x="640" y="470" width="360" height="190" fill="#8c3b2e"/><path d="M600 470h440l-60-90H660z" fill="#c9503f"/>
   <circle cx="760" cy="330" r="60" fill="#8d94a3" opacity="0.5"/><circle cx="830" cy="250" r="90" fill="#8d94a3" opacity="0.35"/><circle cx="920" cy="170" r="120" fill="#8d94a3" opacity="0.2"/>`,
  `<rect width="1200" height="900" fill="#bcd3e6"/><rect y="380" width="1200" height="520" fill="#6d7076"/><path d="M0 380h1200v40H0z" fill="#8f9b6e"/>
   <path d="M560 900l30-520h20l30 520z" fill="#e8e4d4"/><ellipse cx="420" cy="690" rx="190" ry="80" fill="#3d3a38"/><ellipse cx="420" cy="705" rx="150" ry="52" fill="#57504a"/>
   <path d="M610 640l90 40-40 60 110 50" stroke="#2d2b2a" stroke-width="10" fill="none"/><path d="M880 560l50 200h-100z" fill="#e0662f"/><path d="M850 680h60v24h-60z" fill="#fff"/>`,
  `<rect width="1200" height="900" fill="#cfd6d4"/><rect x="60" y="120" width="420" height="480" fill="#a9836a"/><rect x="720" y="80" width="420" height="520" fill="#9aa3ab"/>
   <rect y="560" width="1200" height="340" fill="#5d7f92"/><path d="M0 640q150-30 300 0t300 0 300 0 300 0v40q-150-30-300 0t-300 0-300 0-300 0z" fill="#7fa0b2"/>
   <rect x="560" y="470" width="90" height="160" fill="#3c5a3a"/><circle cx="605" cy="420" r="110" fill="#4c7a48"/>`,
] as const;

/** Hands a drawn photograph in, taken at a place of the city; gives its ticket. */
export async function photographOf(attachments: Attachments, actor: Actor, index: number, takenMs: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'minsheng-demo-'));
  try {
    const path = join(folder, 'upload');
    const taken = new Date(takenMs).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', ':');
    const drawn = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900">${SCENES[index % SCENES.length]}</svg>`);
    await writeFile(
      path,
      await sharp(drawn)
        .jpeg({ quality: 90 })
        // Each a little different, so that no two are the same file.
        .withExif({ IFD0: { Make: 'Demo', Model: `No. ${index}` }, IFD2: { DateTimeOriginal: taken } })
        .toBuffer(),
    );
    return (await attachments.receive(actor, { path, folder, name: `现场照片${(index % 3) + 1}.jpg` })).ticket;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
