"""`extends`: a service that begins as another one of its file."""

from typing import Any

from workbook.stack.compose_error import ComposeFileError, NotReadError

Block = dict[str, Any]
REPLACED = ("command", "entrypoint", "test")


def extended(name: str, every: dict[str, Block], seen: tuple[str, ...] = ()) -> Block:
    """The service with what it has from the one that it extends; ComposeFileError."""
    own = dict(every[name])
    said = own.pop("extends", None)
    if said is None:
        return own
    other = said.get("service") if isinstance(said, dict) else said
    if isinstance(said, dict) and "file" in said:
        raise NotReadError(f"`extends` of `{name}` from another file")
    if other not in every:
        raise ComposeFileError(f"`{name}` extends `{other}`, and there is no such service")
    if other == name or other in seen:
        raise ComposeFileError(f"`{name}` extends `{other}`, which extends it")
    return merged(extended(str(other), every, (*seen, name)), own)


def merged(base: Block, own: Block) -> Block:
    """Blocks are merged key by key, lists are joined, and all else is the service's own."""
    made = dict(base)
    for key, value in own.items():
        before = made.get(key)
        if key in ("environment", "depends_on"):
            made[key] = {**_block(before), **_block(value)}
        elif key in REPLACED or before is None:
            made[key] = value
        elif key == "volumes" and isinstance(before, list) and isinstance(value, list):
            made[key] = list({_target(each): each for each in [*before, *value]}.values())
        elif isinstance(before, dict) and isinstance(value, dict):
            made[key] = merged(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            made[key] = [*before, *(each for each in value if each not in before)]
        else:
            made[key] = value
    return made


def _block(said: Any) -> Block:
    """A list of `NAME=value`, or of names, as a block."""
    if not isinstance(said, list):
        return said if isinstance(said, dict) else {}
    pairs = (str(each).partition("=") for each in said)
    return {name: value if sign else None for name, sign, value in pairs}


def _target(volume: Any) -> str:
    if isinstance(volume, dict):
        return str(volume.get("target"))
    parts = str(volume).split(":")
    return parts[1] if len(parts) > 1 else parts[0]
