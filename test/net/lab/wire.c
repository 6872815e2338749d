/*
 * A wire between two network namespaces, for kernels without sch_netem: it carries Ethernet frames
 * from one TAP device to the other, late, twice, in another order or not at all.
 *
 *   wire <seed> <config file> <stats file> <namespace> <device> <namespace> <device>
 *
 * "up" is from the first device to the second, "down" the other way. The config file holds lines
 * "<up|down> <key> <value>"; keys and units are those of Impairment in ../impaired-link.ts. It is
 * read at the start and on SIGHUP, which also writes the stats file. The program prints "ready" as
 * soon as both devices are there, and ends on SIGTERM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS 1e6
#define MAX_FRAME 65536
/* Frames on the wire; more is a mistake in the config, and must not take the machine's memory. */
#define MAX_QUEUED 262144
/* Frames read from one device before the other has its turn. */
#define READ_BATCH 64

typedef struct {
  double delay_ms, jitter_ms, reorder, loss, loss_burst, duplicate, rate, queue_bytes, queue_ms;
  int keeps_order;
} impairment;

typedef struct {
  impairment config;
  int from_fd, to_fd;
  unsigned short random[3];
  int in_loss_run;
  double busy_until, last_arrival; /* ns */
  unsigned long long sent, lost, overflowed, duplicated, reordered, delivered;
} direction;

typedef struct {
  double at; /* ns */
  uint64_t order;
  direction *on;
  int length;
  unsigned char *bytes;
} frame;

static direction directions[2];
static frame *heap;
static int heap_size, heap_capacity;
static uint64_t next_order;
static unsigned long serial;
static volatile sig_atomic_t hang_up;

static void die(const char *what) {
  fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

/* ---- Frames under way: a heap by time of arrival ---- */

static int is_before(const frame *a, const frame *b) {
  return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void push(frame entry) {
  if (heap_size == heap_capacity) {
    heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
    heap = realloc(heap, heap_capacity * sizeof *heap);
    if (!heap) die("memory");
  }
  int at = heap_size++;
  while (at > 0 && is_before(&entry, &heap[(at - 1) / 2])) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = entry;
}

static frame pop(void) {
  frame top = heap[0], last = heap[--heap_size];
  int at = 0;
  for (;;) {
    int child = 2 * at + 1;
    if (child >= heap_size) break;
    if (child + 1 < heap_size && is_before(&heap[child + 1], &heap[child])) child++;
    if (!is_before(&heap[child], &last)) break;
    heap[at] = heap[child];
    at = child;
  }
  if (heap_size > 0) heap[at] = last;
  return top;
}

/* ---- What a wire does to a frame; the same as ImpairedLink ---- */

static int loses(direction *d) {
  const impairment *config = &d->config;
  double roll = erand48(d->random);
  if (config->loss_burst <= 1 || config->loss <= 0 || config->loss >= 1) return roll < config->loss;
  double leave_run = 1 / config->loss_burst;
  double enter_run = leave_run * config->loss / (1 - config->loss);
  d->in_loss_run = d->in_loss_run ? roll >= leave_run : roll < enter_run;
  return d->in_loss_run;
}

/* When the frame has left the bottleneck; below 0 when the queue is full. */
static double enqueue(direction *d, int length, double now) {
  const impairment *config = &d->config;
  if (config->rate <= 0) return now;
  double start = d->busy_until > now ? d->busy_until : now;
  double wait_ms = (start - now) / NS_PER_MS;
  if (wait_ms * config->rate > config->queue_bytes) return -1;
  if (config->queue_ms > 0 && wait_ms > config->queue_ms) return -1;
  d->busy_until = start + length / config->rate * NS_PER_MS;
  return d->busy_until;
}

static double arrival(direction *d, double departure) {
  const impairment *config = &d->config;
  if (config->reorder > 0 && erand48(d->random) < config->reorder) {
    d->reordered++;
    return departure;
  }
  double at =
      departure + (config->delay_ms + erand48(d->random) * config->jitter_ms) * NS_PER_MS;
  if (!config->keeps_order) return at;
  if (at < d->last_arrival) at = d->last_arrival;
  d->last_arrival = at;
  return at;
}

static void carry(direction *d, const unsigned char *bytes, int length, double now) {
  d->sent++;
  if (loses(d)) {
    d->lost++;
    return;
  }
  double departure = enqueue(d, length, now);
  if (departure < 0 || heap_size >= MAX_QUEUED) {
    d->overflowed++;
    return;
  }
  int copies = erand48(d->random) < d->config.duplicate ? 2 : 1;
  d->duplicated += copies - 1;
  while (copies-- > 0) {
    frame entry = {arrival(d, departure), next_order++, d, length, malloc(length)};
    if (!entry.bytes) die("memory");
    memcpy(entry.bytes, bytes, length);
    push(entry);
  }
}

static void deliver_due(double now) {
  while (heap_size > 0 && heap[0].at <= now) {
    frame entry = pop();
    if (write(entry.on->to_fd, entry.bytes, entry.length) == entry.length) entry.on->delivered++;
    free(entry.bytes);
  }
}

/* ---- Config and stats ---- */

static void set(impairment *config, const char *key, double value) {
  if (!strcmp(key, "delayMs")) config->delay_ms = value;
  else if (!strcmp(key, "jitterMs")) config->jitter_ms = value;
  else if (!strcmp(key, "keepsOrder")) config->keeps_order = value != 0;
  else if (!strcmp(key, "reorder")) config->reorder = value;
  else if (!strcmp(key, "loss")) config->loss = value;
  else if (!strcmp(key, "lossBurst")) config->loss_burst = value;
  else if (!strcmp(key, "duplicate")) config->duplicate = value;
  else if (!strcmp(key, "rate")) config->rate = value;
  else if (!strcmp(key, "queueBytes")) config->queue_bytes = value;
  else if (!strcmp(key, "queueMs")) config->queue_ms = value;
  else fprintf(stderr, "wire: unknown key %s\n", key);
}

static void read_config(const char *path) {
  const impairment nothing = {.loss_burst = 1, .queue_bytes = 64 * 1024};
  char name[8], key[32];
  double value;
  FILE *file = fopen(path, "r");
  if (!file) die(path);
  directions[0].config = directions[1].config = nothing;
  while (fscanf(file, "%7s %31s %lf", name, key, &value) == 3)
    set(&directions[strcmp(name, "up") != 0].config, key, value);
  fclose(file);
}

/* Renamed into place, so that a reader finds it whole; the serial tells it from the one before. */
static void write_stats(const char *path) {
  char partial[4096];
  snprintf(partial, sizeof partial, "%s.new", path);
  FILE *file = fopen(partial, "w");
  if (!file) die(partial);
  fprintf(file, "{\"serial\":%lu", ++serial);
  for (int i = 0; i < 2; i++) {
    const direction *d = &directions[i];
    fprintf(file,
            ",\"%s\":{\"sent\":%llu,\"lost\":%llu,\"overflowed\":%llu,\"duplicated\":%llu,"
            "\"reordered\":%llu,\"delivered\":%llu}",
            i == 0 ? "up" : "down", d->sent, d->lost, d->overflowed, d->duplicated, d->reordered,
            d->delivered);
  }
  fprintf(file, "}\n");
  if (fclose(file) || rename(partial, path)) die(path);
}

static void on_hang_up(int signal) {
  (void)signal;
  hang_up = 1;
}

/* ---- Devices ---- */

static int open_tap(const char *namespace, const char *device) {
  char path[512];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int ns = open(path, O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET)) die(path);
  close(ns);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) die("/dev/net/tun");
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  snprintf(request.ifr_name, IFNAMSIZ, "%s", device);
  if (ioctl(fd, TUNSETIFF, &request)) die(device);
  return fd;
}

static void read_frames(direction *d) {
  static unsigned char bytes[MAX_FRAME];
  double now = now_ns();
  for (int i = 0; i < READ_BATCH; i++) {
    int length = read(d->from_fd, bytes, sizeof bytes);
    if (length < 0 && errno == EBADFD) die("the device is gone");
    if (length <= 0) return;
    carry(d, bytes, length, now);
  }
}

static void wait_for_work(const sigset_t *mask) {
  struct pollfd fds[2] = {{directions[0].from_fd, POLLIN, 0}, {directions[1].from_fd, POLLIN, 0}};
  struct timespec timeout, *limit = NULL;
  if (heap_size > 0) {
    double wait = heap[0].at - now_ns();
    if (wait < 0) wait = 0;
    timeout.tv_sec = wait / 1e9;
    timeout.tv_nsec = wait - timeout.tv_sec * 1e9;
    limit = &timeout;
  }
  if (ppoll(fds, 2, limit, mask) < 0) return;
  for (int i = 0; i < 2; i++)
    if (fds[i].revents) read_frames(&directions[i]);
}

int main(int argc, char **argv) {
  if (argc != 8) {
    fprintf(stderr, "wire <seed> <config> <stats> <namespace> <device> <namespace> <device>\n");
    return 2;
  }
  const char *config_path = argv[2], *stats_path = argv[3];
  /* Signals are taken while waiting only, so that none is missed between the check and the wait. */
  sigset_t blocked, waiting;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGHUP);
  sigprocmask(SIG_BLOCK, &blocked, &waiting);
  sigdelset(&waiting, SIGHUP);
  struct sigaction action = {.sa_handler = on_hang_up};
  sigaction(SIGHUP, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1000);

  int first = open_tap(argv[4], argv[5]), second = open_tap(argv[6], argv[7]);
  for (int i = 0; i < 2; i++) {
    directions[i].from_fd = i == 0 ? first : second;
    directions[i].to_fd = i == 0 ? second : first;
    directions[i].random[0] = atoi(argv[1]);
    directions[i].random[1] = i;
  }
  read_config(config_path);
  printf("ready\n");
  fclose(stdout);

  for (;;) {
    if (hang_up) {
      hang_up = 0;
      read_config(config_path);
      write_stats(stats_path);
    }
    deliver_due(now_ns());
    wait_for_work(&waiting);
  }
}
