"""What the operating system says, by its number."""

import errno

WORDS = {
    errno.EACCES: "The user of this process has no right to do that there: look at the owner and"
    " the rights (`ls -l`), in a container at `USER` and `COPY --chown`. Ports below 1024 are"
    " root's.",
    errno.EPERM: "The system does not allow this to the user of this process.",
    errno.ENOENT: "There is no file or folder of this path, as seen from this process.",
    errno.EEXIST: "Something of this name is there already: `mkdir(exist_ok=True)`.",
    errno.EISDIR: "The path is a folder, and a file is wanted. A volume whose file was not there"
    " makes a folder.",
    errno.ENOTDIR: "A part of the path is a file, and a folder is wanted.",
    errno.ENOTEMPTY: "The folder is not empty: `shutil.rmtree` removes all that is in it.",
    errno.ENOSPC: "The disk is full, or the number of files that it can have: free something, such"
    " as by `docker system prune`.",
    errno.EROFS: "The file system is there to be read only: a volume with `:ro`, or a container"
    " with `read_only`.",
    errno.EMFILE: "This process has too many files and connections open: close what is done, one"
    " engine and one client for all; `ulimit -n` is the limit.",
    errno.ENAMETOOLONG: "The name of the file is too long.",
    errno.EADDRINUSE: "Another program listens at this port.",
    errno.EADDRNOTAVAIL: "This machine does not have that address.",
    errno.ECONNREFUSED: "Nobody listens at this address and port.",
    errno.ECONNRESET: "The other side hung up.",
    errno.EPIPE: "The other side hung up, and something was written to it.",
    errno.ETIMEDOUT: "The other side did not answer: a firewall, or another host.",
    errno.EHOSTUNREACH: "No way leads to this host: another network, or a firewall.",
    errno.ENETUNREACH: "No way leads to this network, such as to an address of IPv6.",
    errno.ENOMEM: "There is not enough memory for this.",
    errno.ENOEXEC: "The file is no program for this machine: its first line, `#!/bin/sh`, is"
    " missing, or it was built for another processor.",
}


def of_number(error: OSError) -> str:
    """What the number of this error means; empty where it has none, or one without words."""
    return WORDS.get(error.errno or 0, "")
