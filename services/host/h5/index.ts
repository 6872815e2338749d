export { createH5Host } from './create-h5-host';
