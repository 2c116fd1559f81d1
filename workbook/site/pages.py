"""All pages of one edition, as the sources that Sphinx reads: path → text."""

from workbook.authoring import current, error_entries
from workbook.authoring.lesson import Lesson
from workbook.base import paths
from workbook.site import app_api, dictionary, lab_api, notebook_page, text_pages
from workbook.site.diagrams import Diagrams
from workbook.site.edition import Edition, Place
from workbook.site.links import Links
from workbook.site.notebook_page import Site

BESIDE = {
    "To look up": ["using", "glossary", "claims", "lab_api", "app_api", "settings"],
    "The house": ["house", "changelog", "conduct"],
}
TEACHING = "For whoever teaches"
TREE = "\n```{{toctree}}\n:hidden:\n:titlesonly:\n:caption: {}\n\n{}\n```\n"


def sources(
    edition: Edition,
    every: list[Lesson],
    diagrams: Diagrams,
    place: Place,
    made: dict[str, str],
) -> dict[str, str]:
    """Path in Sphinx's folder → text, in one order; `made` is what `made_of_data` gives."""
    links = Links(text_pages.known(edition), place)
    site = Site(edition, links, diagrams)
    books = {
        each.path.stem: notebook_page.page(each, notebook_page.told(each, edition), site)
        for each in every
    }
    texts = text_pages.pages(edition, links) | made
    texts["index"] += _trees(edition, list(books), [each for each in made if "/" in each])
    files = {f"{page}.ipynb": text for page, text in books.items()}
    files |= {f"{page}.md": text for page, text in texts.items()}
    return dict(sorted((files | diagrams.files()).items()))


def made_of_data() -> dict[str, str]:
    """The pages that are made of data: the error dictionary, and the two references."""
    more = error_entries.more(paths.ROOT / "lessons")
    return {
        **dictionary.pages(dictionary.entries(current.facts(), more)),
        "app_api": app_api.page(app_api.description()),
        "lab_api": lab_api.page(),
    }


def _trees(edition: Edition, books: list[str], errors: list[str]) -> str:
    """The order of all pages, which previous and next follow."""
    teaching = {TEACHING: list(text_pages.instructors().values())}
    own = teaching if edition is Edition.INSTRUCTOR else {}
    parts = {"Notebooks": books} | own | BESIDE | {"The error dictionary": errors}
    return "".join(TREE.format(name, "\n".join(pages)) for name, pages in parts.items())
