"""Sets up the record of runs before the services that share it start; two that did it at once would spoil it."""

import os
from pathlib import Path

from pipeline.run_record import open_record

if __name__ == "__main__":
    open_record(Path(os.environ["GIAOBAN_HOME"])).dispose()
