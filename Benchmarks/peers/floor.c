// The least that sending or hearing adverts can cost: a loop of system calls that decides nothing.
//
//   floor send COUNT INTERFACE...      COUNT messages a second, shared out among the interfaces, in one batch each
//   floor receive INTERFACE...         joins the group and reads in batches, with the facts a router needs of each
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { BATCH = 64, VRRP = 112 };

static void check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
}

static int open_socket(const char *interface) {
  int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, VRRP), on = 1, ttl = 255, off = 0;
  check(fd, "socket");
  check(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, strlen(interface) + 1), "SO_BINDTODEVICE");
  struct ip_mreqn group = {{inet_addr("224.0.0.18")}, {0}, (int)if_nametoindex(interface)};
  check(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), "IP_ADD_MEMBERSHIP");
  check(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group), "IP_MULTICAST_IF");
  check(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl), "IP_MULTICAST_TTL");
  check(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof off), "IP_MULTICAST_LOOP");
  check(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on), "SO_TIMESTAMPNS");
  return fd;
}

static void prepare(struct mmsghdr *messages, struct iovec *parts, struct sockaddr_in *peers, char (*controls)[128],
                    char (*bytes)[2048], size_t length) {
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){bytes[i], length};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &parts[i],
                                          .msg_iovlen = 1, .msg_control = controls ? controls[i] : NULL,
                                          .msg_controllen = controls ? sizeof controls[i] : 0};
  }
}

int main(int count, char **arguments) {
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  static struct sockaddr_in peers[BATCH];
  static char controls[BATCH][128], bytes[BATCH][2048];
  int sends = count > 3 && !strcmp(arguments[1], "send"), first = sends ? 3 : 2;
  if (count <= first) return 2;
  int sockets[count], ready = epoll_create1(EPOLL_CLOEXEC);
  for (int i = first; i < count; i++) {
    sockets[i] = open_socket(arguments[i]);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[i]};
    if (!sends) check(epoll_ctl(ready, EPOLL_CTL_ADD, sockets[i], &event), "epoll_ctl");
  }
  if (sends) {
    int share = atoi(arguments[2]) / (count - first), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec second = {{1, 0}, {1, 0}};
    check(timerfd_settime(timer, 0, &second, NULL), "timerfd_settime");
    for (int i = 0; i < BATCH; i++) peers[i] = (struct sockaddr_in){AF_INET, 0, {inet_addr("224.0.0.18")}, {0}};
    prepare(messages, parts, peers, NULL, bytes, 12);
    for (unsigned long long ticks; read(timer, &ticks, sizeof ticks) > 0;)
      for (int i = first; i < count; i++)
        for (int left = share, sent; left > 0; left -= sent)
          check(sent = sendmmsg(sockets[i], messages, left < BATCH ? left : BATCH, 0), "sendmmsg");
  }
  for (struct epoll_event events[16];;) {
    int number = epoll_wait(ready, events, 16, -1);
    for (int i = 0, got; i < number; i++)
      do {
        prepare(messages, parts, peers, controls, bytes, sizeof bytes[0]);
        got = recvmmsg(events[i].data.fd, messages, BATCH, 0, NULL);
      } while (got == BATCH);
  }
}
