"""At which address of this machine a room listens, and what that means for others."""

import ipaddress
import socket

import psutil

from workbook.base.problem import Problem

HERE = "127.0.0.1"


def others() -> dict[str, str]:
    """The addresses at which other machines may reach this one → the interface's name; IPv4."""
    return {
        each.address: name
        for name, known in sorted(psutil.net_if_addrs().items())
        for each in known
        if each.family == socket.AF_INET and not ipaddress.ip_address(each.address).is_loopback
    }


def checked(host: str, reached_as: str | None) -> str:
    """The address for the code; Problem where others could not find the room by it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise Problem(f"{host} is no address. {_choices()}") from None
    if reached_as:
        return reached_as
    if address.is_unspecified:
        raise Problem(
            f"{host} means every address of this machine; nobody can be sent there. {_choices()} "
            "Or say by --reached-as under which one others find it."
        )
    return host


def meaning(host: str) -> str:
    """Who can reach a room that listens there."""
    address = ipaddress.ip_address(host)
    if address.is_loopback:
        return f"Only this machine reaches the room ({host}). {_choices()}"
    where = "any address of this machine" if address.is_unspecified else host
    return (
        f"Everybody in the network reaches {where}: with the code they can report about themselves "
        "and nothing else. The board and the wall are open to this machine alone."
    )


def _choices() -> str:
    known = [f"./wb room --host {address} ({name})" for address, name in others().items()]
    if not known:
        return "This machine has no address in a network now."
    return f"For other machines: {' or '.join(known)}."
