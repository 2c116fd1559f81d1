"""Whether every link within a finished site leads to a page, and to a place on it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass
class Page(HTMLParser):
    """What a page names, and what it leads to."""

    text: str
    names: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the names of an element, and where it leads."""
        told = dict(attrs)
        self.names += [value for value in (told.get("id"),) if value]
        places = [told.get("href"), told.get("src")]
        self.targets += [value for value in places if value]


def complaints(folder: Path) -> list[str]:
    """Each link that leads nowhere, and each name that a page gives twice."""
    pages = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    every = {path: Page(path.read_text("utf-8")) for path in pages}
    found = []
    for path, page in every.items():
        here = path.relative_to(folder)
        twice = {name for name in page.names if page.names.count(name) > 1}
        found += [f"{here}: two places are called {name!r}" for name in sorted(twice)]
        found += [
            f"{here}: {target} leads nowhere"
            for target in sorted(set(page.targets))
            if not _is_there(target, path, every)
        ]
    return found


def _is_there(target: str, here: Path, every: dict[Path, Page]) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return True
    path = (here.parent / unquote(parts.path)).resolve() if parts.path else here
    path = path / "index.html" if path.is_dir() else path
    if not parts.fragment:
        return path.exists()
    return path in every and unquote(parts.fragment) in every[path].names
