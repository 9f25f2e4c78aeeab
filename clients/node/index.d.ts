export class SkyrigError extends Error {}

export interface WorldSettings {
  /** Where skyrig is; else SKYRIG_ENDPOINT says it, or http://127.0.0.1:4566 is meant. */
  endpoint?: string;
  /** 1 to 63 of a-z, 0-9 and -; drawn without it. */
  name?: string;
  /** Decides all ids; else the name does. */
  seed?: number;
  /** Else as the server's. */
  clock?: "real" | "manual";
  /** When virtual time begins, in ISO 8601. */
  start?: string;
  /** The world that it goes on as. */
  from?: string;
}

/** Twelve digits, and a region. */
export interface Place {
  account?: string;
  region?: string;
}

/** A world: a cloud of which others see nothing. */
export class World {
  readonly name: string;
  /** What AWS's SDKs take for their endpoint. */
  readonly endpoint: string;

  static make(settings?: WorldSettings): Promise<World>;
  /** A world that is given up when a test of node:test ends. */
  static for(test: { after(fn: () => unknown): void }, settings?: WorldSettings): Promise<World>;

  close(): Promise<void>;
  /** What the clients of AWS's SDK take. */
  config(place?: Place): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** The variables with which any program of AWS's SDKs uses this world. */
  environment(place?: Place): Record<string, string>;
  /** Moves virtual time on; what falls due on the way happens in order. */
  advance(seconds: number): Promise<unknown>;
  now(): Promise<string>;
  faults(rules: object[]): Promise<object[]>;
  outbox(): Promise<object[]>;
  trace(id: string): Promise<unknown>;
  status(): Promise<unknown>;
  reset(): Promise<void>;
  save(): Promise<Uint8Array>;
  load(snapshot: Uint8Array): Promise<void>;
  fork(name?: string): Promise<World>;
  /** Any page below /_skyrig/ of this world. */
  page(method: string, path: string, document?: unknown): Promise<any>;
}
