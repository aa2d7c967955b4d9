#define _GNU_SOURCE
#include "CLinuxShims.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <linux/capability.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

enum step { STEP_FORK, STEP_GROUP, STEP_DESCRIPTORS, STEP_SCHEDULING, STEP_USER, STEP_EXEC };

struct failure {
  int error;
  int step;
};

static void fail(int report, int step) {
  struct failure failure = {errno, step};
  // The pipe holds this much at once; should it be gone, so is the parent.
  if (write(report, &failure, sizeof failure) < 0) {}
  _exit(127);
}

// Between fork and exec only calls that are safe after a fork of a threaded process.
static void run_child(const struct shim_spawn *spawn, int report, pid_t parent, const sigset_t *none) {
  for (int number = 1; number < _NSIG; number++) signal(number, SIG_DFL);
  sigprocmask(SIG_SETMASK, none, NULL);
  if (spawn->new_process_group && setpgid(0, 0) < 0) fail(report, STEP_GROUP);

  // First out of the way of 0, 1 and 2, then into their places.
  int wanted[3] = {spawn->standard_input, spawn->standard_output, spawn->standard_error};
  for (int index = 0; index < 3; index++) {
    if (wanted[index] >= 3) continue;
    wanted[index] = wanted[index] < 0 ? open("/dev/null", index == 0 ? O_RDONLY : O_WRONLY)
                                      : fcntl(wanted[index], F_DUPFD, 3);
    if (wanted[index] < 0) fail(report, STEP_DESCRIPTORS);
    if (wanted[index] < 3) {
      int high = fcntl(wanted[index], F_DUPFD, 3);
      if (high < 0) fail(report, STEP_DESCRIPTORS);
      close(wanted[index]);
      wanted[index] = high;
    }
  }
  if (report < 3) report = fcntl(report, F_DUPFD_CLOEXEC, 3);
  for (int index = 0; index < 3; index++)
    if (dup2(wanted[index], index) < 0) fail(report, STEP_DESCRIPTORS);
#ifdef SYS_close_range
  // Mark, not close: the report must live until exec.
  syscall(SYS_close_range, 3, ~0U, 1U << 2);
#endif

  struct sched_param ordinary = {0};
  if (sched_getscheduler(0) != SCHED_OTHER && sched_setscheduler(0, SCHED_OTHER, &ordinary) < 0)
    fail(report, STEP_SCHEDULING);
  if (spawn->file_mask >= 0) umask((mode_t)spawn->file_mask);
  if (spawn->changes_user) {
    if (setgroups(spawn->group_count, spawn->groups) < 0) fail(report, STEP_USER);
    if (setresgid(spawn->group, spawn->group, spawn->group) < 0) fail(report, STEP_USER);
    if (setresuid(spawn->user, spawn->user, spawn->user) < 0) fail(report, STEP_USER);
  }
  // After the change of user, which clears it. The parent may have died before this took hold.
  if (spawn->parent_death_signal) {
    prctl(PR_SET_PDEATHSIG, spawn->parent_death_signal);
    if (getppid() != parent) _exit(127);
  }
  execve(spawn->path, spawn->arguments, spawn->environment);
  fail(report, STEP_EXEC);
}

int shim_spawn_process(const struct shim_spawn *spawn, int *failed_step) {
  int report[2];
  *failed_step = STEP_FORK;
  if (pipe2(report, O_CLOEXEC) < 0) return -1;
  sigset_t all, none, before;
  sigfillset(&all);
  sigemptyset(&none);
  // No handler of ours may run in the child.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) run_child(spawn, report[1], parent, &none);
  int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  struct failure failure = {fork_error, STEP_FORK};
  ssize_t count = 0;
  if (child > 0)
    do count = read(report[0], &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
  close(report[0]);
  if (child > 0 && count != sizeof failure) return child;
  if (child > 0) waitpid(child, NULL, 0);
  *failed_step = failure.step;
  errno = failure.error;
  return -1;
}

int shim_fork_process(int standard_input) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  if (setpgid(0, 0) < 0 || dup2(standard_input, 0) < 0) _exit(127);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(127);
  // What the parent has open is none of the child's business.
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3, ~0U, 0) == 0) return 0;
#endif
  for (int number = 3; number < 1024; number++) close(number);
  return 0;
}

int shim_daemonize(int *ready) {
  int notice[2];
  if (pipe2(notice, O_CLOEXEC) < 0) return -1;
  pid_t child = fork();
  if (child < 0) return -1;
  if (child > 0) {
    close(notice[1]);
    char byte;
    ssize_t count;
    do count = read(notice[0], &byte, 1);
    while (count < 0 && errno == EINTR);
    if (count == 1) _exit(0);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  close(notice[0]);
  if (setsid() < 0) return -1;
  *ready = notice[1];
  return 0;
}

int shim_close_standard_descriptors(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return -1;
  int result = 0;
  for (int index = 0; index < 3; index++)
    if (dup2(null, index) < 0) result = -1;
  if (null > 2) close(null);
  return result;
}

int shim_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
int shim_set_process_name(const char *name) { return prctl(PR_SET_NAME, name); }
int shim_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

int shim_set_realtime(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return sched_setscheduler(0, priority > 0 ? SCHED_RR | SCHED_RESET_ON_FORK : SCHED_OTHER, &parameters);
}

int shim_limit_realtime(unsigned long long microseconds) {
  struct rlimit limit = {microseconds, microseconds};
  return setrlimit(RLIMIT_RTTIME, &limit);
}

int shim_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT); }
int shim_set_processors(const unsigned short *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int index = 0; index < count; index++)
    if (processors[index] < CPU_SETSIZE)
      CPU_SET(processors[index], &set);
  return sched_setaffinity(0, sizeof set, &set);
}

int shim_allow_core_dumps(void) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(RLIMIT_CORE, &limit);
}

int shim_set_nice(int nice) { return setpriority(PRIO_PROCESS, 0, nice); }

unsigned long long shim_effective_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0) return 0;
  return (unsigned long long)data[1].effective << 32 | data[0].effective;
}

int shim_keep_capabilities(unsigned long long keep) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0) return -1;
  for (int number = 0; number < 64; number++)
    if (!(keep >> number & 1) && prctl(PR_CAPBSET_READ, number) == 1 && prctl(PR_CAPBSET_DROP, number) < 0) return -1;
  for (int half = 0; half < 2; half++) {
    unsigned int mask = (unsigned int)(keep >> (32 * half));
    data[half].effective &= mask;
    data[half].permitted &= mask;
    data[half].inheritable &= mask;
  }
  return (int)syscall(SYS_capset, &header, data);
}

int shim_connect_datagram(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int shim_send_nowait(int fd, const void *bytes, size_t count) {
  return (int)send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Only segments that are never written: the loader's relocations live in writable ones. */
static int give_back_segments(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size;
  (void)unused;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
    uintptr_t end = info->dlpi_addr + segment->p_vaddr + segment->p_filesz;
    madvise((void *)start, (end - start) & ~(page - 1), MADV_DONTNEED);
  }
  return 0;
}

void shim_give_back_memory(void) {
  malloc_trim(0);
  dl_iterate_phdr(give_back_segments, NULL);
}

int shim_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
