/* Adapter of a toy monitor for freezethaw: one JSON message per line in, one out. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The monitor. Put yours in place of it. ---- */

static const char *const RELEASES[] = {"1.0", "2.0"}; /* oldest first */

typedef unsigned long long u64;
struct machine {
  int release; /* a place in RELEASES; -1 when there is no machine */
  u64 memory, uptime;
};
enum { STATE_MAX = 80 };

static size_t save(const struct machine *m, char *state) {
  if (m->release == 0) return sprintf(state, "toy1 %llu %llu", m->memory, m->uptime);
  return sprintf(state, "toy2 %llu %llu %llu", m->memory, m->uptime, m->memory + m->uptime);
}

/* Returns why the release does not take the state, or NULL; nothing happens to a refused one. */
static const char *restore(int release, const char *state, size_t size, struct machine *m) {
  unsigned version = 0;
  u64 memory = 0, uptime = 0, sum = 0;
  char again[STATE_MAX] = "";
  if (size >= STATE_MAX) return "the state is damaged";
  int words = sscanf(state, "toy%1u %15llu %15llu %16llu", &version, &memory, &uptime, &sum);
  if (words < 3 || version < 1 || version > 2) return "the state is damaged";
  if (version == 2 && release == 0) return "1.0 reads states of version 1: current value is 2";
  if (version == 2 && sum != memory + uptime) return "the sum of the state is wrong";
  struct machine read = {(int)version - 1, memory, uptime};
  if (save(&read, again) != size || memcmp(again, state, size)) return "the state is damaged";
  read.release = release;
  read.uptime++; /* it goes on */
  *m = read;
  return NULL;
}

/* What the guest can see. */
static void observe(const struct machine *m) {
  printf("{\"memory\":%llu,\"uptime\":%llu}", m->memory, m->uptime);
}

/* ---- The least of JSON: find a member, read a text. A line is one well-formed value. ---- */

static const char *space(const char *p) { return p + strspn(p, " \t\r\n"); }

/* What comes after the value at p. */
static const char *skip(const char *p) {
  int depth = 0;
  do {
    if (*p == '"') {
      for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1]) p++;
      if (*p) p++;
    } else if (*p == '{' || *p == '[') {
      depth++, p++;
    } else if (*p == '}' || *p == ']') {
      depth--, p++;
    } else {
      p += strspn(p, ",: \t\r\n"), p += strcspn(p, "\",:{}[] \t\r\n");
    }
  } while (depth > 0 && *p);
  return p;
}

static unsigned hex4(const char *p) {
  char digits[5] = "";
  return (unsigned)strtoul(strncpy(digits, p, 4), NULL, 16);
}

/* Writes a character as UTF-8; U+0000 in two octets, so that it ends no text. */
static char *put(char *to, unsigned c) {
  if (c && c < 0x80) return *to++ = (char)c, to;
  if (c < 0x800) *to++ = (char)(0xC0 | c >> 6);
  else if (c < 0x10000) *to++ = (char)(0xE0 | c >> 12);
  else *to++ = (char)(0xF0 | c >> 18), *to++ = (char)(0x80 | (c >> 12 & 0x3F));
  if (c >= 0x800) *to++ = (char)(0x80 | (c >> 6 & 0x3F));
  return *to++ = (char)(0x80 | (c & 0x3F)), to;
}

/* The text at p without its escapes, to be freed; empty when there is none. */
static char *text(const char *p) {
  const char *end = skip(p);
  char *all = calloc((size_t)(end - p) + 2, 1), *to = all;
  if (!all) abort();
  if (*p != '"') return all;
  for (p++; p < end - 1; p++) {
    if (*p != '\\') {
      *to++ = *p;
    } else if (*++p == 'u') {
      unsigned c = hex4(p + 1), low = 0;
      p += 4;
      if (c >> 10 == 0x36 && p[1] == '\\' && p[2] == 'u') low = hex4(p + 3);
      if (low >> 10 == 0x37) c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF)), p += 6;
      to = put(to, c);
    } else {
      const char *found = strchr("b\bf\fn\nr\rt\t", *p);
      *to++ = found ? found[1] : *p;
    }
  }
  return all;
}

static int equals(const char *p, const char *wanted) {
  char *is = text(p);
  int same = *p == '"' && strcmp(is, wanted) == 0;
  free(is);
  return same;
}

/* The value of a member of the object at p, or an empty text. */
static const char *member(const char *p, const char *name) {
  if (*p != '{') return "";
  for (p = space(p + 1); *p == '"';) {
    const char *value = space(skip(p));
    if (*value == ':') value = space(value + 1);
    if (equals(p, name)) return value;
    p = space(skip(value));
    if (*p == ',') p = space(p + 1);
  }
  return "";
}

/* ---- Base64. ---- */

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void print_base64(const unsigned char *from, size_t size) {
  for (size_t i = 0; i < size; i += 3) {
    unsigned bits = from[i] << 16 | (i + 1 < size ? from[i + 1] << 8 : 0) |
                    (i + 2 < size ? from[i + 2] : 0);
    putchar(DIGITS[bits >> 18]), putchar(DIGITS[bits >> 12 & 63]);
    putchar(i + 1 < size ? DIGITS[bits >> 6 & 63] : '=');
    putchar(i + 2 < size ? DIGITS[bits & 63] : '=');
  }
}

/* In place, up to the padding; returns the octets that there are. */
static size_t read_base64(char *all) {
  unsigned bits = 0, have = 0;
  char *to = all;
  for (const char *p = all, *digit; *p && (digit = strchr(DIGITS, *p)); p++) {
    bits = bits << 6 | (unsigned)(digit - DIGITS);
    have += 6;
    if (have >= 8) have -= 8, *to++ = (char)(bits >> have);
  }
  *to = 0;
  return (size_t)(to - all);
}

/* ---- The protocol. ---- */

static const char HELLO[] =
    "{\"protocol\":1,\"name\":\"toy\",\"releases\":[\"1.0\",\"2.0\"],\"facets\":[\"observe\"],"
    "\"format\":\"toy\",\"ticks\":[\"/uptime\"]}";

static struct machine *machines;
static size_t made;

static void adopt(struct machine m) {
  machines = realloc(machines, (made + 1) * sizeof *machines);
  if (!machines) abort();
  machines[made++] = m;
  printf("\"result\":{\"machine\":\"m%zu\",\"release\":\"%s\"}", made, RELEASES[m.release]);
}

static struct machine *machine_of(const char *params) {
  char *id = text(member(params, "machine")), name[24];
  size_t number = id[0] == 'm' ? strtoul(id + 1, NULL, 10) : 0;
  snprintf(name, sizeof name, "m%zu", number);
  int known = number >= 1 && number <= made && strcmp(id, name) == 0;
  free(id);
  return known && machines[number - 1].release >= 0 ? &machines[number - 1] : NULL;
}

static void fail(int code, const char *why) {
  printf("\"error\":{\"code\":%d,\"message\":\"%s\"}", code, why);
}

static void come_back(int release, const char *base64) {
  struct machine m = {release, 0, 0};
  char *state = text(base64);
  const char *why = restore(release, state, read_base64(state), &m);
  free(state);
  if (why) fail(-32001, why);
  else adopt(m);
}

static void answer(const char *method, const char *params) {
  static const char *const NEED_MACHINE[] = {"save", "observe", "stop"};
  const char *release = member(params, "release"), *seed = member(params, "seed");
  const char *base64 = member(member(params, "state"), "base64");
  int at = equals(release, RELEASES[0]) ? 0 : equals(release, RELEASES[1]) ? 1 : -1, which = 0;
  if (equals(method, "hello")) {
    printf("\"result\":%s", HELLO);
  } else if (equals(method, "start")) {
    if (at < 0 || *seed < '0' || *seed > '9') fail(-32602, "release or seed is missing");
    else adopt((struct machine){at, strtoull(seed, NULL, 10), 0});
  } else if (equals(method, "restore")) {
    if (at < 0 || *base64 != '"') fail(-32602, "release or state is missing");
    else come_back(at, base64);
  } else {
    while (which < 3 && !equals(method, NEED_MACHINE[which])) which++;
    struct machine *m = machine_of(params);
    if (which == 3) {
      fail(-32601, "there is no such method");
    } else if (!m) {
      fail(-32602, "there is no such machine");
    } else if (which == 0) {
      char state[STATE_MAX];
      size_t size = save(m, state);
      printf("\"result\":{\"state\":{\"base64\":\"");
      print_base64((unsigned char *)state, size);
      printf("\"}}");
    } else if (which == 1) {
      printf("\"result\":{\"value\":");
      observe(m);
      printf("}");
    } else {
      m->release = -1;
      printf("\"result\":{}");
    }
  }
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    const char *message = space(line), *id = member(message, "id");
    printf("{\"jsonrpc\":\"2.0\",\"id\":%.*s,", *id ? (int)(skip(id) - id) : 4, *id ? id : "null");
    answer(member(message, "method"), member(message, "params"));
    printf("}\n");
    fflush(stdout);
  }
  free(line);
  free(machines);
  return 0;
}
