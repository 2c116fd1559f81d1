"""Sphinx's settings for one edition; what varies comes from `site.json` beside this file."""

import gc
import json
from pathlib import Path
from typing import Any

gc.disable()  # a quarter of the time went into looking for circles in trees that stay to the end
TOLD = json.loads(Path(__file__).with_name("site.json").read_text("utf-8"))
project = "Nightwatch" if TOLD["edition"] == "learner" else "Nightwatch, for whoever teaches"
version = release = TOLD["version"]
html_title = project
extensions = ["myst_nb", "sphinx_copybutton"]
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions: list[str] = []
suppress_warnings = ["misc.highlighting_failure", "myst.header", "mystnb.unknown_mime_type"]
exclude_patterns = ["_static", "_templates"]

smartquotes = False  # a message of an error is as it was said

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_permalinks_icon = "¶"
html_theme_options: dict[str, Any] = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "show_toc_level": 1,
    "show_navbar_depth": 1,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "navigation_with_keys": False,
    "footer_content_items": ["report.html"],
    "search_bar_text": "Search",
    "navbar_persistent": [],
}
html_context = {"default_mode": "auto", "nightwatch": TOLD}
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True
