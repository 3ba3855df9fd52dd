"""The tidy test must find what it exists for: each planted line here gives a finding, each clean one none."""
import sys

import tidy

HEAD = "// A file.\n"
BAD = [
    ("membership/totem/a.cpp", '#include "resmgr/cib/document.hpp"\n'),
    ("membership/totem/a.cpp", '#include "membership/daemon/main.hpp"\n'),
    ("resmgr/cib/a.cpp", '#include "membership/client/client.hpp"\n'),
    ("cli/pcs/a.cpp", '#include "resmgr/daemon/server.hpp"\n'),
    ("agents/ocf/a.cpp", '#include "resmgr/executor/operation.hpp"\n'),
    ("common/base/a.cpp", '#include "common/io/loop.hpp"\n'),
    ("resmgr/cib/a.cpp", '#include "tests/support/x.hpp"\n'),
    ("resmgr/cib/a.cpp", '#include "document.hpp"\n'),
    ("membership/daemon/a.cpp", "#include <boost/asio.hpp>\n"),
    ("cli/pcs/a.cpp", 'int x() { return system("ls"); }\n'),
    ("cli/pcs/a.cpp", "// TODO: later\n"),
    ("resmgr/unknown/a.cpp", "int x;\n"),
]
GOOD = [
    ("membership/totem/a.cpp", '#include "membership/wire/packet.hpp"\n#include "membership/groups/types.hpp"\n'),
    ("common/io/a.cpp", "#include <boost/asio.hpp>\n"),
    ("resmgr/daemon/a.cpp", '#include "membership/client/client.hpp"\n'),
    ("cli/pcs/a.cpp", 'const char* x = "system(1)";  // a system (in words)\n'),
]

wrong = [f"not found: {path}: {text!r}" for path, text in BAD if not list(tidy.check_file(path, HEAD + text))]
wrong += [f"found for nothing: {path}: {text!r}" for path, text in GOOD if list(tidy.check_file(path, HEAD + text))]
if not list(tidy.check_file("common/base/a.cpp", "int x;\n")):
    wrong.append("a file without its head comment was not found")
print("\n".join(wrong) or f"{len(BAD) + 1} planted findings found, {len(GOOD)} clean files clean")
sys.exit(1 if wrong else 0)
