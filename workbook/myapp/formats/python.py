"""A file of Python's, by its top-level definitions."""

from workbook.myapp import definitions, source_merge, tidy


class PythonFile:
    """The format whose parts are definitions."""

    without = staticmethod(source_merge.without)
    with_reference = staticmethod(source_merge.with_reference)
    left_out = staticmethod(source_merge.left_out)
    keys = staticmethod(definitions.keys)
    for_effect = staticmethod(definitions.for_effect)
    defined = staticmethod(definitions.defined)
    definitions = staticmethod(definitions.definitions)

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is not Python."""
        definitions.read(source)

    def check_cell(self, source: str) -> None:
        """The same for a part of one."""
        self.check(source)

    def merge(self, old: str, new: str, drop_unused_imports: bool = False) -> str:
        """The old file with the new definitions in it, its imports in order."""
        return tidy.imports(source_merge.merge(old, new, drop_unused_imports))
