/** A GGUF file that is broken or not supported; the message is one sentence that says what. */
export class ConversionError extends Error {}
