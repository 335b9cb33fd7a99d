// What Vite turns into modules: style sheets are imported for their effect alone.
declare module '*.css'

// A file as the text that it is.
declare module '*?raw' {
  const text: string
  // oxlint-disable-next-line import/no-default-export -- what Vite makes of it
  export default text
}
