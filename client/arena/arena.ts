import { connect } from './connection.ts'

/** The connection of this page. The page is served by the arena that it speaks with. */
export const connection = connect()
