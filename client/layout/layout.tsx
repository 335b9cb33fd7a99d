import { Suspense, useEffect, useRef } from 'react'
import { Outlet, useLocation } from 'react-router'
import { texts } from '../texts/en.ts'
import { Announcer } from '../ui/announcer.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { Footer } from './footer.tsx'
import { TopBar } from './top-bar.tsx'
import './layout.css'

/** The frame around every page. */
export function Layout() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    window.scrollTo(0, 0)
    // A new page begins at its beginning, for the keyboard too; unless it put the focus itself.
    if (document.activeElement === document.body || !main.current?.contains(document.activeElement))
      main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <>
      <a className="skip-link" href="#main">
        {texts.skipToContent}
      </a>
      <TopBar />
      <main id="main" tabIndex={-1} ref={main}>
        <Suspense fallback={<div className="page-loading" />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <ConnectionBar />
      <Announcer />
    </>
  )
}
