import { announceAndRun } from '../announce-and-run';

announceAndRun({ event: 'ready', xp2pInfo: 'XP2P', name: 'Door' });
