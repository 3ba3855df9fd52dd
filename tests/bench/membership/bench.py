"""Benchmarks of the membership layer, ours beside Corosync. Names, and which module measures which."""
import sys

from support.products import Corosync

sys.path.insert(0, __file__.rsplit("/", 1)[0])
import detection  # noqa: E402
import footprint  # noqa: E402
import growth  # noqa: E402
import traffic  # noqa: E402

PARTS = (traffic, detection, footprint, growth)
NAMES = [name for part in PARTS for name in part.NAMES]


def measure(build, names):
    """Prints a line for each of `names`. False when something could not be measured that should have been."""
    missing = Corosync.missing(build)
    if missing:
        print(f"no peer: {missing}; make deps-peers installs what is needed", file=sys.stderr)
    good = True
    for part in PARTS:
        mine = [n for n in names if n in part.NAMES]
        if mine:
            good &= part.measure(build, mine, has_peer=not missing)
    return good
