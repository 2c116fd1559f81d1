"""`wb kit`: a folder for a USB stick, from which the workbook is installed without a network."""
