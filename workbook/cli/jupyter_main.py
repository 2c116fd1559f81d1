"""JupyterLab in a process that ends when the `wb` that started it is gone, however that died."""

import importlib
import os
import signal
import sys
import threading
import time

STOP_TIMEOUT = 15.0
"""Seconds that JupyterLab gets to stop by itself."""


def exit_with_parent(parent: int) -> None:
    """Ask this process to stop once its parent is another one; insist after a while."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_TIMEOUT)
    os.kill(os.getpid(), signal.SIGKILL)


def main(parent: int) -> None:
    """Become JupyterLab; its settings are in the folder that JUPYTER_CONFIG_DIR names."""
    threading.Thread(target=exit_with_parent, args=[parent], daemon=True).start()
    labapp = importlib.import_module("jupyterlab.labapp")
    labapp.main([])


if __name__ == "__main__":
    main(int(sys.argv[1]))
