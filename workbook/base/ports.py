"""Ports of this machine: which are free, and who has the others."""

import socket

import psutil

from workbook.base.problem import Problem
from workbook.base.processes import running

USUAL = 8888


class PortTaken(Problem):
    """The port that was asked for is in use; its text says by whom."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    with socket.socket() as caller:
        caller.settimeout(0.3)
        return caller.connect_ex(("127.0.0.1", port)) != 0


def who_has(port: int) -> str:
    """The process that listens there, in words."""
    for process in running("pid", "name"):
        try:
            connections = process.net_connections(kind="tcp")
        except (psutil.Error, OSError):
            continue
        if any(_listens(each, port) for each in connections):
            return f"{process.info['name']} (process {process.info['pid']})"
    return "a program of another account"


def choose(wanted: int | None) -> int:
    """The wanted port, else 8888, else one that is free; PortTaken where the wanted one is not."""
    if wanted is not None and not is_free(wanted):
        raise PortTaken(
            f"Port {wanted} is taken by {who_has(wanted)}. "
            "Choose another with --port, or leave --port out: then wb finds a free one."
        )
    if wanted or is_free(USUAL):
        return wanted or USUAL
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def _listens(connection: "psutil._common.sconn", port: int) -> bool:
    address = connection.laddr
    return bool(connection.status == psutil.CONN_LISTEN and address and address.port == port)
