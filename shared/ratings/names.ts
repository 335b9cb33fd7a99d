/** Numbers names from 0 in the order in which they first appear. */
export class Names {
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []
  #sorted: Int32Array = new Int32Array(0)

  /** How many names there are; ids run from 0 to `size − 1`. */
  get size(): number {
    return this.#names.length
  }

  /** The id of a name, a new one if the name is new. */
  idOf(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = this.#names.length
    this.#ids.set(name, id)
    this.#names.push(name)
    return id
  }

  /** The id of a name, or undefined if it was never seen. */
  find(name: string): number | undefined {
    return this.#ids.get(name)
  }

  /** @throws RangeError for an id that was never given */
  nameOf(id: number): string {
    const name = this.#names[id]
    if (name === undefined) throw new RangeError(`There is no name with the number ${id}.`)
    return name
  }

  /**
   * All ids in the order of their names ({@link compareCodePoints}). Solves run in this order, so
   * that they do not depend on who was seen first. Sorted once per new name; do not write to it.
   */
  sortedIds(): Int32Array {
    if (this.#sorted.length !== this.size) {
      const order = this.#names.map((name, id) => ({ name, id }))
      order.sort((a, b) => compareCodePoints(a.name, b.name))
      this.#sorted = Int32Array.from(order, ({ id }) => id)
    }
    return this.#sorted
  }
}

/**
 * Orders strings by Unicode code points, as databases and other languages do. JavaScript's own `<`
 * compares UTF-16 units and puts what lies beyond U+FFFF before U+E000.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return surrogatesLast(x) - surrogatesLast(y)
  }
  return a.length - b.length
}

function surrogatesLast(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
