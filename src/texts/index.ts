export { PageLanguage } from './page-language';
export { pageCatalogue, usePageText } from './use-page-text';
