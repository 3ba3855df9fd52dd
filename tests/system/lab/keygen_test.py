"""relevo keygen under both of its names: size, mode, and never a key destroyed by accident."""
import os
import stat
import tempfile

import labkit
from labkit import BIN, RELEVO, expect, run

KEYGEN = os.path.join(BIN, "compat", "corosync-keygen")


def test():
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "etc/relevo/authkey")
        run(RELEVO, "keygen", "--root", folder)
        info = os.stat(key)
        expect(stat.S_IMODE(info.st_mode) == 0o400, "a key file has mode 0400")
        first = open(key, "rb").read()
        expect(first.startswith(b"relevo-keyring 1\n") and first.count(b"\nkey ") == 1 and b" active " in first, "it is a keyring of one active key")
        refused = run(RELEVO, "keygen", "--root", folder, check=False)
        expect(refused.returncode == 1 and "--force" in refused.stderr, "a second key is refused, and the way out is named")
        expect(open(key, "rb").read() == first, "and the first key is untouched")
        run(RELEVO, "keygen", "--force", "--root", folder)
        second = open(key, "rb").read()
        expect(second != first, "--force makes a new one")
        other = os.path.join(folder, "k2")
        said = run(KEYGEN, "-l", "-s", "1024", "-k", other).stdout.splitlines()
        expect(said[-2:] == ["Gathering 8192 bits for key from /dev/urandom.", f"Writing corosync key to {other}."],
               "corosync-keygen says what the original says")
        expect(run(KEYGEN, "-k", other, check=False).returncode == 1, "it overwrites nothing either")
        expect(os.stat(other).st_size == 1024, "corosync-keygen writes where -k says, as many bytes as -s says")
        for words in (["-s", "16"], ["--sise", "256"], ["a", "b"]):
            expect(run(KEYGEN, *words, check=False).returncode == 2, f"'{' '.join(words)}' is a usage error")
        os.symlink(other, os.path.join(folder, "link"))
        expect(run(RELEVO, "keygen", os.path.join(folder, "link"), check=False).returncode == 1, "no key is written through a link")


labkit.main(test)
