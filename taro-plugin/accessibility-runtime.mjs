import { mergeInternalComponents } from '@tarojs/shared';
import attributes from './accessibility.json';

// Taro numbers a component's attributes, and templates and runtime have to count the same ones.
mergeInternalComponents(attributes);
