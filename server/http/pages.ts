import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router, type RequestHandler } from 'express'
import type { Visitors } from './visitors.ts'

/** Addresses that the page itself understands; everything else is not found. */
const PAGE_PATHS =
  /^\/(?:$|leaderboard(?:\/|$)|battles(?:\/|$)|models(?:\/|$)|about(?:\/|$)|method(?:\/|$)|admin(?:\/|$))/

/**
 * Serves the built page: its files as they are, and `index.html` for every address that the page
 * routes itself. Opening the page is what makes a visitor known.
 *
 * @param folder the output of the client's build
 */
export function pageRoutes(folder: string, visitors: Visitors): Router {
  const router = Router()
  const index = join(folder, 'index.html')
  if (!existsSync(index)) return router
  const html = readFileSync(index)

  const sendPage =
    (status: number): RequestHandler =>
    (request, response) => {
      const { setCookie } = visitors.of(request)
      if (setCookie !== undefined) response.append('Set-Cookie', setCookie)
      response.status(status).set('Cache-Control', 'no-cache').type('html').send(html)
    }

  router.get(PAGE_PATHS, sendPage(200))
  // Vite names assets by their content, so that they never change.
  router.use(
    '/assets',
    precompressed(join(folder, 'assets')),
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  )
  router.use(express.static(folder, { index: false, maxAge: '1h' }))
  // A person who mistyped an address gets the page, which says so; programs get a problem.
  const sendNotFound = sendPage(404)
  router.get('/{*path}', (request, response, next) => {
    if (request.accepts(['json', 'html']) === 'html') sendNotFound(request, response, next)
    else next()
  })
  return router
}

/** Sends the `.br` or `.gz` that the build has put beside a file, where the reader takes it. */
function precompressed(folder: string): RequestHandler {
  const encodings = [
    { name: 'br', suffix: '.br' },
    { name: 'gzip', suffix: '.gz' },
  ] as const
  const types: Readonly<Record<string, string>> = {
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
  }
  return (request, response, next) => {
    const type = types[/\.\w+$/.exec(request.path)?.[0] ?? '']
    const isFlat = /^\/[\w.-]+$/.test(request.path)
    const found = encodings.find(
      ({ name, suffix }) =>
        request.acceptsEncodings(name) === name && existsSync(join(folder, request.path + suffix)),
    )
    if (type === undefined || !isFlat || found === undefined) {
      next()
      return
    }
    response.set({
      'Content-Encoding': found.name,
      'Content-Type': type,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    })
    response.sendFile(request.path.slice(1) + found.suffix, { root: folder, cacheControl: false })
  }
}
