import { announceAndRun } from '../announce-and-run';

announceAndRun({ event: 'listening', url: 'ws://127.0.0.1:1/relay' });
