/** Files with weights that the inference does not read. */
export const OTHER_WEIGHTS = /\.(?:safetensors|gguf|bin|pth?|h5|msgpack|ot|tflite)$/iu
