"""The list of processes: a number that is used again is another process."""

import subprocess
import sys

import psutil
import pytest

from workbook.base.processes import running

SLEEPS = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]


def test_a_process_whose_number_was_used_before_can_be_ended() -> None:
    """The object of the one before, which psutil has kept, refuses."""
    child = subprocess.Popen(SLEEPS, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None and child.stdout.readline()  # it has its own words by now
        [kept] = [each for each in psutil.process_iter() if each.pid == child.pid]
        kept._ident = (child.pid, 0.0)  # as it was when another process had the number
        with pytest.raises(psutil.NoSuchProcess, match="PID has been reused"):
            kept.terminate()
        [found] = [each for each in running("cmdline") if each.pid == child.pid]
        assert found.info["cmdline"] == SLEEPS
        found.terminate()
        child.wait(10)
    finally:
        child.kill()
        child.communicate()
