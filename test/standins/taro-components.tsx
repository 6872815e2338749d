import { Fragment } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import { standIn } from './stand-in';
import type { StandInProps } from './stand-in';

type ValueHandler = ((event: unknown) => void) | undefined;

/** Taro tells a new value in `event.detail.value`, the DOM in `event.target.value`. */
const withDetail =
  (handler: unknown, read: (target: HTMLInputElement) => unknown) =>
  (event: ChangeEvent<HTMLInputElement>) =>
    (handler as ValueHandler)?.({ type: event.type, detail: { value: read(event.target) } });

const text = (target: HTMLInputElement) => target.value;
const number = (target: HTMLInputElement) => Number(target.value);
const checked = (target: HTMLInputElement) => target.checked;

const ignoreChange = () => undefined;

const textField = ({ password, onInput, onChange, value }: StandInProps): StandInProps => ({
  ...(password ? { type: 'password' } : {}),
  onChange: value === undefined ? undefined : ignoreChange,
  onInput: withDetail(onInput ?? onChange, text),
});

const TEXT_FIELD = {
  attributes: ['value', 'defaultValue', 'placeholder', 'disabled', 'name', 'maxLength'],
  translate: textField,
};

const BOX = {};

export const View = standIn('View', 'div', BOX);
export const CoverView = standIn('CoverView', 'div', BOX);
export const ScrollView = standIn('ScrollView', 'div', BOX);
export const Swiper = standIn('Swiper', 'div', BOX);
export const SwiperItem = standIn('SwiperItem', 'div', BOX);
export const MovableArea = standIn('MovableArea', 'div', BOX);
export const MovableView = standIn('MovableView', 'div', BOX);
export const Picker = standIn('Picker', 'div', BOX);
export const PickerView = standIn('PickerView', 'div', BOX);
export const PickerViewColumn = standIn('PickerViewColumn', 'div', BOX);
export const Navigator = standIn('Navigator', 'div', BOX);
export const RichText = standIn('RichText', 'div', BOX);
export const Text = standIn('Text', 'span', BOX);
export const Icon = standIn('Icon', 'span', BOX);
export const Label = standIn('Label', 'label', BOX);
export const Form = standIn('Form', 'form', BOX);
export const Canvas = standIn('Canvas', 'canvas', BOX);

export const Button = standIn('Button', 'button', {
  attributes: ['disabled', 'name'],
  translate: ({ formType }) => ({ type: typeof formType === 'string' ? formType : 'button' }),
});

export const Image = standIn('Image', 'img', {
  attributes: ['src', 'alt'],
});
export const CoverImage = standIn('CoverImage', 'img', { attributes: ['src', 'alt'] });

export const Video = standIn('Video', 'video', {
  attributes: ['src', 'controls', 'loop', 'muted', 'poster'],
});

const stream = ({ src, mode }: StandInProps): StandInProps => ({
  'data-src': src,
  'data-mode': mode,
});
export const LivePlayer = standIn('LivePlayer', 'live-player', { translate: stream });
export const LivePusher = standIn('LivePusher', 'live-pusher', { translate: stream });

export const Input = standIn('Input', 'input', TEXT_FIELD);
export const Textarea = standIn('Textarea', 'textarea', TEXT_FIELD);

export const Slider = standIn('Slider', 'input', {
  attributes: ['min', 'max', 'step', 'value', 'disabled'],
  translate: ({ onChange }) => ({ type: 'range', onChange: withDetail(onChange, number) }),
});

export const Switch = standIn('Switch', 'input', {
  attributes: ['checked', 'disabled'],
  translate: ({ onChange }) => ({
    type: 'checkbox',
    role: 'switch',
    onChange: withDetail(onChange, checked),
  }),
});

export const Checkbox = standIn('Checkbox', 'input', {
  attributes: ['checked', 'disabled', 'value'],
  translate: ({ onChange }) => ({ type: 'checkbox', onChange: withDetail(onChange, checked) }),
});

export const Progress = standIn('Progress', 'progress', {
  translate: ({ percent }) => ({ max: 100, value: percent }),
});

export const Block = ({ children }: { children?: ReactNode }) => <Fragment>{children}</Fragment>;
export const RootPortal = Block;
export const PageContainer = Block;
