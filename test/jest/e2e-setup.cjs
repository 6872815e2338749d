/* global jest */
// A project cannot set its own time-out, only its files can.
jest.setTimeout(120_000);
