/** The kit's version, as in package.json. */
export const KIT_VERSION = '0.1.0';
export const KIT_NAME = 'taro-iot-video';
