"""The repository's own rules as a test: who may include whom, banned calls, file heads, file sizes.

usage: tidy.py SOURCE_DIR        prints every finding with file and line, and the ten largest files; exit 1 on a finding
"""
import os
import re
import sys

# Room -> rooms it may include besides itself. The same arrows as docs/ARCHITECTURE.md; longest prefix wins.
PURE_COMMON = ["common/base", "common/xml", "common/config", "common/ipc"]
SHELL_COMMON = PURE_COMMON + ["common/log", "common/io", "common/net"]
MEMBERSHIP_CORES = ["membership/wire", "membership/seal", "membership/links", "membership/totem", "membership/groups",
                    "membership/quorum", "membership/keys", "membership/reload", "membership/arbiter", "membership/stack"]
RESMGR_CORES = ["resmgr/model", "resmgr/rules", "resmgr/cib", "resmgr/scheduler", "resmgr/policy", "resmgr/transition",
                "resmgr/controller", "resmgr/executor", "resmgr/fencer", "resmgr/attributes"]
ARROWS = {
    "common/base": [],
    "common/xml": ["common/base"],
    "common/config": ["common/base"],
    "common/ipc": ["common/base", "membership/groups/types.hpp"],
    "common/log": ["common/base", "common/io"],
    "common/io": ["common/base"],
    "common/net": ["common/base"],
    "membership/wire": PURE_COMMON + ["membership/groups/types.hpp"],
    "membership/seal": PURE_COMMON,
    "membership/links": PURE_COMMON + ["membership/wire", "membership/seal"],
    "membership/totem": PURE_COMMON + ["membership/wire", "membership/groups/types.hpp"],
    "membership/quorum": PURE_COMMON,
    "membership/keys": PURE_COMMON + ["membership/seal"],
    "membership/reload": PURE_COMMON,
    "membership/arbiter": PURE_COMMON,
    "membership/arbiterd": SHELL_COMMON + ["membership/arbiter"],
    "membership/groups": PURE_COMMON + ["membership/wire", "membership/totem"],
    "membership/stack": PURE_COMMON + MEMBERSHIP_CORES,
    "membership/client": SHELL_COMMON + ["membership/groups/types.hpp"],
    "membership/daemon": SHELL_COMMON + MEMBERSHIP_CORES + ["membership/client"],  # the words of its own socket
    "resmgr/model": PURE_COMMON,
    "resmgr/rules": PURE_COMMON + ["resmgr/model"],
    "resmgr/cib": PURE_COMMON + ["resmgr/model", "resmgr/rules"],
    "resmgr/scheduler": PURE_COMMON + ["resmgr/model", "resmgr/cib", "resmgr/rules", "resmgr/policy"],
    "resmgr/policy": PURE_COMMON + ["resmgr/model", "resmgr/rules"],
    "resmgr/transition": PURE_COMMON + ["resmgr/model", "resmgr/scheduler", "resmgr/executor/operation.hpp"],
    "resmgr/executor": PURE_COMMON + ["resmgr/model"],
    "resmgr/fencer": PURE_COMMON + ["resmgr/model"],
    "resmgr/attributes": PURE_COMMON + ["resmgr/model", "resmgr/cib"],
    "resmgr/controller": PURE_COMMON + RESMGR_CORES + ["membership/groups/types.hpp"],
    "resmgr/client": SHELL_COMMON + ["resmgr/cib", "resmgr/model"],
    "resmgr/daemon": SHELL_COMMON + RESMGR_CORES + ["resmgr/client", "membership/client", "membership/groups/types.hpp"],
    "agents": SHELL_COMMON,
    "cli": SHELL_COMMON + ["membership/client", "membership/groups/types.hpp", "resmgr/client", "resmgr/model",
                           "resmgr/cib", "resmgr/rules", "resmgr/scheduler", "resmgr/policy"],
}
# The key generator writes the format that the daemon reads.
ARROWS["cli/cluster"] = ARROWS["cli"] + ["cli", "membership/seal"]
TOP = {"membership", "resmgr", "agents", "cli", "common", "tests", "docs"}

# Pattern, where it is allowed, what to use instead.
BANNED = [
    (r"\bsystem\s*\(", (), "io::Child or io::run_and_wait"),
    (r"\b(?:s|vs)printf\s*\(|\bstrcpy\s*\(|\bstrcat\s*\(", (), "fmt::format"),
    (r"\bato[il]\s*\(|\bstrto[a-z]+\s*\(|std::sto[a-z]+\s*\(", (), "relevo::parse_int and its kin"),
    (r"\brand\s*\(\)|std::random_device|std::mt19937", (), "relevo::Rng, or libsodium for secrets"),
    (r"\bassert\s*\(", (), "RELEVO_ASSERT"),
    (r"\bthrow\b", (), "Result and fail()"),
    (r"#include <(?:iostream|regex)>", (), "fmt, common/log; hand-written matching"),
    (r"#include [<\"]boost/", ("common/io/",), "common/io, the one door to Asio"),
    (r"#include [<\"]spdlog/", ("common/log/",), "common/log"),
    (r"std::this_thread::sleep|\busleep\s*\(", (), "io::Timer"),
    (r"\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b", (), "an issue, or the work itself"),
]
LARGEST_ALLOWED = 500


def sources(root):
    for top in sorted(TOP - {"docs"}):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".cpp", ".hpp")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def room_of(path):
    fits = [room for room in ARROWS if path.startswith(room + "/")]
    return max(fits, key=len) if fits else None


def include_allowed(path, target):
    room = room_of(path)
    if room is None or target.startswith(room + "/") or target == room:
        return True
    return any(target == arrow or target.startswith(arrow + "/") for arrow in ARROWS[room])


def code_only(line):
    """The line without its strings and its comment, so that words in them are not taken for calls."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
    return line.split("//")[0]


def check_file(path, text):
    """All findings of one file as (line, text)."""
    lines = text.split("\n")
    if not lines[0].startswith("//"):
        yield 1, "a file opens with two or three comment lines: what it is, what it is not"
    if path.endswith(".hpp") and "#pragma once" not in text:
        yield 1, "a header needs #pragma once"
    if not path.startswith("tests/") and room_of(path) is None:
        yield 1, "stands in no room: the table in tests/tidy/tidy.py does not know this folder"
    for number, line in enumerate(lines, 1):
        quoted = re.match(r'\s*#include "([^"]+)"', line)
        if quoted and not path.startswith("tests/"):
            target = quoted.group(1)
            if target.split("/")[0] not in TOP:
                yield number, f"include by the path from the root, not '{target}'"
            elif target.startswith("tests/") or not include_allowed(path, target):
                yield number, f"{room_of(path)} may not include {target}"
        if not path.startswith("tests/"):
            code = line if line.lstrip().startswith("#include") or "TODO" in line or "FIXME" in line else code_only(line)
            for pattern, allowed, instead in BANNED:
                if re.search(pattern, code) and not path.startswith(tuple(allowed)):
                    yield number, f"'{re.search(pattern, code).group(0).strip()}' is banned here: use {instead}"


def check_tree(root):
    findings, sizes = [], []
    for name in sorted(os.listdir(root)):
        if os.path.isdir(os.path.join(root, name)) and not name.startswith(".") and name not in TOP | {"build"}:
            findings.append(f"{name}/: no source folder stands beside {', '.join(sorted(TOP))}")
    for path in sources(root):
        text = open(os.path.join(root, path), encoding="utf-8").read()
        count = text.count("\n")
        if not path.startswith("tests/"):
            sizes.append((count, path))
            if count >= LARGEST_ALLOWED:
                findings.append(f"{path}: {count} lines: split it, {LARGEST_ALLOWED} is the limit")
        findings += [f"{path}:{number}: {what}" for number, what in check_file(path, text)]
    return findings, sorted(sizes, reverse=True)


def main():
    findings, sizes = check_tree(sys.argv[1])
    print("the ten largest source files:")
    for count, path in sizes[:10]:
        print(f"{count:6} {path}")
    for finding in findings:
        print(finding)
    print(f"{len(sizes)} files, {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
