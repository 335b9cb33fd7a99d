import { useEffect } from 'react'
import { texts } from '../texts/en.ts'

/** Gives the page its title. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === texts.brand ? title : texts.title(title)
  }, [title])
}
