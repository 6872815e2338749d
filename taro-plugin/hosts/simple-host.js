'use strict';

const path = require('node:path');
const { TaroPlatformBase } = require('@tarojs/service');
const { RecursiveTemplate } = require('@tarojs/shared/dist/template');

/**
 * A host whose templates are WeChat's with another prefix.
 *
 * @param {import('./types').PlatformContext} ctx
 * @param {any} config
 * @param {string} name
 * @param {import('./types').SimpleHost} host
 */
function simpleHost(ctx, config, name, { global, template, style, prefix }) {
  class Template extends RecursiveTemplate {
    constructor() {
      super();
      this.supportXS = false;
      // Taro 4 asks this one alone, and would write calls of a module that is not there.
      this.isUseXS = false;
      this.Adapter = {
        if: `${prefix}:if`,
        else: `${prefix}:else`,
        elseif: `${prefix}:elif`,
        for: `${prefix}:for`,
        forItem: `${prefix}:for-item`,
        forIndex: `${prefix}:for-index`,
        key: `${prefix}:key`,
        type: prefix,
      };
    }

    /**
     * @override
     * @param {string} attribute
     * @param {string} value
     */
    replacePropName(attribute, value) {
      return value === 'eh' ? attribute.toLowerCase() : attribute;
    }
  }

  class Platform extends TaroPlatformBase {
    constructor() {
      super(/** @type {any} */ (ctx), config);
      this.platform = name;
      this.globalObject = global;
      this.projectConfigJson = `project.${name}.json`;
      this.runtimePath = path.join(__dirname, 'runtime.mjs');
      this.fileType = { templ: template, style, config: '.json', script: '.js' };
      this.template = new Template();
    }
  }

  return new Platform();
}

module.exports = { simpleHost };
