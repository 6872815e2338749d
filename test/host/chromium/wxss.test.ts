import { toCss, withPixels } from './wxss';

describe('toCss', () => {
  it('gives built-in elements the names that they have in the view', () => {
    const css = toCss('page,.a view>text:hover{color:red}.view-text,.text{top:0}');
    expect(css).toBe('wx-page,.a wx-view>wx-text:hover{color:red}.view-text,.text{top:0}');
  });

  it('leaves names in declarations alone', () => {
    expect(toCss('.a{content:"page view"}')).toBe('.a{content:"page view"}');
  });
});

describe('withPixels', () => {
  it.each([
    ['width:750rpx', 'width:100vw'],
    ['margin:-15rpx 0.75rpx', 'margin:-2vw 0.1vw'],
    ['left:10Px', 'left:10Px'],
  ])('turns %s into %s', (given, expected) => {
    expect(withPixels(given)).toBe(expected);
  });
});
