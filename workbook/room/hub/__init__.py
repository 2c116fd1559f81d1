"""A room on a JupyterHub: servers report, the board is a service, the hub says who is who.

Only what a hub runs imports this package: JupyterHub is not among the workbook's own requirements.
"""
