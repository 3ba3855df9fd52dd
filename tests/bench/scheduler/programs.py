"""The two crm_simulate, and what a run of one of them took: time on the clock, processor time, peak memory."""
import os
import shutil
import subprocess
import time

PEER = shutil.which("crm_simulate", path=os.environ.get("PATH", "") + ":/usr/sbin")


def ours(build):
    """As it is installed: the multi-call program; a build of crm_simulate alone does as well."""
    for words in ([f"{build}/bin/relevo", "crm_simulate"], [f"{build}/bin/crm_simulate"]):
        if os.access(words[0], os.X_OK):
            return words
    return None


def run(words, out=subprocess.DEVNULL):
    """Seconds on the clock, seconds of processor time, MB. Raises RuntimeError when the program fails."""
    began = time.monotonic()
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} failed ({child.returncode})")
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
