import { describe, expect, it } from 'vitest'
import { readFreeMemory } from '../../../../inference/memory/free-memory.ts'

const MIB = 1024 ** 2
const MEMINFO = 'MemTotal:       2097152 kB\nMemFree:         100 kB\nMemAvailable:   1048576 kB\n'

const reading =
  (files: Record<string, string>) =>
  (path: string): string | null =>
    files[path] ?? null

describe('free memory', () => {
  it('is the machine’s, where no group gives less', () => {
    const machine = { freeBytes: 1024 * MIB, limitBytes: 2048 * MIB }
    expect(readFreeMemory(reading({ '/proc/meminfo': MEMINFO }))).toEqual(machine)
    const unlimited = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '4:memory:/a\n0::/b\n',
      '/sys/fs/cgroup/b/memory.max': 'max\n',
      '/sys/fs/cgroup/b/memory.current': '5\n',
      '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/a/memory.usage_in_bytes': '5\n',
    }
    expect(readFreeMemory(reading(unlimited))).toEqual(machine)
  })

  it('is what a group leaves, files that can be read again not counted', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '0::/system.slice/trivium.service\n',
      '/sys/fs/cgroup/system.slice/trivium.service/memory.max': `${512 * MIB}\n`,
      '/sys/fs/cgroup/system.slice/trivium.service/memory.current': `${500 * MIB}\n`,
      '/sys/fs/cgroup/system.slice/trivium.service/memory.stat': `anon 7\ninactive_file ${100 * MIB}\n`,
    }
    expect(readFreeMemory(reading(files))).toEqual({
      freeBytes: 112 * MIB,
      limitBytes: 512 * MIB,
    })
  })

  it('is what an outer group leaves, if that is less', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '0::/outer/inner\n',
      '/sys/fs/cgroup/outer/inner/memory.max': `${512 * MIB}\n`,
      '/sys/fs/cgroup/outer/inner/memory.current': '0\n',
      '/sys/fs/cgroup/outer/memory.max': `${300 * MIB}\n`,
      '/sys/fs/cgroup/outer/memory.current': `${400 * MIB}\n`,
    }
    expect(readFreeMemory(reading(files))).toEqual({ freeBytes: 0, limitBytes: 300 * MIB })
  })

  it('is read in a container, whose group is the outermost there', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '4:memory:/docker/abc\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * MIB}\n`,
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${200 * MIB}\n`,
      '/sys/fs/cgroup/memory/memory.stat': `inactive_file 1\ntotal_inactive_file ${6 * MIB}\n`,
    }
    expect(readFreeMemory(reading(files))).toEqual({ freeBytes: 62 * MIB, limitBytes: 256 * MIB })
  })

  it('is unknown where nobody tells', () => {
    expect(readFreeMemory(() => null)).toBeNull()
    expect(readFreeMemory(() => 'nonsense')).toBeNull()
  })

  it.runIf(process.platform === 'linux')('is known here', () => {
    const free = readFreeMemory()
    expect(free?.freeBytes).toBeGreaterThan(0)
    expect(free?.limitBytes).toBeGreaterThanOrEqual(free?.freeBytes ?? NaN)
  })
})
