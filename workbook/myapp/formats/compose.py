"""A Compose file, by its services and the entries of its other sections."""

from copy import deepcopy

import yaml

from workbook.myapp.formats.compose_reading import data, read
from workbook.myapp.formats.compose_text import ComposeText, Entry, Section, instead, merged


class ComposeFile:
    """The format whose parts are services, and entries of other sections.

    A service's key is its name; the entry of another section has the section's in front:
    `volumes.data`. A value such as `name: night` is a part as well.
    """

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is no YAML with sections."""
        read(source)
        data(source)

    def check_cell(self, source: str) -> None:
        """Raise SyntaxError where this is no part of one; an anchor may stand in the file."""
        read(source)

    def merge(self, old: str, new: str, drop_unused_imports: bool = False) -> str:
        """Parts in place of their namesakes, new ones after the others of their section.

        SyntaxError also where the cell replaces an anchor that the rest of the file uses.
        """
        return self._merged(read(old), read(new))

    def _merged(self, old: ComposeText, new: ComposeText) -> str:
        sections = merged(old.sections, new.sections, _both)
        made = old.with_sections(sections, new.head, new.tail)
        try:
            self.check(made)
        except SyntaxError as error:
            raise SyntaxError(f"merged with the file, it is no Compose file: {error.msg}") from None
        return made

    def without(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file without the parts of these keys."""
        file, kept = read(source), list[Section]()
        for section in file.sections:
            entries = [e for e in section.entries if _key(section, e) not in keys]
            if entries or (not section.entries and section.name not in keys):
                kept.append(section.with_entries(entries))
        return file.with_sections(kept)

    def with_reference(self, learners: str, reference: str, names: set[str]) -> str:
        """The reference's services of these names, and its volumes where the learner has none.

        Where such a service held an anchor that the learner's other services use, the text is made
        anew from the data, so that they keep what they had from it.
        """
        lent = _lent(read(reference), names, set(self.keys(learners)))
        try:
            return self._merged(read(learners), ComposeText("", tuple(lent), ""))
        except SyntaxError:
            return _from_data(deepcopy(data(learners)), data(reference), lent)

    def left_out(self, old: str, new: str, merged: str) -> list[str]:
        """Nothing."""
        return []

    def keys(self, source: str) -> list[str]:
        """The services, and the entries of other sections."""
        return [key for section in read(source).sections for key in _keys(section)]

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """Each service as data."""
        try:
            sections, found = read(source).sections, data(source)
        except SyntaxError:
            return {}
        meanings: dict[str, str] = {}
        for section in sections:
            for entry in section.entries:
                inside = {str(name): value for name, value in found[section.name].items()}
                meanings[_key(section, entry)] = repr({entry.name: inside.get(entry.name)})
        return {key: meaning for key, meaning in meanings.items() if key in names}

    def defined(self, source: str) -> list[str]:
        """The names of the services."""
        try:
            sections = read(source).sections
        except SyntaxError:
            return []
        services = [each for section in sections if section.name == "services"
                    for each in section.entries]  # fmt: skip
        return sorted(each.name for each in services if each.name != "<<")

    def for_effect(self, source: str) -> list[str]:
        """Nothing."""
        return []


def _key(section: Section, entry: Entry) -> str:
    return entry.name if section.name == "services" else f"{section.name}.{entry.name}"


def _keys(section: Section) -> list[str]:
    value = [section.name] if section.has_value else []
    return [_key(section, entry) for entry in section.entries] or value


def _both(old: Section, new: Section) -> Section:
    """A section of the file with what the cell has in it; anchors of the cell's win."""
    if not new.has_value:
        return old
    if not (old.entries and new.entries):
        return new.below(old.comments)
    opening = new.opening if new.anchor not in ("", old.anchor) else ""
    moved = [each.at(old.entries[0].column) for each in new.entries]
    return old.with_entries(merged(old.entries, moved, instead), opening)


def _lent(reference: ComposeText, names: set[str], own: set[str]) -> list[Section]:
    """What is lent of each section: services of these names; elsewhere what is not there yet."""
    lent = list[Section]()
    for section in reference.sections:
        service = section.name == "services"
        keys = {key for key in _keys(section) if (key in names if service else key not in own)}
        entries = [each for each in section.entries if _key(section, each) in keys]
        if entries or (keys and not section.entries):
            lent.append(section.with_entries(entries))
    return lent


def _from_data(
    learners: dict[str, object], reference: dict[str, object], lent: list[Section]
) -> str:
    for section in lent:
        theirs, mine = reference[section.name], learners.get(section.name)
        if isinstance(theirs, dict) and isinstance(mine, dict):
            mine |= {each.name: theirs[each.name] for each in section.entries}
        else:
            learners[section.name] = theirs
    return str(yaml.safe_dump(learners, sort_keys=False))
