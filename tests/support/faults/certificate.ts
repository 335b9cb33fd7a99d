import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key and a certificate that nobody trusts, in PEM. */
export type Certificate = { readonly key: string; readonly cert: string }

/**
 * Makes a certificate that its own key has signed, for a name that is not the one in use.
 *
 * @returns undefined where there is no openssl to make it with
 */
export function untrustedCertificate(): Certificate | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-certificate-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-x509']
  const where = ['-days', '2', '-subj', '/CN=other.test', '-keyout', keyFile, '-out', certFile]
  try {
    execFileSync('openssl', ['req', ...what, ...where], { stdio: 'ignore' })
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
