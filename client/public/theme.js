// Runs before the first paint, so that a chosen theme never flashes. See layout/theme.ts.
try {
  const theme = localStorage.getItem('trivium-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage can be forbidden; then the system's theme holds.
}
