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

/// One element of `recvmmsg` and `sendmmsg`; glibc declares its own only with `_GNU_SOURCE`. The layouts are asserted equal.
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

/// Moves the calling thread into a fresh network namespace.
int shim_unshare_network(void);
/// Moves the calling thread into the network namespace `fd` refers to.
int shim_enter_network(int fd);
/// The kernel's id of the calling thread.
int shim_thread_id(void);
