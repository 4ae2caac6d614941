"""A decision table as a sheet that people edit: columns, rows and cells, written back into its file in place."""
