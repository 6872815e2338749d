export default defineAppConfig({
  pages: ['pages/index/index', 'pages/live/index', 'pages/playback/index', 'pages/downloads/index'],
  window: {
    navigationBarTitleText: 'taro-iot-video',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundTextStyle: 'light',
  },
});
