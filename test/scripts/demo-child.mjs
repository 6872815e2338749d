// The demo as its own process, so that a test can kill it.
import { createDemo } from '../../scripts/lib/demo.mjs';

const demo = createDemo({
  host: '127.0.0.1',
  port: 0,
  data: process.argv[2],
  agents: 'test/scripts/agents',
  onStep: () => {},
  onFailure: (error) => {
    console.log(`failed: ${error.message}`);
    void demo.stop().then(() => process.exit(1));
  },
});
process.on('SIGTERM', () => void demo.stop().then(() => process.exit(0)));
console.log(`page ${await demo.start()}`);
