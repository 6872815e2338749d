export interface DecodedPicture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** Gives its memory back. */
  readonly release: () => void;
}

/** Decodes a JPEG; off the main thread where the browser can. Rejects where it is damaged. */
export async function decodePicture(jpeg: Blob): Promise<DecodedPicture> {
  if (typeof createImageBitmap === 'function') {
    const bitmap = await createImageBitmap(jpeg);
    const { width, height } = bitmap;
    return { source: bitmap, width, height, release: () => bitmap.close() };
  }
  const url = URL.createObjectURL(jpeg);
  const release = (): void => URL.revokeObjectURL(url);
  try {
    const image = await loadImage(url);
    const { naturalWidth: width, naturalHeight: height } = image;
    return { source: image, width, height, release };
  } catch (cause) {
    release();
    throw cause;
  }
}

function loadImage(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('the browser cannot decode this JPEG'));
    image.src = url;
  });
}
