import type { Camera } from './types';

/** The page that shows a camera of the list. */
export function livePageUrl(id: string): string {
  return `/pages/live/index?id=${encodeURIComponent(id)}`;
}

/** The page that plays what a camera has recorded. @param query of the live page's url, as it stands */
export function playbackPageUrl(params: Readonly<Record<string, string | undefined>>): string {
  const { id, xp2pInfo, name } = decodeAll(params);
  const query = Object.entries({ id, xp2pInfo, name })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value!)}`)
    .join('&');
  return `/pages/playback/index?${query}`;
}

export const DOWNLOADS_PAGE = '/pages/downloads/index';

/** What a link to the live page names: a camera of the list, or one by its address. */
export type LiveTarget =
  | { readonly kind: 'listed'; readonly id: string }
  | { readonly kind: 'direct'; readonly camera: Camera };

/** Reads the parameters of the live page's url: `?id=…`, or `?xp2pInfo=…` with an optional name. */
export function readLiveTarget(params: Readonly<Record<string, string | undefined>>): LiveTarget {
  const { id = '', xp2pInfo, name } = decodeAll(params);
  if (xp2pInfo === undefined || xp2pInfo === '') return { kind: 'listed', id };
  return {
    kind: 'direct',
    camera: { id: xp2pInfo, xp2pInfo, origin: 'added', ...(name !== undefined && { name }) },
  };
}

/** Routers hand parameters over as they stand in the url, also Taro's on H5. */
function decodeAll(
  params: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, value && decode(value)]),
  );
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Somebody put an xp2pInfo into the url as it is: its "%" begins no escape.
    return value;
  }
}
