"""Runs the commands of one transcript in an empty folder and compares what they say.

usage: run_transcript.py BIN_FOLDER TRANSCRIPT
A transcript: lines beginning with "$ " are commands (run by sh, with the built programs in front of the PATH); what
follows up to the next command is standard output, then lines with "! " in front from standard error, then "exit N" when
the code is not 0. $DATA is the folder data beside the transcripts. Lines before the first command are notes. UPDATE_GOLDEN=1 rewrites the file.
"""
import os
import subprocess
import sys
import tempfile

binaries, path = os.path.abspath(sys.argv[1]), sys.argv[2]
lines = open(path).read().split("\n")
first = next(i for i, line in enumerate(lines) if line.startswith("$ "))
notes, commands = lines[:first], [line[2:] for line in lines[first:] if line.startswith("$ ")]


def transcript():
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, LC_ALL="C", TZ="UTC", PATH=f"{binaries}:{binaries}/compat:{os.environ['PATH']}", RELEVO_ROOT=folder,
                   DATA=os.path.join(os.path.dirname(os.path.abspath(path)), "..", "data"))
        for command in commands:
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, text=True, capture_output=True, timeout=60)
            yield f"$ {command}"
            yield from done.stdout.replace(folder, "ROOT").rstrip("\n").split("\n") if done.stdout else []
            for line in done.stderr.replace(folder, "ROOT").rstrip("\n").split("\n") if done.stderr else []:
                yield ("! " + line).rstrip()
            if done.returncode:
                yield f"exit {done.returncode}"
            yield ""


got = "\n".join(notes + list(transcript()))
expected = "\n".join(lines)
if os.environ.get("UPDATE_GOLDEN"):
    open(path, "w").write(got)
    print(f"{path} written")
elif got != expected:
    import difflib
    print("\n".join(difflib.unified_diff(expected.split("\n"), got.split("\n"), "expected", "got", lineterm="")))
    sys.exit(1)
else:
    print(f"{len(commands)} commands as expected")
