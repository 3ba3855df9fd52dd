"""Runs the compile commands of one room's header checks with -fsyntax-only. See RelevoLibrary.cmake."""
import json, shlex, subprocess, sys

build, target = sys.argv[1:3]
failed = ran = 0
for entry in json.load(open(f"{build}/compile_commands.json")):
    if f"/{target}.dir/" not in entry["command"]:
        continue
    words = shlex.split(entry["command"])
    words = [w for i, w in enumerate(words) if w != "-c" and w != "-o" and (i == 0 or words[i - 1] != "-o")]
    ran += 1
    failed += subprocess.run(words, cwd=entry["directory"]).returncode != 0
print(f"{ran} headers compiled alone, {failed} failed")
sys.exit(1 if failed or not ran else 0)
