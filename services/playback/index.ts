export { PlaybackController } from './playback-controller';
export type { PlaybackControllerOptions } from './playback-controller';
export { PlaybackStore } from './playback-store';
export type { ListState } from './playback-store';
export type { PlaybackPhase } from './playback-machine';
export type { PlaybackSink, PlaybackSinkEvents } from './playback-sink';
export { CameraTime, formatDate, formatTime } from './camera-time';
export type { CalendarDate, DayTime, TimeSpan } from './camera-time';
export { addDays, addMonths, daysInMonth, monthGrid, moveByKey, sameDate } from './month';
export type { Month } from './month';
export { eventFrom, nearestRecorded, walk } from './recordings';
export { clipAround, clipEdgeByKey, moveClipEdge } from './clip-selection';
export type { ClipEdge } from './clip-selection';
export { thumbnailSlots } from './thumbnails';
export type { PlaybackThumbnail, ThumbnailSlot } from './thumbnails';
export {
  MIN_VISIBLE_MS,
  momentAt,
  pan,
  reveal,
  shareOf,
  ticksOf,
  wholeDay,
  zoom,
} from './timeline-view';
export type { Tick, TimelineView } from './timeline-view';
export { bubbleShare, timelineGesture } from './timeline-gesture';
export type {
  TimelineGesture,
  TimelineInput,
  TimelinePointer,
  TimelineStep,
} from './timeline-gesture';
