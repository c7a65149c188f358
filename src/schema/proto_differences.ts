/**
 * Where mesh's dialect demands or does more than protobuf, in words, for the heads of `.proto`
 * files. Follows mesh_protobuf's encoding.rs, oneof.rs and protobuf.rs.
 *
 * @module
 */

/** Where mesh and protobuf part, although the text describes the bytes. */
export const PROTO_DIFFERENCES: readonly string[] = [
  "A plain message has no presence: an empty one is left out, and a missing one reads as empty.",
  "An enum without a known variant is refused, and an unknown variant clears the one before it.",
  "Arrays, octets of fixed length and non-zero numbers have no default, and must be there.",
  "Arrays must have their exact length, and those of numbers must be packed.",
  "An array of numbers inside a list is octets here: protobuf has no list of packed lists.",
  "Integers are truncated to their Rust type: 8 and 16 bits, which protobuf does not have.",
  "A u128 is 16 octets and a char is a code point; any other value is refused.",
  "Fields are written in the order of declaration, which is not always that of their numbers.",
  "Octets that come twice are joined, where protobuf takes the last ones.",
  "Keys and values of maps are left out when they are the default, where others write them.",
  "Signed numbers beyond 62 bits are misread up to release 1.7.2511.",
];
