import { announceAndRun } from '../announce-and-run';

announceAndRun({ event: 'listening', url: 'http://127.0.0.1:2/' });
