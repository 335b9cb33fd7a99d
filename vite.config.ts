import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const ARENA = process.env['ARENA_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: 'client',
  plugins: [react()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2022',
    // Fonts come as files: the page's policy allows none from data: addresses.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/api': ARENA,
      '/health': ARENA,
      '/socket.io': { target: ARENA, ws: true },
    },
  },
})
