# Thin: each target calls CMake's presets and the programs. `make help` lists them.
BUILD := build/release
BIN := $(BUILD)/bin
JOBS ?= $(shell nproc)

PACKAGES := g++ cmake ninja-build ccache mold pkg-config python3 iproute2 nftables tmux \
  libboost1.81-dev libsodium-dev libpugixml-dev libbz2-dev libfmt-dev libspdlog-dev libcli11-dev nlohmann-json3-dev \
  libexpected-dev libssl-dev libmnl-dev libsystemd-dev libncurses-dev catch2
FUZZ_PACKAGES := clang-19 libclang-rt-19-dev
MODEL_PACKAGES := spin
PEER_PACKAGES := pacemaker pacemaker-cli-utils corosync libcpg-dev libcorosync-common-dev pcs crmsh keepalived resource-agents

# Runs every test, closes with `N passed, N failed` (kept in build/test-summary.txt too), and fails when one failed.
define RUN_TESTS
ctest --test-dir $(BUILD) -j2 --output-on-failure --no-tests=error | tee build/test-output.txt; \
  total=$$(sed -nE 's/.* tests? failed out of ([0-9]+).*/\1/p' build/test-output.txt | tail -n 1); \
  failed=$$(sed -nE 's/.* ([0-9]+) tests? failed out of .*/\1/p' build/test-output.txt | tail -n 1); \
  [ -n "$$total" ] && [ -n "$$failed" ] || { total=1; failed=1; }; \
  echo "$$((total - failed)) passed, $$failed failed" | tee build/test-summary.txt; \
  [ "$$failed" -eq 0 ]
endef

.PHONY: all build check-deps deps deps-peers demo test bench verify clean help

all: build

check-deps:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "These Debian packages are missing:$$missing" >&2; \
	  echo "'make deps' installs them (as root)." >&2; exit 1; \
	fi

build: check-deps
	@[ -f $(BUILD)/build.ninja ] || cmake --preset release
	@ninja -C $(BUILD) -j$(JOBS)

deps:
	@[ "$$(id -u)" = 0 ] || { echo "make deps installs packages and needs root: sudo make deps" >&2; exit 1; }
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(PACKAGES) $(FUZZ_PACKAGES) $(MODEL_PACKAGES)

deps-peers:
	@[ "$$(id -u)" = 0 ] || { echo "make deps-peers installs packages and needs root: sudo make deps-peers" >&2; exit 1; }
	apt-get update
	DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends $(PEER_PACKAGES)

# The one target that may install something by itself: it is what a newcomer runs first.
demo:
	@$(MAKE) --no-print-directory check-deps >/dev/null 2>&1 || $(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory build
	@$(BIN)/relevo demo

test: build
	@ninja -C $(BUILD) -j$(JOBS) relevo_house
	@$(RUN_TESTS)

bench: build
	@[ -x tests/bench/run ] || { echo "there are no benchmarks yet" >&2; exit 1; }
	@tests/bench/run $(BUILD) $(ONLY)

verify: test
	@python3 tests/tidy/tidy.py .
	@tests/model/run

clean:
	rm -rf $(BUILD)

help:
	@echo "make             build everything into $(BUILD)"
	@echo "make deps        install what the build and the tests need (root)"
	@echo "make demo        a cluster loses a host, a client measures the gap (root)"
	@echo "make test        all tests"
	@echo "make bench       measurements; ONLY=PATTERN runs a part"
	@echo "make deps-peers  install the peers that bench compares with (root)"
	@echo "make verify      the repository's rules and all tests"
	@echo "make clean       remove $(BUILD)"
