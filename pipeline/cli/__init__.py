"""The command line: arguments, progress on stderr, a plain summary on stdout; everything else is imported late.

The `giaoban` script imports this module, and so does every worker process it spawns: it has to stay this small.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Exit codes: 0 done, 1 something must be mended, 2 wrong usage, 130 interrupted."""
    if sys.argv[1:2] == ["check"] and not {"-h", "--help"} & set(sys.argv):
        gc.disable()  # so many modules are imported that collecting takes a tenth of the time
        from pipeline.cli.ahead import readers

        readers()  # a worker starts before the modules of the commands are imported
    from pipeline.cli.commands import run_command

    run_command()
