'use strict';

/**
 * What WeChat reads out to people who cannot see the page (base library 2.7.1, "aria" components guide);
 * Taro's templates have none of it. Under which names Taro's runtime passes on what JSX says:
 */
const ATTRIBUTES = {
  'aria-role': 'i.ariaRole||i.role',
  'aria-label': 'i.ariaLabel',
  'aria-hidden': 'i.ariaHidden',
  'aria-checked': 'i.ariaChecked',
};

/**
 * Has roles and labels of views reach WeChat.
 *
 * @param {import('./types').TaroPluginContext} ctx
 */
function setUpAccessibility(ctx) {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn: ({ template }) => template.mergeComponents(ctx, { View: { ...ATTRIBUTES } }),
  });
}

module.exports = { setUpAccessibility };
