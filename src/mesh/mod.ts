/**
 * OpenHCL's protobuf dialect, exact to the byte: the codec of each saved-state message in each
 * release, blobs, the JSON form, and recoding in bulk.
 *
 * @module
 */
export { type Blob, blobOf, nameOfTypeUrl, parseBlob, typeUrlOf } from "./blob.ts";
export { type Codec, codecFor, type Value } from "./codec.ts";
export { MeshError, REASON } from "./error.ts";
export { fromJson } from "./from_json.ts";
export { type BlobLookup, type Json, toJson } from "./json.ts";
export type { UnknownField } from "./reader.ts";
export { type NameLookup, recode, recodeLine } from "./recode.ts";
export { RELEASE_NAMES, RELEASES, type Release, releaseNamed } from "./release.ts";
export { EncodeError } from "./writer.ts";
