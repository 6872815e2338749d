/** How the picture is enlarged and moved. */
export interface PictureZoom {
  /** 1 to `MAX_SCALE`. */
  readonly scale: number;
  /** How far its centre is from the player's, in widths and heights of the player. */
  readonly x: number;
  readonly y: number;
}

/** A place in the player: −0.5 to 0.5 from left to right and from top to bottom. */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

export const NO_ZOOM: PictureZoom = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;
/** Nearer to 1 than this is meant to be 1. */
const SNAP = 1.03;

/** Enlarges around a place, which stays where it is as far as the picture's edges allow. */
export function zoomBy(zoom: PictureZoom, factor: number, at: PicturePoint): PictureZoom {
  const wanted = Math.min(MAX_SCALE, Math.max(1, zoom.scale * factor));
  const scale = wanted < SNAP && factor < 1 ? 1 : wanted;
  const ratio = scale / zoom.scale;
  return withinEdges({
    scale,
    x: at.x - (at.x - zoom.x) * ratio,
    y: at.y - (at.y - zoom.y) * ratio,
  });
}

/** Moves the picture by a part of the player's size. */
export function panBy(zoom: PictureZoom, dx: number, dy: number): PictureZoom {
  return withinEdges({ scale: zoom.scale, x: zoom.x + dx, y: zoom.y + dy });
}

/** The picture covers the player. */
function withinEdges({ scale, x, y }: PictureZoom): PictureZoom {
  const room = (scale - 1) / 2;
  const limit = (value: number): number => Math.min(room, Math.max(-room, value)) + 0;
  return { scale, x: limit(x), y: limit(y) };
}
