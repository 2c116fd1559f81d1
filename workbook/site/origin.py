"""Where a page is written: the file of the checkout that somebody changes who changes the page."""

from workbook.site.edition import Edition
from workbook.site.text_pages import known

MADE_OF = {
    "GLOSSARY.md": "lessons/glossary.yaml",
    "ERRORS.md": "lessons/errors.md",
    "docs/settings.md": "workbook/base/settings.py",
    "instructor/README.md": "lessons/instructor.md",
}
"""What is built of which file; a notebook, and what an instructor reads of it, of its lesson."""
BESIDE = {"using": "README.md", "lab_api": "workbook/lab/lab.py"}


def origin(page: str) -> str:
    """The file, from the checkout's top; empty for a page that is made of many."""
    files = {name: file for file, name in known(Edition.INSTRUCTOR).items()} | BESIDE
    file = files.get(page, "")
    notebook = page.removeprefix("teach/")
    if notebook[:2].isdigit():
        return f"lessons/{notebook}.md"
    return MADE_OF.get(file, file)
