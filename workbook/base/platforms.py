"""What is one way on Linux and another way on macOS; nothing else asks which system this is.

The launcher asks too, when no package is there yet: what needs one imports it where it is used.
"""

import contextlib
import os
import platform
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

SOCKET_PATH_BYTES = 103
"""The longest path that a Unix socket can have: 103 bytes on macOS, on Linux 107."""
FOLDER_IN_MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory; macOS has no such folder."""
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def is_macos() -> bool:
    """Whether this is macOS; Linux otherwise, also in WSL."""
    return sys.platform == "darwin"


def is_intel_mac() -> bool:
    """Whether this Python is made for Intel's processors on macOS."""
    return is_macos() and platform.machine() == "x86_64"


def is_over(child: int) -> bool:
    """Whether this child has ended; nobody has asked for its status, which can be asked for still.

    Python has `waitid` on macOS from 3.13 on. ChildProcessError where it is no child of ours.
    """
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    import psutil

    try:
        return bool(psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess as error:
        raise ChildProcessError(str(error)) from None


def stood_in_line(process: int) -> float:
    """For how many seconds it was ready to run while no processor was free; macOS tells nobody: 0.

    0 also where there is no such process, or where this Linux does not count it.
    """
    try:
        counted = Path(f"/proc/{process}/schedstat").read_text("ascii").split()
    except OSError:
        return 0.0
    return int(counted[1]) / 1e9


def peak_memory() -> int:
    """The most memory that this process has had at once so far, in bytes.

    Linux keeps what a parent had as the child's `ru_maxrss`; its VmHWM begins with the process.
    """
    if is_macos():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(kilobytes) * 1024


def kill_group(leader: int) -> None:
    """Kill this process and its group, if they are there; it may not lead one yet.

    Of a group whose members have all ended Linux says that it is not there, macOS that nobody may.
    """
    for how in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            how(leader, signal.SIGKILL)


def locale_of_letters() -> str:
    """A locale that knows the letters of all languages: macOS has no `C.UTF-8`."""
    return "en_US.UTF-8" if is_macos() else "C.UTF-8"


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser has a screen to open on."""
    return is_macos() or any(map(environment.get, SCREENS))
