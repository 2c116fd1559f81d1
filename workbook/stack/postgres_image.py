"""What images of PostgreSQL do with their variables, and with the volumes that they are given."""

from workbook.stack.compose_file import Service

OLD_DATA = "/var/lib/postgresql/data"
FROM_FILES = ("POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS")
"""Variables that the image reads from a file where one with `_FILE` behind it names that."""
NO_PASSWORD = "Error: Database is uninitialized and superuser password is not specified."


def variables(service: Service) -> dict[str, str]:
    """The container's variables, with what the files hold that `…_FILE` names."""
    found = dict(service.environment)
    for name in FROM_FILES:
        path = found.pop(f"{name}_FILE", "")
        if path in service.secrets:
            found[name] = service.secrets[path].rstrip("\n")
    return found


def data_folder(service: Service) -> str:
    """Where in the container the data lie: PGDATA, or what the image says of it."""
    return service.environment.get("PGDATA", "").rstrip("/") or _usual(service)


def _usual(service: Service) -> str:
    of_18 = f"/var/lib/postgresql/{service.postgres}/docker"
    return OLD_DATA if service.postgres < 18 else of_18


def holds_data(service: Service, volume: str) -> bool:
    """Whether the data of this Postgres image lie in a volume that is mounted like this.

    Images up to 17 keep them in `/var/lib/postgresql/data`, later ones in a folder of their version
    under `/var/lib/postgresql`, and have a volume of their own there, which dies with the
    container: https://github.com/docker-library/postgres/pull/1259
    """
    declared = OLD_DATA if service.postgres < 18 else "/var/lib/postgresql"
    mounted = {declared, *map(_target, (*service.volumes, volume))} - {""}
    around = [each for each in mounted if f"{data_folder(service)}/".startswith(f"{each}/")]
    return bool(around) and max(around, key=len) == _target(volume)


def refusal(service: Service) -> str:
    """What the image says before it exits with 1, because of a variable or of a volume."""
    for name in FROM_FILES:
        path = service.environment.get(f"{name}_FILE")
        if path and name in service.environment:
            return f"error: both {name} and {name}_FILE are set (but are exclusive)"
        if path and path not in service.secrets:
            return f"{path}: No such file or directory"
    targets = [_target(each) for each in service.volumes]
    where_it_looks = data_folder(service) == _usual(service)
    if service.postgres >= 18 and OLD_DATA in targets and where_it_looks:
        return f"there appears to be PostgreSQL data in: {OLD_DATA} (unused mount/volume)"
    return ""


def _target(volume: str) -> str:
    """Where in the container a volume is mounted; empty for an anonymous one."""
    return volume.split(":")[1].rstrip("/") if ":" in volume else ""
