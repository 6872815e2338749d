import type { Translation } from '@services/i18n';
import type { en } from './en';

export const zhCN: Translation<typeof en> = {
  'list.title': '摄像头',
  'list.loading': '正在加载摄像头…',
  'list.empty.title': '还没有摄像头',
  'list.empty.remedy': '可以用 xp2pInfo 添加一个。',
  'list.failed.title': '摄像头列表加载失败',
  'list.failed.remedy': '请确认演示服务正在运行。',
  'list.retry': '重试',
  'camera.watch': '观看{name}',
  'camera.remove': '移除{name}',
  'camera.added': '由您添加',
  'camera.unnamed': '摄像头',
  'add.open': '添加摄像头',
  'add.name': '名称',
  'add.name.example': '大门',
  'add.info': 'xp2pInfo',
  'add.info.hint': '摄像头启动时会打印出来:XP2P…%2.4.0',
  'add.submit': '添加',
  'add.cancel': '取消',
  'live.unknown.title': '没有摄像头“{id}”',
  'live.unknown.remedy': '它可能已被移除，请从列表中选择。',
  'live.back': '返回摄像头列表',
};
