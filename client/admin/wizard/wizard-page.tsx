/** Adds a model. */
export function WizardPage() {
  return null
}
