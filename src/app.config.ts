export default defineAppConfig({
  pages: ['pages/index/index', 'pages/live/index'],
  // Not needed to watch a camera, so no part of what a phone loads first.
  subPackages: [
    { root: 'pages/playback', pages: ['index'] },
    { root: 'pages/downloads', pages: ['index'] },
  ],
  window: {
    navigationBarTitleText: 'taro-iot-video',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundTextStyle: 'light',
  },
});
