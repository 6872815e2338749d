/// <reference types="@tarojs/taro" />

// The build replaces these two by literals; nothing else of `process` exists in the output.
declare const process: {
  readonly env: {
    readonly NODE_ENV: 'production' | 'development' | 'test';
    readonly TARO_ENV: 'h5' | 'weapp' | 'alipay' | 'tt' | 'swan' | 'qq' | 'jd';
  };
};
