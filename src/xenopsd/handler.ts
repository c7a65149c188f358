/** What answers one method: at once, or as a run that may have effects and may wait. */
import type { MethodName, ParamsOf, ResultOf } from "../xenops_interface/mod.ts";
import type { Engine } from "./engine.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import type { Workers } from "./workers.ts";

/** What a method has to do with. */
export interface Desk {
  readonly engine: Engine;
  readonly workers: Workers;
  readonly instanceId: string;
  /** For effects that are made while the client waits. */
  readonly site: Site;
  /** Ends the process. */
  exit(): void;
}

export type Handler<M extends MethodName> = (
  desk: Desk,
  params: ParamsOf<M>,
) => ResultOf<M> | Run<ResultOf<M>>;

export type Handlers<M extends MethodName> = { readonly [K in M]: Handler<K> };
