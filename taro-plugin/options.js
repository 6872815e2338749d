'use strict';

/** @typedef {import('./types').KitPluginOptions} KitPluginOptions */
/** @typedef {import('./types').Feature} Feature */

/** Newest versions whose behaviour the kit was written for. */
const VERSIONS = { player: '1.3.8', xp2p: '4.6.9' };

/** @type {readonly Feature[]} */
const FEATURES = ['player', 'pusher', 'mjpg'];

const OPTIONS = ['features', 'vendorCameras', 'subpackage', 'versions'];

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
  const { features = FEATURES, vendorCameras = true, subpackage = null, versions = {} } = given;
  if (!Array.isArray(features) || features.length === 0) {
    throw wrong('features', `a list of ${FEATURES.join(', ')}`, features);
  }
  for (const feature of features) {
    if (!FEATURES.includes(feature)) throw wrong('features', FEATURES.join(', '), feature);
  }
  if (typeof vendorCameras !== 'boolean')
    throw wrong('vendorCameras', 'true or false', vendorCameras);
  if (subpackage !== null && (typeof subpackage !== 'string' || !/^[^/].*[^/]$/.test(subpackage))) {
    throw wrong('subpackage', 'the root of a subpackage, as "pages/video"', subpackage);
  }
  return {
    features: [...new Set(features)],
    vendorCameras,
    subpackage,
    versions: readVersions(versions),
  };
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
