import type { Figure } from './svg.ts'

/** Pixels of a PNG for each of the figure's: sharp in print. */
const PNG_SCALE = 2

/** Gives a text to the reader as a file. */
export function downloadText(text: string, name: string, type: string): void {
  downloadBlob(new Blob([text], { type: `${type};charset=utf-8` }), name)
}

/** Gives a figure to the reader as an SVG file. */
export function downloadSvg(figure: Figure, name: string): void {
  downloadText(figure.svg, `${name}.svg`, 'image/svg+xml')
}

/** Draws a figure and gives it to the reader as a PNG file. */
export async function downloadPng(figure: Figure, name: string): Promise<void> {
  const image = new Image()
  // As data, since the page's policy lets images come from here and from nowhere else.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = figure.width * PNG_SCALE
  canvas.height = figure.height * PNG_SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob !== null) downloadBlob(blob, `${name}.png`)
}

function downloadBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken the file over once the press has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
