import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Key, KeySource } from './key-ring.ts'

/** Signs what a browser keeps for us, so that only values given by this arena are believed. */
export type CookieSigner = {
  /** The value with the id of the key and its mark: `value.keyId.mac`. */
  sign(value: string): string
  /** The value, if one of our keys signed it. */
  verify(signed: string): string | undefined
}

export function createCookieSigner(keys: KeySource): CookieSigner {
  return {
    sign(value) {
      const key = keys.newest()
      return `${value}.${key.id}.${mac(key, value).toString('base64url')}`
    },

    verify(signed) {
      const macAt = signed.lastIndexOf('.')
      const idAt = signed.lastIndexOf('.', macAt - 1)
      if (idAt < 0 || macAt < 0) return undefined
      const key = keys.find(signed.slice(idAt + 1, macAt))
      if (key === undefined) return undefined
      const value = signed.slice(0, idAt)
      // Compared as text: base64url has more than one spelling of the same bytes.
      const expected = Buffer.from(mac(key, value).toString('base64url'))
      const given = Buffer.from(signed.slice(macAt + 1))
      return given.length === expected.length && timingSafeEqual(given, expected)
        ? value
        : undefined
    },
  }
}

function mac(key: Key, value: string): Buffer {
  return createHmac('sha256', key.bytes).update(value).digest()
}
