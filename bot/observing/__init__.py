"""Carries what the service tells about itself: Prometheus, OpenTelemetry, and a watch on the event loop.

The only package that knows the libraries for it.
"""
