// Stands in for the inference process: speaks as it does, and fails as MODE says.
import { createServer } from 'node:http'

const mode = process.env.MODE ?? 'good'
if (mode === 'no-models') {
  process.stderr.write('trivium inference: no model could be loaded\n')
  process.exit(1)
}
let asked = 0
let isHung = false
let isStuck = false
const server = createServer((request, response) => {
  // Listens and answers nothing, as a process whose loop is blocked.
  if (isHung) return
  if (request.url === '/health') {
    asked += 1
    const loading = asked < 2
    response.writeHead(loading ? 503 : 200, { 'content-type': 'application/json' })
    const models = [
      { id: 'local', status: loading ? 'loading' : 'ready' },
      { id: 'broken', status: 'failed' },
    ]
    const step = isStuck ? { ageMs: 61_000, limitMs: 60_000 } : null
    response.end(JSON.stringify({ status: loading ? 'loading' : 'ok', models, step }))
    return
  }
  if (request.url === '/die') process.exit(3)
  isHung = request.url === '/hang'
  isStuck = request.url === '/stuck'
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const env = ['INFERENCE_HOST', 'INFERENCE_PORT', 'INFERENCE_PARENT', 'ADMIN_TOKEN', 'SECRET_FILE']
  const content = env.map((name) => `${name}=${process.env[name] ?? ''}`).join(' ')
  const choices = [{ delta: { content }, finish_reason: 'stop' }]
  response.end(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`)
})
process.on('SIGTERM', () => (mode === 'stubborn' ? undefined : process.exit(0)))
process.stdin.on('end', () => (mode === 'stubborn' ? undefined : process.exit(0))).resume()
server.listen(0, '127.0.0.1', () => {
  if (mode === 'mute') return
  const { port } = server.address()
  process.stdout.write('some noise\n')
  process.stdout.write(`${JSON.stringify({ listening: { host: '127.0.0.1', port } })}\n`)
})
