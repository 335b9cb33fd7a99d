import { useEffect, useState, useSyncExternalStore } from 'react'
import { createFollower, type Follower } from './follower.ts'

/** A follower for one scroll region: how to attach it, and whether it is at the end. */
export function useFollow(live: boolean): {
  attach: Follower['attach']
  toEnd: () => void
  following: boolean
} {
  const [follower] = useState(createFollower)
  useEffect(() => follower.setLive(live), [follower, live])
  const following = useSyncExternalStore(follower.subscribe, follower.following)
  return { attach: follower.attach, toEnd: follower.toEnd, following }
}
