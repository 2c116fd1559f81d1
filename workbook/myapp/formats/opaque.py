"""A file that is one part: nothing is known of what it is made of."""


class OpaqueFile:
    """The format of which only the whole counts."""

    def check(self, source: str) -> None:
        """Any text will do."""

    def check_cell(self, source: str) -> None:
        """The same for a part of one."""
        self.check(source)

    def merge(self, old: str, new: str, drop_unused_imports: bool = False) -> str:
        """The new text."""
        return new

    def without(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file as it is: it has no parts to leave out."""
        return source

    def with_reference(self, learners: str, reference: str, names: set[str]) -> str:
        """The reference."""
        return reference

    def left_out(self, old: str, new: str, merged: str) -> list[str]:
        """Nothing."""
        return []

    def keys(self, source: str) -> list[str]:
        """No part has a name of its own."""
        return []

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """All names mean the whole, without comments and empty lines."""
        lines = [line.strip() for line in source.splitlines()]
        kept = "\n".join(line for line in lines if line and not line.startswith("#"))
        return dict.fromkeys(names, kept)

    def defined(self, source: str) -> list[str]:
        """No part has a name of its own."""
        return []

    def for_effect(self, source: str) -> list[str]:
        """Nothing."""
        return []
