/** Ends every token of the bench's provider, so that readers can count tokens in any frame. */
export const TOKEN_MARK = '~'
