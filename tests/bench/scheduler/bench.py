"""Benchmarks of the policy engine, our crm_simulate beside Pacemaker's. Names, and which module measures which."""
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
import plans  # noqa: E402
import programs  # noqa: E402
import replans  # noqa: E402

PARTS = (plans, replans)
NAMES = [name for part in PARTS for name in part.NAMES]


def measure(build, names):
    """Prints a line for each of `names`. False when something could not be measured that should have been."""
    words = programs.ours(build)
    if words is None:
        print(f"scheduler: neither relevo nor crm_simulate is built in {build}/bin", file=sys.stderr)
        return False
    sides = {"ours": words}
    if programs.PEER:
        sides["peer"] = [programs.PEER]
    else:
        print("no peer: crm_simulate is not installed; make deps-peers installs what is needed", file=sys.stderr)
    good = True
    for part in PARTS:
        mine = [n for n in names if n in part.NAMES]
        try:
            good &= not mine or part.measure(sides, mine)
        except RuntimeError as error:
            print(f"scheduler: {error}", file=sys.stderr, flush=True)
            good = False
    return good
