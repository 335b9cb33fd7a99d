import { describe, expect, it } from 'vitest'
import { explainCuda } from '../../../../../inference/engine/native/device-problems.ts'

// What onnxruntime 1.29 and NVIDIA's libraries were seen to say.
describe('explainCuda', () => {
  it.each([
    [
      'Failed to load library /x/libonnxruntime_providers_shared.so with error: libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory',
      /^libonnxruntime_providers_shared\.so is not beside onnxruntime's library \(docs\/cuda\.md/u,
    ],
    [
      'Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory',
      /^libcublasLt\.so\.13 was not found: install CUDA 13's libcublas-13-0 \(apt\) or nvidia-cublas \(pip\)$/u,
    ],
    ['libcurand.so.10: cannot open shared object file', /nvidia-curand/u],
    ['libcuda.so.1: cannot open shared object file', /comes with NVIDIA's driver/u],
    [
      'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
      /check:cuda says which/u,
    ],
    [
      'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; expr=cudaSetDevice(info_.device_id);',
      /no GPU .* is visible: look at nvidia-smi/u,
    ],
    [
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0',
      /driver is too old .* 580/u,
    ],
    ['CUDA failure 209: no kernel image is available for execution on the device', /7\.5/u],
    ['CUDA failure 2: out of memory ; GPU=0', /too little free memory/u],
    [
      'BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 1024',
      /too little free memory/u,
    ],
    ['its attention does not extend the cache where it is', /add a graph in q4f16 or fp16/u],
    ['Unknown provider option: "enable_cudnn"', /another version than the runtime/u],
  ])('makes of %j what to do', (text, expected) => {
    expect(explainCuda(new Error(text))).toMatch(expected)
  })

  it('passes on what it does not know, in one line', () => {
    expect(explainCuda(new Error('something\n  else'))).toBe('something else')
    expect(explainCuda('CUDA failure 719: unspecified launch failure')).toBe(
      'CUDA failure 719: unspecified launch failure',
    )
  })
})
