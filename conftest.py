"""`pytest --nbval solutions/` works here as it is: our plugin makes its surroundings."""

pytest_plugins = ["workbook.proof.nbval_plugin"]
