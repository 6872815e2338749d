'use strict';

const { LANGUAGES } = require('./kit-loader');

/** @typedef {import('./types').KitPluginOptions} KitPluginOptions */
/** @typedef {import('./types').Feature} Feature */

/** Newest versions whose behaviour the kit was written for. */
const VERSIONS = { player: '1.3.8', xp2p: '4.6.9' };

/** @type {readonly Feature[]} */
const FEATURES = ['player', 'pusher', 'mjpg'];

const OPTIONS = ['features', 'vendorCameras', 'subpackage', 'versions', 'languages'];

/**
 * @param {KitPluginOptions | undefined} given
 * @returns {import('./types').KitPluginSettings}
 */
function readOptions(given = {}) {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong('options', 'an object', given);
  }
  for (const name of Object.keys(given)) {
    if (!OPTIONS.includes(name)) {
      throw new Error(`${PREFIX}: unknown option "${name}"; there are ${OPTIONS.join(', ')}`);
    }
  }
  const { vendorCameras = true, subpackage = null, versions = {} } = given;
  if (typeof vendorCameras !== 'boolean')
    throw wrong('vendorCameras', 'true or false', vendorCameras);
  if (subpackage !== null && (typeof subpackage !== 'string' || !/^[^/].*[^/]$/.test(subpackage))) {
    throw wrong('subpackage', 'the root of a subpackage, as "pages/video"', subpackage);
  }
  return {
    features: readList('features', given.features, FEATURES),
    vendorCameras,
    subpackage,
    versions: readVersions(versions),
    languages: readList('languages', given.languages, LANGUAGES),
  };
}

/**
 * @template {string} Name
 * @param {string} option
 * @param {unknown} given
 * @param {readonly Name[]} all what the list may hold, and the default
 * @returns {readonly Name[]}
 */
function readList(option, given, all) {
  if (given === undefined) return all;
  if (!Array.isArray(given) || given.length === 0) {
    throw wrong(option, `a list of ${all.join(', ')}`, given);
  }
  for (const one of given) {
    if (!all.includes(one)) throw wrong(option, all.join(', '), one);
  }
  return [...new Set(given)];
}

/** @param {unknown} given */
function readVersions(given) {
  if (typeof given !== 'object' || given === null) throw wrong('versions', 'an object', given);
  for (const [name, version] of Object.entries(given)) {
    if (!(name in VERSIONS)) throw wrong('versions', Object.keys(VERSIONS).join(', '), name);
    if (typeof version !== 'string' || !/^(latest|\d+\.\d+\.\d+)$/.test(version)) {
      throw wrong(`versions.${name}`, 'as "1.3.8", or "latest"', version);
    }
  }
  return { ...VERSIONS, ...given };
}

const PREFIX = 'taro-iot-video/taro-plugin';

/**
 * @param {string} option
 * @param {string} expected
 * @param {unknown} got
 */
function wrong(option, expected, got) {
  return new TypeError(
    `${PREFIX}: option "${option}" must be ${expected}, not ${JSON.stringify(got)}`,
  );
}

module.exports = { readOptions, FEATURES, PREFIX };
