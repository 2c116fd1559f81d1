"""The data folder of a replayed database: initdb fills one, and the next ones are copies of it.

initdb takes longer than all the rest of a stack's start, and makes the same each time.
"""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbook.base import paths
from workbook.base.whole import remove_half_made, whole_folder
from workbook.postgres import tools
from workbook.postgres.account import Account, give
from workbook.postgres.layout import locate
from workbook.postgres.locks import exclusively

OPTIONS = (
    *("--auth=scram-sha-256", "--auth-local=trust", "--encoding=UTF8", "--locale=C"),
    *("--no-sync", "--no-instructions"),
)
SAID = "initdb.txt"


@dataclass(frozen=True)
class ClusterCache:
    """Makes data folders with these programs, under this account, as copies of one that is kept."""

    programs: Path
    account: Account | None

    def make(self, data: Path, user: str, password: str) -> list[str]:
        """Make one with this superuser; what initdb said. RuntimeError where it ended badly."""
        if not password:
            return self._initdb(data, user, "")
        kept = self._kept(user)
        with exclusively(kept.with_name(f"{kept.name}.lock")):
            if not kept.exists():
                self._keep(kept, user)
        self._run("cp", "-R", "-p", str(kept / "data"), str(data))
        self._set_password(data, user, password.splitlines()[0])
        return (kept / SAID).read_text("utf-8").splitlines()

    def _set_password(self, data: Path, user: str, password: str) -> None:
        role, secret = user.replace('"', '""'), password.replace("'", "''")
        single = ("--single", "-D", str(data), "-c", "password_encryption=scram-sha-256")
        server = str(self.programs / "postgres")
        self._run(server, *single, "postgres", text=f"ALTER ROLE \"{role}\" PASSWORD '{secret}'\n")

    def _kept(self, user: str) -> Path:
        """Where the one is that is copied: a place that the server's account can enter."""
        made_by = repr((str(self.programs), OPTIONS, user))
        key = hashlib.sha256(made_by.encode()).hexdigest()[:12]
        return locate(paths.state() / "clusters" / key, self.account).home

    def _keep(self, kept: Path, user: str) -> None:
        """Make it beside its place, and move it there when it is whole."""
        remove_half_made(kept)
        with whole_folder(kept) as making:
            give(making, self.account)
            said = self._initdb(making / "data", user, "of nobody")
            (making / SAID).write_text("\n".join(said), "utf-8")

    def _initdb(self, data: Path, user: str, password: str) -> list[str]:
        with tempfile.NamedTemporaryFile("w", prefix="nw-", suffix=".password") as secret:
            secret.write(password)
            secret.flush()
            give(Path(secret.name), self.account)
            login = ("-U", user, "--pwfile", secret.name)
            return self._run(str(self.programs / "initdb"), "-D", str(data), *login, *OPTIONS)

    def _run(self, program: str, *arguments: str, text: str = "") -> list[str]:
        code, said = tools.run(Path(program), *arguments, account=self.account, text=text)
        lines = said.splitlines()
        wrong = [line for line in lines if re.search("error:|FATAL|ERROR", line)]
        if code or wrong:
            raise RuntimeError(f"{Path(program).name} ended with {code}: {(wrong or ['?'])[0]}")
        return lines
