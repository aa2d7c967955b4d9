# The commands a person needs; each is a script that can be read and run by itself.
# `make test STAGES="unit interop"` runs some stages only; `make bench` prints the tables of docs/performance.md.

.PHONY: help run test build interop vm directors bench format lint clean

help:
	@echo "make run      two routers and a client in network namespaces: watch a fail-over (root)"
	@echo "make test     everything CI runs; installs what the tests need (root, or sudo without a password)"
	@echo "make build    the daemon: .build/release/vrrpd"
	@echo "make interop  fail-over against keepalived and FRR in namespaces (root)"
	@echo "make vm       plans and connections through real IPVS, under Debian's kernel in QEMU"
	@echo "make bench    the daemon beside keepalived: fail-over times, memory, scale (root)"
	@echo "make format   format the sources; make lint says what is not formatted"
	@echo "make clean    remove what was built"

run:
	@scripts/demo/run

test:
	@scripts/run-tests

build:
	@scripts/require-swift
	@scripts/build-release

interop: build
	@scripts/install-packages keepalived frr tshark iproute2 nftables python3
	@Tests/Interop/interop.py $(ARGS)

vm:
	@scripts/require-swift
	@scripts/install-packages qemu-system-x86 busybox-static cpio ipvsadm python3
	@swift build --build-tests --quiet
	@Tests/VM/run $(ARGS)

directors: build
	@scripts/install-packages qemu-system-x86 busybox-static cpio ipvsadm nginx openssl python3 iproute2
	@Tests/VM/run --seconds 480 -- /usr/bin/python3 Tests/VM/balancing/run.py $(ARGS)

bench: build
	@scripts/install-packages keepalived iproute2 nftables python3
	@Benchmarks/peers/failover.py
	@Benchmarks/peers/memory.py
	@Benchmarks/peers/scale.py
	@Benchmarks/peers/config.py --linear
	@Benchmarks/peers/busy.py
	@scripts/install-packages qemu-system-x86 busybox-static cpio ipvsadm
	@Benchmarks/peers/balancing.py

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests $(wildcard Benchmarks Fuzz)

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests $(wildcard Benchmarks Fuzz)

clean:
	rm -rf .build .build-examples .build-optimized .build-tsan .build-asan Benchmarks/.build Fuzz/.build
