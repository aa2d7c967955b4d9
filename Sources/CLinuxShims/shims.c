#define _GNU_SOURCE
#include "CLinuxShims.h"
#include <assert.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static_assert(sizeof(struct shim_mmsghdr) == sizeof(struct mmsghdr), "mmsghdr differs");
static_assert(offsetof(struct shim_mmsghdr, msg_len) == offsetof(struct mmsghdr, msg_len), "mmsghdr differs");

int shim_recvmmsg(int fd, struct shim_mmsghdr *messages, unsigned int count, int flags) {
  return recvmmsg(fd, (struct mmsghdr *)messages, count, flags, NULL);
}

int shim_sendmmsg(int fd, struct shim_mmsghdr *messages, unsigned int count, int flags) {
  return sendmmsg(fd, (struct mmsghdr *)messages, count, flags);
}

int shim_attach_filter(int fd, const struct sock_filter *program, unsigned short count) {
  struct sock_fprog filter = {.len = count, .filter = (struct sock_filter *)program};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

int shim_pidfd_open(int pid, unsigned int flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

int shim_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int shim_open_flags_cloexec(const char *path, int flags, unsigned int mode) {
  return open(path, flags | O_CLOEXEC, mode);
}

int shim_ofd_lock(int fd, int exclusive) {
  struct flock lock = {.l_type = exclusive ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_OFD_SETLK, &lock);
}

int shim_pipe(int ends[2], int flags) { return pipe2(ends, flags); }

static int set_flag(int fd, int get, int set, int flag, int enabled) {
  int flags = fcntl(fd, get);
  if (flags < 0) return -1;
  return fcntl(fd, set, enabled ? flags | flag : flags & ~flag);
}

int shim_set_nonblocking(int fd, int enabled) { return set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, enabled); }
int shim_set_close_on_exec(int fd, int enabled) { return set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, enabled); }

int shim_link_state(int fd, const char *name, int method) {
  struct ifreq request = {0};
  if (strlen(name) >= sizeof request.ifr_name) return -1;
  strcpy(request.ifr_name, name);
  if (ioctl(fd, SIOCGIFFLAGS, &request) < 0) return -1;
  int flags = request.ifr_flags;
  if (!(flags & IFF_UP)) return 0;
  if (method == 0) {
    // The request holds the MII's own, as every program has it that asks this way.
    struct mii_ioctl_data *mii = (struct mii_ioctl_data *)&request.ifr_data;
    if (ioctl(fd, SIOCGMIIPHY, &request) < 0) return -1;
    mii->reg_num = MII_BMSR;
    if (ioctl(fd, SIOCGMIIREG, &request) < 0) return -1;
    return mii->val_out & BMSR_LSTATUS ? 1 : 0;
  }
  if (method == 1) {
    struct ethtool_value link = {.cmd = ETHTOOL_GLINK};
    request.ifr_data = (void *)&link;
    if (ioctl(fd, SIOCETHTOOL, &request) < 0) return -1;
    return link.data ? 1 : 0;
  }
  return flags & IFF_RUNNING ? 1 : 0;
}

int shim_unshare_network(void) { return unshare(CLONE_NEWNET); }
int shim_enter_network(int fd) { return setns(fd, CLONE_NEWNET); }
int shim_thread_id(void) { return (int)syscall(SYS_gettid); }
