// Figures for papers and slides: standing alone, on paper, with the arena's colours by day.

/** The colours of a figure. Dimensions have the colours that they have on the page. */
export const FIGURE_COLOURS = {
  paper: '#ffffff',
  ink: '#211d16',
  soft: '#5d5546',
  rule: '#ddd4c0',
  accuracy: '#24508a',
  helpfulness: '#2a8d73',
  language: '#b9821a',
  overall: '#6b6252',
} as const

export const FIGURE_FONT = "'Helvetica Neue', Helvetica, Arial, sans-serif"

/** A figure as an SVG document, and its size in pixels. */
export type Figure = { readonly svg: string; readonly width: number; readonly height: number }

/** Text as it may stand in SVG. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

type Attributes = Readonly<Record<string, string | number>>

/** An element; numbers to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => {
      const text = typeof value === 'number' ? String(Math.round(value * 10) / 10) : value
      return ` ${key}="${escapeXml(text)}"`
    })
    .join('')
  return children.length === 0
    ? `<${name}${given}/>`
    : `<${name}${given}>${children.join('')}</${name}>`
}

/** A line of text. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeXml(words))
}

/** The document around a figure: a title at the top, where it comes from at the bottom. */
export function figure(
  size: { width: number; height: number },
  words: { title: string; source: string },
  ...children: string[]
): Figure {
  const { width, height } = size
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': FIGURE_FONT,
      'font-size': 12,
      fill: FIGURE_COLOURS.ink,
    },
    element('title', {}, escapeXml(words.title)),
    element('rect', { width, height, fill: FIGURE_COLOURS.paper }),
    text(16, 28, words.title, { 'font-size': 17, 'font-weight': 600 }),
    ...children,
    text(16, height - 12, words.source, { 'font-size': 11, fill: FIGURE_COLOURS.soft }),
  )
  return { svg, width, height }
}
