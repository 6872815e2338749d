export default defineAppConfig({
  pages: ['pages/index/index', 'pages/live/index'],
  window: {
    navigationBarTitleText: 'taro-iot-video',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundTextStyle: 'light',
  },
});
