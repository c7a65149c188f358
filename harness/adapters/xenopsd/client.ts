/**
 * A second client of xenopsd, which stands in for the real one: written from the
 * interface alone, it shares no code with our server or its codecs.
 *
 * Source: xen-api, ocaml/xapi-idl/lib/xcp_service.ml; ocaml-rpc.
 *
 * @module
 */
import type { NetConnectOpts } from "node:net";
import { ClientConnection } from "./client_connection.ts";
import { type Json, jsonText, parseJson } from "./client_json.ts";
import { ClientSwitch } from "./client_switch.ts";

/** How a payload is carried to the server and its answer back. */
interface Carrier {
  exchange(payload: string): Promise<string>;
  close(): void;
}

/** What the server says instead of a result. */
export class ClientError extends Error {
  readonly tag: string;
  readonly payload: Json;

  constructor(error: Json) {
    super(`The server answers with ${jsonText(error)}`);
    const [tag, payload = null] = Array.isArray(error) ? error : [error];
    this.tag = typeof tag === "string" ? tag : "";
    this.payload = payload;
  }
}

export class Client {
  readonly #carrier: Carrier;
  #count = 0;

  private constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  static overHttp(at: NetConnectOpts): Client {
    const connection = new ClientConnection(at);
    return new Client({
      close: () => connection.close(),
      exchange: async (payload) => {
        const { status, body } = await connection.http("POST", "/", payload);
        if (status !== 200) throw new Error(`The server answers ${status}: ${body}`);
        return body;
      },
    });
  }

  static overFrames(at: NetConnectOpts): Client {
    const connection = new ClientConnection(at);
    return new Client({
      close: () => connection.close(),
      exchange: (payload) => connection.framed(payload),
    });
  }

  static async overSwitch(at: NetConnectOpts, service: string, name: string): Promise<Client> {
    return new Client(await ClientSwitch.open(at, service, name));
  }

  /** Named parameters in, the result out; throws `ClientError`. */
  async call(method: string, named: { [key: string]: Json } = {}): Promise<Json> {
    this.#count++;
    const params = [{ ...named, debug_info: `client-${this.#count}` }];
    const text = await this.#carrier.exchange(jsonText({ method, params, id: this.#count }));
    const { result, error } = parseJson(text) as { result: Json; error: Json };
    if (error !== null) throw new ClientError(error);
    return result;
  }

  close(): void {
    this.#carrier.close();
  }
}
