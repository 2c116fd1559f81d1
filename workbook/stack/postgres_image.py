"""What images of PostgreSQL do with the volumes that they are given."""

from workbook.stack.compose_file import Service

OLD_DATA = "/var/lib/postgresql/data"


def holds_data(service: Service, volume: str) -> bool:
    """Whether the data of this Postgres image lie in a volume that is mounted like this.

    Images up to 17 keep them in `/var/lib/postgresql/data`, later ones in a folder of their version
    under `/var/lib/postgresql`: https://github.com/docker-library/postgres/pull/1259
    """
    old = service.postgres < 18
    data = OLD_DATA if old else f"/var/lib/postgresql/{service.postgres}/docker"
    declared = OLD_DATA if old else "/var/lib/postgresql"
    target = _target(volume)
    return target.startswith(declared) and f"{data}/".startswith(f"{target}/")


def refusal(service: Service) -> str:
    """What an image from 18 on says, and exits, where a volume is mounted as older ones want it."""
    targets = [_target(each) for each in service.volumes]
    if service.postgres >= 18 and OLD_DATA in targets:
        return f"there appears to be PostgreSQL data in: {OLD_DATA} (unused mount/volume)"
    return ""


def _target(volume: str) -> str:
    """Where in the container a volume is mounted; empty for an anonymous one."""
    return volume.split(":")[1].rstrip("/") if ":" in volume else ""
