import { failure } from '../../shared/errors.ts'
import { FailureError } from '../http/failure.ts'
import type { EndpointGuard } from '../providers/endpoint-guard.ts'
import { ProviderError } from '../providers/provider.ts'

const DNS_TIMEOUT_MS = 2000

/** Refuses an endpoint that no connection would be made to, while the administrator is looking. */
export type EndpointCheck = (baseUrl: string) => Promise<void>

export function createEndpointCheck(
  guard: EndpointGuard,
  timeoutMs: number = DNS_TIMEOUT_MS,
): EndpointCheck {
  return async (baseUrl) => {
    const { hostname, port, protocol } = new URL(baseUrl)
    const resolved = guard.resolve(
      hostname,
      port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    )
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
    })
    try {
      await Promise.race([resolved, late])
    } catch (cause) {
      // A name that leads nowhere today may tomorrow: its probe says so, and each connection asks.
      if (!(cause instanceof ProviderError) || cause.kind !== 'address-refused') return
      throw new FailureError(
        failure('invalid_input', `provider.baseUrl: ${cause.message}`, {
          field: 'provider.baseUrl',
        }),
        { cause },
      )
    } finally {
      clearTimeout(timer)
      // If it was late, its failure is nobody's any more.
      resolved.catch(() => undefined)
    }
  }
}
