export * from './taro-api';
// The real package has a default export, too.
export * as default from './taro-api';
