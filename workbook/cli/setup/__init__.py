"""The parts of an installation, for `workbook.cli.install`. Standard library only."""
