export { createH5Files } from './create-h5-files';
export { createH5Host } from './create-h5-host';
