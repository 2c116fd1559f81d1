"""Sphinx's settings for the slides."""

project = html_title = "Nightwatch, slides"
extensions = ["myst_parser", "sphinx_revealjs"]
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
exclude_patterns = ["_static"]
smartquotes = False
html_copy_source = False
html_show_sourcelink = False
html_static_path = ["_static"]

pygments_style = "friendly"
revealjs_static_path = ["_static"]
revealjs_css_files = ["slides.css"]
revealjs_style_theme = "white"
revealjs_script_conf = {
    "hash": True,
    "center": False,
    "transition": "none",
    "width": 1280,
    "height": 720,
    "slideNumber": "h.v",
}
revealjs_script_plugins = [
    {"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"},
    {"name": "RevealSearch", "src": "revealjs/plugin/search/search.js"},
]
