"""Fill mypy's cache, which WORKBOOK_TYPE_CACHE names, by the models of notebook 02.

The exit code is 0 where it is full, and another where it was not after five minutes.
"""

import os
import subprocess
import sys

from workbook.checks.nb02 import type_checker

SECONDS = 300

filling = type_checker.start_filling_cache("02", type_checker.MODELS)
if filling is None:
    sys.exit("it is full, or somebody fills it already")
# In a notebook it gives way to the learner's cells; here a learner may be the next to need it.
os.setpriority(os.PRIO_PROCESS, filling.pid, 0)
try:
    sys.exit(type_checker.until_full(filling, SECONDS))
except subprocess.TimeoutExpired:
    filling.kill()
    sys.exit("it was not full in time")
