"""Wait until a hub answers: `waits.py HOST PORT ["tls"] SECONDS`; 1 where it does not in time."""

import sys
import time

import urllib3

host, port, tls, seconds = sys.argv[1:5]
scheme = "https" if tls else "http"
here = "127.0.0.1" if host in ("0.0.0.0", "::") else host
deadline = time.monotonic() + float(seconds)
# The certificate is the caller's own, for a name that this machine need not know.
pool = urllib3.PoolManager(cert_reqs="CERT_NONE", retries=False, timeout=2.0)
while time.monotonic() < deadline:
    try:
        if pool.request("GET", f"{scheme}://{here}:{port}/hub/api").status == 200:
            raise SystemExit(0)
    except (OSError, urllib3.exceptions.HTTPError):
        pass
    time.sleep(0.2)
raise SystemExit(1)
