const { default: JestRunner } = require('jest-runner');

/** Runs its project's files one at a time; `maxWorkers` would hold for all projects. */
module.exports = class SerialRunner extends JestRunner {
  isSerial = true;
};
