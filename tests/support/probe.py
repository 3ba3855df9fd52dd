"""Answers every 5 ms? Sends ICMP echo requests from inside a client's namespace and prints the longest silence.

usage: probe.py ADDRESS SECONDS    prints one JSON line: {"sent": N, "answered": N, "gap_ms": X, "first_ms": X}
"""
import json
import os
import select
import socket
import struct
import sys
import time

address, seconds = sys.argv[1], float(sys.argv[2])
sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
sock.setblocking(False)
ident = os.getpid() & 0xFFFF


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def request(seq):
    head = struct.pack("!BBHHH", 8, 0, 0, ident, seq & 0xFFFF)
    return struct.pack("!BBHHH", 8, 0, checksum(head), ident, seq & 0xFFFF)


start = last = time.monotonic()
sent = answered = 0
gap = 0.0
first = None
while (now := time.monotonic()) < start + seconds:
    if now >= start + sent * 0.005:
        try:
            sock.sendto(request(sent), (address, 0))
        except OSError:
            pass
        sent += 1
    select.select([sock], [], [], max(0, start + sent * 0.005 - time.monotonic()))
    try:
        while True:
            packet = sock.recv(256)
            if len(packet) >= 28 and packet[20] == 0 and struct.unpack("!H", packet[24:26])[0] == ident:
                now = time.monotonic()
                first = first if first is not None else now - start
                gap, last, answered = max(gap, now - last), now, answered + 1
    except BlockingIOError:
        pass
gap = max(gap, time.monotonic() - last)
print(json.dumps({"sent": sent, "answered": answered, "gap_ms": round(gap * 1000, 1),
                  "first_ms": None if first is None else round(first * 1000, 1)}))
