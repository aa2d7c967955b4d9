#pragma once
// What Swift's Glibc module does not offer: headers it leaves out, variadic calls, and calls newer than the C library.
#include <stdint.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <linux/filter.h>

/// One element of `recvmmsg` and `sendmmsg`; glibc declares its own only with `_GNU_SOURCE`. Asserted to be alike.
struct shim_mmsghdr {
  struct msghdr msg_hdr;
  unsigned int msg_len;
};

int shim_recvmmsg(int fd, struct shim_mmsghdr *messages, unsigned int count, int flags);
int shim_sendmmsg(int fd, struct shim_mmsghdr *messages, unsigned int count, int flags);

/// `SO_ATTACH_FILTER` with `count` instructions; replaces an earlier filter atomically.
int shim_attach_filter(int fd, const struct sock_filter *program, unsigned short count);

int shim_pidfd_open(int pid, unsigned int flags);
int shim_pidfd_send_signal(int pidfd, int signal);

int shim_open_flags_cloexec(const char *path, int flags, unsigned int mode);
/// `F_OFD_SETLK` on the whole file. `exclusive` 1 locks for writing, 0 unlocks.
int shim_ofd_lock(int fd, int exclusive);
int shim_pipe(int ends[2], int flags);
int shim_set_nonblocking(int fd, int enabled);
int shim_set_close_on_exec(int fd, int enabled);

/// Whether an interface is up and has a link: 1 or 0, or -1 when it is gone or its driver cannot be asked that way.
/// `method` 0 reads its MII, 1 asks by ethtool, 2 looks at its flags.
int shim_link_state(int fd, const char *name, int method);

/// Moves the calling thread into a fresh network namespace.
int shim_unshare_network(void);
/// Moves the calling thread into the network namespace `fd` refers to.
int shim_enter_network(int fd);
/// The kernel's id of the calling thread.
int shim_thread_id(void);

/// What a child does between fork and exec; every pointer must outlive the call.
struct shim_spawn {
  const char *path;
  char *const *arguments;
  char *const *environment;
  int standard_input, standard_output, standard_error;
  /// 1 sets user and group ids and the supplementary groups.
  int changes_user;
  unsigned int user, group;
  const unsigned int *groups;
  unsigned int group_count;
  /// Sent to the child when its parent dies; 0 for none.
  int parent_death_signal;
  /// 1 puts the child at the head of a process group of its own.
  int new_process_group;
  /// -1 leaves the mask; otherwise the file creation mask.
  int file_mask;
};

/// Starts a process: signals reset, ordinary scheduling, only the three standard descriptors open. Returns its pid, or
/// -1 with `errno`; `*failed_step` then names the step, 0 for fork itself.
int shim_spawn_process(const struct shim_spawn *spawn, int *failed_step);

/// Forks a copy of this process that leads its own process group, is sent SIGTERM when its parent dies, and keeps of the
/// open descriptors only 0 (which becomes `standard_input`), 1 and 2. Signals stay blocked as they are. For processes
/// with one thread. Returns like fork(2).
int shim_fork_process(int standard_input);
/// Forks, detaches from the terminal and returns 0 in the new process; the old one exits with 0 once the new one has
/// written to `*ready`, or with the status of the new one when that ends first.
int shim_daemonize(int *ready);

/// Puts /dev/null in the place of the three standard descriptors.
int shim_close_standard_descriptors(void);

int shim_set_parent_death_signal(int signal);
int shim_set_process_name(const char *name);
int shim_become_subreaper(void);
/// SCHED_RR with `priority` 1…99 that children do not inherit; 0 goes back to SCHED_OTHER.
int shim_set_realtime(int priority);
int shim_limit_realtime(unsigned long long microseconds);
int shim_lock_memory(void);
/// A file in memory, without a name in any directory; closed on exec. Or -1.
int shim_memory_file(const char *name);
/// Returns free heap and the pages of code and constants that were mapped so far; those needed come back by themselves.
void shim_give_back_memory(void);
int shim_set_nice(int nice);

/// Runs the calling process only on these processors. 0 or -1 with errno.
int shim_set_processors(const unsigned short *processors, int count);
/// Core dumps may be as large as they get.
int shim_allow_core_dumps(void);
/// The effective capabilities of the calling thread, a bit mask; 0 when they cannot be read.
unsigned long long shim_effective_capabilities(void);
/// Drops every capability not in `keep` from the calling process, for good.
int shim_keep_capabilities(unsigned long long keep);

/// A datagram socket to `path`, connected, or -1.
int shim_connect_datagram(const char *path);
int shim_send_nowait(int fd, const void *bytes, size_t count);
