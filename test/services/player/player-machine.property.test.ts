import fc from 'fast-check';
import { playerStatus } from '../../../services/player/player-status';
import { leave, machineOptions, retryUntilPlaying, run, sequences } from './machine-model';

describe('playerMachine, whatever happens in whatever order', () => {
  it('never pulls two streams, plays before both are ready, or waits without a timer', () => {
    fc.assert(
      fc.property(sequences, machineOptions, (events, options) => {
        const [player, world] = run(events, options);
        leave(player, world);
      }),
      { numRuns: 20_000 },
    );
  });

  it('leaves every wait for a try by its timer', () => {
    fc.assert(
      fc.property(sequences, machineOptions, (events, options) => {
        const [player] = run(events, options);
        if (playerStatus(player.state).kind !== 'reconnecting') return;
        player.timer('retry');
        expect(playerStatus(player.state).kind).not.toBe('reconnecting');
      }),
      { numRuns: 1_000 },
    );
  });

  it('can always be tried again by the user, and then plays', () => {
    fc.assert(
      fc.property(sequences, machineOptions, (events, options) => {
        const [player] = run(events, options);
        retryUntilPlaying(player);
      }),
      { numRuns: 1_000 },
    );
  });
});
