/** Parsers that bring a library along; a file of its own in the bundle, loaded while the programs they read from still run. */
export { yamlValue as parseYaml } from '../syntax/yaml.js';
export {
  mergeSmi,
  parseSmiCsv,
  parseSmiXml,
} from './nvidia-smi.js';
