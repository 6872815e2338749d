import type { VirtualClock } from '../../net/virtual-clock';
import { FakeCalls } from './fake-calls';
import { FakeRequests } from './fake-requests';
import type { FakeCallbacks, FakeService, FakeStreamInfo, FakeStreamParams } from './fake-service';
import { FakeStreams } from './fake-streams';
import { FakeVoice } from './fake-voice';
import { generationOf } from './generation';
import type { FailureShape, FakeVersion, Generation } from './generation';
import type { ScriptedDevice } from './scripted-device';

type EventHandler = (event: string, detail: unknown) => void;
type Call = (...args: never[]) => unknown;

const DEVICE_VERSIONS = { Device_2_3: 'device-2.3', Device_2_4: 'device-2.4' } as const;
const APP_PARAMS = ['appid', 'appOauthId', 'appKey', 'appSecretKey', 'appPackage'];

interface InitParams {
  readonly appParams?: Readonly<Record<string, unknown>>;
  readonly eventHandler?: EventHandler;
  readonly initParams?: {
    readonly deviceP2PVersion?: string;
    readonly eventHandler?: EventHandler;
  };
}

/**
 * What `requirePlugin('xp2p')` gives in one version of the vendor's plugin, with cameras that do what
 * the test says. Functions, results and the order of callbacks follow the version.
 */
export class FakeXp2p {
  readonly plugin: { readonly p2p: Readonly<Record<string, unknown>> };
  readonly generation: Generation;
  readonly calls: FakeCalls;
  readonly services = new Map<string, FakeService>();
  /** How long the probe of the local NAT takes; `Infinity`: for ever. */
  probeMs = 300;
  /** Whether the probe finds servers that answer. */
  probeSucceeds = true;
  private readonly modules = new Map<string, EventHandler | undefined>();
  private isResetting = false;
  private readonly streams: FakeStreams;
  private readonly voice: FakeVoice;
  private readonly requests: FakeRequests;

  constructor(
    version: FakeVersion,
    clock: VirtualClock,
    private readonly devices: readonly ScriptedDevice[],
  ) {
    this.generation = generationOf(version);
    this.calls = new FakeCalls(clock);
    this.streams = new FakeStreams(this.generation, this.calls);
    this.voice = new FakeVoice(this.generation, this.calls);
    this.requests = new FakeRequests(this.generation, this.calls);
    this.plugin = { p2p: this.exports() };
  }

  /** Device versions whose module is up. */
  get initialised(): readonly string[] {
    return [...this.modules.keys()];
  }

  localEvent(event: string, detail: unknown): void {
    if (!this.generation.natEvents) return;
    for (const handler of this.modules.values()) handler?.(event, detail);
  }

  /** The camera of a service drops out. */
  drop(id: string): void {
    const service = this.services.get(id);
    if (service !== undefined) this.streams.drop(service);
  }

  /** The keep-alive finds the link up. */
  keepAlive(id: string): void {
    const service = this.services.get(id);
    service?.callbacks.msgCallback('notify', 'connected');
  }

  private exports(): Readonly<Record<string, unknown>> {
    const g = this.generation;
    const functions: Record<string, Call> = {
      init: (params: InitParams) => this.init(params),
      destroy: () => this.destroy(),
      getServiceInitInfo: (id: string) => this.services.get(id),
      startP2PService: (id: string, info: FakeStreamInfo, callbacks: FakeCallbacks) =>
        this.startService(id, info, callbacks),
      updateServiceCallbacks: (id: string, callbacks: FakeCallbacks) => {
        const service = this.services.get(id);
        if (service === undefined) return -2000;
        service.callbacks = callbacks;
        return 0;
      },
      [g.oldNames ? 'stopServiceById' : 'stopP2PService']: (id: string) => this.stopService(id),
      [g.oldNames ? 'startP2PStream' : 'startStream']: (id: string, params: FakeStreamParams) =>
        this.withService('startStream', id, (service) => {
          if (typeof params.dataCallback !== 'function') return this.fail('startStream', -2000);
          return this.streams.start(service, params);
        }),
      [g.oldNames ? 'stopP2PStream' : 'stopStream']: (id: string, type?: string) => {
        const service = this.services.get(id);
        if (service !== undefined) this.streams.stop(service, type);
      },
      sendCommand: (id: string, command: string, options?: { readonly responseType?: string }) =>
        this.withService('sendCommand', id, (service) =>
          this.requests.sendCommand(service, command, options),
        ),
      [g.oldNames ? 'startVoiceService' : 'startVoice']: (
        id: string,
        ...args: DropFirst<Parameters<FakeVoice['startRecorder']>>
      ) =>
        this.withService('startVoice', id, (service) => this.voice.startRecorder(service, ...args)),
      [g.oldNames ? 'stopVoiceService' : 'stopVoice']: (id: string) => {
        const service = this.services.get(id);
        service?.stopVoice?.();
        if (service !== undefined) service.stopVoice = null;
      },
      enableHttpLog: () => undefined,
      enableNetLog: () => undefined,
      enableXNTPLog: () => undefined,
    };
    if (g.uuid) functions['getUUID'] = () => 'fake-uuid';
    if (!g.modules) {
      functions['resetP2P'] = () => this.reset('resetP2P', () => 0);
      functions['getLocalXp2pInfo'] = () => 'XP2Plocal';
    } else {
      functions['getModule'] = (version: string) =>
        this.modules.has(version) ? this.moduleOf(version) : undefined;
    }
    if (g.voiceData) {
      functions['startVoiceData'] = (
        id: string,
        ...args: DropFirst<Parameters<FakeVoice['startData']>>
      ) =>
        this.withService('startVoiceData', id, (service) => this.voice.startData(service, ...args));
    }
    if (g.download) {
      functions['startLocalDownload'] = (
        id: string,
        ...args: DropFirst<Parameters<FakeRequests['startDownload']>>
      ) =>
        this.withService('startLocalDownload', id, (service) =>
          this.requests.startDownload(service, ...args),
        );
      functions['stopLocalDownload'] = (id: string) => this.services.get(id)?.stopDownload?.();
    }
    if (g.pluginInfo) functions['getPluginInfo'] = () => ({ version: g.version });
    if (g.tuning) {
      for (const name of [
        'setTcpFirst',
        'setCrossStunTurn',
        'updateStunPort',
        'setUseDeliveryConfig',
      ]) {
        functions[name] = () => undefined;
      }
    }
    return {
      XP2PVersion: g.version,
      XP2PEventEnum: { Notify: 'notify', DevNotify: 'devNotify', Log: 'log' },
      XP2PLocalEventEnum: { NATChanged: 'natChanged', NATError: 'natError' },
      ...(g.modules && { DeviceVersion: DEVICE_VERSIONS }),
      ...(g.streamCallbacks && { XP2PServiceEventEnum: { ServiceNotify: 'serviceNotify' } }),
      ...Object.fromEntries(
        Object.entries(functions).map(([name, work]) => [name, this.recorded(name, work)]),
      ),
    };
  }

  private recorded(name: string, work: Call): Call {
    return (...args: unknown[]) => {
      const note = args.filter((arg) => typeof arg === 'string').join(' ');
      return this.calls.run(name, note, () => (work as (...all: unknown[]) => unknown)(...args));
    };
  }

  private init(params: InitParams): Promise<unknown> {
    const g = this.generation;
    const version = g.modules ? params.initParams?.deviceP2PVersion : 'the one';
    const complete = APP_PARAMS.every((name) => params.appParams?.[name] !== undefined);
    if (!complete || version === undefined) return this.fail('init', -2000, g.initFailure);
    if (this.modules.has(version)) return this.fail('init', -2003, g.initFailure);
    this.modules.set(version, g.modules ? params.initParams?.eventHandler : params.eventHandler);
    return this.probe('init', () => (g.modules ? this.moduleOf(version) : 0), g.initFailure);
  }

  private moduleOf(version: string): object {
    return {
      deviceP2PVersion: version,
      localXp2pInfo: `XP2Plocal-${version}`,
      reset: this.recorded(`reset ${version}`, () =>
        this.reset('reset', () => this.moduleOf(version)),
      ),
    };
  }

  /** Connections do not outlive a reset. */
  private reset(name: string, result: () => unknown): Promise<unknown> {
    if (this.modules.size === 0) return this.fail(name, -2002);
    this.services.clear();
    this.isResetting = true;
    return this.probe(name, result, this.generation.callFailure).finally(() => {
      this.isResetting = false;
    });
  }

  private probe(name: string, result: () => unknown, shape: FailureShape): Promise<unknown> {
    if (this.probeMs === Infinity) return new Promise(() => undefined);
    return this.calls.later(this.probeMs, () => {
      if (this.probeSucceeds) return result();
      this.localEvent('natError', { errcode: -2202, errmsg: 'no server answers' });
      return this.calls.fail(shape, name, -2202);
    });
  }

  private destroy(): void {
    for (const service of this.services.values()) service.over = true;
    this.services.clear();
    this.modules.clear();
    this.isResetting = false;
    this.calls.endLife();
  }

  private startService(
    id: string,
    streamInfo: FakeStreamInfo,
    callbacks: FakeCallbacks,
  ): Promise<unknown> {
    const fail = (code: number) => this.fail('startP2PService', code);
    if (typeof streamInfo.url !== 'string') return fail(-2000);
    if (typeof callbacks.msgCallback !== 'function') return fail(-2000);
    if (this.modules.size === 0 || this.isResetting) return fail(-2002);
    if (this.services.has(id)) return fail(-2401);
    const minor = Number(/^XP2P[^%]+%2\.(\d+)\.\d+[a-z]*$/.exec(streamInfo.xp2pInfo ?? '')?.[1]);
    if (Number.isNaN(minor)) return fail(-2001);
    if (this.generation.checksDevice && minor < 3) return fail(-2005);
    if (this.generation.modules) {
      const needed = minor >= 4 ? DEVICE_VERSIONS.Device_2_4 : DEVICE_VERSIONS.Device_2_3;
      if (!this.modules.has(needed)) return fail(-2002);
    }
    const device = this.devices.find(
      (candidate) =>
        withoutFlags(candidate.xp2pInfo) === withoutFlags(streamInfo.xp2pInfo) &&
        this.generation.deviceMinors.includes(candidate.sdkMinor),
    );
    const service: FakeService = {
      id,
      streamInfo,
      callbacks,
      device,
      ready: false,
      over: false,
      streams: new Map(),
      stopVoice: null,
      stopDownload: null,
    };
    this.services.set(id, service);
    // The service stands before the camera was heard of.
    return this.calls.later(50, () => {
      service.ready = true;
      const { dataCallback } = service.callbacks;
      if (dataCallback !== undefined && !service.over) {
        void this.streams.start(service, { dataCallback });
      }
      return 0;
    });
  }

  private stopService(id: string): void {
    const service = this.services.get(id);
    if (service === undefined) return;
    for (const key of [...service.streams.keys()]) this.streams.stop(service, key);
    service.stopVoice?.();
    service.stopDownload?.();
    service.over = true;
    this.services.delete(id);
  }

  private withService(
    name: string,
    id: string,
    work: (service: FakeService) => Promise<unknown>,
  ): Promise<unknown> {
    if (this.modules.size === 0) return this.fail(name, -2002);
    const service = this.services.get(id);
    if (service === undefined || !service.ready || service.over) return this.fail(name, -2403);
    return work(service);
  }

  private fail(name: string, code: number, shape = this.generation.callFailure): Promise<unknown> {
    return this.calls.fail(shape, name, code);
  }
}

/** With an `m` at its end an xp2pInfo names the same camera as one that sends pictures. */
function withoutFlags(xp2pInfo = ''): string {
  return xp2pInfo.replace(/[a-z]+$/, '');
}

type DropFirst<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;
