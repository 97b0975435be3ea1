"""Files that hold an export's files: tar and TFRecord, taken apart while the export is packed into its one zip."""
