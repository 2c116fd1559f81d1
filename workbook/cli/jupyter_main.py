"""JupyterLab in a process that ends when the `wb` that started it is gone, however that died."""

import importlib
import os
import signal
import threading
import time

PATIENCE = 15.0


def watch(parent: int) -> None:
    """Ask this process to stop once its parent is another one; insist after a while."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Become JupyterLab; its settings are in the folder that JUPYTER_CONFIG_DIR names."""
    parent = int(os.environ.pop("WORKBOOK_PARENT"))
    threading.Thread(target=watch, args=[parent], daemon=True).start()
    labapp = importlib.import_module("jupyterlab.labapp")
    labapp.main([])


if __name__ == "__main__":
    main()
