"""`python -m workbook.forkserver LISTENING LIFELINE MODULE…`: descriptors, and what to import."""

import sys

from workbook.forkserver import preload
from workbook.forkserver.loop import serve

if __name__ == "__main__":
    preload.load(sys.argv[3:])
    serve(int(sys.argv[1]), int(sys.argv[2]))
