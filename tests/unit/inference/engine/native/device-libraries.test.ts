import { describe, expect, it } from 'vitest'
import {
  type LibraryPlaces,
  libraryFolders,
  openCudaLibraries,
} from '../../../../../inference/engine/native/device-libraries.ts'

/** A machine with these files; what the linker itself finds is named alone. */
function places(files: readonly string[], more: Partial<LibraryPlaces> = {}): LibraryPlaces {
  return {
    environment: {},
    list: (folder) => [
      ...new Set(
        files.flatMap((file) =>
          file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1).split('/')[0] ?? ''] : [],
        ),
      ),
    ],
    exists: (path) => files.includes(path),
    open(path) {
      if (!files.includes(path)) throw new Error(`${path}: cannot open shared object file`)
    },
    ...more,
  }
}

describe('openCudaLibraries', () => {
  const SITE = '/venv/lib/python3.12/site-packages/nvidia'

  it.each([
    ['LD_LIBRARY_PATH', { LD_LIBRARY_PATH: '/none::/opt/x' }, '/opt/x/libcublas.so.13'],
    ["CUDA's own folder", {}, '/usr/local/cuda-13.0/lib64/libcublas.so.13'],
    ['CUDA_HOME', { CUDA_HOME: '/opt/cuda' }, '/opt/cuda/lib/libcublas.so.13'],
    ["pip's packages of CUDA 13", { VIRTUAL_ENV: '/venv' }, `${SITE}/cu13/lib/libcublas.so.13`],
    ["pip's older packages", { VIRTUAL_ENV: '/venv' }, `${SITE}/cublas/lib/libcublas.so.13`],
    ["the linker's search", {}, 'libcublas.so.13'],
  ])('finds a library by %s', (_, environment, path) => {
    expect(openCudaLibraries(['libcublas.so.13'], places([path], { environment }))).toEqual({
      found: [{ file: 'libcublas.so.13', path }],
      missing: [],
    })
  })

  it('goes on to the next place when a file cannot be opened, and says why when none can', () => {
    const broken = '/usr/local/cuda/lib64/libcublas.so.13'
    const open = (path: string) => {
      if (path !== 'libcublas.so.13') throw new Error(`${path}: invalid ELF header`)
    }
    const found = openCudaLibraries(['libcublas.so.13'], places([broken], { open }))
    expect(found.found).toEqual([{ file: 'libcublas.so.13', path: 'libcublas.so.13' }])
    const fails = () => {
      throw new Error('Failed to load shared library: invalid ELF header')
    }
    expect(
      openCudaLibraries(['libcublas.so.13'], places([broken], { open: fails })).missing,
    ).toEqual([{ file: 'libcublas.so.13', reason: `${broken}: invalid ELF header` }])
  })

  it('takes newer versions of CUDA 13 before older ones, and none of CUDA 12', () => {
    const folders = libraryFolders(
      places(['/usr/local/cuda-12.9/x', '/usr/local/cuda-13.0/x', '/usr/local/cuda-13.1/x']),
    )
    const index = (version: string) => folders.findIndex((folder) => folder.includes(version))
    expect(index('cuda-13.1')).toBeLessThan(index('cuda-13.0'))
    expect(index('cuda-12.9')).toBe(-1)
  })
})
