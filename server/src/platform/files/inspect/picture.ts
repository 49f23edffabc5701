import readExif from 'exif-reader';
import sharp from 'sharp';
import { Refusal } from '#server/kernel/decision.ts';

/** A hundred and twenty megapixels: what the largest telephones make. */
const MAX_PIXELS = 120_000_000;
const MAX_EDGE = 4096;
const THUMB_EDGE = 360;
/** A copy with a watermark is for looking at, not for enlarging. */
const MARKED_EDGE = 2560;

// Decoding is bounded by who calls, not by how many cores there are.
sharp.concurrency(1);
sharp.cache(false);

/** What a picture told of itself before it was made anew. */
export interface PictureFacts {
  readonly type: 'image/jpeg' | 'image/png';
  readonly width: number;
  readonly height: number;
  /** As the camera's clock said, without a zone. */
  readonly takenAt: string | null;
  readonly place: { readonly lng: number; readonly lat: number } | null;
}

/**
 * Makes a picture anew from its pixels, upright and at most 4,096 a side: place, maker and whatever was hidden in or
 * behind it stay out. What it said of place and time is told.
 *
 * @throws Refusal `files.too-many-pixels`, `files.unreadable`
 */
export async function remakePicture(from: string, to: string): Promise<PictureFacts> {
  try {
    const source = open(from);
    const facts = await source.metadata();
    if (facts.width * facts.height > MAX_PIXELS) throw tooManyPixels();
    // Drawings and screenshots stay sharp; photographs stay small.
    const isDrawing = facts.format === 'png' || facts.format === 'gif' || facts.hasAlpha;
    const upright = source.autoOrient().resize({ width: MAX_EDGE, height: MAX_EDGE, fit: 'inside', withoutEnlargement: true });
    const done = await (isDrawing ? upright.png({ compressionLevel: 8 }) : upright.jpeg({ quality: 86 })).toFile(to);
    return { type: isDrawing ? 'image/png' : 'image/jpeg', width: done.width, height: done.height, ...noted(facts.exif) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (/pixel limit/i.test((error as Error).message)) throw tooManyPixels();
    throw new Refusal({ code: 'files.unreadable' });
  }
}

/** A small picture for lists, of one that was made anew. */
export async function makeThumbnail(from: string | Buffer, edge = THUMB_EDGE): Promise<Buffer> {
  return open(from)
    .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 76 })
    .toBuffer();
}

/** The picture with lines of text burnt into it all over, faint but readable on light and dark ground. */
export async function watermarked(from: Buffer, lines: readonly string[]): Promise<Buffer> {
  const source = sharp(from, { limitInputPixels: MAX_PIXELS });
  const facts = await source.metadata();
  const shrink = Math.min(1, MARKED_EDGE / Math.max(facts.width, facts.height));
  const [width, height] = [Math.max(1, Math.round(facts.width * shrink)), Math.max(1, Math.round(facts.height * shrink))];
  const size = Math.round(Math.max(12, Math.min(width, height) / 36));
  const tile = await stamp(lines, size);
  // A tile larger than the picture cannot be laid on it.
  const fitting = await sharp(tile)
    .resize({ width: Math.min(width, tileWidth(tile)), height, fit: 'inside', withoutEnlargement: true })
    .toBuffer();
  const marked = source.resize({ width, height, fit: 'fill' }).composite([{ input: fitting, tile: true, gravity: 'northwest' }]);
  return (facts.format === 'png' ? marked.png({ compressionLevel: 6 }) : marked.jpeg({ quality: 84 })).toBuffer();
}

function tileWidth(tile: Buffer): number {
  // The width stands in the first chunk of a png.
  return tile.readUInt32BE(16);
}

/** The lines once in white and once in black, slanted, with room around them. */
async function stamp(lines: readonly string[], size: number): Promise<Buffer> {
  const line = async (colour: string) =>
    sharp({ text: { text: `<span foreground="${colour}">${escaped(lines.join('\n'))}</span>`, font: `sans ${size}`, dpi: 72, rgba: true } })
      .png()
      .toBuffer({ resolveWithObject: true });
  const [light, dark] = [await line('#ffffffb0'), await line('#00000090')];
  const [width, height] = [light.info.width + 2 * size, light.info.height + 2 * size];
  const flat = await sharp({ create: { width, height, channels: 4, background: '#00000000' } })
    .composite([
      { input: dark.data, left: size + 1, top: size + 1 },
      { input: light.data, left: size, top: size },
    ])
    .png()
    .toBuffer();
  return sharp(flat).rotate(-22, { background: '#00000000' }).png().toBuffer();
}

function open(from: string | Buffer) {
  return sharp(from, { limitInputPixels: MAX_PIXELS, failOn: 'truncated', sequentialRead: true, pages: 1 });
}

function tooManyPixels(): Refusal {
  return new Refusal({ code: 'files.too-many-pixels', params: { limit: MAX_PIXELS / 10_000 } });
}

/** Place and time from the camera's notes; what cannot be read is as good as absent. */
function noted(exif: Buffer | undefined): Pick<PictureFacts, 'takenAt' | 'place'> {
  try {
    const { Photo, GPSInfo } = exif ? readExif(exif) : {};
    const taken = Photo?.DateTimeOriginal;
    const lat = degrees(GPSInfo?.GPSLatitude, GPSInfo?.GPSLatitudeRef === 'S');
    const lng = degrees(GPSInfo?.GPSLongitude, GPSInfo?.GPSLongitudeRef === 'W');
    return {
      takenAt: taken instanceof Date && !Number.isNaN(taken.getTime()) ? taken.toISOString().slice(0, 19) : null,
      place: lat === null || lng === null || Math.abs(lat) > 90 || Math.abs(lng) > 180 ? null : { lng, lat },
    };
  } catch {
    return { takenAt: null, place: null };
  }
}

function degrees(parts: readonly number[] | undefined, negative: boolean): number | null {
  const [whole = NaN, minutes = 0, seconds = 0] = parts ?? [];
  const value = whole + minutes / 60 + seconds / 3600;
  return Number.isFinite(value) ? Math.round((negative ? -value : value) * 1e6) / 1e6 : null;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
