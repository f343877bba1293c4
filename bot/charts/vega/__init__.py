"""Charts of the dashboard: Vega-Lite specifications written in Python, drawn as SVG in a process beside the service."""
