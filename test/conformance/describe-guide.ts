import { GuideContext } from './guide-context';
import type { SubjectKind } from './subject';
import { describeCommand } from './suite-command';
import { describeDownload } from './suite-download';
import { describeInit } from './suite-init';
import { describeService } from './suite-service';
import { describeStream } from './suite-stream';
import { describeVoice } from './suite-voice';

/** States the guide as tests, for one kind of subject. See `subject.ts`. */
export function describeGuide(name: string, kind: SubjectKind): void {
  describe(name, () => {
    const context = new GuideContext(kind);
    afterEach(() => context.closeAll());
    describeInit(context);
    describeService(context);
    describeStream(context);
    describeCommand(context);
    describeVoice(context);
    describeDownload(context);
  });
}
