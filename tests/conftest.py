"""Before the first test: Ctrl-C means what it means in a terminal.

A program that a shell starts with `&` ignores it, and so does all that this program starts; then a
test that interrupts something would wait for nothing.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
