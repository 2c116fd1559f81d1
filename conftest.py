"""`pytest --nbval solutions/` works here as it is: our nbval plugin makes its surroundings."""

from workbook.authoring import quick_files

quick_files.use()

pytest_plugins = ["workbook.proof.nbval_plugin"]
