import { Router } from 'express'
import express from 'express'
import { absolutePath } from 'swagger-ui-dist'

const INITIALIZER = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/api/v1/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis],
  })
}
`

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Trivium API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initializer.js"></script>
  </body>
</html>
`

/** `GET /docs`: a reader for the OpenAPI document, all of it served from here. */
export function docsRoutes(): Router {
  const router = Router()
  router.get('/', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(PAGE)
  })
  router.get('/initializer.js', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('js').send(INITIALIZER)
  })
  router.use(express.static(absolutePath(), { index: false, maxAge: '1h' }))
  return router
}
