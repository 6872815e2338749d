export default definePageConfig({ navigationBarTitleText: 'taro-iot-video' });
