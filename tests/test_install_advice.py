"""What is advised after an installer failed, by its own words, as pip 26 and uv 0.13 said them."""

import pytest

from workbook.cli.setup import sources
from workbook.cli.setup.advice import advice

PIP = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after \
connection broken by '{}': /simple/uv/
ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)
ERROR: No matching distribution found for uv==0.13.9
"""
UV = """\
error: Failed to fetch: https://pypi.example/simple/uv/
  cause: error sending request for url (https://pypi.example/simple/uv/)
  cause: client error (Connect)
  cause: {}
"""
REFUSED = """NewConnectionError("HTTPSConnection(host='{}', port=9): Failed to establish a new \
connection: [Errno 111] Connection refused")"""
CERTIFICATE = "The network shows a certificate that this machine does not know"
PROXY = "A proxy is named and does not answer as one"
NETWORK = "Check the network"
FULL = "disk is full"
SAID = {
    "pip, certificate": (
        PIP.format(
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate "
            "verify failed: self-signed certificate (_ssl.c:1006)'))"
        ),
        CERTIFICATE,
    ),
    "uv, certificate": (UV.format("invalid peer certificate: UnknownIssuer"), CERTIFICATE),
    "pip, proxy": (PIP.format(REFUSED.format("10.0.0.7")), PROXY),
    "uv, proxy": (
        UV.format(
            "tunnel error: failed to create underlying connection\n  cause: tcp connect error\n"
            "  cause: Connection refused (os error 111)"
        ),
        PROXY,
    ),
    "pip, SOCKS": (
        "ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS "
        "support.\n",
        PROXY,
    ),
    "pip, nobody there": (PIP.format(REFUSED.format("pypi.example")), NETWORK),
    "pip, no name": (
        PIP.format(
            """NameResolutionError("HTTPSConnection(host='pypi.example', port=443): Failed to """
            """resolve 'pypi.example' ([Errno -2] Name or service not known)")"""
        ),
        NETWORK,
    ),
    "uv, nobody there": (
        UV.format("tcp connect error\n  cause: Connection refused (os error 111)"),
        NETWORK,
    ),
    "pip, disk": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
        FULL,
    ),
    "uv, disk": (
        "error: Failed to read `big @ file:///w/big-1.0-py3-none-any.whl`\n"
        "  cause: failed to write to file `/c/.tmpklPPY8/big.py`: No space left on device "
        "(os error 28)\n",
        FULL,
    ),
}


@pytest.mark.parametrize(("said", "advised"), SAID.values(), ids=SAID)
def test_the_advice_follows_what_the_installer_said(monkeypatch, said, advised):
    monkeypatch.setenv("https_proxy", "http://me:secret@10.0.0.7:9")
    monkeypatch.setattr(sources, "beside", lambda: False)
    told = advice(said)
    assert advised in told
    assert "secret" not in told
    assert [each for each in (CERTIFICATE, PROXY, NETWORK, FULL) if each in told] == [advised]


def test_pips_settings_of_where_packages_come_from_are_said_in_uvs_words(tmp_path):
    pips = {
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://one.example\nhttps://two.example",
        "PIP_FIND_LINKS": f"{tmp_path} /nowhere https://three.example/list",
        "PIP_TRUSTED_HOST": "mirror.example",
        "PIP_CERT": "/etc/ssl/ours.pem",
        "PIP_RETRIES": "1",
    }
    assert sources.for_uv(pips) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://one.example https://two.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": f"{tmp_path},https://three.example/list",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/etc/ssl/ours.pem",
    }
