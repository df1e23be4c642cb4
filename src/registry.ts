/** The client of registries; a file of its own in the bundle, which only a prediction of images needs. */
export { createRegistryReader } from './registry/reader.js';
