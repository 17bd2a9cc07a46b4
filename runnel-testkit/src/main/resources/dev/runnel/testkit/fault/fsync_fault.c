/*
 * Loaded before the C library into a program that writes a SQLite database. Once the file named by FSYNC_FAULT_ARM
 * exists, it counts the program's fsync and fdatasync calls on files whose name ends in "-wal"; at call number
 * FSYNC_FAULT_AT it kills the program (FSYNC_FAULT=kill) or makes the call fail (FSYNC_FAULT=eio), once. With
 * synchronous=FULL that call comes after a transaction's frames are in the WAL and before the wal-index says so.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int calls;

static int is_wal(int fd) {
  char link[64], name[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name);
  return length >= 4 && memcmp(name + length - 4, "-wal", 4) == 0;
}

static int fails(int fd) {
  const char *arm = getenv("FSYNC_FAULT_ARM"), *fault = getenv("FSYNC_FAULT"), *at = getenv("FSYNC_FAULT_AT");
  if (!arm || !fault || !at || access(arm, F_OK) != 0 || !is_wal(fd)) return 0;
  if (++calls != atoi(at)) return 0;
  if (strcmp(fault, "kill") == 0) kill(getpid(), SIGKILL);
  errno = EIO;
  return 1;
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return fails(fd) ? -1 : real(fd);
}
