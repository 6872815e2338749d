import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Program } from './program';

/** A port that nothing listens at. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Relay, camera and page server as separate processes, each of which can die and come back. */
export class Demo {
  private readonly data = mkdtempSync(path.join(os.tmpdir(), 'taro-iot-video-'));
  private relayPort = 0;
  private relay: Program | null = null;
  private camera: Program | null = null;
  private page: Program | null = null;

  private constructor(private readonly cameraArgs: readonly string[]) {}

  /** @param cameraArgs further arguments of the camera program */
  static async start(cameraArgs: readonly string[] = []): Promise<Demo> {
    const demo = new Demo(cameraArgs);
    demo.relayPort = await unusedPort();
    await demo.startRelay();
    await demo.startCamera();
    return demo;
  }

  get xp2pInfo(): string {
    return this.camera!.text('xp2pInfo');
  }

  get pageUrl(): string {
    return this.page!.text('url');
  }

  /** Where the camera keeps what it was told. */
  get talkFolder(): string {
    return path.join(this.data, 'camera', 'talk');
  }

  /** Address of the live page for a camera that is named by its xp2pInfo. */
  liveUrl(xp2pInfo = this.xp2pInfo): string {
    return `${this.pageUrl}#/pages/live/index?xp2pInfo=${encodeURIComponent(xp2pInfo)}`;
  }

  /** Does nothing while one runs. */
  async startRelay(): Promise<void> {
    if (this.relay?.isRunning) return;
    this.relay = await Program.start('relay', ['--port', String(this.relayPort)], 'listening');
  }

  async killRelay(): Promise<void> {
    await this.relay!.kill();
  }

  /** @param further arguments, for this start only */
  async startCamera(further: readonly string[] = []): Promise<void> {
    const args = ['--relay', this.relay!.text('url'), '--data', path.join(this.data, 'camera')];
    this.camera = await Program.start(
      'camera',
      [...args, '--name', 'Test camera', ...this.cameraArgs, ...further],
      'ready',
    );
  }

  /** For cameras with `--interactive`: `ring`, `answer`, `reject`, `hang-up`. */
  async typeAtCamera(line: string): Promise<void> {
    await this.camera!.type(line);
  }

  /** Waits until the camera's side of a call is there. */
  untilCall(phase: string): Promise<void> {
    return this.camera!.until('call', (event) => event['phase'] === phase);
  }

  async killCamera(): Promise<void> {
    await this.camera!.kill();
  }

  /** It sends nothing any more, and says so to nobody. */
  freezeCamera(): void {
    this.camera!.freeze(true);
  }

  thawCamera(): void {
    this.camera!.freeze(false);
  }

  /** @param root folder of the built page, the demo's own by default */
  async startPage(root = 'dist/h5'): Promise<void> {
    const device = {
      id: 'demo',
      name: this.camera!.text('name'),
      productId: this.camera!.text('productId'),
      deviceName: this.camera!.text('deviceName'),
      xp2pInfo: this.xp2pInfo,
    };
    this.page = await Program.start(
      'page-server',
      ['--root', root, '--device', JSON.stringify(device)],
      'listening',
    );
  }

  async stop(): Promise<void> {
    for (const program of [this.page, this.camera, this.relay]) await program?.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}
