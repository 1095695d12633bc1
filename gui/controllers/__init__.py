"""Between the workbench and the widgets: who tells whom."""
