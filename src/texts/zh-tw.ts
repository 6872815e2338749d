import type { Translation } from '@services/i18n';
import type { en } from './en';

export const zhTW: Translation<typeof en> = {
  'list.title': '攝影機',
  'list.loading': '正在載入攝影機…',
  'list.empty.title': '還沒有攝影機',
  'list.empty.remedy': '可以用 xp2pInfo 新增一台。',
  'list.failed.title': '攝影機清單載入失敗',
  'list.failed.remedy': '請確認示範伺服器正在執行。',
  'list.retry': '重試',
  'camera.watch': '觀看{name}',
  'camera.remove': '移除{name}',
  'camera.added': '由您新增',
  'camera.unnamed': '攝影機',
  'add.open': '新增攝影機',
  'add.name': '名稱',
  'add.name.example': '大門',
  'add.info': 'xp2pInfo',
  'add.info.hint': '攝影機啟動時會印出來:XP2P…%2.4.0',
  'add.submit': '新增',
  'add.cancel': '取消',
  'live.unknown.title': '沒有攝影機「{id}」',
  'live.unknown.remedy': '它可能已被移除，請從清單中選擇。',
  'live.back': '返回攝影機清單',
};
