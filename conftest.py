"""`pytest --nbval solutions/` works here as it is: our nbval plugin makes its surroundings."""

from workbook.authoring import memory

memory.use()

pytest_plugins = ["workbook.authoring.nbval_plugin"]
