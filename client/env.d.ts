// What Vite turns into modules: style sheets are imported for their effect alone.
declare module '*.css'
