import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeySource } from './key-ring.ts'

/** Keeps secrets in the database such that the database alone does not give them away. */
export type Sealer = {
  /** @param context what the secret belongs to; it opens for the same context only */
  seal(plaintext: string, context: string): string
  /** The plaintext, or nothing if the key is gone, the context another or the text changed. */
  open(sealed: string, context: string): string | undefined
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSealer(keys: KeySource): Sealer {
  return {
    seal(plaintext, context) {
      const key = keys.newest()
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return `${key.id}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`
    },

    open(sealed, context) {
      const [id = '', text = ''] = sealed.split('.', 2)
      const key = keys.find(id)
      const bytes = Buffer.from(text, 'base64url')
      if (key === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const nonce = bytes.subarray(0, NONCE_BYTES)
        const decipher = createDecipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(context))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([body, decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

/** The id of the key that something was sealed with. */
export function sealingKeyOf(sealed: string): string {
  return sealed.split('.', 1)[0] ?? ''
}
