const GIB = 1024 ** 3

/** An amount of memory for people: "1.3 GiB". */
export function inGib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`
}
