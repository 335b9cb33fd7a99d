import * as z from 'zod'

/** One HTTP call, by the schemas that check and type it. */
export type Call = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  summary: string
  tag: string
  /** The scope it needs, of a token or of a session. */
  token?: 'read' | 'operator' | 'admin'
  /** Only for browsers that have signed in, whatever their scope. */
  session?: true
  query?: z.ZodObject
  params?: z.ZodObject
  body?: z.ZodType
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>
}

export const slugParams = z.object({ slug: z.string() })
export const idParams = z.object({ id: z.string() })
