#!/usr/bin/env bash
# A pure room may not ask the system for anything: no clock, socket, file, thread, random source, or Asio.
# usage: check_purity.sh ARCHIVE
set -euo pipefail
banned='(^|[^_A-Za-z0-9])(clock_gettime|gettimeofday|time|nanosleep|usleep|sleep|socket|bind|connect|sendto|sendmsg|recvfrom|recvmsg|open|openat|fopen|fopen64|read|write|unlink|rename|fsync|fork|execve|posix_spawn|pthread_create|random|rand|srand|getrandom|getenv|printf|puts|putchar|syslog|localtime|localtime_r|mktime)(@|$)|std::chrono::_V2::(system|steady)_clock::now|std::random_device|std::thread|std::basic_[io]?fstream|std::filesystem|std::cout|std::cerr|boost::asio|randombytes|spdlog'
found=$(nm -C --undefined-only "$1" 2>/dev/null | sed 's/^ *U //' | grep -E "$banned" | sort -u || true)
if [ -n "$found" ]; then
  printf 'this room is pure, yet %s needs:\n%s\n' "$(basename "$1")" "$found"
  exit 1
fi
