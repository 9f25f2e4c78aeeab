import { AbstractStartedContainer, GenericContainer } from "testcontainers";

export declare const PORT: number;

/** skyrig in a container. It has started when it says `Ready.`: then clients are served. */
export declare class SkyrigContainer extends GenericContainer {
  constructor(image?: string);
  /** More flags of `skyrig serve`. */
  withFlags(...flags: string[]): this;
  /** The command inside of the container. */
  command(): string[];
  start(): Promise<StartedSkyrigContainer>;
}

export declare class StartedSkyrigContainer extends AbstractStartedContainer {
  /** What AWS's clients take as `endpoint`. */
  getEndpoint(): string;
  /** The options of an AWS client that talks to it. */
  getClientOptions(): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** Begins anew. */
  reset(): Promise<void>;
  /** Moves virtual time by so many seconds, and does what is due. */
  advance(seconds: number): Promise<void>;
}
