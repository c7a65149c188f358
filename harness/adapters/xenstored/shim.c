/*
 * Lets the unmodified xenstored and oxenstored of Debian run on a machine without Xen: preloaded,
 * it stands in for libxenctrl, libxenevtchn, libxengnttab and libxenmanage, for /proc/xen, and for
 * the directories that are compiled into the daemons. It is for tests only; nothing is emulated
 * but what the two daemons ask for.
 *
 *   gcc -O1 -shared -fPIC -nostartfiles -U_FORTIFY_SOURCE -o shim.so shim.c
 *
 * $XSHIM_DIR/dom<N>.ring   file of 4096 octets: the xenstore ring page of domain N, which exists
 *                          exactly as long as the file does
 * $XSHIM_DIR/dom<N>.state  optional: "shutdown" or "dying"
 * $XSHIM_DIR/xsd_port      event channel of domain 0, without a line feed
 * $XSHIM_DIR/evtchn        FIFO, made here; a client writes a port (native u32) to raise an event
 * $XSHIM_DIR/notify        FIFO, made here; a port (native u32) for each event of the daemon
 * $XSHIM_DIR/log           log of calls, when it exists
 * $XSHIM_XENLIB            folder in place of /usr/lib/xen-4.20, whose plug-in oxenstored loads
 * $XSHIM_ANNOUNCE          descriptor on which a line "listening" is written when clients can come
 *
 * Ports: 1 is VIRQ_DOM_EXC, 1000 + N is that of domain N. A daemon ends with the thread that
 * started it. Only symbols of GLIBC_2.2.5 and 2.4 are needed, so one build serves every release.
 *
 * Source: the calls that tools/xenstored and tools/ocaml of Xen 4.14 to 4.22 make. Not done: grants,
 * real event channels, more than one daemon in a directory.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <stdarg.h>
#include <unistd.h>
#include <fcntl.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <signal.h>

static const char *dir(void) { const char *d = getenv("XSHIM_DIR"); return d ? d : "xshim.d"; }
static int sys_open(const char *p, int fl, int mode) { return syscall(SYS_openat, AT_FDCWD, p, fl, mode); }
static void path(char *b, size_t n, const char *fmt, unsigned v) {
	int l = snprintf(b, n, "%s/", dir()); snprintf(b + l, n - l, fmt, v); }
static void lg(const char *fmt, ...) {
	char b[512], p[512]; va_list ap; int n, fd;
	path(p, sizeof p, "log", 0);
	fd = sys_open(p, O_WRONLY | O_APPEND | O_CLOEXEC, 0); if (fd < 0) return;
	n = snprintf(b, sizeof b, "[%d] ", getpid());
	va_start(ap, fmt); n += vsnprintf(b + n, sizeof b - n - 1, fmt, ap); va_end(ap);
	b[n++] = '\n'; if (write(fd, b, n) < 0) {} close(fd);
}
static int dom_state(unsigned d) { /* -1 none, 0 running, 1 shutdown, 2 dying */
	char p[512], b[16] = ""; int fd;
	path(p, sizeof p, "dom%u.ring", d); if (access(p, F_OK)) return -1;
	path(p, sizeof p, "dom%u.state", d); fd = sys_open(p, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0) return 0;
	if (read(fd, b, 15) < 0) {} close(fd);
	return b[0] == 's' ? 1 : b[0] == 'd' ? 2 : 0;
}
static void *map_ring(unsigned d) {
	char p[512]; int fd; void *a;
	path(p, sizeof p, "dom%u.ring", d); fd = sys_open(p, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0) { lg("map_ring dom%u: %s", d, strerror(errno)); return NULL; }
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); close(fd);
	lg("map_ring dom%u -> %p", d, a);
	return a == MAP_FAILED ? NULL : a;
}
/* ---- libxenctrl ---- */
static int dummy;
void *xc_interface_open(void *a, void *b, unsigned f) { lg("xc_interface_open"); return &dummy; }
int xc_interface_close(void *x) { return 0; }
/* <= 4.17: xc_dominfo_t { uint32 domid; uint32 ssidref; bits dying:1,crashed:1,shutdown:1,... } */
int xc_domain_getinfo(void *x, uint32_t first, unsigned max, uint32_t *info) {
	unsigned d; int s;
	for (d = first; d < 32752; d++) { s = dom_state(d); if (s >= 0) break; }
	if (d >= 32752) { lg("xc_domain_getinfo %u -> 0", first); return 0; }
	info[0] = d; info[1] = 0; info[2] = s == 1 ? 4 : s == 2 ? 1 : 0x20;
	lg("xc_domain_getinfo %u -> %u state %d", first, d, s);
	return 1;
}
/* >= 4.18: xc_domaininfo_t { uint16 domain; uint16 pad; uint32 flags; ... } flags: 1 dying, 4 shutdown, 0x20 running */
static void fill(uint32_t *i, unsigned d, int s) { i[0] = d; i[1] = s == 1 ? 4 : s == 2 ? 1 : 0x20; }
int xc_domain_getinfo_single(void *x, uint32_t d, uint32_t *info) {
	int s = dom_state(d); lg("xc_domain_getinfo_single %u state %d", d, s);
	if (s < 0) { errno = ESRCH; return -1; }
	if (info) fill(info, d, s);
	return 0;
}
int xc_domain_getinfolist(void *x, uint32_t first, unsigned max, uint32_t *info) {
	unsigned d; lg("xc_domain_getinfolist %u", first);
	for (d = first; d < 32752; d++) { int s = dom_state(d); if (s >= 0) { fill(info, d, s); return 1; } }
	return 0;
}
void *xc_map_foreign_range(void *x, uint32_t dom, int size, int prot, unsigned long mfn) { return map_ring(dom); }
/* ---- libxengnttab ---- */
void *xengnttab_open(void *l, unsigned f) { return &dummy; }
int xengnttab_close(void *h) { return 0; }
int xengnttab_set_max_grants(void *h, uint32_t n) { return 0; }
void *xengnttab_map_grant_ref(void *h, uint32_t dom, uint32_t ref, int prot) { return map_ring(dom); }
int xengnttab_unmap(void *h, void *a, uint32_t n) { return munmap(a, 4096); }
static signed char seen[32752]; /* last state reported by xenmanage poll, +2; reset by bind_virq */
/* ---- libxenevtchn ---- */
struct ev { int fd; };
static int fifo(const char *n, int fl) {
	char p[512]; path(p, sizeof p, n, 0); int fd = sys_open(p, fl, 0);
	if (fd < 0) lg("open %s: %s", p, strerror(errno)); return fd; }
static void make_fifo(const char *n) { char p[512]; path(p, sizeof p, n, 0); syscall(SYS_mknod, p, S_IFIFO | 0600, 0); }
void *xenevtchn_open(void *l, unsigned flags) {
	make_fifo("evtchn"); make_fifo("notify");
	struct ev *e = malloc(sizeof *e); e->fd = fifo("evtchn", O_RDWR | ((flags & 1) ? 0 : O_CLOEXEC));
	lg("xenevtchn_open flags %u fd %d", flags, e->fd); return e->fd < 0 ? NULL : e; }
void *xenevtchn_fdopen(void *l, int fd, unsigned flags) {
	struct ev *e = malloc(sizeof *e); e->fd = fd; lg("xenevtchn_fdopen %d", fd); return e; }
int xenevtchn_close(void *h) { struct ev *e = h; if (e) { close(e->fd); free(e); } return 0; }
int xenevtchn_fd(void *h) { return h ? ((struct ev *)h)->fd : -1; }
int xenevtchn_notify(void *h, uint32_t port) {
	int fd = fifo("notify", O_RDWR | O_NONBLOCK | O_CLOEXEC); lg("notify %u", port);
	if (fd >= 0) { if (write(fd, &port, 4) < 0) {} close(fd); } return 0; }
int xenevtchn_pending(void *h) { uint32_t p; if (read(((struct ev *)h)->fd, &p, 4) != 4) return -1; lg("pending %u", p); return p; }
int xenevtchn_unmask(void *h, uint32_t p) { return 0; }
int xenevtchn_unbind(void *h, uint32_t p) { lg("unbind %u", p); return 0; }
int xenevtchn_bind_virq(void *h, unsigned v) { lg("bind_virq %u", v); memset(seen, 0, sizeof seen); return 1; }
int xenevtchn_bind_interdomain(void *h, uint32_t dom, uint32_t port) { lg("bind_interdomain dom%u port %u", dom, port); return 1000 + dom; }
/* ---- libxenmanage (Xen >= 4.21) ---- */
void *xenmanage_open(void *l, unsigned f) { return &dummy; }
int xenmanage_close(void *h) { return 0; }
/* state: 1 exist 2 shutdown 4 dying 8 dead */
int xenmanage_get_domain_info(void *h, unsigned d, unsigned *state, unsigned *caps, uint64_t *uid) {
	int s = dom_state(d); if (s < 0) { errno = ENOENT; return -1; }
	if (d < 32752) seen[d] = s + 2;
	if (state) *state = s == 1 ? 3 : s == 2 ? 5 : 1; if (caps) *caps = d ? 0 : 7; if (uid) *uid = 0x1122334400000000ull + d; return 0; }
int xenmanage_poll_changed_domain(void *h, unsigned *d, unsigned *st, unsigned *caps, uint64_t *uid) {
	unsigned i;
	for (i = 0; i < 32752; i++) {
		int s; if (i > 64 && !seen[i] && !getenv("XSHIM_MANYDOMS")) continue;
		s = dom_state(i);
		if ((seen[i] ? seen[i] - 2 : -1) == s) continue;
		seen[i] = s + 2; *d = i; if (st) *st = s < 0 ? 8 : s == 1 ? 3 : s == 2 ? 5 : 1; if (caps) *caps = i ? 0 : 7; if (uid) *uid = 0x1122334400000000ull + i;
		lg("poll_changed_domain dom%u state %d", i, s); return 0; }
	errno = ENOENT; return -1; }
/* ---- path redirection: /proc/xen/xsd_*, and the directories compiled into oxenstored ---- */
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/resource.h>
#include <dirent.h>
static const char *redir(const char *p, char *b) {
	static const char *pre[] = { "/var/run/xenstored", "/var/run/xen", "/run/xenstored", "/var/log/xen", NULL };
	int i; const char *l = getenv("XSHIM_XENLIB");
	if (!p) return p;
	if (!strcmp(p, "/proc/xen/xsd_kva")) { path(b, 512, "dom0.ring", 0); return b; }
	if (!strcmp(p, "/proc/xen/xsd_port")) { path(b, 512, "xsd_port", 0); return b; }
	for (i = 0; pre[i]; i++) { size_t n = strlen(pre[i]);
		if (!strncmp(p, pre[i], n) && (!p[n] || p[n] == '/')) { snprintf(b, 512, "%s%s", dir(), p + n); return b; } }
	if (l && !strncmp(p, "/usr/lib/xen-4.20/", 18)) { snprintf(b, 512, "%s/%s", l, p + 18); return b; }
	return p; }
#define OPENLIKE(name, extra) int name(const char *p, int fl, ...) { char b[512]; int m = 0; \
	if (fl & (O_CREAT | __O_TMPFILE)) { va_list ap; va_start(ap, fl); m = va_arg(ap, int); va_end(ap); } \
	return sys_open(redir(p, b), fl | extra, m); }
OPENLIKE(open, 0)
OPENLIKE(open64, O_LARGEFILE)
int __open_2(const char *p, int fl) { char b[512]; return sys_open(redir(p, b), fl, 0); }
int __open64_2(const char *p, int fl) { char b[512]; return sys_open(redir(p, b), fl, 0); }
int stat64(const char *p, struct stat64 *st) { char b[512]; return syscall(SYS_stat, redir(p, b), st); }
int stat(const char *p, struct stat *st) { char b[512]; return syscall(SYS_stat, redir(p, b), st); }
int __xstat64(int v, const char *p, struct stat64 *st) { char b[512]; return syscall(SYS_stat, redir(p, b), st); }
int __xstat(int v, const char *p, struct stat *st) { char b[512]; return syscall(SYS_stat, redir(p, b), st); }
int access(const char *p, int m) { char b[512]; return syscall(SYS_access, redir(p, b), m); }
int mkdir(const char *p, mode_t m) { char b[512]; return syscall(SYS_mkdir, redir(p, b), m); }
int unlink(const char *p) { char b[512]; return syscall(SYS_unlink, redir(p, b)); }
int rename(const char *p, const char *q) { char b[512], c[512]; return syscall(SYS_rename, redir(p, b), redir(q, c)); }
int bind(int fd, const struct sockaddr *sa, socklen_t l) {
	struct sockaddr_un u; char b[512];
	if (sa->sa_family == AF_UNIX && l > 3) { memset(&u, 0, sizeof u); memcpy(&u, sa, l < sizeof u ? l : sizeof u - 1);
		const char *q = redir(u.sun_path, b);
		if (q == b) { snprintf(u.sun_path, sizeof u.sun_path, "%s", b); return syscall(SYS_bind, fd, &u, sizeof u); } }
	return syscall(SYS_bind, fd, sa, l); }
int listen(int fd, int backlog) {
	const char *a = getenv("XSHIM_ANNOUNCE"); int rc = syscall(SYS_listen, fd, backlog);
	if (rc == 0 && a && write(atoi(a), "listening\n", 10) < 0) {}
	return rc; }
int setrlimit(__rlimit_resource_t r, const struct rlimit *l) { syscall(SYS_setrlimit, r, l); return 0; }
DIR *opendir(const char *p) { char b[512]; int fd = sys_open(redir(p, b), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); return fd < 0 ? NULL : fdopendir(fd); }
#define __USE_GNU 1
#include <dlfcn.h>
__asm__(".symver dlsym,dlsym@GLIBC_2.2.5");
void *dlopen(const char *p, int fl) { static void *(*real)(const char *, int); char b[512];
	if (!real) real = dlsym(RTLD_NEXT, "dlopen"); return real(redir(p, b), fl); }
/* A killed harness leaves no daemon behind. */
__attribute__((constructor)) static void die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }
