/** Version of the wire contract, sent in the Socket.IO handshake as `auth.protocol`. */
export const PROTOCOL_VERSION = 1

/** Default of the setting `MAX_PROMPT_CHARACTERS`, counted as JavaScript's `length`. */
export const DEFAULT_MAX_PROMPT_CHARACTERS = 12_000

/** A battle expires this long after its last turn. */
export const BATTLE_LIFETIME_MS = 24 * 60 * 60 * 1000

/** The largest frame that the server reads from a client, in bytes: anything up to it is answered. */
export const MAX_CLIENT_FRAME_BYTES = 64 * 1024

/** Longest remark that a visitor may leave after a vote, in characters. */
export const MAX_COMMENT_CHARACTERS = 4000

/** Name of the cookie that carries the signed identity of a visitor. */
export const VISITOR_COOKIE = 'trivium_visitor'

/** Name of the cookie of a signed-in administrator; it goes to `/api/v1/admin` alone. */
export const ADMIN_COOKIE = 'trivium_admin'

/** The header in which a signed-in page repeats the `csrfToken` of its session. */
export const CSRF_HEADER = 'X-CSRF-Token'
