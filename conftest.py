"""`pytest --nbval solutions/` works here as it is: our nbval plugin makes its surroundings."""

pytest_plugins = ["workbook.authoring.nbval_plugin"]
