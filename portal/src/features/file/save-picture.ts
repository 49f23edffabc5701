/** Draws a few lines on a white card and hands it to the browser as a picture to keep. */
export function savePicture(name: string, lines: readonly { text: string; size: number }[]): void {
  const canvas = document.createElement('canvas');
  canvas.width = 1000;
  canvas.height = 120 + lines.reduce((sum, { size }) => sum + size * 1.7, 0);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = '#0f5499';
  pen.lineWidth = 8;
  pen.strokeRect(20, 20, canvas.width - 40, canvas.height - 40);
  pen.fillStyle = '#1c2530';
  let y = 60;
  for (const { text, size } of lines) {
    y += size * 1.2;
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(text, 70, y, canvas.width - 140);
    y += size * 0.5;
  }
  const link = document.createElement('a');
  link.download = `${name}.png`;
  link.href = canvas.toDataURL('image/png');
  link.click();
}
