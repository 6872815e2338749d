export { createPluginModule } from './plugin-module';
export type { PluginModuleOptions } from './plugin-module';
